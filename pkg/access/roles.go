package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, CaseAssign, ConsentRecord, ServiceRequest,
		AgencyRead, ReferralRead, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport, WorkerRead,
	},
	FocalPoint: {
		AgencyRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport,
		DisclosureRead, WorkerRead, WorkerWrite, MatterRead, PlanRead, ExaminationRead,
	},
	Lawyer:     {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, MatterRead, MatterWrite, DisclosureRead, WorkerRead},
	Counsellor: {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, PlanRead, PlanWrite, DisclosureRead, WorkerRead},
	Examiner: {
		AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport,
		ExaminationRead, ExaminationWrite, CertificateIssue, DisclosureRead, WorkerRead,
	},
	Supervisor:  {CaseRead, CaseAssign, CaseReview, CentreWrite, AgencyRead, ReferralRead, ReferralReview, ReferralAssign, MatterRead, PlanRead, ExaminationRead, WorkerRead, WorkerWrite},
	Coordinator: {AgencyRead, AgencyWrite, DirectoryWrite, EscalationRead},
	Operator:    {Operate},
}
