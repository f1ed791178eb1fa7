package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/internal/work"
)

// longestInjury bounds a size in millimetres: what is longer than a body is mistyped.
const longestInjury = 2000

// Finding is what was found at a step, or what was looked for and not found.
type Finding struct {
	ID   string               `json:"id"`
	At   time.Time            `json:"at"`
	Step code.ExaminationStep `json:"step"`
	Found
	InError bool                 `json:"entered_in_error,omitempty"`
	Before  []work.Before[Found] `json:"before,omitempty"`
}

// Found is the private half of FindingRecorded.
type Found struct {
	// FoundAt is when, and By is who found it.
	FoundAt time.Time `json:"found_at,omitzero"`
	By      string    `json:"by,omitempty"`
	Text    string    `json:"text,omitempty"`
	// NoneFound says that no injury was found. That is a finding, and says nothing of what happened.
	NoneFound bool    `json:"none_found,omitempty"`
	Injury    *Injury `json:"injury,omitempty"`
	// Happened is when it happened, as she told it: only in her history.
	Happened *Happened `json:"happened,omitempty"`
	// Lacks is what the examiner lacked then.
	Lacks []credential.Lack `json:"lacks,omitempty"`
}

// Injury is one injury on the body map. Colour and age are as they are described: the age of a
// bruise cannot be read from its colour (Istanbul Protocol 2022).
type Injury struct {
	Type   code.InjuryType `json:"type"`
	Region code.BodyRegion `json:"region"`
	Side   code.BodySide   `json:"side"`
	Aspect code.BodyAspect `json:"aspect"`
	// Length, Width and Depth are in millimetres; 0 where they were not measured.
	Length int    `json:"length_mm"`
	Width  int    `json:"width_mm,omitempty"`
	Depth  int    `json:"depth_mm,omitempty"`
	Colour string `json:"colour,omitempty"`
	Age    string `json:"age,omitempty"`
	// Photograph is an exhibit of that kind.
	Photograph string `json:"photograph,omitempty"`
}

// Happened is when it happened, as closely as she can or wants to say.
type Happened struct {
	Earliest time.Time `json:"earliest"`
	Latest   time.Time `json:"latest,omitzero"`
}

// Incident is that, as the windows take it.
func (h *Happened) Incident() window.Incident {
	return window.Incident{Earliest: h.Earliest, Latest: h.Latest}
}

// RecordFinding is the command that records one finding.
type RecordFinding struct {
	Step code.ExaminationStep `json:"step"`
	// FoundAt is when; now where it is left out.
	FoundAt   time.Time `json:"found_at,omitzero"`
	Text      string    `json:"text,omitempty"`
	NoneFound bool      `json:"none_found,omitempty"`
	Injury    *Injury   `json:"injury,omitempty"`
	Happened  *Happened `json:"happened,omitempty"`
}

// RecordFinding records what was found while she had said yes to the step (ErrNoYes). What was found
// before she stopped stays found. No missing credential refuses it: what the examiner lacked is on
// record. Errors: those of found.
func (x Examination) RecordFinding(by fact.By, cmd RecordFinding, e Examiner) ([]fact.Event, error) {
	if err := x.mayFind(); err != nil {
		return nil, err
	}
	if !x.InForce(by.At) {
		return nil, ErrConsentExpired
	}
	is, err := x.found("", by, cmd)
	if err != nil {
		return nil, err
	}
	is.Lacks = e.lacks(x.Consent.Place, by.At)
	found := fact.With(forensicv1.FindingRecorded{Work: x.Work, Finding: by.ID("find", 0), Step: cmd.Step}, is)
	if ofBody(cmd.Step) {
		found = append(found, x.plan(is.FoundAt, by.At)...)
	}
	return work.Begin(x, found), nil
}

// ofBody says whether her body is examined at a step.
func ofBody(s code.ExaminationStep) bool { return s == code.StepGeneral || s == code.StepGenitoAnal }

// mayFind gives ErrNoYes while she has said yes to no step.
func (x Examination) mayFind() error {
	if err := x.MustBeOpen(); err != nil {
		return err
	}
	if !slices.ContainsFunc(x.Steps, func(s Step) bool {
		return slices.ContainsFunc(append(slices.Clip(s.Before), s.Said), func(s Said) bool { return s.Answer == code.StepConsented })
	}) {
		return ErrNoYes.At("/step", "her yes to the step")
	}
	return nil
}

// found judges a finding under a part of a command. Errors: work.ErrUnknownCode, work.ErrDate,
// ErrFinding, ErrNoYes, window.ErrInterval, work.ErrEntryUnknown for a photograph.
func (x Examination) found(under string, by fact.By, cmd RecordFinding) (Found, error) {
	if err := work.Known(under+"/step", cmd.Step, code.ExaminationSteps); err != nil {
		return Found{}, err
	}
	at, err := work.Took(under+"/found_at", cmd.FoundAt, by.At)
	if err != nil {
		return Found{}, err
	}
	if err := cmp.Or(cmd.shape(under), x.yes(under+"/step", at, cmd.Step)); err != nil {
		return Found{}, err
	}
	if cmd.Happened != nil {
		if err := cmd.Happened.check(under, by.At); err != nil {
			return Found{}, err
		}
	}
	if cmd.Injury != nil {
		if err := x.photographed(under, cmd.Injury.Photograph); err != nil {
			return Found{}, err
		}
	}
	return Found{FoundAt: at, By: by.Principal, Text: cmd.Text, NoneFound: cmd.NoneFound, Injury: cmd.Injury, Happened: cmd.Happened}, nil
}

// shape refuses what does not belong to its step, and a finding that says nothing: in her history
// stand words and when it happened, in an examination of her body an injury or none, in toxicology
// words. The other steps find nothing.
func (cmd RecordFinding) shape(under string) error {
	body := ofBody(cmd.Step)
	switch {
	case !body && cmd.Step != code.StepHistory && cmd.Step != code.StepToxicology:
		return ErrFinding.At(under+"/step", "at its own step")
	case cmd.NoneFound && cmd.Injury != nil:
		return ErrFinding.At(under+"/none_found", "is not allowed here")
	case !body && (cmd.NoneFound || cmd.Injury != nil):
		return ErrFinding.At(under+"/step", "at its own step")
	case cmd.Step != code.StepHistory && cmd.Happened != nil:
		return ErrFinding.At(under+"/happened", "at its own step")
	case cmd.Text == "" && !cmd.NoneFound && cmd.Injury == nil && cmd.Happened == nil:
		return ErrFinding.At(under+"/text", "required")
	case cmd.Injury == nil:
		return nil
	}
	return cmd.Injury.check(under+"/injury", cmd.Step)
}

// check judges an injury of a step. What lies in the genital and anal region needs the yes to that
// step.
func (i Injury) check(under string, step code.ExaminationStep) error {
	err := cmp.Or(
		work.Known(under+"/type", i.Type, code.InjuryTypes), work.Known(under+"/region", i.Region, code.BodyRegions),
		work.Known(under+"/side", i.Side, code.BodySides), work.Known(under+"/aspect", i.Aspect, code.BodyAspects),
	)
	switch {
	case err != nil:
		return err
	case (i.Region == code.RegionGenital || i.Region == code.RegionAnal) && step != code.StepGenitoAnal:
		return ErrFinding.At(under+"/region", "at its own step")
	case i.Length < 1 || i.Length > longestInjury:
		return ErrFinding.At(under+"/length_mm", "from 1 to 2000")
	case i.Width < 0 || i.Width > longestInjury:
		return ErrFinding.At(under+"/width_mm", "from 1 to 2000")
	case i.Depth < 0 || i.Depth > longestInjury:
		return ErrFinding.At(under+"/depth_mm", "from 1 to 2000")
	}
	return nil
}

// check takes what a clock that is some minutes fast says of today.
func (h *Happened) check(under string, now time.Time) error {
	earliest, err := work.Took(under+"/happened/earliest", h.Earliest, now)
	if err != nil {
		return err
	}
	latest, err := work.Took(under+"/happened/latest", h.Latest, now)
	if h.Latest.IsZero() || err != nil {
		latest = h.Latest
	}
	if err != nil {
		return err
	}
	if latest.Before(earliest) && !latest.IsZero() {
		return window.ErrInterval.At(under+"/happened/latest", "not before earliest")
	}
	*h = Happened{Earliest: earliest, Latest: latest}
	return nil
}

// photographed refuses a photograph that is no exhibit of that kind. That she agreed to it is judged
// when it is collected.
func (x Examination) photographed(under, id string) error {
	if id == "" {
		return nil
	}
	pointer := under + "/injury/photograph"
	i := x.exhibit(id)
	if i < 0 || x.Exhibits[i].InError || x.Exhibits[i].Kind != code.Photo {
		return work.ErrEntryUnknown.At(pointer, "exists")
	}
	return nil
}

// finding is the index of a finding, or -1.
func (x Examination) finding(id string) int {
	return slices.IndexFunc(x.Findings, func(f Finding) bool { return f.ID == id })
}

// refound is a finding as it is written anew; nil where it was entered in error. It stays with its
// step.
func (x Examination) refound(f Finding, by fact.By, cmd Amend) (*Found, error) {
	switch {
	case f.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Finding == nil:
		return nil, work.ErrAmendment.At("/finding", "required")
	case cmd.Finding.Step != f.Step:
		return nil, work.ErrAmendment.At("/finding/step", "as it was")
	}
	anew := *cmd.Finding
	if anew.FoundAt.IsZero() {
		anew.FoundAt = f.FoundAt
	}
	is, err := x.found("/finding", by, anew)
	if err != nil {
		return nil, err
	}
	// Who writes it anew did not find it.
	is.By, is.Lacks = f.By, f.Lacks
	return &is, nil
}

// Keeps reports whether an exhibit stands in the examination.
func (x Examination) Keeps(exhibit string) bool {
	i := x.exhibit(exhibit)
	return i >= 0 && !x.Exhibits[i].InError
}

// Shown are the injuries that stand, as far as they may be read at an instant.
func (x Examination) Shown(at time.Time) []Injury {
	if !x.legible(at) {
		return nil
	}
	return x.Injuries()
}

// Told are when it happened, as far as it may be read at an instant.
func (x Examination) Told(at time.Time) []window.Incident {
	if !x.legible(at) {
		return nil
	}
	return x.Incidents()
}

// Legible gives ErrClosedByHold where a legal hold closes what was found.
func (x Examination) Legible(at time.Time) error { return x.unheld(code.HoldOnFindings, at) }

// legible says whether what was found may be read at an instant.
func (x Examination) legible(at time.Time) bool {
	return x.Shows() == work.Everything && !x.closes(code.HoldOnFindings, at)
}

// Injuries are those that stand, in the order in which they were recorded.
func (x Examination) Injuries() (all []Injury) {
	for _, f := range x.Findings {
		if f.Injury != nil && !f.InError {
			all = append(all, *f.Injury)
		}
	}
	return all
}

// Incidents are when it happened, as she told it here.
func (x Examination) Incidents() (all []window.Incident) {
	for _, f := range x.Findings {
		if f.Happened != nil && !f.InError {
			all = append(all, f.Happened.Incident())
		}
	}
	return all
}
