package domain

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// A case conference is a talk about her of agencies that help her. Each agency is there on a
// consent of hers to this agency and this purpose, and what may be said is a list of topics
// that each of these consents covers. She agrees to the whole of it before any agency learns
// of it. What is agreed there are goals and steps of the action plan, which name the
// conference; so there is one list of who does what.
//
// An agency sees its own invitation: when, how, and what may be said. It sees no name, not
// who else is invited, and nothing any more from the instant at which she takes its consent back.

// ProposeConference is the command that plans a conference with her.
type ProposeConference struct {
	ConferencePlan
}

// ConferencePlan is when, how, with whom and about what: the private half of ConferenceProposed.
type ConferencePlan struct {
	At   time.Time           `json:"at"`
	Form code.ConferenceForm `json:"form"`
	// Place is where or how they meet. Each agency that is invited reads it.
	Place string `json:"conference_place,omitempty"`
	// Topics are all that may be said.
	Topics []code.Topic `json:"may_be_said"`
	// Invited are the referrals of the agencies that are to be there.
	Invited []string `json:"invited"`
}

// AgreeConference is the command that says that she agreed to it as it was proposed.
type AgreeConference struct {
	Conference string `json:"conference"`
	ConferenceYes
}

// ConferenceYes is how she agreed: the private half of ConferenceAgreed.
type ConferenceYes struct {
	Agreed     code.ConsentMethod `json:"agreed_by"`
	SheAttends code.YesNo         `json:"she_attends"`
	// Words are what she wants to be heard. Her desk alone reads them.
	Words string `json:"conference_words,omitempty"`
}

// HoldConference is the command that says that it took place.
type HoldConference struct {
	Conference string `json:"conference"`
	ConferenceOutcome
}

// ConferenceOutcome is who came and what she says of it: the private half of ConferenceHeld.
type ConferenceOutcome struct {
	// Attended are the referrals of the agencies that were there.
	Attended    []string   `json:"attended"`
	SheAttended code.YesNo `json:"she_attended"`
	Word        string     `json:"conference_word,omitempty"`
}

// CallOffConference is the command that says that it does not take place.
type CallOffConference struct {
	Conference string                 `json:"conference"`
	Reason     code.ConferenceCallOff `json:"reason"`
}

// AnswerConference is the command of an agency that is invited.
type AnswerConference struct {
	Conference string                `json:"conference"`
	Answer     code.ConferenceAnswer `json:"answer"`
}

// Conference is one, as who has the case sees it.
type Conference struct {
	ID         string    `json:"id"`
	ProposedAt time.Time `json:"proposed_at"`
	ConferencePlan
	Status code.ConferenceStatus `json:"status"`
	// OutcomeDue says that its time has passed, and nobody has written down whether it took place.
	OutcomeDue bool                 `json:"outcome_due,omitempty"`
	AgreedAt   time.Time            `json:"agreed_at,omitzero"`
	Yes        *ConferenceYes       `json:"her_yes,omitempty"`
	Answers    []ConferenceAnswered `json:"answers,omitempty"`
	Outcome    *ConferenceOutcome   `json:"outcome,omitempty"`
	EndedAt    time.Time            `json:"ended_at,omitzero"`
	// Reason is why it was called off.
	Reason code.ConferenceCallOff `json:"reason,omitempty"`
}

// ConferenceAnswered is the last answer of an agency.
type ConferenceAnswered struct {
	Referral string                `json:"referral"`
	Answer   code.ConferenceAnswer `json:"answer"`
	At       time.Time             `json:"at"`
}

// ShareConference is an invitation as the agency sees it.
type ShareConference struct {
	ID     string                `json:"id"`
	At     time.Time             `json:"at"`
	Form   code.ConferenceForm   `json:"form"`
	Place  string                `json:"conference_place,omitempty"`
	Topics []code.Topic          `json:"may_be_said"`
	Status code.ConferenceStatus `json:"status"`
	Answer code.ConferenceAnswer `json:"answer,omitempty"`
}

// Answered says to an agency that its answer was written down.
type Answered struct {
	Referral   string                `json:"referral"`
	Conference string                `json:"conference"`
	Answer     code.ConferenceAnswer `json:"answer"`
}

// ConferenceDeadline names the instant from which a conference waits for her desk.
const ConferenceDeadline = "conference"

// conferenceGrace is how long after its time nobody is asked whether it took place: it lasts,
// and it may begin late.
const conferenceGrace = 24 * time.Hour

// maxConferences is how many conferences a case has at most.
const maxConferences = 100

// ProposeConference plans a conference within a year. While one is planned there is no second
// one (ErrConference). Each agency that is invited has a referral that it took, is none that
// she must not meet, and has no such person on the referral (ErrBlocked); and her consent in
// force to it for this purpose covers each topic (ErrConsentMissing). A topic that she said
// is not passed on is not said there either.
func (c Case) ProposeConference(by fact.By, cmd ProposeConference, rules Rules) ([]fact.Event, error) {
	if err := cmp.Or(c.mayPropose(), known("/form", cmd.Form, code.ConferenceForms), c.mayBeSaid(cmd.Topics)); err != nil {
		return nil, err
	}
	switch {
	case !cmd.At.After(by.At) || cmd.At.After(by.At.AddDate(1, 0, 0)):
		return nil, ErrConference.At("/at", "within a year from now")
	case len(cmd.Invited) == 0:
		return nil, ErrConference.At("/invited", "required")
	}
	if err := c.mayInvite(by, cmd.ConferencePlan, rules); err != nil {
		return nil, err
	}
	plan := cmd.ConferencePlan
	plan.At = plan.At.UTC()
	return fact.With(intakev1.ConferenceProposed{Case: c.ID, Conference: by.ID("conf", 0)}, plan), nil
}

func (c Case) mayBeSaid(topics []code.Topic) error {
	if len(topics) == 0 {
		return ErrConference.At("/may_be_said", "required")
	}
	for i, t := range topics {
		at := "/may_be_said/" + strconv.Itoa(i)
		if err := known(at, t, code.Topics); err != nil {
			return err
		}
		if c.kept(t) {
			return ErrConference.At(at, "a topic that she lets be passed on")
		}
	}
	return nil
}

// kept says that she told a topic and does not want it to be passed on.
func (c Case) kept(t code.Topic) bool {
	i := c.topic(t)
	return i >= 0 && c.Topics[i].PassOn == code.No
}

// mayInvite holds each agency that is invited to what lets it be there.
func (c Case) mayInvite(by fact.By, p ConferencePlan, rules Rules) error {
	for i, id := range p.Invited {
		at, n := "/invited/"+strconv.Itoa(i), find(c.Referrals, id)
		switch {
		case n < 0 || !slices.Contains(held, c.Referrals[n].Status) || slices.Contains(p.Invited[:i], id):
			return ErrConference.At(at, "a referral that an agency has taken, once")
		case c.Blocks.Agency(c.Referrals[n].Recipient) || c.Blocks.Person(c.Referrals[n].Hand.Worker):
			return ErrBlocked.At(at, "not whom she must not meet")
		}
		k, ok := c.conferenceConsent(c.Referrals[n], rules, by.At)
		if !ok {
			return ErrConsentMissing.At(at, "consent to a case conference")
		}
		for _, t := range p.Topics {
			if !slices.Contains(k.Categories, topicUnder[t]) {
				return ErrConsentMissing.At(at, "consent to "+string(topicUnder[t]))
			}
		}
	}
	return nil
}

// conferenceConsent is her consent in force on which the agency of a referral may be there.
func (c Case) conferenceConsent(f Referral, rules Rules, at time.Time) (Consent, bool) {
	return c.consentFor(rules.law(c, at), f.Service, Choice{Recipient: f.Recipient}, code.CaseConference, at)
}

// AgreeConference says that she agreed. What she agreed to is what was proposed, so each
// consent still stands (ErrConsentMissing), and the time has not passed (ErrConference). Said
// again, it changes nothing.
func (c Case) AgreeConference(by fact.By, cmd AgreeConference, rules Rules) ([]fact.Event, error) {
	if err := cmp.Or(
		c.mustBeOpen(), known("/agreed_by", cmd.Agreed, code.ConsentMethods), known("/she_attends", cmd.SheAttends, code.YesNos),
	); err != nil {
		return nil, err
	}
	t, err := c.conference(cmd.Conference, code.ConferenceProposed, code.ConferenceAgreed)
	switch {
	case err != nil:
		return nil, err
	case t.Status == code.ConferenceAgreed && *t.Yes == cmd.ConferenceYes:
		return nil, nil
	case t.Status == code.ConferenceAgreed:
		return nil, ErrConference.At("/conference", "not agreed yet")
	case !t.At.After(by.At):
		return nil, ErrConference.At("/conference", "one to come")
	}
	if err := cmp.Or(c.mayBeSaid(t.Topics), c.mayInvite(by, t.ConferencePlan, rules)); err != nil {
		return nil, err
	}
	return fact.With(intakev1.ConferenceAgreed{Case: c.ID, Conference: t.ID}, cmd.ConferenceYes), nil
}

// HoldConference says who came, of those who were invited, and what she says of it. Errors:
// ErrConference before its time, and for one to which she did not agree.
func (c Case) HoldConference(by fact.By, cmd HoldConference) ([]fact.Event, error) {
	if err := cmp.Or(c.mustBeOpen(), known("/she_attended", cmd.SheAttended, code.YesNos)); err != nil {
		return nil, err
	}
	t, err := c.conference(cmd.Conference, code.ConferenceAgreed, code.ConferenceHeld)
	switch {
	case err != nil:
		return nil, err
	case t.Status == code.ConferenceHeld && t.Outcome.same(cmd.ConferenceOutcome):
		return nil, nil
	case t.Status == code.ConferenceHeld:
		return nil, ErrConference.At("/conference", "agreed with her, and not over")
	case by.At.Add(fastClock).Before(t.At):
		return nil, ErrConference.At("/conference", "not before its time")
	}
	for i, id := range cmd.Attended {
		if !slices.Contains(t.Invited, id) || slices.Contains(cmd.Attended[:i], id) {
			return nil, ErrConference.At("/attended/"+strconv.Itoa(i), "invited, once")
		}
	}
	if cmd.Attended == nil {
		cmd.Attended = []string{}
	}
	return fact.With(intakev1.ConferenceHeld{Case: c.ID, Conference: t.ID}, cmd.ConferenceOutcome), nil
}

func (o *ConferenceOutcome) same(p ConferenceOutcome) bool {
	return o.SheAttended == p.SheAttended && o.Word == p.Word && slices.Equal(o.Attended, p.Attended)
}

// CallOffConference calls a planned one off. An agency that saw it sees that it does not take
// place, and not why. Said again, it changes nothing.
func (c Case) CallOffConference(_ fact.By, cmd CallOffConference) ([]fact.Event, error) {
	if err := cmp.Or(c.mustHold(), known("/reason", cmd.Reason, code.ConferenceCallOffs)); err != nil {
		return nil, err
	}
	t, err := c.conference(cmd.Conference, code.ConferenceProposed, code.ConferenceAgreed, code.ConferenceCalledOff)
	switch {
	case err != nil:
		return nil, err
	case t.Status == code.ConferenceCalledOff && t.Reason == cmd.Reason:
		return nil, nil
	case t.Status == code.ConferenceCalledOff:
		return nil, ErrConference.At("/conference", "a planned one")
	}
	return fact.Of(intakev1.ConferenceCalledOff{Case: c.ID, Conference: t.ID, Reason: cmd.Reason}), nil
}

// AnswerConference is the answer of the worker who has a referral; a later one takes the place
// of an earlier one. Of a conference that is not shown to the agency, and of one that is not
// there, it says the same (ErrConference). The other errors are those of Share.
func (c Case) AnswerConference(by fact.By, referral string, cmd AnswerConference, h work.Hands, rules Rules) ([]fact.Event, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return nil, err
	}
	if err := known("/answer", cmd.Answer, code.ConferenceAnswers); err != nil {
		return nil, err
	}
	seen := c.invitations(by, f, rules)
	i := slices.IndexFunc(seen, func(s ShareConference) bool { return s.ID == cmd.Conference && s.Status == code.ConferenceAgreed })
	switch {
	case i < 0:
		return nil, ErrConference.At("/conference", "one to which the agency is invited")
	case seen[i].Answer == cmd.Answer:
		return nil, nil
	}
	return fact.Of(intakev1.ConferenceAnswered{
		Case: c.ID, Conference: cmd.Conference, Referral: f.ID, Recipient: by.Agency, Answer: cmd.Answer,
	}), nil
}

// invitations are the conferences of a case that the agency of a referral may see: those to
// which she agreed, while her consent to it holds, and of what may be said that which the
// consent covers. Where she will be is an address: while her contact is closed no conference
// is shown that she attends.
func (c Case) invitations(by fact.By, f Referral, rules Rules) []ShareConference {
	own := []ShareConference{}
	k, ok := c.conferenceConsent(f, rules, by.At)
	if !ok {
		return own
	}
	for _, t := range c.Conferences {
		if t.Yes == nil || !slices.Contains(t.Invited, f.ID) || t.Yes.SheAttends == code.Yes && !c.shows(code.Contact) {
			continue
		}
		s := ShareConference{ID: t.ID, At: t.At, Form: t.Form, Place: t.Place, Topics: []code.Topic{}, Status: t.Status, Answer: t.answer(f.ID)}
		for _, topic := range t.Topics {
			if slices.Contains(k.Categories, topicUnder[topic]) && !c.kept(topic) {
				s.Topics = append(s.Topics, topic)
			}
		}
		own = append(own, s)
	}
	return own
}

func (t Conference) answer(referral string) code.ConferenceAnswer {
	if i := t.answered(referral); i >= 0 {
		return t.Answers[i].Answer
	}
	return ""
}

func (t Conference) answered(referral string) int {
	return slices.IndexFunc(t.Answers, func(a ConferenceAnswered) bool { return a.Referral == referral })
}

// conference is one of the case in one of some statuses (ErrConference).
func (c Case) conference(id string, in ...code.ConferenceStatus) (Conference, error) {
	i := slices.IndexFunc(c.Conferences, func(t Conference) bool { return t.ID == id })
	if i < 0 || !slices.Contains(in, c.Conferences[i].Status) {
		return Conference{}, ErrConference.At("/conference", "one of the case, as far as this")
	}
	return c.Conferences[i], nil
}

// wasAgreed gives ErrConference where something is said to be agreed at a conference that was
// not held.
func (c Case) wasAgreed(conference string) error {
	if conference == "" {
		return nil
	}
	_, err := c.conference(conference, code.ConferenceHeld)
	return err
}

// ConferenceDue says that the time of a planned conference has passed.
func (c Case) ConferenceDue(by fact.By) ([]fact.Event, error) {
	at, waits := c.conferenceAt()
	if due, err := come(by, at, waits); !due {
		return nil, err
	}
	t, _ := c.conferring()
	return fact.Of(intakev1.ConferenceDue{Case: c.ID, Conference: t.ID}, c.awaited()), nil
}

// conferenceAt is when the desk is to say whether the planned conference took place, where a
// clock runs for it.
func (c Case) conferenceAt() (time.Time, bool) {
	t, planned := c.conferring()
	return t.At.Add(conferenceGrace), planned && !t.OutcomeDue && !c.Closed()
}

// conferenceDue says that her desk is to say whether the planned conference took place.
func (c Case) conferenceDue() (Conference, bool) {
	t, planned := c.conferring()
	return t, planned && t.OutcomeDue && !c.Closed()
}

// conferring is the conference that is planned, and has neither taken place nor been called off.
func (c Case) conferring() (Conference, bool) {
	i := slices.IndexFunc(c.Conferences, func(t Conference) bool {
		return t.Status == code.ConferenceProposed || t.Status == code.ConferenceAgreed
	})
	if i < 0 {
		return Conference{}, false
	}
	return c.Conferences[i], true
}

func (c Case) mayPropose() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	_, planned := c.conferring()
	switch {
	case planned:
		return ErrConferenceOpen
	case len(c.Conferences) >= maxConferences:
		return ErrConference.At("/at", "not more than a hundred")
	}
	return nil
}

// mayConfer gives ErrConference unless the planned conference has come as far as a status.
func mayConfer(in ...code.ConferenceStatus) func(Case) error {
	return func(c Case) error {
		if err := c.mustHold(); err != nil {
			return err
		}
		if t, planned := c.conferring(); !planned || !slices.Contains(in, t.Status) {
			return ErrConference.At("/conference", "one of the case, as far as this")
		}
		return nil
	}
}

// conferred is the case after an event about a conference.
func (c Case) conferred(e fact.Event) Case {
	change := func(id string, change func(*Conference)) {
		c.Conferences = slices.Clone(c.Conferences)
		for i := range c.Conferences {
			if c.Conferences[i].ID == id {
				change(&c.Conferences[i])
			}
		}
	}
	switch d := e.Data.(type) {
	case intakev1.ConferenceProposed:
		plan, _ := e.Private.(ConferencePlan)
		c.Conferences = append(slices.Clip(c.Conferences), Conference{
			ID: d.Conference, ProposedAt: e.At, ConferencePlan: plan, Status: code.ConferenceProposed,
		})
	case intakev1.ConferenceAgreed:
		yes, _ := e.Private.(ConferenceYes)
		change(d.Conference, func(t *Conference) { t.Status, t.AgreedAt, t.Yes = code.ConferenceAgreed, e.At, &yes })
	case intakev1.ConferenceAnswered:
		change(d.Conference, func(t *Conference) {
			said := ConferenceAnswered{Referral: d.Referral, Answer: d.Answer, At: e.At}
			t.Answers = slices.Clone(t.Answers)
			if i := t.answered(d.Referral); i >= 0 {
				t.Answers[i] = said
			} else {
				t.Answers = append(t.Answers, said)
			}
		})
	case intakev1.ConferenceDue:
		change(d.Conference, func(t *Conference) { t.OutcomeDue = true })
	case intakev1.ConferenceHeld:
		outcome, _ := e.Private.(ConferenceOutcome)
		change(d.Conference, func(t *Conference) {
			t.Status, t.OutcomeDue, t.EndedAt, t.Outcome = code.ConferenceHeld, false, e.At, &outcome
		})
	case intakev1.ConferenceCalledOff:
		change(d.Conference, func(t *Conference) {
			t.Status, t.OutcomeDue, t.EndedAt, t.Reason = code.ConferenceCalledOff, false, e.At, d.Reason
		})
	}
	return c
}
