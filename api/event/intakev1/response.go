package intakev1

import "github.com/sanad-network/sanad/api/code"

// ResponseAsked says that a desk asks for a response team, and which teams may be asked. In each
// event of an alert Case is the case, or the enquiry while there is no case.
// Which may not is said to nobody, and a team that is not in the list is as one that is not
// there. Place, danger and approach are private: they never leave intake but to the member
// who acknowledged. An integrator that knows the teams of an area would see which one is left
// out, so services alone are told of it, and of everything that is said of teams and alerts.
type ResponseAsked struct {
	Case      string       `json:"case"`
	Alert     string       `json:"alert"`
	Agency    string       `json:"agency"`
	Country   code.Country `json:"country"`
	Programme string       `json:"programme"`
	Area      string       `json:"area"`
	Urgency   code.Urgency `json:"urgency"`
	// Teams are those that may be asked, the nearest first.
	Teams []ResponseTeam `json:"teams"`
}

// ResponseTeam is a team that may be asked, as it was then: Turn is that of what was said
// of it. A team of which something else was said since may have another member.
type ResponseTeam struct {
	Team string `json:"team"`
	Turn int    `json:"turn"`
}

// TeamMember is a worker of some agency, by the register's identifier.
type TeamMember struct {
	Worker string `json:"worker"`
	Agency string `json:"agency"`
}

// Responder is a member who goes, and how far they have come.
type Responder struct {
	Team   string              `json:"team"`
	Worker string              `json:"worker"`
	Agency string              `json:"agency"`
	Status code.ResponseStatus `json:"status"`
}

// ResponseCalledOff says that she does not want a team any more. Nobody goes from then on.
type ResponseCalledOff struct {
	Case  string `json:"case"`
	Alert string `json:"alert"`
}

// ResponseFollowed notes on the record how far an alert has come, and on a case the referrals that
// the desk made after it.
type ResponseFollowed struct {
	Case   string              `json:"case"`
	Alert  string              `json:"alert"`
	Status code.ResponseStatus `json:"status,omitempty"`
	Team   string              `json:"team,omitempty"`
	Worker string              `json:"worker,omitempty"`
	Agency string              `json:"agency,omitempty"`
	// Beside are the others who go.
	Beside []Responder           `json:"beside,omitempty"`
	Shown  []code.ResponseOption `json:"shown,omitempty"`
	Chosen []code.ResponseOption `json:"chosen,omitempty"`
	Result code.ResponseResult   `json:"result,omitempty"`
	Unseen code.UnseenReason     `json:"unseen,omitempty"`
	// Referrals are those of the case that were made for what she chose.
	Referrals []string `json:"referrals,omitempty"`
	// Turn is that of the event that is noted; left out where the desk itself notes.
	Turn int `json:"turn,omitempty"`
}

// ResponseShown says that a member who acknowledged was shown place, danger and approach.
type ResponseShown struct {
	Case  string `json:"case"`
	Alert string `json:"alert"`
	// Recipient is the member's agency.
	Recipient string `json:"recipient"`
	Worker    string `json:"worker"`
	// Team are the members of the team for which the member goes, as they were then.
	Team []TeamMember `json:"team,omitempty"`
	// Named says that her name was shown: she gave it for this.
	Named bool `json:"named,omitempty"`
}

// TeamNoted keeps what was said of a response team, so that intake can say which may be
// asked.
type TeamNoted struct {
	Team      string       `json:"team"`
	Country   code.Country `json:"country"`
	Programme string       `json:"programme"`
	Area      string       `json:"area"`
	Members   []TeamMember `json:"members"`
	Disbanded bool         `json:"disbanded,omitempty"`
	Turn      int          `json:"turn"`
}

// ForServicesAlone says that no integrator may see which team is left out.
func (ResponseAsked) ForServicesAlone() {}

// ForServicesAlone says that it goes where her call went, and after it.
func (ResponseCalledOff) ForServicesAlone() {}

// ConfinedToAddressees says that it stays in the room: the room of referrals told of it.
func (ResponseFollowed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ResponseShown) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: the room of referrals told of it.
func (TeamNoted) ConfinedToAddressees() {}
