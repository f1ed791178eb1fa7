package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Amend is the command that puts an entry right: the record is written anew, whole; an
// exhibit is labelled anew, or was entered in error. The certificate is not amended: a new version
// names the old (IssueCertificate).
type Amend struct {
	work.Entry
	Record  *RecordExamination `json:"record,omitempty"`
	Exhibit *CollectExhibit    `json:"exhibit,omitempty"`
	Finding *RecordFinding     `json:"finding,omitempty"`
}

// Amendment is the private half of ExaminationAmended.
type Amendment struct {
	work.Amender
	Record  *Findings `json:"record,omitempty"`
	Exhibit *Item     `json:"exhibit,omitempty"`
	Finding *Found    `json:"finding,omitempty"`
}

// Amend puts an entry right: of the record, an exhibit, a finding or a photograph, also of a closed examination. The record cannot be taken back,
// because exhibits and a certificate hang on it (ErrRecorded). A seal number stands
// for one exhibit (ErrSealUsed). Errors: those of work.MayAmend and
// work.Entry, ErrClosedByHold, work.ErrEntryUnknown, work.ErrEntryInError, work.ErrDate, ErrExaminedAt, and those of
// a finding.
func (x Examination) Amend(by fact.By, cmd Amend) ([]fact.Event, error) {
	if err := x.MayAmend(); err != nil {
		return nil, err
	}
	if err := cmd.Check(cmd.Record != nil, cmd.Exhibit != nil, cmd.Finding != nil); err != nil {
		return nil, err
	}
	if err := x.unheld(part(x, cmd.Entry.Entry), by.At); err != nil {
		return nil, err
	}
	a := Amendment{Amender: cmd.Amender(by)}
	var err error
	switch i, f, p := x.exhibit(cmd.Entry.Entry), x.finding(cmd.Entry.Entry), x.photograph(cmd.Entry.Entry); {
	case x.written() && x.Record.ID == cmd.Entry.Entry:
		a.Record, err = x.Record.anew(cmd, by.At)
	case i >= 0:
		a.Exhibit, err = x.relabelled(x.Exhibits[i], cmd)
	case f >= 0:
		a.Finding, err = x.refound(x.Findings[f], by, cmd)
	case p >= 0:
		err = x.Photographs[p].mistaken(cmd)
	default:
		err = work.ErrEntryUnknown.At("/entry", "exists")
	}
	if err != nil {
		return nil, err
	}
	return fact.With(forensicv1.ExaminationAmended{Work: x.Work, Entry: cmd.Entry.Entry, Reason: cmd.Reason}, a), nil
}

// part is the part of the examination in which an entry stands.
func part(x Examination, entry string) code.HoldPart {
	switch {
	case x.photograph(entry) >= 0:
		return code.HoldOnPhotographs
	case x.exhibit(entry) >= 0:
		return code.HoldOnAll
	default:
		return code.HoldOnFindings
	}
}

// anew is the record as it is written anew.
func (r Record) anew(cmd Amend, now time.Time) (*Findings, error) {
	switch {
	case cmd.InError:
		return nil, ErrRecorded
	case cmd.Record == nil:
		return nil, work.ErrAmendment.At("/record", "required")
	}
	record := *cmd.Record
	err := record.dated("/record/examined_at", now)
	return new(record.findings(r.Lacks)), err
}

// relabelled is an exhibit as it is written anew; nil where it was entered in error.
func (x Examination) relabelled(e Exhibit, cmd Amend) (*Item, error) {
	switch {
	case e.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Exhibit == nil:
		return nil, work.ErrAmendment.At("/exhibit", "required")
	}
	if err := work.Known("/exhibit/kind", cmd.Exhibit.Kind, code.ExhibitKinds); err != nil {
		return nil, err
	}
	if x.numbered(cmd.Exhibit.SealNumber, e.ID) {
		return nil, ErrSealUsed.At("/exhibit/seal_number", "unique")
	}
	return &Item{Kind: cmd.Exhibit.Kind, Label: Label{SealNumber: cmd.Exhibit.SealNumber, Description: cmd.Exhibit.Description}}, nil
}

// numbered reports whether an exhibit, but one, has a seal number: two bags must not be
// taken for one another. A number that was written in error stands for nothing, because the
// bag that has it may still come.
func (x Examination) numbered(number, but string) bool {
	return slices.ContainsFunc(x.Exhibits, func(e Exhibit) bool { return e.ID != but && e.SealNumber == number })
}

// amended is the examination after an amendment.
func (x Examination) amended(d forensicv1.ExaminationAmended, a Amendment, at time.Time) Examination {
	if x.Record.ID == d.Entry && a.Record != nil {
		r := &x.Record
		r.Before = append(slices.Clip(r.Before), work.Before[Findings]{At: at, By: a.By, Reason: d.Reason, What: r.Findings})
		r.Findings = *a.Record
	}
	if i := x.exhibit(d.Entry); i >= 0 {
		x.Exhibits = slices.Clone(x.Exhibits)
		e := &x.Exhibits[i]
		e.Before = append(slices.Clip(e.Before), work.Before[Item]{At: at, By: a.By, Reason: d.Reason, What: e.Item})
		e.Item, e.InError = work.Anew(a.Exhibit), a.InError
	}
	if i := x.finding(d.Entry); i >= 0 {
		x.Findings = slices.Clone(x.Findings)
		f := &x.Findings[i]
		f.Before = append(slices.Clip(f.Before), work.Before[Found]{At: at, By: a.By, Reason: d.Reason, What: f.Found})
		f.Found, f.InError = work.Anew(a.Finding), a.InError
	}
	if i := x.photograph(d.Entry); i >= 0 {
		x.Photographs = slices.Clone(x.Photographs)
		p := &x.Photographs[i]
		p.Before = append(slices.Clip(p.Before), work.Before[Shot]{At: at, By: a.By, Reason: d.Reason, What: p.Shot})
		p.Shot, p.InError = Shot{}, a.InError
	}
	return x
}

// exhibit is the index of an exhibit, or -1.
func (x Examination) exhibit(id string) int {
	return slices.IndexFunc(x.Exhibits, func(e Exhibit) bool { return e.ID == id })
}
