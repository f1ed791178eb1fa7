package domain

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A mandatory report is not a referral. A person made it, outside of this network, because a law
// asked that person to, and records it here: no agency is asked or shown anything by it. No age
// and no type leads to it, and nothing proposes it. It is the only exception to her consent and
// to a period of reflection, so nothing of either is asked here.

// RecordMandatoryReport is the command that records a report that was made.
type RecordMandatoryReport struct {
	// Law and To are of the programme's section on reporting.
	Law string `json:"law"`
	To  string `json:"to"`
	// SentAt is when it was sent.
	SentAt time.Time `json:"sent_at"`
	// Told is whether she was told, before she disclosed, that it may be reported.
	Told      code.ToldOfReport `json:"told"`
	ToldWords string            `json:"told_words"`
	// SafetyPlan is what was planned with her against the danger that the report makes.
	SafetyPlan string `json:"safety_plan"`
	// Minimum is what was sent, and no more than the law asks for.
	Minimum string `json:"minimum_sent"`
}

// Report is a report that was made: the private half of ReportRecorded.
type Report struct {
	At time.Time `json:"at,omitzero"`
	By string    `json:"by"`
	RecordMandatoryReport
}

// maxReport is the length of one text of a report, in characters.
const maxReport = 4000

// RecordMandatoryReport writes it down (ErrReport), also when the case is closed.
func (c Case) RecordMandatoryReport(by fact.By, cmd RecordMandatoryReport, rules Rules) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	if err := known("/told", cmd.Told, code.ToldOfReports); err != nil {
		return nil, err
	}
	law, found := rules.of(c, by.At).Reporting[cmd.Law]
	if !found {
		return nil, ErrReport.At("/law", "a law of the programme")
	}
	if _, found := law.Authorities[cmd.To]; !found {
		return nil, ErrReport.At("/to", "an authority of the law")
	}
	if cmd.SentAt.IsZero() || cmd.SentAt.After(by.At) {
		return nil, ErrReport.At("/sent_at", "not in the future")
	}
	for _, text := range []struct{ pointer, said string }{
		{"/told_words", cmd.ToldWords}, {"/safety_plan", cmd.SafetyPlan}, {"/minimum_sent", cmd.Minimum},
	} {
		switch {
		case strings.TrimSpace(text.said) == "":
			return nil, ErrReport.At(text.pointer, "required")
		case utf8.RuneCountInString(text.said) > maxReport:
			return nil, ErrReport.At(text.pointer, "1 to 4000 characters")
		}
	}
	cmd.SentAt = cmd.SentAt.UTC()
	return fact.With(intakev1.ReportRecorded{Case: c.ID}, Report{By: by.Principal, RecordMandatoryReport: cmd}), nil
}

// counted is how many reports were made, for a supervisor of the desk: what stands in them is for
// who has the case.
func (c Case) counted(by fact.By) int {
	if by.Agency != c.Agency || !slices.Contains(by.Roles, "supervisor") {
		return 0
	}
	return len(c.Reports)
}
