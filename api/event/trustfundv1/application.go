package trustfundv1

// OfApplication names the application that an event is about. No event of an application leaves the room: what
// an applicant wrote, what an assessor scored and how a trustee voted stand in the private halves.
type OfApplication struct {
	Application string `json:"application"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (OfApplication) ConfinedToAddressees() {}

// ApplicationStarted says that an agency began its one application to a call.
type ApplicationStarted struct {
	OfApplication
	Call   string `json:"call"`
	Agency string `json:"agency"`
}

// ApplicationSaved says that the draft was written anew. What is in it is private.
type ApplicationSaved struct{ OfApplication }

// ApplicationFileStored says that a file was given to the application.
type ApplicationFileStored struct {
	OfApplication
	File string `json:"file"`
}

// ApplicationPaperNamed says which file is a paper now.
type ApplicationPaperNamed struct{ OfApplication }

// ApplicationSubmitted says that the draft was submitted as it was. It stands in the place of what was
// submitted before.
type ApplicationSubmitted struct {
	OfApplication
	Receipt string `json:"receipt"`
}

// ApplicationTakenBack says that nothing is submitted any more.
type ApplicationTakenBack struct{ OfApplication }

// EligibilityJudged says that one manager judged the application by the rules of the call.
type EligibilityJudged struct{ OfApplication }

// EligibilityCountersigned says that another manager agreed, or did not.
type EligibilityCountersigned struct{ OfApplication }

// AssessorPlace is one of the places for assessors, counted from 1. A place that became free is
// not given again: the next assessor has the next number.
type AssessorPlace struct {
	OfApplication
	Place int `json:"place"`
}

// AssessorAssigned says that somebody is asked to assess.
type AssessorAssigned struct{ AssessorPlace }

// AssessorDeclared says that the assessor declared whether they have a conflict of interest.
type AssessorDeclared struct{ AssessorPlace }

// AssessorFreed says that the manager gives the place to somebody else.
type AssessorFreed struct{ AssessorPlace }

// ApplicationScored says that the assessor scored. The scores are private.
type ApplicationScored struct{ AssessorPlace }

// ApplicationAssessed says that all scores are in that the call asks for. The result is private.
type ApplicationAssessed struct{ OfApplication }

// ApplicationSelected says that the manager proposes an award to the trustees.
type ApplicationSelected struct{ OfApplication }

// TrusteeVoted says that a trustee voted, or stands aside. Who and how is private.
type TrusteeVoted struct{ OfApplication }

// ApplicationAwarded says that the fund committed money to the application.
type ApplicationAwarded struct{ OfApplication }

// ApplicationNotAwarded says that it is granted nothing. Why is private.
type ApplicationNotAwarded struct{ OfApplication }
