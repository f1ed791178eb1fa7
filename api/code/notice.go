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

// Languages of notices (ISO 639-1); the first is the one for whoever named none.
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
)

// Answer is an agency's answer to a referral.
type Answer string

// Answers.
const (
	Accept  Answer = "accept"
	Decline Answer = "decline"
)
