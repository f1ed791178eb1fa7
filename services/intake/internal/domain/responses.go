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
	"github.com/sanad-network/sanad/services/intake/internal/teams"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Responses are the response teams that were asked for from one record, the oldest first: from a
// case, or from an enquiry while there is no case. At most one of them goes on.
type Responses []Response

// Call is what every call for a team says.
type Call struct {
	Ground code.ResponseGround `json:"response_ground"`
	// LifeDanger, Law and Words are for a team that goes without her yes.
	LifeDanger code.LifeDanger `json:"life_danger,omitempty"`
	Law        code.DangerLaw  `json:"danger_law,omitempty"`
	Words      string          `json:"danger_words,omitempty"`
	// Area is of ISO 3166-2, or finer; Urgency is what the desk says.
	Area    string       `json:"area"`
	Urgency code.Urgency `json:"urgency"`
}

// Whereabouts is where she is, and how to come near.
type Whereabouts struct {
	Place    string `json:"place"`
	Danger   string `json:"danger_there,omitempty"`
	Approach string `json:"safe_approach,omitempty"`
}

// Sought is what the member who acknowledged is shown.
type Sought struct {
	Whereabouts
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
	// record is the case, or the enquiry, from which it was asked.
	record string
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

// ask asks for a team: of is the record, its agency, country and programme. A team that is not
// among those of on is as one that is not there. Errors: ErrResponseGround.
func (cmd Call) ask(by fact.By, of intakev1.ResponseAsked, her Sought, on Responders, without func(teams.Team) bool) ([]fact.Event, error) {
	if err := cmp.Or(known("/response_ground", cmd.Ground, code.ResponseGrounds), known("/urgency", cmd.Urgency, code.Urgencies), cmd.grounded()); err != nil {
		return nil, err
	}
	switch {
	case !strings.HasPrefix(cmd.Area+"-", string(of.Country)+"-"):
		return nil, ErrResponseGround.At("/area", "in the country of the programme")
	case blank(her.Place):
		return nil, ErrResponseGround.At("/place", "required")
	case on.Unread != nil:
		return nil, on.Unread
	}
	of.Alert, of.Area, of.Urgency = by.ID("alert", 0), cmd.Area, cmd.Urgency
	of.Teams = responders(of, on.Teams, without)
	return fact.With(of, ResponseGrounds{cmd.Ground, cmd.LifeDanger, cmd.Law, cmd.Words, by.Principal, her}), nil
}

// grounded refuses a team without her yes where not all is said that permits it.
func (cmd Call) grounded() error {
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

// responders are the teams that go to the area of a call and may be asked, the nearest first. One
// that is left out is left out whole, as if it were not there.
func responders(of intakev1.ResponseAsked, all []teams.Team, without func(teams.Team) bool) []intakev1.ResponseTeam {
	may := slices.DeleteFunc(slices.Clone(all), func(t teams.Team) bool {
		return t.Country != of.Country || t.Programme != of.Programme || !strings.HasPrefix(of.Area+"-", t.Area+"-") || without(t)
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

// responding is the place of the one that goes on, -1 without one.
func (rs Responses) responding() int {
	return slices.IndexFunc(rs, func(r Response) bool { return !r.ended })
}

func (rs Responses) response(alert string) int {
	return slices.IndexFunc(rs, func(r Response) bool { return r.Alert == alert })
}

// quiet refuses with ErrResponseOpen while one goes on.
func (rs Responses) quiet() error {
	if rs.responding() >= 0 {
		return ErrResponseOpen
	}
	return nil
}

// CallOffResponse takes her no. Everybody of the desk takes it.
type CallOffResponse struct{}

// CallOffResponse calls off the team that is under way. Errors: ErrResponseNone.
func (rs Responses) CallOffResponse(_ fact.By, _ CallOffResponse) ([]fact.Event, error) {
	if err := rs.mayCallOff(); err != nil {
		return nil, err
	}
	r := rs[rs.responding()]
	return fact.Of(intakev1.ResponseCalledOff{Case: r.record, Alert: r.Alert}), nil
}

func (rs Responses) mayCallOff() error {
	if rs.responding() < 0 {
		return ErrResponseNone
	}
	return nil
}

// OnResponseAlerted notes whom the room of referrals asks now.
func (rs Responses) OnResponseAlerted(_ fact.By, e referralv1.ResponseAlerted) ([]fact.Event, error) {
	is := intakev1.ResponseFollowed{Alert: e.Alert, Status: code.ResponseAlerting, Turn: e.Turn}
	switch n := len(e.Going); {
	case n > 0:
		last := e.Going[n-1]
		is.Status, is.Team, is.Worker, is.Agency, is.Beside = last.Status, last.Team, last.Worker, last.Agency, e.Going[:n-1]
	case e.Rung == code.RungDistrict:
		is.Status = code.ResponseUnanswered
	}
	return rs.followResponse(is)
}

// OnResponseMoved notes how far the member who acknowledged has come.
func (rs Responses) OnResponseMoved(_ fact.By, e referralv1.ResponseMoved) ([]fact.Event, error) {
	return rs.followResponse(intakev1.ResponseFollowed{
		Alert: e.Alert, Status: e.Status, Team: e.Team, Worker: e.Worker, Agency: e.Agency, Beside: e.Beside, Shown: e.Shown, Chosen: e.Chosen, Turn: e.Turn,
	})
}

// OnResponseEnded notes how the alert ended.
func (rs Responses) OnResponseEnded(_ fact.By, e referralv1.ResponseEnded) ([]fact.Event, error) {
	return rs.followResponse(intakev1.ResponseFollowed{Alert: e.Alert, Status: e.Status, Result: e.Result, Unseen: e.Unseen, Turn: e.Turn})
}

// followResponse notes what is later than what is known: facts may come in any order.
func (rs Responses) followResponse(is intakev1.ResponseFollowed) ([]fact.Event, error) {
	i := rs.response(is.Alert)
	if i < 0 || is.Turn <= rs[i].turn {
		return nil, nil
	}
	is.Case = rs[i].record
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
func (rs Responses) TeamOf(by fact.By, alert string) string {
	if i := rs.response(alert); i >= 0 {
		m, _ := rs[i].goes(by)
		return m.Team
	}
	return ""
}

// RespondsTo says that the caller may be shown where she is: they have acknowledged this alert,
// and it goes on. The team is as it is known at this instant.
func (rs Responses) RespondsTo(by fact.By, alert string, t teams.Team) bool {
	i := rs.response(alert)
	if i < 0 || by.Agency == "" || by.Principal == "" {
		return false
	}
	m, goes := rs[i].goes(by)
	return !rs[i].ended && goes && t.Team == m.Team
}

// ShowResponse records that the member was shown where she is.
func (rs Responses) ShowResponse(by fact.By, cmd ShowResponse, team teams.Team) ([]fact.Event, error) {
	i := rs.response(cmd.Alert)
	if i < 0 {
		return nil, nil
	}
	return fact.Of(intakev1.ResponseShown{
		Case: rs[i].record, Alert: cmd.Alert, Recipient: by.Agency, Worker: worker.ID(by.Agency, by.Principal), Team: slices.Clone(team.Members), Named: rs[i].Name != "",
	}), nil
}

// ResponsePacket is what the member is shown.
func (rs Responses) ResponsePacket(alert string, at time.Time) ResponsePacket {
	return ResponsePacket{Alert: alert, At: at, Sought: rs[rs.response(alert)].Sought}
}

// evolve are the alerts after an event of one.
func (rs Responses) evolve(e fact.Event) Responses {
	switch d := e.Data.(type) {
	case intakev1.ResponseAsked:
		grounds, _ := e.Private.(ResponseGrounds)
		return append(slices.Clip(rs), Response{
			Alert: d.Alert, AskedAt: e.At, Area: d.Area, Urgency: d.Urgency, ResponseGrounds: grounds, Status: code.ResponseAlerting, record: d.Case, asked: teamNames(d.Teams),
		})
	case intakev1.ResponseCalledOff:
		return rs.with(d.Alert, func(r *Response) { r.Status, r.ended = code.ResponseCalledOff, true })
	case intakev1.ResponseFollowed:
		return rs.with(d.Alert, func(r *Response) { r.follow(d) })
	case intakev1.ResponseShown:
		return rs.with(d.Alert, func(r *Response) {
			r.shown = append(slices.Clip(r.shown), shownTo{d.Worker, d.Recipient, d.Team, e.At})
		})
	}
	return rs
}

// shownWhere is what a member was shown.
func shownWhere(d intakev1.ResponseShown, at time.Time) Disclosure {
	categories := []code.Category{code.Contact, code.SafetyNeeds}
	if d.Named {
		categories = append(categories, code.Identity)
	}
	return Disclosure{Alert: d.Alert, Recipient: d.Recipient, Stage: code.ForResponse, Categories: categories, At: at}
}

func teamNames(all []intakev1.ResponseTeam) (ids []string) {
	for _, t := range all {
		ids = append(ids, t.Team)
	}
	return ids
}

func (rs Responses) with(alert string, change func(*Response)) Responses {
	i := rs.response(alert)
	if i < 0 {
		return rs
	}
	rs = slices.Clone(rs)
	change(&rs[i])
	return rs
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

// keys find the record of an alert that goes on.
func (rs Responses) keys() (keys []string) {
	for _, r := range rs {
		if !r.ended {
			keys = append(keys, fact.Key(r.Alert))
		}
	}
	return keys
}
