package domain

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// longestRota is how far a rota may reach: what is published for longer is not kept.
const longestRota = 92 * 24 * time.Hour

// Team is a response team: members of several agencies, and who of them is on call.
type Team struct {
	referralv1.TeamDescribed
	Shifts []referralv1.OnCall
}

// DescribeTeam says where a team goes. Who is on it is said next (ChangeTeam).
type DescribeTeam struct {
	Country   code.Country `json:"country"`
	Programme string       `json:"programme"`
	Area      string       `json:"area"`
}

// ChangeTeam says who is on it, and where it goes, as a whole.
type ChangeTeam struct {
	Area      string                `json:"area"`
	Members   []intakev1.TeamMember `json:"members"`
	Disbanded bool                  `json:"disbanded,omitempty"`
}

// PublishRota says who is on call, as a whole. Who comes first in the list is asked first.
type PublishRota struct {
	Shifts []referralv1.OnCall `json:"shifts"`
}

// HandOver gives a shift to another member.
type HandOver struct {
	// From is when the shift begins.
	From time.Time `json:"from"`
	To   string    `json:"to"`
}

// Register is the staff of the agencies of a team, or why it cannot be known now.
type Register map[string]worker.Seen

// member is who a team names, as the register knows them. Errors: worker.ErrUnknown, and
// why the register cannot be read.
func (r Register) member(pointer string, m intakev1.TeamMember) (worker.Present, error) {
	seen, ok := r[m.Agency]
	switch {
	case !ok:
		return worker.Present{}, worker.ErrUnknown.At(pointer, "registered at this agency, and not gone")
	case seen.Err != nil:
		return worker.Present{}, seen.Err
	}
	staff := seen.Staff.Value()
	switch p := staff.ByID(m.Worker); {
	case p.Exists() && !p.Left:
		return p, nil
	case !p.Exists() && staff.Unread != nil:
		return worker.Present{}, staff.Unread
	}
	return worker.Present{}, worker.ErrUnknown.At(pointer, "registered at this agency, and not gone")
}

// Away says that a member is known not to work at an instant: then the next one is asked at
// once. Where the register cannot be read, the member is asked.
func (r Register) Away(m intakev1.TeamMember, at time.Time) bool {
	seen, ok := r[m.Agency]
	if !ok || seen.Err != nil {
		return false
	}
	p := seen.Staff.Value().ByID(m.Worker)
	return p.Exists() && (p.Left || p.Absent(at))
}

// Describe makes a team. The agency that describes it keeps it.
func (t Team) Describe(by fact.By, cmd DescribeTeam) ([]fact.Event, error) {
	if t.Exists() {
		return nil, ErrNotFound
	}
	t.TeamDescribed = referralv1.TeamDescribed{
		Team: commitRecord(by), Agency: by.Agency, Country: cmd.Country, Programme: cmd.Programme, Area: cmd.Area, Members: []intakev1.TeamMember{},
	}
	return t.describe(nil)
}

// Change says anew who is on the team. A shift of who is not on it any more counts no more.
func (t Team) Change(by fact.By, cmd ChangeTeam, r Register) ([]fact.Event, error) {
	if err := t.own(by); err != nil {
		return nil, err
	}
	t.Area, t.Members, t.Disbanded = cmd.Area, cmd.Members, cmd.Disbanded
	return t.describe(r)
}

func (t Team) describe(r Register) ([]fact.Event, error) {
	if len(t.Area) < 2 || t.Area[:2] != string(t.Country) {
		return nil, ErrTeam.At("/area", "in the country of the team")
	}
	for i, m := range t.Members {
		at := "/members/" + strconv.Itoa(i) + "/worker"
		if slices.ContainsFunc(t.Members[:i], func(o intakev1.TeamMember) bool { return o.Worker == m.Worker }) {
			return nil, ErrTeam.At(at, "named once")
		}
		if _, err := r.member(at, m); err != nil {
			return nil, err
		}
	}
	t.Turn++
	return fact.Of(t.TeamDescribed), nil
}

// Publish publishes the rota. Each member on it holds what their work requires at this
// instant (credential.ErrMissing): what lapses later takes them off the next rota, and out
// of no alert that runs.
func (t Team) Publish(by fact.By, cmd PublishRota, r Register) ([]fact.Event, error) {
	if err := t.own(by); err != nil {
		return nil, err
	}
	for i, s := range cmd.Shifts {
		at := "/shifts/" + strconv.Itoa(i)
		switch {
		case !s.From.Before(s.Until):
			return nil, ErrRota.At(at+"/until", "after from")
		case s.Until.After(by.At.Add(longestRota)):
			return nil, ErrRota.At(at+"/until", "within 92 days")
		}
		if err := t.qualified(by, at+"/worker", s.Worker, r); err != nil {
			return nil, err
		}
	}
	return fact.Of(referralv1.RotaPublished{Team: t.Team, Shifts: cmd.Shifts}), nil
}

// qualified says whether somebody may be on the rota.
func (t Team) qualified(by fact.By, pointer, id string, r Register) error {
	m, ok := t.member(id)
	if !ok {
		return ErrRota.At(pointer, "a member of the team")
	}
	p, err := r.member(pointer, m)
	if err != nil {
		return err
	}
	of := credential.Place{Country: string(t.Country), Programme: t.Programme, At: by.At}
	return credential.Refuse(pointer, credential.Barring(r[m.Agency].Lacks(p, of, code.ResponseTeamMember)))
}

// HandOver gives the caller's own shift to another member, who is qualified now. Errors:
// ErrShift.
func (t Team) HandOver(by fact.By, cmd HandOver, r Register) ([]fact.Event, error) {
	me := worker.ID(by.Agency, by.Principal)
	i := slices.IndexFunc(t.Shifts, func(s referralv1.OnCall) bool {
		return s.Worker == me && s.From.Equal(cmd.From) && by.At.Before(s.Until)
	})
	if i < 0 {
		return nil, ErrShift.At("/from", "a shift of one's own")
	}
	if err := t.qualified(by, "/to", cmd.To, r); err != nil {
		return nil, err
	}
	shifts := slices.Clone(t.Shifts)
	shifts[i].Worker = cmd.To
	return fact.Of(referralv1.RotaPublished{Team: t.Team, Shifts: shifts, HandedOver: true}), nil
}

// onCall are the members on call at an instant, the first to ask first.
func (t Team) onCall(at time.Time) (on []intakev1.TeamMember) {
	if t.Disbanded {
		return nil
	}
	for _, s := range t.Shifts {
		m, is := t.member(s.Worker)
		if is && !at.Before(s.From) && at.Before(s.Until) && !slices.Contains(on, m) {
			on = append(on, m)
		}
	}
	return on
}

func (t Team) member(id string) (intakev1.TeamMember, bool) {
	i := slices.IndexFunc(t.Members, func(m intakev1.TeamMember) bool { return m.Worker == id })
	if i < 0 {
		return intakev1.TeamMember{}, false
	}
	return t.Members[i], true
}

// Agencies are those whose workers are on the team.
func (t Team) Agencies() (all []string) {
	for _, m := range t.Members {
		all = append(all, m.Agency)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (t Team) own(by fact.By) error {
	if !t.Exists() || by.Agency != t.Agency {
		return ErrNotYourAgency
	}
	return nil
}

// Exists says whether the team was ever described.
func (t Team) Exists() bool { return t.Team != "" }

// Case is empty: a team belongs to no case.
func (t Team) Case() string { return "" }

// Visible is for the agencies on the team.
func (t Team) Visible(by fact.By) bool {
	return by.System() || t.Exists() && by.Agency != "" && (by.Agency == t.Agency || slices.Contains(t.Agencies(), by.Agency))
}

// Closed is never: an alert must know at every moment who is on call.
func (t Team) Closed() bool { return false }

// Deadlines are none: who is on call is told by the clock of who asks.
func (t Team) Deadlines() []fact.Deadline { return nil }

// Evolve is the team after an event.
func (t Team) Evolve(e fact.Event) Team {
	switch d := e.Data.(type) {
	case referralv1.TeamDescribed:
		t.TeamDescribed = d
	case referralv1.RotaPublished:
		t.Shifts = d.Shifts
	}
	return t
}

// TeamView is a team as its agencies see it.
type TeamView struct {
	Team      string                `json:"team"`
	Agency    string                `json:"agency"`
	Country   code.Country          `json:"country"`
	Programme string                `json:"programme"`
	Area      string                `json:"area"`
	Members   []intakev1.TeamMember `json:"members"`
	Shifts    []referralv1.OnCall   `json:"shifts"`
	Disbanded bool                  `json:"disbanded,omitempty"`
}

// View is the team, with the shifts that are not over.
func (t Team) View(by fact.By) any {
	v := TeamView{Team: t.Team, Agency: t.Agency, Country: t.Country, Programme: t.Programme, Area: t.Area, Members: t.Members, Shifts: []referralv1.OnCall{}, Disbanded: t.Disbanded}
	for _, s := range t.Shifts {
		if by.At.Before(s.Until) {
			v.Shifts = append(v.Shifts, s)
		}
	}
	return v
}

// TeamsByAgency is (agency): the teams on which an agency has somebody, and those that it
// keeps.
var TeamsByAgency = image.List[Team]{Keys: func(t Team) []string {
	if !t.Exists() {
		return nil
	}
	all := t.Agencies()
	if !slices.Contains(all, t.Agency) {
		all = append(all, t.Agency)
	}
	for i, a := range all {
		all[i] = fact.Key(a)
	}
	return all
}}

// Teams chooses the teams of the caller's agency.
func Teams(by fact.By, _ url.Values) (image.Part[Team], error) {
	return TeamsByAgency.Of(by.Agency), nil
}

// Commands says which commands a team takes.
func (Team) Commands() command.Table[Team] {
	return command.Table[Team]{
		"changeTeam":  {When: Team.own},
		"publishRota": {When: Team.own},
		"handOverShift": {When: func(t Team, by fact.By) error {
			me := worker.ID(by.Agency, by.Principal)
			if slices.ContainsFunc(t.Shifts, func(s referralv1.OnCall) bool { return s.Worker == me && by.At.Before(s.Until) }) {
				return nil
			}
			return ErrShift
		}},
	}
}
