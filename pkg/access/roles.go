package access

// held is the one table of who may do what. It is read-only.
var held = map[Role][]Permission{
	Caseworker: {
		CaseOpen, CaseRead, CaseWrite, CaseAssign, ConsentRecord, ServiceRequest,
		AgencyRead, ReferralRead, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport, WorkerRead,
	},
	FocalPoint: {
		AgencyRead, AgencyWrite, ReferralRead, ReferralAnswer, ReferralSend, ReferralCancel, ReferralAssign, ReferralReport,
		DisclosureRead, WorkerRead, WorkerWrite, MatterRead, PlanRead, ExaminationRead, AssessmentRead,
	},
	Lawyer:     {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, MatterRead, MatterWrite, DisclosureRead, WorkerRead, CourtRead, AlarmRaise},
	Counsellor: {AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport, PlanRead, PlanWrite, DisclosureRead, WorkerRead},
	Examiner: {
		AgencyRead, ReferralRead, ReferralAnswer, ReferralCancel, ReferralAssign, ReferralReport,
		ExaminationRead, ExaminationWrite, CertificateIssue, DisclosureRead, WorkerRead,
	},
	Supervisor:       {CaseRead, CaseAssign, CaseReview, CentreWrite, AgencyRead, ReferralRead, ReferralReview, ReferralAssign, MatterRead, PlanRead, ExaminationRead, WorkerRead, WorkerWrite, AssessmentRead},
	ConflictsOfficer: {ConflictSettle},
	CourtRegistrar:   {CourtRead, CourtWrite},
	Usher:            {CourtRead, BookingReceive, AlarmRaise},
	CourtSecurity:    {CourtRead, AlarmAnswer},
	Coordinator:      {AgencyRead, AgencyWrite, DirectoryWrite, EscalationRead, EssentialRead, AssessmentRead, AssessmentWrite, FiguresRead, FiguresWrite},
	FundManager:      {FundRead, FundWrite, ApplicationRead, GrantRead, GrantWrite},
	FundApplicant:    {ApplicationRead, ApplicationWrite, GrantRead, GrantReport},
	FundAssessor:     {ApplicationRead, ApplicationAssess},
	Trustee:          {FundRead, ApplicationRead, AwardVote, GrantRead},
	Operator:         {Operate},
}
