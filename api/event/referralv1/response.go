package referralv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
)

// TeamDescribed says who is on a response team and where it goes, as a whole: of several,
// the one with the highest turn counts. It names workers by the register's identifiers.
// Intake keeps a copy, so that it can say which teams may be asked for her.
type TeamDescribed struct {
	Team string `json:"team"`
	// Agency keeps the team.
	Agency  string       `json:"agency"`
	Country code.Country `json:"country"`
	// Programme is the one in whose cases the team is asked.
	Programme string `json:"programme"`
	// Area is of ISO 3166-2, or finer: a team goes there and in all that is in it.
	Area    string                `json:"area"`
	Members []intakev1.TeamMember `json:"members"`
	// Disbanded says that the team is asked no more.
	Disbanded bool `json:"disbanded,omitempty"`
	Turn      int  `json:"turn"`
}

// RotaPublished says who of a team is on call, as a whole. It stays in the room: who is
// on call tonight is for the team.
type RotaPublished struct {
	Team   string   `json:"team"`
	Shifts []OnCall `json:"shifts"`
	// HandedOver says that a member gave a shift to another one; else it was published anew.
	HandedOver bool `json:"handed_over,omitempty"`
}

// OnCall is one shift. Who comes first in the list is asked first.
type OnCall struct {
	Worker string    `json:"worker"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// ResponseOpened is the alert as the desk asked for it. It stays in the room.
type ResponseOpened struct {
	Alert     string                  `json:"alert"`
	Case      string                  `json:"case"`
	Desk      string                  `json:"desk"`
	Country   code.Country            `json:"country"`
	Programme string                  `json:"programme"`
	Area      string                  `json:"area"`
	Urgency   code.Urgency            `json:"urgency"`
	Teams     []intakev1.ResponseTeam `json:"teams"`
}

// ResponseAlerted says who is asked to go now: a member of a team until an instant, or the
// coordination of the district until somebody there signs. Each is a step of its own.
type ResponseAlerted struct {
	Alert string            `json:"alert"`
	Case  string            `json:"case"`
	Rung  code.ResponseRung `json:"rung"`
	// Team, Worker and Agency are left out for the district.
	Team   string `json:"team,omitempty"`
	Worker string `json:"worker,omitempty"`
	Agency string `json:"agency,omitempty"`
	// Until is when the next one is asked; left out for the district.
	Until time.Time `json:"until,omitzero"`
	// Going are those who acknowledged and then said nothing in time. They go on: who is asked
	// here is asked beside them.
	Going []intakev1.Responder `json:"going,omitempty"`
	// Turn counts what was said of the alert, from 1.
	Turn int `json:"turn"`
}

// ResponseMoved says how far a member who acknowledged has come, and who else goes: as a whole,
// so that the highest turn alone counts.
type ResponseMoved struct {
	Alert  string              `json:"alert"`
	Case   string              `json:"case"`
	Status code.ResponseStatus `json:"status"`
	Team   string              `json:"team"`
	Worker string              `json:"worker"`
	Agency string              `json:"agency"`
	// Beside are the others who go.
	Beside []intakev1.Responder `json:"beside,omitempty"`
	// Until is when the next one is asked too, where this one says nothing more; left out once
	// somebody is with her.
	Until time.Time `json:"until,omitzero"`
	// Shown are the options that she was shown, and Chosen those that she chose: none of
	// them is a choice as well.
	Shown  []code.ResponseOption `json:"shown,omitempty"`
	Chosen []code.ResponseOption `json:"chosen,omitempty"`
	Turn   int                   `json:"turn"`
}

// ResponseEnded says that an alert is over: stood down by the member, called off by her no,
// or signed by a person of the district.
type ResponseEnded struct {
	Alert  string              `json:"alert"`
	Case   string              `json:"case"`
	Status code.ResponseStatus `json:"status"`
	Result code.ResponseResult `json:"result,omitempty"`
	// Unseen is why she was not seen.
	Unseen code.UnseenReason `json:"unseen,omitempty"`
	Turn   int               `json:"turn"`
}

// ResponseClosedTo says for whom of those who were asked the alert is off from now on, while it
// goes on for others: they see what they would see after her no. It stays in the room.
type ResponseClosedTo struct {
	Alert string `json:"alert"`
	Case  string `json:"case"`
	// Workers are named by the register's identifiers.
	Workers []string `json:"workers"`
	Turn    int      `json:"turn"`
}

// ConfinedToAddressees says that no service gets it.
func (ResponseClosedTo) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (RotaPublished) ConfinedToAddressees() {}

// ConfinedToAddressees says that no service gets it.
func (ResponseOpened) ConfinedToAddressees() {}

// ForServicesAlone says that no integrator may know who is on a team: beside it, they would see
// which one is left out for her.
func (TeamDescribed) ForServicesAlone() {}

// ForServicesAlone says that no integrator may see who is asked, and so who is not.
func (ResponseAlerted) ForServicesAlone() {}

// ForServicesAlone says that no integrator may see who goes, and so who does not.
func (ResponseMoved) ForServicesAlone() {}

// ForServicesAlone says that it goes where the steps before it went, so that no number is
// missing anywhere else.
func (ResponseEnded) ForServicesAlone() {}
