package referralv1

import "github.com/sanad-network/sanad/api/code"

// NoticeTold says what became of a notice to an agency on one of its channels, about
// something that happened to a referral. It stays in the room.
type NoticeTold struct {
	Notice   string `json:"notice"`
	Case     string `json:"case,omitempty"`
	Referral string `json:"referral,omitempty"`
	// Alert is what it is about where it is about no referral.
	Alert    string             `json:"alert,omitempty"`
	Agency   string             `json:"agency"`
	Kind     code.NoticeKind    `json:"kind"`
	Position int                `json:"position"`
	Channel  code.NoticeChannel `json:"channel"`
	Outcome  code.NoticeOutcome `json:"outcome"`
}

// ConfinedToAddressees says that no service gets it.
func (NoticeTold) ConfinedToAddressees() {}
