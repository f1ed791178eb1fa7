package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, ConsentRecord, ServiceRequest,
		AgencyRead, ReferralRead, ReferralSend, ReferralCancel, ReferralReport,
	},
	FocalPoint: {
		AgencyRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport,
		DisclosureRead,
	},
	Lawyer:     {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, MatterRead, MatterWrite, DisclosureRead},
	Counsellor: {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, PlanRead, PlanWrite, DisclosureRead},
	Examiner: {
		AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport,
		ExaminationRead, ExaminationWrite, CertificateIssue, DisclosureRead,
	},
	Supervisor:  {CaseRead, AgencyRead, ReferralRead, ReferralReview, ReferralAssign, MatterRead, PlanRead, ExaminationRead},
	Coordinator: {AgencyRead, AgencyWrite, DirectoryWrite, EscalationRead},
	Operator:    {DeadletterDecide},
}
