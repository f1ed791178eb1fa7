package code

// WorkerRole is what a person does at their agency, as its register of workers says. Those
// that are roles of access have the same names there. None of them permits anything: what a
// person may ask of a service is in their token.
type WorkerRole string

// The roles of a worker.
const (
	WorksAsCaseworker  WorkerRole = "caseworker"
	WorksAsFocalPoint  WorkerRole = "focal_point"
	WorksAsLawyer      WorkerRole = "lawyer"
	WorksAsCounsellor  WorkerRole = "counsellor"
	WorksAsExaminer    WorkerRole = "examiner"
	WorksAsSupervisor  WorkerRole = "supervisor"
	ResponseTeamMember WorkerRole = "response_team_member"
	// InterviewerOfChildren speaks with a child about what happened.
	InterviewerOfChildren WorkerRole = "interviewer_of_children"
	// ForensicExaminer examines, and certifies what was found.
	ForensicExaminer WorkerRole = "forensic_examiner"
	// ConflictsOfficer looks for conflicts of interest and acts for neither side.
	ConflictsOfficer WorkerRole = "conflicts_officer"
)

// CredentialScope is what a credential permits its holder to do.
type CredentialScope string

// The scopes of a credential.
const (
	MayExamine        CredentialScope = "examine"
	MayCollect        CredentialScope = "collect"
	MayCertify        CredentialScope = "certify"
	MaySupervise      CredentialScope = "supervise"
	MayRespond        CredentialScope = "respond"
	MayInterviewChild CredentialScope = "interview_child"
	MayCounsel        CredentialScope = "counsel"
	MayRepresent      CredentialScope = "represent"
)

// Course is the course or the programme of study behind a credential.
type Course string

// The courses.
const (
	CourseCaseManagement  Course = "gbv_case_management"
	CourseRapidResponse   Course = "rapid_response"
	CourseFirstAid        Course = "psychological_first_aid"
	CourseCounselling     Course = "counselling"
	CourseClinicalCare    Course = "clinical_management_of_rape"
	CourseForensicDoctor  Course = "forensic_medicine_residency"
	CourseForensicNurse   Course = "forensic_nursing"
	CourseExhibits        Course = "exhibits_and_custody"
	CourseChildInterviews Course = "child_interviewing"
	CourseTrafficking     Course = "trafficking_identification"
	CourseLegalAid        Course = "legal_aid"
	CourseBar             Course = "bar_admission"
	CourseOther           Course = "other"
)

// CourseContent is what a course taught to do.
type CourseContent string

// The contents of a course.
const (
	GenderResponsive CourseContent = "gender_responsive"
	AgeResponsive    CourseContent = "age_responsive"
	HumanRightsBased CourseContent = "human_rights_based"
	VictimCentred    CourseContent = "victim_centred"
)

// SuspensionReason is why a credential does not count for now.
type SuspensionReason string

// The reasons of a suspension.
const (
	SuspendedByIssuer    SuspensionReason = "issuer_suspended"
	SuspendedInDoubt     SuspensionReason = "paper_in_doubt"
	SuspendedOnComplaint SuspensionReason = "complaint_under_review"
	SuspendedOnWish      SuspensionReason = "own_wish"
)

// CredentialStatus is what a credential is at an instant.
type CredentialStatus string

// The statuses of a credential. One counts while it is in force.
const (
	CredentialInForce   CredentialStatus = "in_force"
	CredentialNotYet    CredentialStatus = "not_yet_valid"
	CredentialExpired   CredentialStatus = "expired"
	CredentialSuspended CredentialStatus = "suspended"
	CredentialRevoked   CredentialStatus = "revoked"
	// CredentialCorrected is an entry that was wrong: another one stands in its place.
	CredentialCorrected CredentialStatus = "corrected"
)

// LackReason is why a worker lacks what a role requires.
type LackReason string

// The reasons.
const (
	NeverRecorded LackReason = "never_recorded"
	LackNotYet    LackReason = "not_yet_valid"
	LackExpired   LackReason = "expired"
	LackSuspended LackReason = "suspended"
	LackRevoked   LackReason = "revoked"
)
