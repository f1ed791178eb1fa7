package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// A response team goes to her on her yes, or on what a named person records of immediate
// danger to life and of the law that permits it. A sign, a score and a neighbour's call send
// nobody: no rule here reads them. Where she is, what the danger is and how to come near stay
// in her case, and are shown to the one member who acknowledged.

// AskResponse asks for a team.
type AskResponse struct {
	Ground code.ResponseGround `json:"response_ground"`
	// LifeDanger, Law and Words are for a team that goes without her yes.
	LifeDanger code.LifeDanger `json:"life_danger,omitempty"`
	Law        code.DangerLaw  `json:"danger_law,omitempty"`
	Words      string          `json:"danger_words,omitempty"`
	// Area is of ISO 3166-2, or finer; Urgency is what the desk says.
	Area    string       `json:"area"`
	Urgency code.Urgency `json:"urgency"`
	Sought
}

// Sought is what the member who acknowledged is shown.
type Sought struct {
	Place    string `json:"place"`
	Danger   string `json:"danger_there,omitempty"`
	Approach string `json:"safe_approach,omitempty"`
	// Name is hers, where she gave it for this.
	Name string `json:"name_for_team,omitempty"`
}

// ResponseGrounds is the private half of ResponseAsked.
type ResponseGrounds struct {
	Ground     code.ResponseGround `json:"response_ground"`
	LifeDanger code.LifeDanger     `json:"life_danger,omitempty"`
	Law        code.DangerLaw      `json:"danger_law,omitempty"`
	Words      string              `json:"danger_words,omitempty"`
	// By is the person who recorded it.
	By string `json:"by"`
	Sought
}

// Response is an alert for her, as her desk sees it.
type Response struct {
	Alert   string       `json:"alert"`
	AskedAt time.Time    `json:"asked_at"`
	Area    string       `json:"area"`
	Urgency code.Urgency `json:"urgency"`
	ResponseGrounds
	Status    code.ResponseStatus   `json:"status"`
	Agency    string                `json:"agency,omitempty"`
	Shown     []code.ResponseOption `json:"shown,omitempty"`
	Chosen    []code.ResponseOption `json:"chosen,omitempty"`
	Result    code.ResponseResult   `json:"result,omitempty"`
	Unseen    code.UnseenReason     `json:"unseen,omitempty"`
	Referrals []string              `json:"referrals,omitempty"`
	// asked are the teams that could be asked when the desk asked.
	asked []string
	going []intakev1.Responder
	shown []shownTo
	turn  int
	ended bool
}

// shownTo is a member who was shown where she is, and the team for which they went.
type shownTo struct {
	worker, agency string
	team           []intakev1.TeamMember
	at             time.Time
}

// Responders are the teams of the country of a case, for a command of who has it.
type Responders struct {
	work.Hands
	Teams []teams.Team
	// Unread is why the teams cannot be known now.
	Unread error
}

// AskResponse asks for a team, and says which may be asked. Errors: ErrNotTheOwner,
// ErrResponseOpen while one is under way, ErrResponseGround.
func (c Case) AskResponse(by fact.By, cmd AskResponse, on Responders) ([]fact.Event, error) {
	if err := c.Handled(on.Hands); err != nil {
		return nil, err
	}
	if err := c.mayAskResponse(); err != nil {
		return nil, err
	}
	if err := cmp.Or(known("/response_ground", cmd.Ground, code.ResponseGrounds), known("/urgency", cmd.Urgency, code.Urgencies), cmd.grounded()); err != nil {
		return nil, err
	}
	switch {
	case !strings.HasPrefix(cmd.Area+"-", c.Country+"-"):
		return nil, ErrResponseGround.At("/area", "in the country of the case")
	case strings.TrimSpace(cmd.Place) == "":
		return nil, ErrResponseGround.At("/place", "required")
	case on.Unread != nil:
		return nil, on.Unread
	}
	asked := intakev1.ResponseAsked{
		Case: c.ID, Alert: by.ID("alert", 0), Agency: c.Agency, Country: code.Country(c.Country), Programme: c.Programme,
		Area: cmd.Area, Urgency: cmd.Urgency, Teams: c.responders(cmd.Area, on.Teams),
	}
	return fact.With(asked, ResponseGrounds{cmd.Ground, cmd.LifeDanger, cmd.Law, cmd.Words, by.Principal, cmd.Sought}), nil
}

// grounded refuses a team without her yes where not all is said that permits it.
func (cmd AskResponse) grounded() error {
	if cmd.Ground == code.OnHerYes {
		if cmd.LifeDanger != "" || cmd.Law != "" || cmd.Words != "" {
			return ErrResponseGround.At("/response_ground", "immediate_danger, with life_danger, danger_law and danger_words")
		}
		return nil
	}
	if err := cmp.Or(known("/life_danger", cmd.LifeDanger, code.LifeDangers), known("/danger_law", cmd.Law, code.DangerLaws)); err != nil {
		return err
	}
	if strings.TrimSpace(cmd.Words) == "" {
		return ErrResponseGround.At("/danger_words", "required without her yes")
	}
	return nil
}

// responders are the teams that go to an area and may be asked, the nearest first. One with
// a member whom she must not meet is left out whole, as if it were not there.
func (c Case) responders(area string, all []teams.Team) []intakev1.ResponseTeam {
	may := slices.DeleteFunc(slices.Clone(all), func(t teams.Team) bool {
		return string(t.Country) != c.Country || t.Programme != c.Programme || !strings.HasPrefix(area+"-", t.Area+"-") || c.meets(t)
	})
	slices.SortFunc(may, func(a, b teams.Team) int {
		return cmp.Or(cmp.Compare(len(b.Area), len(a.Area)), cmp.Compare(a.Team, b.Team))
	})
	list := make([]intakev1.ResponseTeam, len(may))
	for i, t := range may {
		list[i] = intakev1.ResponseTeam{Team: t.Team, Turn: t.Turn}
	}
	return list
}

// meets says that a member of a team is one whom she must not meet.
func (c Case) meets(t teams.Team) bool { return slices.ContainsFunc(t.Members, c.avoids) }

func (c Case) avoids(m intakev1.TeamMember) bool {
	return c.Blocks.Agency(m.Agency) || c.Blocks.Person(m.Worker)
}

// given are the alerts that go on, of which somebody whom she must not meet, or whose team has
// such a member, was shown where she is. They are shown nothing any more, and the next one is
// asked: who has the case finds another way with her.
func (c Case) given() (all []shownTo) {
	for _, r := range c.Responses {
		for _, s := range r.shown {
			if !r.ended && (c.avoids(intakev1.TeamMember{Worker: s.worker, Agency: s.agency}) || slices.ContainsFunc(s.team, c.avoids)) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Calling is what the circle of an alert hangs on.
type Calling struct {
	Alert string
	// Needed says that a team was asked that has a member whom she must not meet now.
	Needed bool
	// Workers are those whom she may meet: the members of the teams that could be asked, without
	// every member of a team that is passed over whole.
	Workers []string
}

// Calling is the circle of the alert that goes on, empty without one. Whom she must not meet
// from an instant on is out of it from that instant, as of work: the room of referrals is told
// who may go on.
func (c Case) Calling(all []teams.Team) Calling {
	i := c.responding()
	if i < 0 {
		return Calling{}
	}
	of := Calling{Alert: c.Responses[i].Alert, Workers: []string{}}
	var out []string
	for _, t := range all {
		if c.meets(t) {
			of.Needed = of.Needed || slices.Contains(c.Responses[i].asked, t.Team)
			for _, m := range t.Members {
				out = append(out, m.Worker)
			}
		}
	}
	for _, t := range all {
		for _, m := range t.Members {
			if slices.Contains(c.Responses[i].asked, t.Team) && !slices.Contains(out, m.Worker) && !slices.Contains(of.Workers, m.Worker) {
				of.Workers = append(of.Workers, m.Worker)
			}
		}
	}
	return of
}

func (c Case) responding() int {
	return slices.IndexFunc(c.Responses, func(r Response) bool { return !r.ended })
}

func (c Case) mayAskResponse() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	if c.responding() >= 0 {
		return ErrResponseOpen
	}
	return nil
}

// CallOffResponse takes her no. Everybody of the desk takes it.
type CallOffResponse struct{}

// CallOffResponse calls off the team that is under way. Errors: ErrResponseNone.
func (c Case) CallOffResponse(_ fact.By, _ CallOffResponse) ([]fact.Event, error) {
	i := c.responding()
	if i < 0 {
		return nil, ErrResponseNone
	}
	return fact.Of(intakev1.ResponseCalledOff{Case: c.ID, Alert: c.Responses[i].Alert}), nil
}

func (c Case) mayCallOff() error {
	if c.responding() < 0 {
		return ErrResponseNone
	}
	return nil
}

// LinkResponse names the referrals that the desk made for what she chose.
type LinkResponse struct {
	Alert     string   `json:"alert"`
	Referrals []string `json:"referrals"`
}

// LinkResponse notes them. Errors: ErrResponseNone, ErrResponseLink.
func (c Case) LinkResponse(_ fact.By, cmd LinkResponse) ([]fact.Event, error) {
	i := c.response(cmd.Alert)
	if i < 0 {
		return nil, ErrResponseNone.At("/alert", "one of the case")
	}
	for _, f := range cmd.Referrals {
		if find(c.Referrals, f) < 0 {
			return nil, ErrResponseLink.At("/referrals", "referrals of the case")
		}
	}
	if slices.Equal(cmd.Referrals, c.Responses[i].Referrals) {
		return nil, nil
	}
	return fact.Of(intakev1.ResponseFollowed{Case: c.ID, Alert: cmd.Alert, Referrals: cmd.Referrals}), nil
}

func (c Case) mayLink() error {
	if len(c.Responses) == 0 {
		return ErrResponseNone
	}
	return nil
}

func (c Case) response(alert string) int {
	return slices.IndexFunc(c.Responses, func(r Response) bool { return r.Alert == alert })
}

// OnResponseAlerted notes whom the room of referrals asks now.
func (c Case) OnResponseAlerted(_ fact.By, e referralv1.ResponseAlerted) ([]fact.Event, error) {
	is := intakev1.ResponseFollowed{Case: c.ID, Alert: e.Alert, Status: code.ResponseAlerting, Turn: e.Turn}
	switch n := len(e.Going); {
	case n > 0:
		last := e.Going[n-1]
		is.Status, is.Team, is.Worker, is.Agency, is.Beside = last.Status, last.Team, last.Worker, last.Agency, e.Going[:n-1]
	case e.Rung == code.RungDistrict:
		is.Status = code.ResponseUnanswered
	}
	return c.followResponse(is)
}

// OnResponseMoved notes how far the member who acknowledged has come.
func (c Case) OnResponseMoved(_ fact.By, e referralv1.ResponseMoved) ([]fact.Event, error) {
	return c.followResponse(intakev1.ResponseFollowed{
		Case: c.ID, Alert: e.Alert, Status: e.Status, Team: e.Team, Worker: e.Worker, Agency: e.Agency, Beside: e.Beside, Shown: e.Shown, Chosen: e.Chosen, Turn: e.Turn,
	})
}

// OnResponseEnded notes how the alert ended.
func (c Case) OnResponseEnded(_ fact.By, e referralv1.ResponseEnded) ([]fact.Event, error) {
	return c.followResponse(intakev1.ResponseFollowed{Case: c.ID, Alert: e.Alert, Status: e.Status, Result: e.Result, Unseen: e.Unseen, Turn: e.Turn})
}

// followResponse notes what is later than what is known: facts may come in any order.
func (c Case) followResponse(is intakev1.ResponseFollowed) ([]fact.Event, error) {
	i := c.response(is.Alert)
	if i < 0 || is.Turn <= c.Responses[i].turn {
		return nil, nil
	}
	return fact.Of(is), nil
}

// ShowResponse is the question of the member who acknowledged.
type ShowResponse struct {
	Alert string `json:"alert"`
}

// ResponsePacket is what the member is shown.
type ResponsePacket struct {
	Alert string    `json:"alert"`
	At    time.Time `json:"at"`
	Sought
}

// RespondsTo says that the caller may be shown where she is: they have acknowledged this
// alert, it goes on, and nobody of their team is one whom she must not meet now. The team is
// as it is known at this instant.
func (c Case) RespondsTo(by fact.By, alert string, t teams.Team) bool {
	i := c.response(alert)
	if i < 0 || by.Agency == "" || by.Principal == "" || c.barred(by) {
		return false
	}
	r := c.Responses[i]
	m, goes := r.goes(by)
	return !r.ended && goes && t.Team == m.Team && !c.meets(t)
}

// goes is the caller, where they go.
func (r *Response) goes(by fact.By) (intakev1.Responder, bool) {
	i := slices.IndexFunc(r.going, func(m intakev1.Responder) bool {
		return m.Worker == worker.ID(by.Agency, by.Principal) && m.Agency == by.Agency
	})
	if i < 0 {
		return intakev1.Responder{}, false
	}
	return r.going[i], true
}

// TeamOf is the team for which the caller goes; empty where they do not.
func (c Case) TeamOf(by fact.By, alert string) string {
	if i := c.response(alert); i >= 0 {
		m, _ := c.Responses[i].goes(by)
		return m.Team
	}
	return ""
}

// ShowResponse records that the member was shown where she is.
func (c Case) ShowResponse(by fact.By, cmd ShowResponse, team teams.Team) ([]fact.Event, error) {
	i := c.response(cmd.Alert)
	if i < 0 {
		return nil, nil
	}
	return fact.Of(intakev1.ResponseShown{
		Case: c.ID, Alert: cmd.Alert, Recipient: by.Agency, Worker: worker.ID(by.Agency, by.Principal), Team: slices.Clone(team.Members), Named: c.Responses[i].Name != "",
	}), nil
}

// ResponsePacket is what the member is shown.
func (c Case) ResponsePacket(alert string, at time.Time) ResponsePacket {
	return ResponsePacket{Alert: alert, At: at, Sought: c.Responses[c.response(alert)].Sought}
}

// responded is the case after an event of an alert.
func (c Case) responded(e fact.Event) Case {
	switch d := e.Data.(type) {
	case intakev1.ResponseAsked:
		grounds, _ := e.Private.(ResponseGrounds)
		c.Responses = append(slices.Clip(c.Responses), Response{
			Alert: d.Alert, AskedAt: e.At, Area: d.Area, Urgency: d.Urgency, ResponseGrounds: grounds, Status: code.ResponseAlerting, asked: teamNames(d.Teams),
		})
	case intakev1.ResponseCalledOff:
		c = c.withResponse(d.Alert, func(r *Response) { r.Status, r.ended = code.ResponseCalledOff, true })
	case intakev1.ResponseFollowed:
		c = c.withResponse(d.Alert, func(r *Response) { r.follow(d) })
	case intakev1.ResponseShown:
		categories := []code.Category{code.Contact, code.SafetyNeeds}
		if d.Named {
			categories = append(categories, code.Identity)
		}
		c.Disclosures = append(slices.Clip(c.Disclosures), Disclosure{Alert: d.Alert, Recipient: d.Recipient, Stage: code.ForResponse, Categories: categories, At: e.At})
		c = c.withResponse(d.Alert, func(r *Response) {
			r.shown = append(slices.Clip(r.shown), shownTo{d.Worker, d.Recipient, d.Team, e.At})
		})
	}
	return c
}

func teamNames(all []intakev1.ResponseTeam) (ids []string) {
	for _, t := range all {
		ids = append(ids, t.Team)
	}
	return ids
}

func (c Case) withResponse(alert string, change func(*Response)) Case {
	i := c.response(alert)
	if i < 0 {
		return c
	}
	c.Responses = slices.Clone(c.Responses)
	change(&c.Responses[i])
	return c
}

// follow is the alert after what was noted of it. Her no stands, whatever comes later.
func (r *Response) follow(d intakev1.ResponseFollowed) {
	if d.Turn == 0 {
		r.Referrals = d.Referrals
		return
	}
	r.turn = d.Turn
	if r.Status == code.ResponseCalledOff {
		return
	}
	r.Status = d.Status
	switch d.Status {
	case code.ResponseAlerting, code.ResponseUnanswered:
		r.going, r.Agency = nil, ""
	case code.ResponseStoodDown, code.ResponseSigned, code.ResponseCalledOff:
		r.Result, r.Unseen, r.ended = d.Result, d.Unseen, true
	default:
		r.Agency = d.Agency
		r.going = append(slices.Clip(d.Beside), intakev1.Responder{Team: d.Team, Worker: d.Worker, Agency: d.Agency, Status: d.Status})
		for _, m := range d.Beside { // one who set out later is not how far the first has come
			if slices.Index(code.ResponseStatuses, m.Status) > slices.Index(code.ResponseStatuses, r.Status) {
				r.Status, r.Agency = m.Status, m.Agency
			}
		}
	}
	if d.Status == code.ResponseShowing {
		r.Shown, r.Chosen = d.Shown, d.Chosen
	}
}

// ByAlert finds the case of an alert that goes on.
var ByAlert = image.List[Case]{Keys: func(c Case) []string {
	var keys []string
	for _, r := range c.Responses {
		if !r.ended {
			keys = append(keys, fact.Key(r.Alert))
		}
	}
	return keys
}}
