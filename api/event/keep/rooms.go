package keep

var legalAid = map[string]Why{
	"legal-aid.advice_given.v1":             Free,
	"legal-aid.annulment_filed.v1":          ClosesPacket, // the certificate shows nothing any more
	"legal-aid.certificate_filed.v1":        Free,
	"legal-aid.certificate_noted.v1":        Free,
	"legal-aid.certificate_outdated.v1":     ClosesPacket,
	"legal-aid.certificate_settled.v1":      Free,
	"legal-aid.document_kept.v1":            Free,
	"legal-aid.eligibility_assessed.v1":     Free,
	"legal-aid.file_stored.v1":              Free,
	"legal-aid.following_answered.v1":       HerNo, // she may have said no
	"legal-aid.hearing_moved.v1":            Free,
	"legal-aid.hearing_planned.v1":          Free,
	"legal-aid.hearing_settled.v1":          Free,
	"legal-aid.legal_duty_settled.v1":       Free,
	"legal-aid.options_chosen.v1":           HerNo, // she may have chosen to do nothing
	"legal-aid.options_explained.v1":        Free,
	"legal-aid.order_changed.v1":            Free,
	"legal-aid.order_served.v1":             Free,
	"legal-aid.order_service_planned.v1":    Free,
	"legal-aid.proceeding_opened.v1":        Free,
	"legal-aid.proceeding_stepped.v1":       Free,
	"legal-aid.reminder_came.v1":            Free,
	"legal-aid.circle_noted.v1":             ClosesPacket, // who is outside loses sight
	"legal-aid.credential_noted.v1":         ClosesPacket, // a suspension takes away what somebody may do
	"legal-aid.matter_amended.v1":           Free,
	"legal-aid.matter_assigned.v1":          ClosesPacket, // the matter is for one person from then on
	"legal-aid.matter_closed.v1":            ClosesPacket,
	"legal-aid.matter_contact_problem.v1":   Free,
	"legal-aid.matter_ended.v1":             HerNo,
	"legal-aid.matter_ending_answered.v1":   HerNo,
	"legal-aid.matter_ending_asked.v1":      HerNo,
	"legal-aid.matter_kept_closed.v1":       ClosesPacket,
	"legal-aid.matter_opened.v1":            Free,
	"legal-aid.matter_renewed.v1":           ClosesPacket, // the new consent may be narrower
	"legal-aid.matter_reopened.v1":          Free,
	"legal-aid.matter_rested.v1":            ClosesPacket,
	"legal-aid.matter_seen.v1":              Free,
	"legal-aid.matter_started.v1":           Free,
	"legal-aid.protection_order_applied.v1": Free,
	"legal-aid.protection_order_decided.v1": Free,
	"legal-aid.worker_noted.v1":             ClosesPacket, // who left loses sight
}

var psychosocial = map[string]Why{
	"psychosocial.circle_noted.v1":         ClosesPacket, // who is outside loses sight
	"psychosocial.credential_noted.v1":     ClosesPacket, // a suspension takes away what somebody may do
	"psychosocial.plan_amended.v1":         Free,
	"psychosocial.plan_assigned.v1":        ClosesPacket, // the plan is for one person from then on
	"psychosocial.plan_closed.v1":          ClosesPacket,
	"psychosocial.plan_contact_problem.v1": Free,
	"psychosocial.plan_ended.v1":           HerNo,
	"psychosocial.plan_ending_answered.v1": HerNo,
	"psychosocial.plan_ending_asked.v1":    HerNo,
	"psychosocial.plan_kept_closed.v1":     ClosesPacket,
	"psychosocial.plan_opened.v1":          Free,
	"psychosocial.plan_renewed.v1":         ClosesPacket, // the new consent may be narrower
	"psychosocial.plan_reopened.v1":        Free,
	"psychosocial.plan_rested.v1":          ClosesPacket,
	"psychosocial.plan_seen.v1":            Free,
	"psychosocial.plan_started.v1":         Free,
	"psychosocial.safety_planned.v1":       Free,
	"psychosocial.session_recorded.v1":     Free,
	"psychosocial.worker_noted.v1":         ClosesPacket, // who left loses sight
}

var forensic = map[string]Why{
	"forensic-services.certificate_annulled.v1":        ClosesPacket, // the certificate shows nothing any more
	"forensic-services.certificate_issued.v1":          Free,
	"forensic-services.certificate_kept.v1":            Free,
	"forensic-services.certificate_kept_annulled.v1":   ClosesPacket,
	"forensic-services.certificate_upheld.v1":          Free,
	"forensic-services.circle_noted.v1":                ClosesPacket, // who is outside loses sight
	"forensic-services.credential_noted.v1":            ClosesPacket, // a suspension takes away what somebody may do
	"forensic-services.examination_amended.v1":         Free,
	"forensic-services.examination_assigned.v1":        ClosesPacket, // the examination is for one person from then on
	"forensic-services.examination_closed.v1":          ClosesPacket,
	"forensic-services.examination_contact_problem.v1": Free,
	"forensic-services.examination_ended.v1":           HerNo,
	"forensic-services.examination_ending_answered.v1": HerNo,
	"forensic-services.examination_ending_asked.v1":    HerNo,
	"forensic-services.examination_kept_closed.v1":     ClosesPacket,
	"forensic-services.examination_opened.v1":          Free,
	"forensic-services.examination_recorded.v1":        Free,
	"forensic-services.examination_renewed.v1":         ClosesPacket, // the new consent may be narrower
	"forensic-services.examination_reopened.v1":        Free,
	"forensic-services.examination_rested.v1":          ClosesPacket,
	"forensic-services.examination_seen.v1":            Free,
	"forensic-services.examination_started.v1":         Free,
	"forensic-services.exhibit_collected.v1":           Free,
	"forensic-services.worker_noted.v1":                ClosesPacket, // who left loses sight
}
