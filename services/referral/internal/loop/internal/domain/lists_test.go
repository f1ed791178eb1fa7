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

// Whatever is asked finds the referral when each part of the question fits.
func TestWorklist(t *testing.T) {
	r := after(t, in(t, code.Accepted), answered, "assign")
	for _, c := range []struct {
		agency, query string
		want          bool
	}{
		{counsel, "", true},
		{counsel, "role=recipient", true},
		{counsel, "role=sender", false},
		{police, "role=sender", true},
		{police, "", false},
		{stranger, "", false},
		{counsel, "status=accepted", true},
		{counsel, "status=requested", false},
		{counsel, "view=in_service", true},
		{counsel, "view=new", false},
		{police, "role=sender&view=in_service", true},
		{counsel, "case=case_1", true},
		{counsel, "case=case_2", false},
		{police, "role=sender&case=case_1&status=accepted", true},
		{police, "role=sender&case=case_1&status=declined", false},
		{counsel, "worker=me", true},
		{counsel, "view=in_service&worker=me", true},
		{counsel, "view=overdue&worker=me", false},
		{stranger, "worker=me", false},
		{counsel, "view=in_service&status=accepted", true},
		{counsel, "view=in_service&status=scheduled", false},
		{counsel, "view=new&status=accepted", false},
		{counsel, "view=in_service&case=case_1", true},
		{counsel, "view=in_service&case=case_2", false},
		{counsel, "worker=me&case=case_1", true},
		{counsel, "worker=me&status=accepted", true},
		{counsel, "worker=me&view=in_service&case=case_1&status=accepted", true},
		{counsel, "worker=me&view=in_service&case=case_1&status=scheduled", false},
		{police, "role=sender&view=in_service&case=case_1", true},
		{stranger, "view=in_service&case=case_1", false},
	} {
		q, _ := url.ParseQuery(c.query)
		by := at(c.agency, noon)
		by.Principal = "worker-7"
		part, err := Worklist(by, q)
		if err != nil {
			t.Fatal(err)
		}
		if part.Holds(r) != c.want {
			t.Errorf("%s asks %q: found %t, want %t", c.agency, c.query, !c.want, c.want)
		}
	}
}

// Nobody asks for another's hands.
func TestWorklistRefuses(t *testing.T) {
	for _, query := range []string{"role=sender&worker=me", "role=sender&view=new&worker=me"} {
		q, _ := url.ParseQuery(query)
		_, err := Worklist(at(counsel, noon), q)
		if f := fault.Of(err); !errors.Is(err, ErrFilters) || len(f.Fields) != 1 || f.Fields[0].Pointer != "worker" {
			t.Errorf("%s: %v", query, err)
		}
	}
	r := after(t, in(t, code.Accepted), answered, "assign")
	r = fold(r, later, first(t)(r.Assign(lead, Assign{Worker: "worker-8"}, staffed("worker-8"))))
	if keys := ByWorker.Keys(r); len(keys) != 1 || !strings.HasPrefix(keys[0], fact.Key(counsel, "worker-8", "in_service")) {
		t.Errorf("handed over, it is with %q", keys)
	}
}

func TestDueSorts(t *testing.T) {
	early, late := requested(t), requested(t)
	late.Policy.RespondBy = late.Policy.RespondBy.Add(1e6)
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
