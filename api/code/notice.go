package code

// NoticeChannel is a way by which an agency without an account is told that
// something waits for it.
type NoticeChannel string

// The channels.
const (
	Email NoticeChannel = "email"
	SMS   NoticeChannel = "sms"
)

// NoticeLanguage is a language in which notices, and the page for answers, are
// written.
type NoticeLanguage string

// Languages of notices (ISO 639-1); the first is for a person who named none.
const (
	English NoticeLanguage = "en"
	Spanish NoticeLanguage = "es"
	Arabic  NoticeLanguage = "ar"
	Russian NoticeLanguage = "ru"
)

// NoticeOutcome is the outcome of sending a notice.
type NoticeOutcome string

// Outcomes of notices.
const (
	// NoticeSent was taken by the mail server or gateway. It may not have been
	// read.
	NoticeSent NoticeOutcome = "sent"
	// NoticeRefused was refused finally: the address does not work.
	NoticeRefused NoticeOutcome = "refused"
	// NoticeOutOfTime could not be handed over before the time for the answer was
	// over. It is not tried again.
	NoticeOutOfTime NoticeOutcome = "out_of_time"
)

// NoticeKind is what a notice asks of the person who reads it. No kind says
// what it is about.
type NoticeKind string

// Kinds of notices.
const (
	// InvitationNotice says that something waits for an answer.
	InvitationNotice NoticeKind = "invitation"
	// AnswerAwaited says again that something waits for an answer: a reminder, or
	// a step of the ladder.
	AnswerAwaited NoticeKind = "answer_awaited"
	// StopContact says that something has ended: do nothing more about it, contact
	// nobody about it, and confirm that.
	StopContact NoticeKind = "stop_contact"
	// LookAtWorklist says that something waits on the reader's own list.
	LookAtWorklist NoticeKind = "look_at_worklist"
)

// InvitationState is how an invitation stands, for the sender of the referral.
type InvitationState string

// States of invitations.
const (
	// InvitationNotTold has reached the agency on no channel that it has now.
	InvitationNotTold InvitationState = "not_told"
	InvitationTold    InvitationState = "told"
	// InvitationLocked hears no typed code for some minutes, because wrong ones
	// were typed. Its link works.
	InvitationLocked   InvitationState = "locked"
	InvitationAnswered InvitationState = "answered"
	// InvitationOver was not answered in its time.
	InvitationOver InvitationState = "over"
)

// Answer is an agency's answer to a referral.
type Answer string

// Answers.
const (
	Accept  Answer = "accept"
	Decline Answer = "decline"
)
