package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
)

// Instrument is a questionnaire about danger for which a programme has a licence: identifiers
// of items, their answers, and bands of a score. Its words stay with the programme, and this
// network ships none. Who scores it is trained for it: the score is theirs, and is not
// computed here.
type Instrument struct {
	ID    string `json:"id"`
	Items []Item `json:"items"`
	// Bands may be missing: such an instrument has no score.
	Bands []Band `json:"bands,omitempty"`
}

// Item is a question, with the answers that may be given to it.
type Item struct {
	ID      string   `json:"id"`
	Answers []string `json:"answers"`
}

// Band is a range of scores, both ends in it. Urgency is how urgent what the desk asks for
// next is at least; empty for no more than was asked.
type Band struct {
	ID      string       `json:"id"`
	From    int          `json:"from"`
	To      int          `json:"to"`
	Urgency code.Urgency `json:"urgency,omitempty"`
}

// Sheet is an instrument as it was filled in.
type Sheet struct {
	ID      string       `json:"sheet"`
	Answers []ItemAnswer `json:"replies,omitempty"`
	// Score is that of the person who is trained for it.
	Score *int `json:"score,omitempty"`
}

// ItemAnswer is the answer to one item.
type ItemAnswer struct {
	Item   string `json:"item"`
	Answer string `json:"answer"`
}

// Scored is a sheet, with the band of its score.
type Scored struct {
	Sheet
	Band    string       `json:"band,omitempty"`
	Urgency code.Urgency `json:"urgency,omitempty"`
}

// read holds a sheet to its instrument: ErrInstrument. No sheet gives none.
func (s *Sheet) read(instruments []Instrument) (*Scored, error) {
	if s == nil {
		return nil, nil //nolint:nilnil // no sheet is no fault
	}
	n := slices.IndexFunc(instruments, func(i Instrument) bool { return i.ID == s.ID })
	if n < 0 {
		return nil, ErrInstrument.At("/instrument/sheet", "an instrument of the programme")
	}
	for i, a := range s.Answers {
		again := slices.ContainsFunc(s.Answers[:i], func(o ItemAnswer) bool { return o.Item == a.Item })
		if again || !instruments[n].takes(a) {
			return nil, ErrInstrument.At("/instrument/replies", "each item once and with one of its answers")
		}
	}
	scored := Scored{Sheet: *s}
	if s.Score == nil {
		return &scored, nil
	}
	for _, b := range instruments[n].Bands {
		if b.From <= *s.Score && *s.Score <= b.To {
			scored.Band, scored.Urgency = b.ID, b.Urgency
			return &scored, nil
		}
	}
	return nil, ErrInstrument.At("/instrument/score", "in a band of the instrument")
}

func (i Instrument) takes(a ItemAnswer) bool {
	return slices.ContainsFunc(i.Items, func(item Item) bool { return item.ID == a.Item && slices.Contains(item.Answers, a.Answer) })
}

// score is the urgency that the last score asks for, and whether there is a score.
func (c Case) score() (code.Urgency, bool) {
	for _, d := range slices.Backward(c.asked()) {
		if d.Instrument != nil && d.Instrument.Score != nil {
			return d.Instrument.Urgency, true
		}
	}
	return "", false
}

// keepsSafe are the services that a score makes urgent: those that a person in danger is
// asked about first.
var keepsSafe = []code.Service{code.SafeHouse, code.HealthMedical, code.Police, code.ChildProtection}

// raisedByScore is the urgency of a request, and never less than what was asked. A score
// makes urgent what she agrees to; it asks for nothing by itself, and alerts nobody.
func (c Case) raisedByScore(u code.Urgency, s code.Service) code.Urgency {
	score, _ := c.score()
	if slices.Contains(keepsSafe, s) && slices.Index(code.Urgencies, score) > slices.Index(code.Urgencies, u) {
		return score
	}
	return u
}
