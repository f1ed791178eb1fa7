package call

import (
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

var noon = time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)

func in(language, text string) Texts { return Texts{{language, text}} }

func terms() Terms {
	return Terms{
		Number: "2026-short", Title: in("en", "Short-term assistance"), SubProgramme: code.ShortTerm, LeastCents: 500_000, MostCents: 2_000_000,
		LeastMonths: 1, MostMonths: 8, Languages: []string{"en"}, Papers: code.FundPapers,
		Questions: []Question{{ID: "who", Text: in("en", "Whom does it assist?"), MostLetters: 2000, Required: true}},
		Criteria:  []Criterion{{ID: "need", Text: in("en", "Need"), Weight: 60}, {ID: "means", Text: in("en", "Means"), Weight: 40}},
		Opens:     "2026-01-15T09:00", Closes: "2026-03-29T23:59", RegisteredBy: "2023-12-01", DirectSince: "2025-03-29", Differ: 20,
	}
}

func manager(at time.Time) fact.By {
	return fact.By{Principal: "manager", Agency: "secretariat", Roles: []string{Manager}, At: at, Commit: "call_1/1"}
}

func applicant(at time.Time) fact.By {
	return fact.By{Principal: "ngo", Agency: "an-ngo", Roles: []string{Applicant}, At: at, Commit: "call_1/9"}
}

func fold(t *testing.T, c Call, at time.Time, events []fact.Event, err error) Call {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		e.At = at
		c = c.Evolve(e)
	}
	return c
}

func published(t *testing.T) Call {
	t.Helper()
	draft, err := Call{}.Draft(manager(noon), terms())
	c := fold(t, Call{}, noon, draft, err)
	out, err := c.Publish(manager(noon), struct{}{})
	return fold(t, c, noon, out, err)
}

// The minute that a call names counts to its last nanosecond, by Vienna's clock, also on the
// night in which that clock is put forward.
func TestDeadlines(t *testing.T) {
	c := published(t)
	// On 29 March 2026 summer time began in Vienna at 1:00 UTC: 23:59 is 21:59 UTC.
	last := time.Date(2026, 3, 29, 21, 59, 59, 999_999_999, time.UTC)
	for at, want := range map[time.Time]error{
		time.Date(2026, 1, 15, 7, 59, 59, 0, time.UTC): ErrNotOpen,
		time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC):   nil,
		last:                            nil,
		last.Add(time.Nanosecond):       ErrClosed,
		last.Truncate(time.Second):      nil,
		last.Add(time.Hour):             ErrClosed,
		last.Add(-365 * 24 * time.Hour): ErrNotOpen,
	} {
		if got := c.Accepts(at); !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}

func TestExtension(t *testing.T) {
	c := published(t)
	if _, err := c.Extend(manager(noon), Extend{"2026-03-29T23:58", "why"}); err == nil {
		t.Error("a call closes earlier")
	}
	if _, err := c.Extend(manager(c.Deadline.Add(1)), Extend{"2026-04-29T23:59", "why"}); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed call opens again: %v", err)
	}
	if _, err := c.Extend(applicant(noon), Extend{"2026-04-29T23:59", "why"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("an applicant extends: %v", err)
	}
	out, err := c.Extend(manager(c.Deadline), Extend{"2026-04-29T23:59", "why"})
	if later := fold(t, c, noon, out, err); !later.Open(c.Deadline.Add(time.Hour)) {
		t.Error("it closed at the old time")
	}
}

// Questions are answered to all at once, and nobody but the secretariat sees who asked.
func TestClarifications(t *testing.T) {
	c := published(t)
	out, err := c.Ask(applicant(noon), Ask{"May we?"})
	c = fold(t, c, noon, out, err)
	other := applicant(noon)
	other.Agency = "another-ngo"
	seen := func(by fact.By) []ClarificationView { return c.View(by).(View).Clarifications }
	if len(seen(other)) != 0 || len(seen(fact.By{Principal: fact.Anonymous, At: noon})) != 0 {
		t.Error("others see a question before its answer")
	}
	if own := seen(applicant(noon)); len(own) != 1 || own[0].Asker != "" {
		t.Errorf("who asked sees %+v", own)
	}
	if all := seen(manager(noon)); len(all) != 1 || all[0].Asker != "an-ngo" {
		t.Errorf("the secretariat sees %+v", all)
	}
	id := c.Clarifications[0].ID
	out, err = c.Answer(manager(noon), Answer{id, Answered{"You may."}})
	c = fold(t, c, noon, out, err)
	if all := seen(other); len(all) != 1 || all[0].Answer != "You may." || all[0].Asker != "" {
		t.Errorf("others see %+v", all)
	}
	if _, err := c.Answer(manager(noon), Answer{id, Answered{"You may not."}}); !errors.Is(err, ErrClarification) {
		t.Errorf("a second answer: %v", err)
	}
}

// A draft is the secretariat's, and the terms of a published call stand.
func TestTermsStand(t *testing.T) {
	draft, err := Call{}.Draft(manager(noon), terms())
	c := fold(t, Call{}, noon, draft, err)
	if c.Visible(applicant(noon)) || c.Open(noon) {
		t.Error("a draft is seen, or open")
	}
	if _, err := c.Publish(manager(c.Deadline), struct{}{}); err == nil {
		t.Error("a call is published at its deadline")
	}
	c = published(t)
	if _, err := c.Amend(manager(noon), terms()); !errors.Is(err, ErrPublished) {
		t.Errorf("terms changed: %v", err)
	}
	out, err := c.Revoke(manager(noon), Revoke{"why"})
	if c = fold(t, c, noon, out, err); c.Open(noon) || !c.Visible(applicant(noon)) {
		t.Error("a revoked call is open, or hidden")
	}
}

func TestTermsAreChecked(t *testing.T) {
	for pointer, change := range map[string]func(*Terms){
		"/opens":             func(t *Terms) { t.Opens = "soon" },
		"/closes":            func(t *Terms) { t.Closes = t.Opens },
		"/most_cents":        func(t *Terms) { t.MostCents = 1 },
		"/most_months":       func(t *Terms) { t.LeastMonths = 9 },
		"/registered_by":     func(t *Terms) { t.RegisteredBy = "" },
		"/direct_since":      func(t *Terms) { t.DirectSince = "2026-02-30" },
		"/differ_points":     func(t *Terms) { t.Differ = 0 },
		"/title":             func(t *Terms) { t.Languages = append(t.Languages, "es") },
		"/questions/1/id":    func(t *Terms) { t.Questions = append(t.Questions, t.Questions[0]) },
		"/questions/0/text":  func(t *Terms) { t.Questions = []Question{{ID: "a"}} },
		"/criteria":          func(t *Terms) { t.Criteria[0].Weight = 59 },
		"/criteria/0/weight": func(t *Terms) { t.Criteria[0].Weight = 0 },
		"/criteria/1/id":     func(t *Terms) { t.Criteria[1].ID = "need" },
	} {
		wrong := terms()
		change(&wrong)
		var f *fault.Error
		if err := wrong.Check(); !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v", pointer, err)
		}
	}
}
