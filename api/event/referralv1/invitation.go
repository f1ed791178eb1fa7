package referralv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// AgencyChannelsSet says that an agency is told outside the network, in a
// language, when something waits for it. The address stays private.
type AgencyChannelsSet struct {
	Agency   string              `json:"agency"`
	Language code.NoticeLanguage `json:"language"`
	// Country is where the agency was registered. Its coordinators see the channels.
	Country code.Country `json:"country,omitempty"`
	// Coordinates is the country whose coordination is told at these channels, empty for
	// nearly all agencies.
	Coordinates code.Country `json:"coordinates,omitempty"`
}

// InvitationWanted says that an agency that has channels is asked, and is to be
// told so until Expires. No code is drawn yet. After a recall the agency is asked what
// became of its copies: Recalled names the recall, and is zero otherwise.
type InvitationWanted struct {
	Invitation string    `json:"invitation"`
	Case       string    `json:"case"`
	Referral   string    `json:"referral"`
	Agency     string    `json:"agency"`
	Expires    time.Time `json:"expires"`
	Recalled   time.Time `json:"recalled,omitzero"`
}

// InvitationMade says that an agency may answer a referral with a code, until
// Expires, or say what became of its copies after a recall. A second one replaces the code.
type InvitationMade struct {
	Invitation string    `json:"invitation"`
	Case       string    `json:"case"`
	Referral   string    `json:"referral"`
	Agency     string    `json:"agency"`
	Expires    time.Time `json:"expires"`
	Recalled   time.Time `json:"recalled,omitzero"`
}

// InvitationNotified is the outcome of a notice on the nth channel.
type InvitationNotified struct {
	Invitation string             `json:"invitation"`
	Position   int                `json:"position"`
	Channel    code.NoticeChannel `json:"channel"`
	Outcome    code.NoticeOutcome `json:"outcome"`
}

// InvitationTried says that a wrong code was tried. With no try left the
// invitation is locked.
type InvitationTried struct {
	Invitation string `json:"invitation"`
	Left       int    `json:"left"`
}

// InvitationUsed says that the agency answered with its code.
type InvitationUsed struct {
	Invitation string             `json:"invitation"`
	Referral   string             `json:"referral"`
	Agency     string             `json:"agency"`
	Answer     code.Answer        `json:"answer"`
	Reason     code.DeclineReason `json:"reason,omitempty"`
}

// InvitationEnded says that the time of an invitation is over.
type InvitationEnded struct {
	Invitation string `json:"invitation"`
}
