package code

// NoticeChannel is a way by which an agency without an account is told that
// something waits for it.
type NoticeChannel string

// The channels.
const (
	Email NoticeChannel = "email"
	SMS   NoticeChannel = "sms"
)

// NoticeChannels lists them.
var NoticeChannels = []NoticeChannel{Email, SMS}

// UnmarshalText refuses a code that is not on the list.
func (c *NoticeChannel) UnmarshalText(b []byte) error {
	return parse(c, b, NoticeChannels, "notice channel")
}

// NoticeLanguage is a language in which notices, and the page for answers, are
// written.
type NoticeLanguage string

// Languages of notices (ISO 639-1).
const (
	English NoticeLanguage = "en"
	Spanish NoticeLanguage = "es"
	Arabic  NoticeLanguage = "ar"
	Russian NoticeLanguage = "ru"
)

// NoticeLanguages lists them; the first is the default.
var NoticeLanguages = []NoticeLanguage{English, Spanish, Arabic, Russian}

// UnmarshalText refuses a code that is not on the list.
func (c *NoticeLanguage) UnmarshalText(b []byte) error {
	return parse(c, b, NoticeLanguages, "notice language")
}

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

// NoticeOutcomes lists them.
var NoticeOutcomes = []NoticeOutcome{NoticeSent, NoticeRefused}

// UnmarshalText refuses a code that is not on the list.
func (c *NoticeOutcome) UnmarshalText(b []byte) error {
	return parse(c, b, NoticeOutcomes, "notice outcome")
}

// Answer is an agency's answer to a referral.
type Answer string

// Answers.
const (
	Accept  Answer = "accept"
	Decline Answer = "decline"
)

// Answers lists them.
var Answers = []Answer{Accept, Decline}

// UnmarshalText refuses a code that is not on the list.
func (c *Answer) UnmarshalText(b []byte) error { return parse(c, b, Answers, "answer") }
