package paper

// labels are what stands beside the values of a certificate, by language (ISO 639). The values are as
// they were signed, in the language of who wrote them.
var labels = map[string]map[string]string{
	"en": {
		"title": "Medico-legal certificate", "unsigned": "Not signed: this is no certificate yet.",
		"replaced":    "This version does not stand any more.",
		"certificate": "Certificate", "replaces": "In the place of", "at": "Issued at", "opinion": "Opinion (Istanbul Protocol, 2022)",
		"text": "Text", "findings": "Findings on which it rests", "examiner": "Examiner", "supervisor": "Supervisor who countersigned",
		"signature": "Signature by the key", "hash": "SHA-256 of the signed text",
		"verify":                         "Anybody can verify the file of this certificate with the public keys of the agency: standalone certificate verify FILE KEYS. That no injury is found does not say that nothing happened.",
		"opinion.not_consistent_with":    "Not consistent with",
		"opinion.consistent_with":        "Consistent with",
		"opinion.highly_consistent_with": "Highly consistent with",
		"opinion.typical_of":             "Typical of",
		"opinion.diagnostic_of":          "Diagnostic of",
	},
	"es": {
		"title": "Certificado médico-legal", "unsigned": "Sin firma: todavía no es un certificado.",
		"replaced":    "Esta versión ya no vale.",
		"certificate": "Certificado", "replaces": "En lugar de", "at": "Emitido el", "opinion": "Opinión (Protocolo de Estambul, 2022)",
		"text": "Texto", "findings": "Hallazgos en que se basa", "examiner": "Persona examinadora", "supervisor": "Supervisión que refrendó",
		"signature": "Firma con la clave", "hash": "SHA-256 del texto firmado",
		"verify":                         "Cualquier persona puede verificar el archivo de este certificado con las claves públicas de la institución: standalone certificate verify FILE KEYS. Que no se halle ninguna lesión no dice que nada haya ocurrido.",
		"opinion.not_consistent_with":    "No compatible",
		"opinion.consistent_with":        "Compatible",
		"opinion.highly_consistent_with": "Muy compatible",
		"opinion.typical_of":             "Típico",
		"opinion.diagnostic_of":          "Diagnóstico",
	},
	"ar": {
		"title": "شهادة طبية شرعية", "unsigned": "غير موقعة: ليست شهادة بعد.",
		"replaced":    "لم تعد هذه النسخة سارية.",
		"certificate": "الشهادة", "replaces": "بدلا من", "at": "صدرت في", "opinion": "الرأي (بروتوكول اسطنبول، 2022)",
		"text": "النص", "findings": "النتائج التي تستند إليها", "examiner": "الفاحص", "supervisor": "المشرف الذي صادق عليها",
		"signature": "التوقيع بالمفتاح", "hash": "بصمة النص الموقع (SHA-256)",
		"verify":                         "يمكن لأي شخص التحقق من ملف هذه الشهادة بالمفاتيح العامة للجهة: standalone certificate verify FILE KEYS. عدم العثور على إصابة لا يعني أن شيئا لم يحدث.",
		"opinion.not_consistent_with":    "غير متوافق",
		"opinion.consistent_with":        "متوافق",
		"opinion.highly_consistent_with": "متوافق بدرجة عالية",
		"opinion.typical_of":             "نموذجي",
		"opinion.diagnostic_of":          "تشخيصي",
	},
}
