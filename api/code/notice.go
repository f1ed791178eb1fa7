package code

// NoticeChannel is a way by which an agency without an account is told that
// something waits for it.
type NoticeChannel string

// Ways of telling.
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

// NoticeOutcome is what became of a notice when it was handed over.
type NoticeOutcome string

// Outcomes of notices.
const (
	// NoticeSent was taken by the mail server or gateway. Whether it was read
	// nobody knows.
	NoticeSent NoticeOutcome = "sent"
	// NoticeRefused was refused for good: the address does not work.
	NoticeRefused NoticeOutcome = "refused"
)

// Answer is what an agency says to a referral.
type Answer string

// Answers.
const (
	Accept  Answer = "accept"
	Decline Answer = "decline"
)
