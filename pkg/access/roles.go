package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, ConsentRecord, ServiceRequest,
		AgencyRead, ReferralRead, ReferralSend, ReferralCancel,
	},
	FocalPoint: {AgencyRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend, ReferralCancel},
	Lawyer:     {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, MatterRead, MatterWrite},
	Counsellor: {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, PlanRead, PlanWrite},
	Examiner: {
		AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel,
		ExaminationRead, ExaminationWrite, CertificateIssue,
	},
	Supervisor:  {CaseRead, AgencyRead, ReferralRead, MatterRead, PlanRead, ExaminationRead},
	Coordinator: {AgencyRead, AgencyWrite},
	Operator:    {},
}
