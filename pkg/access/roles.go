package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, ConsentRecord, ServiceRequest,
		AgencyRead, DirectoryRead, ReferralRead, ReferralSend, ReferralCancel, ReferralReport,
	},
	FocalPoint: {
		AgencyRead, DirectoryRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport,
		DisclosureRead,
	},
	Lawyer:     {AgencyRead, DirectoryRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, MatterRead, MatterWrite, DisclosureRead},
	Counsellor: {AgencyRead, DirectoryRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, PlanRead, PlanWrite, DisclosureRead},
	Examiner: {
		AgencyRead, DirectoryRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport,
		ExaminationRead, ExaminationWrite, CertificateIssue, DisclosureRead,
	},
	Supervisor:  {CaseRead, AgencyRead, DirectoryRead, ReferralRead, ReferralReview, ReferralAssign, MatterRead, PlanRead, ExaminationRead},
	Coordinator: {AgencyRead, DirectoryRead, AgencyWrite, DirectoryWrite, EscalationRead},
	Operator:    {},
}
