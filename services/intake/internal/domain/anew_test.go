package domain

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// outgrown is a referral that its agency took, on a consent of somebody who spoke for her
// at the age that was on record then.
func outgrown(t tb, from code.AgeBand, by code.GivenBy) (*desk, string) {
	t.Helper()
	o := everything()
	o.Survivor.AgeBand = from
	d := open(t, o)
	cmd := yes(legal, code.LegalAssistance)
	cmd.GivenBy, cmd.Categories = by, code.Categories
	d.must(t)(do(d, plain(Case.GiveConsent), cmd))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	id := d.state.Referrals[0].ID
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	return d, id
}

func (d *desk) aged(t tb, to code.AgeBand) {
	t.Helper()
	is := d.state.Survivor
	is.AgeBand = to
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Correction, Opening: Opening{Survivor: is}}))
}

// When the age on record says that another person speaks for her, nothing more is shown on
// the consent, also not again. The referral goes on, it waits for her desk, and a consent of
// who may speak ends that.
func TestNothingMoreIsShownOnAConsentToAskAnew(t *testing.T) {
	for name, c := range map[string]struct {
		from, to code.AgeBand
		by       code.GivenBy
		shown    bool
	}{
		"she speaks herself now":     {code.Age6To11, code.AgeTo17, code.ByCaregiver, false},
		"of age after all":           {code.Age6To11, code.AgeAdult, code.ByCaregiver, false},
		"not known after all":        {code.AgeTo5, "", code.ByCaregiver, false},
		"a child after all":          {code.AgeAdult, code.Age6To11, code.BySurvivor, false},
		"both had spoken":            {code.Age6To11, code.AgeTo17, code.ByBoth, true},
		"another band of a child":    {code.AgeTo5, code.Age6To11, code.ByCaregiver, true},
		"known, and she spoke alone": {"", code.AgeTo17, code.BySurvivor, true},
	} {
		t.Run(name, func(t *testing.T) {
			d, id := outgrown(t, c.from, c.by)
			d.must(t)(disclose(d, legal, id))
			d.now = noon.Add(time.Hour)
			d.aged(t, c.to)
			by := d.by()
			by.Agency = legal
			_, again := d.state.Shown(by, id, basis)
			events, err := disclose(d, legal, id)
			waits := slices.Contains(d.state.Waits(), code.ConsentAnew)
			if again != c.shown || waits == c.shown || !d.state.Referrals[0].open() || !d.state.Knows(by, id) {
				t.Errorf("shown again %t, waits %t, %s", again, waits, d.state.Referrals[0].Status)
			}
			if c.shown {
				d.must(t)(events, err)
				return
			}
			refused(t, events, err, ErrConsentAnew)
			if err := d.state.Withheld(by, id, basis); !errors.Is(err, ErrConsentAnew) {
				t.Errorf("who asks again is told %v", err)
			}
			cmd := yes(legal, code.LegalAssistance)
			cmd.GivenBy, cmd.Categories = code.BySurvivor, code.Categories
			if c.to == code.Age6To11 {
				cmd.GivenBy = code.ByCaregiver
			}
			d.must(t)(do(d, plain(Case.GiveConsent), cmd))
			d.must(t)(disclose(d, legal, id))
			if slices.Contains(d.state.Waits(), code.ConsentAnew) {
				t.Error("it still waits for her desk")
			}
		})
	}
}

// The conflict check names people, too. Without one, an agency that has not accepted is told
// what it is always told.
func TestNoConflictCheckOnAConsentToAskAnew(t *testing.T) {
	d, id := referred(t, code.Categories...)
	d.aged(t, code.Age6To11)
	events, err := disclose(d, legal, id)
	refused(t, events, err, ErrConsentAnew)
	d, id = referred(t, code.Identity)
	d.aged(t, code.Age6To11)
	events, err = disclose(d, legal, id)
	refused(t, events, err, ErrTooEarly)
}

// A further consent is asked for anew as the first one is.
func TestAFurtherConsentIsAskedAnewToo(t *testing.T) {
	d, id := accepted(t)
	d.state.Consents = append(d.state.Consents, Consent{
		ID: "cons_further", Recipient: legal, Service: code.LegalAssistance, Purpose: code.Statistics,
		Expires: noon.AddDate(0, 1, 0), Status: code.ConsentGiven, Evidence: Evidence{GivenBy: code.ByCaregiver},
	})
	d.state.Referrals[0].Further = []string{"cons_further"}
	events, err := disclose(d, legal, id)
	refused(t, events, err, ErrConsentAnew)
}

// What the agency is told says neither how old she is nor who spoke for her.
func TestTheAgencyIsNotToldWhyItIsAskedAnew(t *testing.T) {
	for _, word := range []string{"age ", "caregiver", "parent", "child", "minor", "mother"} {
		if strings.Contains(strings.ToLower(ErrConsentAnew.Error()+ErrConsentAnew.Detail), word) {
			t.Errorf("the problem says %q", word)
		}
	}
}

// Her desk lists the case since it waits, and who has it sees which consents.
func TestTheDeskAsksAnew(t *testing.T) {
	d, id := outgrown(t, code.Age6To11, code.ByCaregiver)
	key := func() string {
		return fact.Key(agency, string(code.ConsentAnew), fact.Sortable(d.now))
	}
	if slices.Contains(d.state.Waits(), code.ConsentAnew) {
		t.Error("it waits from the start")
	}
	d.now = noon.Add(time.Hour)
	d.aged(t, code.AgeTo17)
	if keys := ByAttention.Keys(d.state); !slices.Contains(keys, key()) {
		t.Errorf("listed under %q, not under %q", keys, key())
	}
	if diff := cmp.Diff([]string{d.state.Consents[0].ID}, d.state.Content(d.by()).(View).ConsentsAnew); diff != "" {
		t.Error(diff)
	}
	if frame := d.state.View(d.by()).(View); len(frame.ConsentsAnew) > 0 || !slices.Contains(frame.Attention, code.ConsentAnew) {
		t.Errorf("the frame: %+v", frame)
	}
	d.must(t)(do(d, news[code.Completed], d.loop(id)))
	if slices.Contains(d.state.Waits(), code.ConsentAnew) {
		t.Error("it waits after the end")
	}
}

// A law that changes is followed at once by the list of her desk and by the case, as the gates
// follow it: nothing is written for it, and a law that is taken back takes it off again.
func TestTheListFollowsALawThatChanges(t *testing.T) {
	herself := made(func(f *programme.Fields) {
		f.Consent.Is.Steps = []programme.ConsentStep{{From: 0, Under: programme.Majority, By: code.BySurvivor}}
	})
	d, id := outgrown(t, code.Age6To11, code.ByCaregiver)
	grown, _ := outgrown(t, code.AgeAdult, code.BySurvivor)
	asks := url.Values{"attention": {string(code.ConsentAnew)}}
	for _, c := range []struct {
		rules Rules
		want  bool
	}{{basis, false}, {herself, true}, {basis, false}} {
		part, err := Listed(c.rules)(d.by(), asks)
		if err != nil || part.Holds(d.state) != c.want || part.Holds(grown.state) {
			t.Errorf("listed: %t and %t, %v", part.Holds(d.state), part.Holds(grown.state), err)
		}
		v := d.state.Together(d.by(), nil, c.rules)
		if slices.Contains(v.Attention, code.ConsentAnew) != c.want || (len(v.ConsentsAnew) == 1) != c.want {
			t.Errorf("the case says %v, %v", v.Attention, v.ConsentsAnew)
		}
		if halts := d.state.halts(d.state.Referrals[find(d.state.Referrals, id)].on(legal), c.rules.law(d.state, d.now), d.now); halts != c.want {
			t.Errorf("the gate says %t", halts)
		}
	}
}
