package domain

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// Her desk asks her about danger, in words that she understands, and asks again. The signs
// are our own, and nobody has validated them. So there is no total, no level, and no way to
// say "low": a few noes do not make her safe. A sign alerts nobody, sends nothing and raises
// nothing. It asks the worker to ask her. A team goes only on her yes.

// AskDanger is the command that writes down what she said about danger.
type AskDanger struct {
	// AskedAt is when she was asked. Zero: now.
	AskedAt time.Time `json:"asked_at,omitzero"`
	Signs   Signs     `json:"signs,omitempty"`
	// Words are what she said beside, as she said it.
	Words string `json:"her_words,omitempty"`
	// Instrument is what was asked by an instrument of the programme.
	Instrument *Sheet `json:"instrument,omitempty"`
}

// Signs are what she said to each sign. One that is missing was not asked, or she did not
// want to say.
type Signs map[code.DangerSign]code.YesNo

// Danger is what she said about danger, one time: the private half of DangerAsked.
type Danger struct {
	// At is when it was written down.
	At time.Time `json:"at,omitzero"`
	// By is the person who asked her.
	By      string    `json:"by"`
	AskedAt time.Time `json:"asked_at"`
	Signs   Signs     `json:"signs,omitempty"`
	Words   string    `json:"her_words,omitempty"`
	// Medical is how urgent medical care is after strangulation, by the rule of that day.
	Medical code.Urgency `json:"medical_care,omitempty"`
	// Instrument is what the sheet said then: its file may be another one later.
	Instrument *Scored `json:"instrument,omitempty"`
}

// DangerRules are what a programme decides. There is one default until a programme says
// otherwise.
type DangerRules struct {
	// Strangled is how urgent medical care is after strangulation: it can kill hours later,
	// and nothing may be seen from outside.
	Strangled code.Urgency
	// Instruments are those that the programme has a licence for. This network ships none.
	Instruments []Instrument
}

// strangled is what holds until a programme says.
func (r DangerRules) strangled() code.Urgency {
	if r.Strangled == "" {
		return code.Emergency
	}
	return r.Strangled
}

// AskDanger writes down what she said. Errors: ErrDanger for nothing, and for a time
// to come; ErrInstrument.
func (c Case) AskDanger(by fact.By, cmd AskDanger, rules Rules) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if len(cmd.Signs) == 0 && cmd.Words == "" && cmd.Instrument == nil {
		return nil, ErrDanger.At("/signs", "at least one answer")
	}
	if cmd.AskedAt.After(by.At.Add(fastClock)) {
		return nil, ErrDanger.At("/asked_at", "not in the future")
	}
	for sign, said := range cmd.Signs {
		if err := cmp.Or(known("/signs", sign, code.DangerSigns), known("/signs", said, code.YesNos)); err != nil {
			return nil, err
		}
	}
	scored, err := cmd.Instrument.read(rules.Danger.Instruments)
	if err != nil {
		return nil, err
	}
	asked := cmd.AskedAt
	if asked.IsZero() || asked.After(by.At) {
		asked = by.At
	}
	d := Danger{By: by.Principal, AskedAt: asked, Signs: cmd.Signs, Words: cmd.Words, Instrument: scored}
	if slices.Contains(d.present(), code.Strangulation) {
		d.Medical = rules.Danger.strangled()
	}
	return fact.With(intakev1.DangerAsked{Case: c.ID}, d), nil
}

// present are the signs to which she said yes, in the order of the list.
func (d Danger) present() []code.DangerSign {
	var yes []code.DangerSign
	for _, sign := range code.DangerSigns {
		if d.Signs[sign] == code.Yes {
			yes = append(yes, sign)
		}
	}
	return yes
}

// asked are all times that she was asked, the latest last. What came later on paper may be
// from before.
func (c Case) asked() []Danger {
	all := slices.Clone(c.Danger)
	slices.SortStableFunc(all, func(a, b Danger) int { return a.AskedAt.Compare(b.AskedAt) })
	return all
}

// DangerView is one time that she was asked.
type DangerView struct {
	Danger
	// New are the signs that were not there when she was asked before. What is there no more
	// is not said: that she said no today does not make her safer.
	New []code.DangerSign `json:"new,omitempty"`
}

func (c Case) dangerShown() []DangerView {
	var shown []DangerView
	for i, d := range c.asked() {
		v := DangerView{Danger: d}
		if i > 0 {
			before := shown[i-1].present()
			v.New = slices.DeleteFunc(d.present(), func(s code.DangerSign) bool { return slices.Contains(before, s) })
		}
		shown = append(shown, v)
	}
	return shown
}

// DangerFollows is a question for the worker, that the worker asks her. Service and urgency
// are what the desk may offer.
type DangerFollows struct {
	Ask     code.DangerAsk `json:"ask"`
	Service code.Service   `json:"service,omitempty"`
	Urgency code.Urgency   `json:"urgency,omitempty"`
}

// dangerFollows is what the desk is to ask her, by what she said last to each sign. A sign
// that was not asked again still counts: nobody has said that it is over.
func (c Case) dangerFollows() []DangerFollows {
	said := Signs{}
	var medical code.Urgency
	for _, d := range c.asked() {
		medical = cmp.Or(d.Medical, medical)
		maps.Copy(said, d.Signs)
	}
	signs := slices.ContainsFunc(code.DangerSigns, func(s code.DangerSign) bool { return said[s] == code.Yes })
	score, scored := c.score()
	var follow []DangerFollows
	if said[code.Strangulation] == code.Yes {
		follow = append(follow, DangerFollows{Ask: code.AskMedicalCare, Service: code.HealthMedical, Urgency: medical})
	}
	if signs || scored {
		follow = append(follow, DangerFollows{Ask: code.AskTeamOrShelter, Urgency: score})
	}
	return follow
}
