package domain

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	fresh "github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
)

// directory is a network with these agencies; true says that one is suspended.
func directory(all map[string]bool) agencies.Seen {
	seen := agencies.Seen{Known: map[string]fresh.Fresh[agencies.Agency]{}, Near: map[string][]string{}}
	for name, suspended := range all {
		seen.Known[name] = fresh.Made(agencies.Agency{Name: name, Suspended: suspended})
	}
	return seen
}

// naming plays a command that names agencies, and tells whether the rules behind were
// asked.
func naming[C interface{ Names() []Named }](c Case, cmd C, seen agencies.Seen) (asked bool, err error) {
	_, err = Naming(func(Case, fact.By, C) ([]fact.Event, error) {
		asked = true
		return nil, nil
	})(c, fact.By{At: noon}, cmd, seen)
	return asked, err
}

func TestNaming(t *testing.T) {
	const misspelt, hall = "law-scoiety", "town-hall"
	unread := errors.New("they cannot be read")
	c := open(t, Opening{}).state
	to := func(names ...string) (all []Choice) {
		for _, name := range names {
			all = append(all, Choice{Recipient: name})
		}
		return all
	}
	lawyer := ask(legal, code.LegalAssistance)
	several := Request{Service: code.LegalAssistance, Urgency: code.Urgent, Mode: code.Broadcast}
	then := lawyer
	for name, try := range map[string]struct {
		play    func(agencies.Seen) (bool, error)
		want    *fault.Error
		pointer string
	}{
		"a consent":            {func(s agencies.Seen) (bool, error) { return naming(c, GiveConsent{Recipient: legal}, s) }, nil, ""},
		"a consent, misspelt":  {func(s agencies.Seen) (bool, error) { return naming(c, GiveConsent{Recipient: misspelt}, s) }, ErrAgencyUnknown, "/recipient"},
		"a consent, suspended": {func(s agencies.Seen) (bool, error) { return naming(c, GiveConsent{Recipient: hall}, s) }, nil, ""},
		"a consent, no slug":   {func(s agencies.Seen) (bool, error) { return naming(c, GiveConsent{Recipient: "Law Society"}, s) }, ErrSlug, "/recipient"},
		"a request":            {func(s agencies.Seen) (bool, error) { return naming(c, please(lawyer), s) }, nil, ""},
		"a request, misspelt":  {func(s agencies.Seen) (bool, error) { return naming(c, please(lawyer, ask(misspelt, code.Food)), s) }, ErrAgencyUnknown, "/requests/1/recipient"},
		"a request, suspended": {func(s agencies.Seen) (bool, error) { return naming(c, please(ask(hall, code.Food)), s) }, ErrAgencySuspended, "/requests/0/recipient"},
		"a candidate": {func(s agencies.Seen) (bool, error) {
			several.Candidates = to(legal, clinic)
			return naming(c, please(several), s)
		}, nil, ""},
		"a candidate, misspelt": {func(s agencies.Seen) (bool, error) {
			several.Candidates = to(legal, misspelt)
			return naming(c, please(several), s)
		}, ErrAgencyUnknown, "/requests/0/candidates/1/recipient"},
		"a candidate, suspended": {func(s agencies.Seen) (bool, error) {
			several.Candidates = to(hall)
			return naming(c, please(several), s)
		}, ErrAgencySuspended, "/requests/0/candidates/0/recipient"},
		"the next, misspelt": {func(s agencies.Seen) (bool, error) {
			then.Then = to(clinic, misspelt)
			return naming(c, please(then), s)
		}, ErrAgencyUnknown, "/requests/0/then/1/recipient"},
		"the next, suspended for now": {func(s agencies.Seen) (bool, error) {
			then.Then = to(hall)
			return naming(c, please(then), s)
		}, nil, ""},
		"a reroute":            {func(s agencies.Seen) (bool, error) { return naming(c, Reroute{Recipient: clinic, Then: to(legal)}, s) }, nil, ""},
		"a reroute, misspelt":  {func(s agencies.Seen) (bool, error) { return naming(c, Reroute{Recipient: misspelt}, s) }, ErrAgencyUnknown, "/recipient"},
		"a reroute, suspended": {func(s agencies.Seen) (bool, error) { return naming(c, Reroute{Recipient: hall}, s) }, ErrAgencySuspended, "/recipient"},
		"the next of a reroute": {func(s agencies.Seen) (bool, error) {
			return naming(c, Reroute{Recipient: clinic, Then: to(misspelt)}, s)
		}, ErrAgencyUnknown, "/then/0/recipient"},
		"a case that is not open": {func(s agencies.Seen) (bool, error) { return naming(Case{}, GiveConsent{Recipient: misspelt}, s) }, ErrNotOpen, ""},
	} {
		t.Run(name, func(t *testing.T) {
			seen := directory(map[string]bool{legal: false, clinic: false, hall: true})
			seen.Near[misspelt] = []string{legal}
			asked, err := try.play(seen)
			if asked != (try.want == nil) {
				t.Fatalf("the rules behind were asked: %t, with %v", asked, err)
			}
			if try.want == nil {
				return
			}
			f := fault.Of(err)
			if !errors.Is(err, try.want) || len(f.Fields) > 0 != (try.pointer != "") || try.pointer != "" && f.Fields[0].Pointer != try.pointer {
				t.Errorf("refused with %s at %v", f.Code, f.Fields)
			}
			if f.Code == ErrAgencyUnknown.Code && (!cmp.Equal(f.Near, []string{legal}) || f.RetryAfter == 0) {
				t.Errorf("near %v, again after %s", f.Near, f.RetryAfter)
			}
		})
	}
	seen := directory(nil)
	seen.Err = unread
	if _, err := naming(c, GiveConsent{Recipient: legal}, seen); !errors.Is(err, unread) {
		t.Errorf("what cannot be read is answered with %v", err)
	}
}

// Her no names whom it names, and asks nobody's leave.
func TestHerNoNeedsNoDirectory(t *testing.T) {
	d := open(t, Opening{})
	events := d.must(t)(do(d, Case.RefuseConsent, RefuseConsent{Recipient: "nobody-of-this-name", Service: code.Food, Purpose: code.ServiceDelivery}))
	if _, ok := events[0].Data.(intakev1.ConsentRefused); !ok {
		t.Errorf("%v", events)
	}
}
