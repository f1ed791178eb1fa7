package domain

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// AssessEligibility records on which ground of the programme she is given legal aid, and what was
// found of her means.
type AssessEligibility struct {
	Ground code.AidGround `json:"ground"`
	Means  code.AidMeans  `json:"her_means"`
	// AssessedAt is when. Zero: now.
	AssessedAt time.Time `json:"assessed_at,omitzero"`
}

// ExplainOptions records what she was told that the law leaves her.
type ExplainOptions struct {
	Options []code.LegalOption `json:"options"`
	// ExplainedAt is when. Zero: now.
	ExplainedAt time.Time `json:"explained_at,omitzero"`
	Notes       string    `json:"notes,omitempty"`
}

// ChooseOptions records what she chose. To do nothing now is a choice.
type ChooseOptions struct {
	Options []code.LegalOption `json:"options"`
	// ChosenAt is when. Zero: now.
	ChosenAt time.Time `json:"chosen_at,omitzero"`
}

// Assessed is the private half of EligibilityAssessed.
type Assessed struct {
	By string `json:"by"`
	Found
}

// OptionsTold is the private half of OptionsExplained.
type OptionsTold struct {
	By string `json:"by"`
	Explanation
}

// OptionsTaken is the private half of OptionsChosen.
type OptionsTaken struct {
	By string `json:"by"`
	Choice
}

// Eligibility is one assessment. The last one counts.
type Eligibility struct {
	ID string `json:"id"`
	Found
	// Eligible is what follows from it: nobody decides it apart.
	Eligible bool                 `json:"eligible"`
	InError  bool                 `json:"entered_in_error,omitempty"`
	Before   []work.Before[Found] `json:"before,omitempty"`
}

// Found is what was found. It is empty where it was entered in error.
type Found struct {
	Ground     code.AidGround `json:"ground,omitempty"`
	Means      code.AidMeans  `json:"her_means,omitempty"`
	AssessedAt time.Time      `json:"assessed_at,omitzero"`
}

// eligible says that she is given legal aid: only her means, where the ground asks for them, can
// stand against it.
func (f Found) eligible() bool { return f.Ground != "" && f.Means != code.MeansAbove }

// Explained is one explanation.
type Explained struct {
	ID string `json:"id"`
	Explanation
	InError bool                       `json:"entered_in_error,omitempty"`
	Before  []work.Before[Explanation] `json:"before,omitempty"`
}

// Explanation is what she was told. It is empty where it was entered in error.
type Explanation struct {
	Options     []code.LegalOption `json:"options,omitempty"`
	ExplainedAt time.Time          `json:"explained_at,omitzero"`
	Notes       string             `json:"notes,omitempty"`
}

// Chosen is one choice of hers. The last one counts.
type Chosen struct {
	ID string `json:"id"`
	Choice
	InError bool                  `json:"entered_in_error,omitempty"`
	Before  []work.Before[Choice] `json:"before,omitempty"`
}

// Choice is what she chose. It is empty where it was entered in error.
type Choice struct {
	Options  []code.LegalOption `json:"options,omitempty"`
	ChosenAt time.Time          `json:"chosen_at,omitzero"`
}

// AssessEligibility records an assessment on an open matter. A ground is one of the programme.
// For some of them the programme asks nobody for their means: a child and a survivor of violence
// are then never refused for them. Errors: ErrEligibility, work.ErrUnknownCode, work.ErrDate.
func (m Matter) AssessEligibility(by fact.By, cmd AssessEligibility, rules Rules) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/ground", cmd.Ground, code.AidGrounds); err != nil {
		return nil, err
	}
	if err := work.Known("/her_means", cmd.Means, code.AidMeansList); err != nil {
		return nil, err
	}
	law := rules.of(m, by.At)
	switch free := slices.Contains(law.WhateverMeans, cmd.Ground); {
	case !slices.Contains(law.Eligible, cmd.Ground):
		return nil, ErrEligibility.At("/ground", "one of the programme")
	case free && cmd.Means != code.MeansNotAsked:
		return nil, ErrEligibility.At("/her_means", "not asked for this ground")
	case !free && cmd.Means == code.MeansNotAsked:
		return nil, ErrEligibility.At("/her_means", "asked for this ground")
	}
	at, err := work.Took("/assessed_at", cmd.AssessedAt, by.At)
	if err != nil {
		return nil, err
	}
	return m.done(fact.With(
		legalaidv1.EligibilityAssessed{Work: m.Work, Entry: by.ID("elig", 0)}, Assessed{By: by.Principal, Found: Found{cmd.Ground, cmd.Means, at}},
	)), nil
}

// ExplainOptions records what she was told, on an open matter. Errors: work.ErrUnknownCode,
// ErrOptions, work.ErrDate.
func (m Matter) ExplainOptions(by fact.By, cmd ExplainOptions) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := listed(cmd.Options); err != nil {
		return nil, err
	}
	at, err := work.Took("/explained_at", cmd.ExplainedAt, by.At)
	if err != nil {
		return nil, err
	}
	return m.done(fact.With(
		legalaidv1.OptionsExplained{Work: m.Work, Entry: by.ID("expl", 0)},
		OptionsTold{By: by.Principal, Explanation: Explanation{Options: cmd.Options, ExplainedAt: at, Notes: cmd.Notes}},
	)), nil
}

// ChooseOptions records her choice, on an open matter: of what was explained to her, or to do
// nothing now, which needs no explanation and stands alone. Errors: work.ErrUnknownCode,
// ErrOptions, work.ErrDate.
func (m Matter) ChooseOptions(by fact.By, cmd ChooseOptions) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := listed(cmd.Options); err != nil {
		return nil, err
	}
	for i, o := range cmd.Options {
		pointer := "/options/" + strconv.Itoa(i)
		switch {
		case o == code.OptionNothing && len(cmd.Options) > 1:
			return nil, ErrOptions.At(pointer, "alone")
		case o != code.OptionNothing && !m.explained(o):
			return nil, ErrOptions.At(pointer, "one that was explained")
		}
	}
	at, err := work.Took("/chosen_at", cmd.ChosenAt, by.At)
	if err != nil {
		return nil, err
	}
	return m.done(fact.With(
		legalaidv1.OptionsChosen{Work: m.Work, Entry: by.ID("opt", 0)}, OptionsTaken{By: by.Principal, Choice: Choice{Options: cmd.Options, ChosenAt: at}},
	)), nil
}

// listed refuses options that are none, unknown, or named twice.
func listed(options []code.LegalOption) error {
	if len(options) == 0 {
		return ErrOptions.At("/options", "at least one")
	}
	for i, o := range options {
		pointer := "/options/" + strconv.Itoa(i)
		if err := work.Known(pointer, o, code.LegalOptions); err != nil {
			return err
		}
		if slices.Contains(options[:i], o) {
			return ErrOptions.At(pointer, "named once")
		}
	}
	return nil
}

// explained says that she was told of an option.
func (m Matter) explained(o code.LegalOption) bool {
	return slices.ContainsFunc(m.Explained, func(e Explained) bool { return slices.Contains(e.Options, o) })
}

// counselled is the matter after an event about what she may do, what she chose, and papers.
func (m Matter) counselled(e fact.Event) Matter {
	switch d := e.Data.(type) {
	case legalaidv1.EligibilityAssessed:
		is, _ := e.Private.(Assessed)
		m.Eligibility = append(slices.Clip(m.Eligibility), Eligibility{ID: d.Entry, Found: is.Found, Eligible: is.eligible()})
	case legalaidv1.OptionsExplained:
		is, _ := e.Private.(OptionsTold)
		m.Explained = append(slices.Clip(m.Explained), Explained{ID: d.Entry, Explanation: is.Explanation})
	case legalaidv1.OptionsChosen:
		is, _ := e.Private.(OptionsTaken)
		m.Chosen = append(slices.Clip(m.Chosen), Chosen{ID: d.Entry, Choice: is.Choice})
	case legalaidv1.FileStored:
		is, _ := e.Private.(vault.File)
		m.Files = append(slices.Clip(m.Files), is)
	case legalaidv1.DocumentKept:
		is, _ := e.Private.(PaperKept)
		m.Documents = append(slices.Clip(m.Documents), Document{ID: d.Document, Paper: is.Paper})
	}
	return m
}
