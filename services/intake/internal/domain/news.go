package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// News of danger that cannot reach her by a way that she chose is brought to her desk, and waits
// there in somebody's hands: for who has the case, and for who is on duty. It waits until a person
// says what came of it. Nothing else settles it, also not a way that opens meanwhile: that there is
// a way does not say that somebody told her.

// BringDangerNews is the command that brings it.
type BringDangerNews struct {
	Kind code.DangerNewsKind `json:"news_kind"`
	// Words are what her desk must know beside that. Her desk alone reads them.
	Words string `json:"news_words,omitempty"`
}

// SettleDangerNews says what came of it, and by which way she was told, where she was.
type SettleDangerNews struct {
	News   string                `json:"news"`
	Result code.DangerNewsResult `json:"news_result"`
	Way    code.ContactChannel   `json:"told_by,omitempty"`
}

// ReopenDangerNews says that what came of it was entered in error.
type ReopenDangerNews struct {
	News string `json:"news"`
}

// BroughtNews is what was brought: the private half of DangerNewsBrought.
type BroughtNews struct {
	// By is the person who brought it.
	By     string              `json:"by"`
	Agency string              `json:"agency"`
	Kind   code.DangerNewsKind `json:"news_kind"`
	Words  string              `json:"news_words,omitempty"`
	NewsTerm
}

// NewsTerm is until when somebody settles it, by the rule of that day.
type NewsTerm struct {
	Until time.Time `json:"settle_until"`
}

// ToldNews is the private half of DangerNewsSettled.
type ToldNews struct {
	// By is the person who says so.
	By  string              `json:"by"`
	Way code.ContactChannel `json:"told_by,omitempty"`
}

// ReopenedNews is the private half of DangerNewsReopened.
type ReopenedNews struct {
	By string `json:"by"`
	NewsTerm
}

// DangerNews is one piece of it, as her desk sees it.
type DangerNews struct {
	ID       string `json:"id"`
	Referral string `json:"referral,omitempty"`
	BroughtNews
	BroughtAt time.Time             `json:"brought_at"`
	Status    code.DangerNewsStatus `json:"status"`
	// Overdue says that nobody settled it in time.
	Overdue bool `json:"overdue,omitempty"`
	// Results are what came of it, the last one counts unless it was taken back.
	Results []NewsResult `json:"news_results,omitempty"`
}

// NewsResult is what somebody said came of it, and when it was taken back as an error.
type NewsResult struct {
	Result code.DangerNewsResult `json:"news_result"`
	ToldNews
	At          time.Time `json:"at"`
	TakenBackBy string    `json:"taken_back_by,omitempty"`
	TakenBackAt time.Time `json:"taken_back_at,omitzero"`
}

// TakenNews says to an agency that its news was written down. It says nothing of how she is
// reached, nor of what came of it.
type TakenNews struct {
	Referral string              `json:"referral"`
	Kind     code.DangerNewsKind `json:"news_kind"`
}

// NewsDeadline names the instant from which it is late.
const NewsDeadline = "news"

// maxNews is how much of it waits at most from one agency on one referral, or from her desk.
const maxNews = 20

// BringDangerNews writes it down at her desk. Everybody of the desk does: her safety waits for
// nobody. Who may ask how to reach her, and has a way now, uses that way (ErrNewsHasWay); who may
// not is not told whether there is one. Errors: ErrNotOpen, ErrUnknownCode, ErrDangerNews.
func (c Case) BringDangerNews(by fact.By, cmd BringDangerNews, h work.Hands, rules Rules) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	if c.Handled(h) == nil && !c.News(by.At).Duty {
		return nil, ErrNewsHasWay
	}
	return c.bring(by, "", cmd, rules)
}

// BringDangerNewsFor writes it down for the worker who has a referral. An agency that may reach her
// with it now does so (ErrNewsHasWay). Errors: those of Share, ErrUnknownCode, ErrDangerNews. It
// changes nothing for an agency that may not know of the referral.
func (c Case) BringDangerNewsFor(by fact.By, referral string, cmd BringDangerNews, h work.Hands, rules Rules) ([]fact.Event, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return nil, err
	}
	if _, ok, err := c.AllowedFor(by, AskContactFor{Referral: f.ID, Purpose: code.DangerNews}, h, rules); ok && err == nil {
		return nil, ErrNewsHasWay
	}
	return c.bring(by, f.ID, cmd, rules)
}

// TakenNews answers the agency, while it may know of the referral.
func (c Case) TakenNews(by fact.By, referral string, cmd BringDangerNews, h work.Hands, rules Rules) (TakenNews, bool, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return TakenNews{}, ok, err
	}
	return TakenNews{Referral: f.ID, Kind: cmd.Kind}, true, nil
}

// bring makes it wait. What the same agency brought already, and waits, changes nothing.
func (c Case) bring(by fact.By, referral string, cmd BringDangerNews, rules Rules) ([]fact.Event, error) {
	if err := known("/news_kind", cmd.Kind, code.DangerNewsKinds); err != nil {
		return nil, err
	}
	waiting := 0
	for _, n := range c.newsWaiting() {
		if n.Referral != referral {
			continue
		}
		if waiting++; n.Kind == cmd.Kind && n.Words == cmd.Words {
			return nil, nil
		}
	}
	if waiting >= maxNews {
		return nil, ErrDangerNews.At("/news_kind", "not more than twenty that wait")
	}
	brought := intakev1.DangerNewsBrought{Case: c.ID, News: by.ID("news", 0), Referral: referral}
	return append(fact.With(brought, BroughtNews{
		By: by.Principal, Agency: by.Agency, Kind: cmd.Kind, Words: cmd.Words, NewsTerm: c.newsTerm(by, rules),
	}), c.atOnce()), nil
}

// newsTerm is what the programme gives for an answer in an emergency: an hour, as a proposal.
func (c Case) newsTerm(by fact.By, rules Rules) NewsTerm {
	return NewsTerm{Until: by.At.Add(rules.of(c, by.At).Answers.OnwardEmergency).UTC()}
}

// atOnce tells those on duty at her desk that something waits. Where she must not meet somebody of
// the desk it is the whole desk that is told, and not by what people on duty carry: they carry the
// same channels.
func (c Case) atOnce() fact.Event {
	awaited := c.awaited()
	awaited.AtOnce, awaited.WithoutDuty = true, c.Blocks.Among(c.Agency)
	return fact.Event{Data: awaited}
}

// SettleDangerNews says what came of it, for who sees what is in the case. Said again, it changes
// nothing. Errors: ErrUnknownCode, ErrDangerNews.
func (c Case) SettleDangerNews(by fact.By, cmd SettleDangerNews) ([]fact.Event, error) {
	if err := cmp.Or(c.mustHold(), known("/news_result", cmd.Result, code.DangerNewsResults)); err != nil {
		return nil, err
	}
	if cmd.Way != "" {
		if err := known("/told_by", cmd.Way, code.ContactChannels); err != nil {
			return nil, err
		}
	}
	n, there := c.newsOf(cmd.News)
	if last, settled := n.result(); settled && last.Result == cmd.Result && last.Way == cmd.Way {
		return nil, nil
	}
	switch {
	case !there || n.Status != code.NewsWaits:
		return nil, ErrDangerNews.At("/news", "one that waits")
	case (cmd.Result == code.NewsTold) != (cmd.Way != ""):
		return nil, ErrDangerNews.At("/told_by", "where she was told, and only there")
	}
	return fact.With(intakev1.DangerNewsSettled{Case: c.ID, News: n.ID, Result: cmd.Result}, ToldNews{By: by.Principal, Way: cmd.Way}), nil
}

// ReopenDangerNews takes back what was said to have come of it. It waits again, with a time of its
// own, and those on duty are told. Errors: ErrDangerNews.
func (c Case) ReopenDangerNews(by fact.By, cmd ReopenDangerNews, rules Rules) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	n, _ := c.newsOf(cmd.News)
	if _, settled := n.result(); !settled {
		return nil, ErrDangerNews.At("/news", "one that was settled")
	}
	return append(fact.With(intakev1.DangerNewsReopened{Case: c.ID, News: n.ID}, ReopenedNews{By: by.Principal, NewsTerm: c.newsTerm(by, rules)}), c.atOnce()), nil
}

// NewsDue says of each that nobody settled in time that it is late, and tells the desk again
// (ErrNotDue before that).
func (c Case) NewsDue(by fact.By) ([]fact.Event, error) {
	at, waits := c.newsUntil()
	if come, err := come(by, at, waits); !come {
		return nil, err
	}
	var due []fact.Event
	for _, n := range c.newsWaiting() {
		if !n.Overdue && !by.At.Before(n.Until) {
			due = append(due, fact.Event{Data: intakev1.DangerNewsOverdue{Case: c.ID, News: n.ID}})
		}
	}
	return append(due, c.atOnce()), nil
}

// newsUntil is the first instant from which some of it is late, where a clock runs.
func (c Case) newsUntil() (first time.Time, waits bool) {
	for _, n := range c.newsWaiting() {
		if !n.Overdue && (!waits || n.Until.Before(first)) {
			first, waits = n.Until, true
		}
	}
	return first, waits
}

// newsWaiting is what waits for somebody, in the order in which it was brought. Nothing waits for a
// case that was entered in error.
func (c Case) newsWaiting() (all []DangerNews) {
	for _, n := range c.Brought {
		if n.Status == code.NewsWaits && !c.InError {
			all = append(all, n)
		}
	}
	return all
}

// newsLate is that of it which nobody settled in time.
func (c Case) newsLate() []DangerNews {
	return slices.DeleteFunc(c.newsWaiting(), func(n DangerNews) bool { return !n.Overdue })
}

func (c Case) newsOf(id string) (DangerNews, bool) {
	i := slices.IndexFunc(c.Brought, func(n DangerNews) bool { return n.ID == id })
	if i < 0 {
		return DangerNews{}, false
	}
	return c.Brought[i], true
}

// result is what came of it, while that stands.
func (n DangerNews) result() (last NewsResult, settled bool) {
	if n.Status != code.NewsSettled {
		return NewsResult{}, false
	}
	return n.Results[len(n.Results)-1], true
}

// maySettleNews gives ErrDangerNews where none waits.
func (c Case) maySettleNews() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if len(c.newsWaiting()) == 0 {
		return ErrDangerNews.At("/news", "one that waits")
	}
	return nil
}

// mayReopenNews gives ErrDangerNews where none was settled.
func (c Case) mayReopenNews() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Brought, func(n DangerNews) bool { return n.Status == code.NewsSettled }) {
		return ErrDangerNews.At("/news", "one that was settled")
	}
	return nil
}

// newsed is the case after an event about danger news.
func (c Case) newsed(e fact.Event) Case {
	change := func(id string, change func(*DangerNews)) {
		c.Brought = slices.Clone(c.Brought)
		for i := range c.Brought {
			if c.Brought[i].ID == id {
				change(&c.Brought[i])
			}
		}
	}
	switch d := e.Data.(type) {
	case intakev1.DangerNewsBrought:
		brought, _ := e.Private.(BroughtNews)
		c.Brought = append(slices.Clip(c.Brought), DangerNews{
			ID: d.News, Referral: d.Referral, BroughtNews: brought, BroughtAt: e.At, Status: code.NewsWaits,
		})
	case intakev1.DangerNewsOverdue:
		change(d.News, func(n *DangerNews) { n.Overdue = true })
	case intakev1.DangerNewsSettled:
		told, _ := e.Private.(ToldNews)
		change(d.News, func(n *DangerNews) {
			n.Status, n.Overdue = code.NewsSettled, false
			n.Results = append(slices.Clip(n.Results), NewsResult{Result: d.Result, ToldNews: told, At: e.At})
		})
	case intakev1.DangerNewsReopened:
		reopened, _ := e.Private.(ReopenedNews)
		change(d.News, func(n *DangerNews) {
			n.Status, n.NewsTerm = code.NewsWaits, reopened.NewsTerm
			n.Results = slices.Clone(n.Results)
			if last := len(n.Results) - 1; last >= 0 {
				n.Results[last].TakenBackBy, n.Results[last].TakenBackAt = reopened.By, e.At
			}
		})
	}
	return c
}
