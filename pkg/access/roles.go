package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, ConsentRecord, ServiceRequest,
		AgencyRead, ReferralRead, ReferralSend, ReferralCancel, ReferralReport,
	},
	FocalPoint: {
		AgencyRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport,
	},
	Lawyer:     {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, MatterRead, MatterWrite},
	Counsellor: {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, PlanRead, PlanWrite},
	Examiner: {
		AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport,
		ExaminationRead, ExaminationWrite, CertificateIssue,
	},
	Supervisor:  {CaseRead, AgencyRead, ReferralRead, ReferralReview, ReferralAssign, MatterRead, PlanRead, ExaminationRead},
	Coordinator: {AgencyRead, AgencyWrite},
	Operator:    {},
}
