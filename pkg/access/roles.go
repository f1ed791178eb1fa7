package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, ConsentRecord, ServiceRequest,
		AgencyRead, ReferralRead, ReferralSend,
	},
	FocalPoint: {AgencyRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend},
	Lawyer:     {AgencyRead, ReferralRead, ReferralAnswer, MatterRead, MatterWrite},
	Counsellor: {AgencyRead, ReferralRead, ReferralAnswer, PlanRead, PlanWrite},
	Examiner: {
		AgencyRead, ReferralRead, ReferralAnswer,
		ExaminationRead, ExaminationWrite, CertificateIssue,
	},
	Supervisor:  {CaseRead, AgencyRead, ReferralRead, MatterRead, PlanRead, ExaminationRead},
	Coordinator: {AgencyRead, AgencyWrite},
	Operator:    {},
}
