package domain

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// Whatever is asked finds the referral exactly once, or not at all.
func TestWorklist(t *testing.T) {
	lists := map[string]func(Referral) []string{"by_due": ByDue, "by_status": ByStatus, "by_case": ByCase, "by_view": ByView, "by_worker": ByWorker}
	r := after(t, in(t, code.Accepted), answered, "assign")
	for _, c := range []struct {
		agency, query string
		want          int
	}{
		{counsel, "", 1},
		{counsel, "role=recipient", 1},
		{counsel, "role=sender", 0},
		{police, "role=sender", 1},
		{police, "", 0},
		{stranger, "", 0},
		{counsel, "status=accepted", 1},
		{counsel, "status=requested", 0},
		{counsel, "view=in_service", 1},
		{counsel, "view=new", 0},
		{police, "role=sender&view=in_service", 1},
		{counsel, "case=case_1", 1},
		{counsel, "case=case_2", 0},
		{police, "role=sender&case=case_1&status=accepted", 1},
		{police, "role=sender&case=case_1&status=declined", 0},
		{counsel, "worker=me", 1},
		{counsel, "view=in_service&worker=me", 1},
		{counsel, "view=overdue&worker=me", 0},
		{stranger, "worker=me", 0},
	} {
		q, _ := url.ParseQuery(c.query)
		by := at(c.agency, noon)
		by.Principal = "worker-7"
		list, part, err := Worklist(by, q)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, key := range lists[list](r) {
			if strings.HasPrefix(key, fact.Key(part...)) {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%s asks %q: found %d times, want %d", c.agency, c.query, got, c.want)
		}
	}
}

// Nobody asks for another's hands, and no part of a question is left out.
func TestWorklistRefuses(t *testing.T) {
	for query, pointer := range map[string]string{
		"view=new&status=requested":        "status",
		"view=new&case=case_1":             "case",
		"view=new&worker=me&case=case_1":   "case",
		"worker=me&status=accepted":        "status",
		"worker=me&case=case_1":            "case",
		"role=sender&worker=me":            "worker",
		"role=sender&view=new&worker=me":   "worker",
		"view=new&status=accepted&case=c1": "status",
	} {
		q, _ := url.ParseQuery(query)
		_, _, err := Worklist(at(counsel, noon), q)
		if f := fault.Of(err); !errors.Is(err, ErrFilters) || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v", query, err)
		}
	}
	r := after(t, in(t, code.Accepted), answered, "assign")
	r = fold(r, later, first(t)(r.Assign(answered, Assign{Worker: "worker-8"})))
	if keys := ByWorker.Keys(r); len(keys) != 1 || !strings.HasPrefix(keys[0], fact.Key(counsel, "worker-8", "in_service")) {
		t.Errorf("handed over, it is with %q", keys)
	}
}

func TestDueSorts(t *testing.T) {
	early, late := requested(t), requested(t)
	late.Due = late.Due.Add(1e6)
	for i, key := range ByDue.Keys(early) {
		if key >= ByDue.Keys(late)[i] {
			t.Errorf("%q does not sort before %q", key, ByDue.Keys(late)[i])
		}
	}
}

func TestByConsentHoldsTheOpen(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		if (ByConsent.Keys(r) != nil) != (r.Open() || r.Holds()) {
			t.Errorf("%s: %v", s, ByConsent.Keys(r))
		}
	}
	if ByDue.Keys(Referral{}) != nil || ByConsent.Keys(Referral{}) != nil {
		t.Error("what does not exist is on a list")
	}
}
