package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// ErrPhotograph refuses a photograph whose scale cannot be.
var ErrPhotograph = fault.New(fault.Invalid, "photograph_invalid", "A photograph says what it shows: region, side and aspect; and its scale in millimetres, where one is seen.")

// A photograph is a sealed file. It is kept byte for byte as evidence, with what the camera wrote into
// it: when, where and with what it was taken. That is never read nor shown here. Who takes the file to
// another machine takes that as well.

// Photograph is one photograph. What was entered in error is there without its content.
type Photograph struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	Shot
	InError bool                `json:"entered_in_error,omitempty"`
	Before  []work.Before[Shot] `json:"before,omitempty"`
}

// Shot is the private half of PhotographKept: what it shows, when and by whom it was taken.
type Shot struct {
	File    string          `json:"file,omitempty"`
	TakenAt time.Time       `json:"taken_at,omitzero"`
	TakenBy string          `json:"taken_by,omitempty"`
	Region  code.BodyRegion `json:"region,omitempty"`
	Side    code.BodySide   `json:"side,omitempty"`
	// Aspect is the view.
	Aspect code.BodyAspect `json:"aspect,omitempty"`
	// Scale is the length of the scale that is seen in it, in millimetres; 0 for none.
	Scale int `json:"scale_mm,omitempty"`
	// Finding is what it was taken of, where that is recorded.
	Finding string `json:"finding,omitempty"`
}

// KeepPhotograph is the command that records one.
type KeepPhotograph struct {
	File string `json:"file"`
	// TakenAt is when; now where it is left out. TakenBy is the caller where it is left out.
	TakenAt time.Time       `json:"taken_at,omitzero"`
	TakenBy string          `json:"taken_by,omitempty"`
	Region  code.BodyRegion `json:"region"`
	Side    code.BodySide   `json:"side"`
	Aspect  code.BodyAspect `json:"aspect"`
	Scale   int             `json:"scale_mm,omitempty"`
	Finding string          `json:"finding,omitempty"`
}

// StoreFile takes the file of a photograph, on her yes to photographs (ErrNoYes). A photograph names it
// then. Errors also: ErrConsentExpired.
func (x Examination) StoreFile(by fact.By, f vault.File) ([]fact.Event, error) {
	if err := x.mayPhotograph(); err != nil {
		return nil, err
	}
	if !x.InForce(by.At) {
		return nil, ErrConsentExpired
	}
	return work.Begin(x, fact.With(forensicv1.FileStored{Work: x.Work, File: f.ID}, f)), nil
}

// KeepPhotograph records what a file shows, on her yes to photographs when it was taken, and now
// (ErrNoYes). Errors also: ErrPhotograph, work.ErrUnknownCode, work.ErrDate, work.ErrEntryUnknown for a
// file or a finding that the examination does not have, ErrConsentExpired.
func (x Examination) KeepPhotograph(by fact.By, cmd KeepPhotograph) ([]fact.Event, error) {
	if err := x.mayKeepPhotograph(); err != nil {
		return nil, err
	}
	if !x.InForce(by.At) {
		return nil, ErrConsentExpired
	}
	err := cmp.Or(work.Known("/region", cmd.Region, code.BodyRegions), work.Known("/side", cmd.Side, code.BodySides), work.Known("/aspect", cmd.Aspect, code.BodyAspects))
	if err != nil {
		return nil, err
	}
	if cmd.TakenAt, err = work.Took("/taken_at", cmd.TakenAt, by.At); err != nil {
		return nil, err
	}
	switch f := x.finding(cmd.Finding); {
	case cmd.Scale < 0 || cmd.Scale > longestInjury:
		return nil, ErrPhotograph.At("/scale_mm", "from 1 to 2000")
	case !slices.ContainsFunc(x.Files, func(f vault.File) bool { return f.ID == cmd.File }):
		return nil, work.ErrEntryUnknown.At("/file", "exists")
	case cmd.Finding != "" && (f < 0 || x.Findings[f].InError):
		return nil, work.ErrEntryUnknown.At("/finding", "exists")
	case !x.Agrees(code.StepPhotographs, cmd.TakenAt):
		return nil, ErrNoYes.At("/taken_at", "her yes to the step")
	}
	cmd.TakenBy = cmp.Or(cmd.TakenBy, by.Principal)
	return fact.With(forensicv1.PhotographKept{Work: x.Work, Photograph: by.ID("photo", 0)}, Shot(cmd)), nil
}

// mayPhotograph gives ErrNoYes unless she says yes to photographs.
func (x Examination) mayPhotograph() error {
	if err := x.MustBeOpen(); err != nil {
		return err
	}
	if !x.photographs() {
		return ErrNoYes.At("", "her yes to the step")
	}
	return nil
}

// mayKeepPhotograph gives work.ErrEntryUnknown where there is no file.
func (x Examination) mayKeepPhotograph() error {
	if err := x.mayPhotograph(); err != nil {
		return err
	}
	if len(x.Files) == 0 {
		return work.ErrEntryUnknown.At("/file", "exists")
	}
	return nil
}

// photographs says whether she says yes to photographs now. A no that comes later closes those that there
// are: they are kept, and nobody opens them.
func (x Examination) photographs() bool {
	return x.step(code.StepPhotographs).Answer == code.StepConsented
}

// pictured says whether photographs may be seen at an instant.
func (x Examination) pictured(at time.Time) bool {
	return x.Shows() == work.Everything && x.photographs() && !x.closes(code.HoldOnPhotographs, at)
}

// Picture gives the file of a photograph to who may see it at an instant: not one that was entered in error.
func (x Examination) Picture(id string, at time.Time) (vault.File, bool) {
	i := slices.IndexFunc(x.Files, func(f vault.File) bool { return f.ID == id })
	wrong := slices.ContainsFunc(x.Photographs, func(p Photograph) bool {
		return p.InError && slices.ContainsFunc(p.Before, func(b work.Before[Shot]) bool { return b.What.File == id })
	})
	if i < 0 || wrong || !x.pictured(at) {
		return vault.File{}, false
	}
	return x.Files[i], true
}

// files are those of the photographs, as people know them.
func (x Examination) files() (all []vault.Content) {
	for _, f := range x.Files {
		all = append(all, f.Content)
	}
	return all
}

// photograph is the index of a photograph, or -1.
func (x Examination) photograph(id string) int {
	return slices.IndexFunc(x.Photographs, func(p Photograph) bool { return p.ID == id })
}

// mistaken refuses to write a photograph anew: its file is what it is. Another one is recorded in its
// place, and this one was entered in error.
func (p Photograph) mistaken(cmd Amend) error {
	switch {
	case p.InError:
		return work.ErrEntryInError.At("/entry", "not in error")
	case !cmd.InError:
		return work.ErrAmendment.At("/entered_in_error", "required")
	}
	return nil
}
