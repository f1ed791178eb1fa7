package code

// VisitStepKind is what a step of a visit to a one-stop centre is for.
type VisitStepKind string

// The kinds. A child who is looked after goes beside the other steps.
const (
	SafetyTalk    VisitStepKind = "safety"
	ServiceStep   VisitStepKind = "service"
	AccountStep   VisitStepKind = "account"
	RestStep      VisitStepKind = "rest"
	ChildCareStep VisitStepKind = "child_care"
)

// VisitStepStatus is how far a step of a visit has come.
type VisitStepStatus string

// The statuses. Skipped is her word: she does not want it. Only what is done stays so.
const (
	VisitWaiting VisitStepStatus = "waiting"
	VisitCalled  VisitStepStatus = "called"
	VisitWithHer VisitStepStatus = "with_her"
	VisitDone    VisitStepStatus = "done"
	VisitSkipped VisitStepStatus = "skipped"
	VisitStopped VisitStepStatus = "stopped"
)

// CentreRoomUse is what a room of a one-stop centre is for.
type CentreRoomUse string

// The uses. An interview room has a one-way mirror, and what is said in it can be recorded.
const (
	RoomReception   CentreRoomUse = "reception"
	RoomInterview   CentreRoomUse = "interview"
	RoomExamination CentreRoomUse = "examination"
	RoomTalking     CentreRoomUse = "talking"
	RoomResting     CentreRoomUse = "resting"
	RoomChildren    CentreRoomUse = "children"
	RoomOther       CentreRoomUse = "other"
)

// RecordingForm is how an account of what happened was recorded.
type RecordingForm string

// The forms.
const (
	RecordedOnVideo RecordingForm = "video"
	RecordedAsSound RecordingForm = "sound"
	RecordedInText  RecordingForm = "written"
)
