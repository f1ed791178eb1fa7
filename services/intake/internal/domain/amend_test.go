package domain

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// Each part can be written anew and removed, the others stay as they are, and what was
// written before is kept with its author, its reason and its time.
func TestAmend(t *testing.T) {
	for _, p := range code.CaseParts {
		for _, remove := range []bool{false, true} {
			d := open(t, everything())
			d.now = d.now.Add(48 * time.Hour)
			other := everything()
			other.Name, other.Narrative = "another name", "another narrative"
			other.Contact.Phone, other.Survivor.Sex = "+502 5550 0000", code.OtherSex
			other.Happened = &Interval{Earliest: d.now.Add(-3 * time.Hour), Latest: d.now.Add(-2 * time.Hour)}
			other.Incident = &Incident{Types: []code.GBVType{code.NonGBV}}
			other.Blocks = &Blocks{Agencies: []string{clinic}}
			cmd := Amend{Reason: code.Correction, Since: noon, Opening: other.only([]code.CasePart{p})}
			if remove {
				cmd.Opening, cmd.Remove = Opening{}, []code.CasePart{p}
			}
			d.must(t)(do(d, plain(Case.Amend), cmd))
			if diff := cmp.Diff(everything().with([]code.CasePart{p}, cmd.Opening), d.state.Opening); diff != "" {
				t.Errorf("%s, removed %t (-want +got):\n%s", p, remove, diff)
			}
			want := []Amended{{At: d.now, Since: noon, By: "worker-1", Reason: code.Correction, Parts: []code.CasePart{p}, Before: everything().only([]code.CasePart{p}), Agency: agency}}
			if diff := cmp.Diff(want, d.state.Content(d.by()).(View).Amendments); diff != "" {
				t.Errorf("%s, removed %t (-want +got):\n%s", p, remove, diff)
			}
		}
	}
}

// Agencies are shown the present only, and are told when her contact changed.
func TestAgenciesSeeThePresent(t *testing.T) {
	d, id := accepted(t)
	d.state.Opening = everything()
	told(t, d, legal, id)
	events := d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Change, Opening: Opening{Contact: Contact{Phone: "+502 5550 0000"}}}))
	if diff := cmp.Diff(fact.Data(intakev1.ContactChanged{Case: d.state.ID, Referrals: []string{id}}), events[1].Data); diff != "" {
		t.Error(diff)
	}
	told(t, d, legal, id)
	if p := shown(d, legal, id).Packet; p.Contact.Phone != "+502 5550 0000" || p.Contact.Email != "" {
		t.Errorf("shown %+v", p.Contact)
	}
}

// A closed case is put right, too. What makes no sense, says nothing or is of a time to
// come is refused.
func TestAmendRefuses(t *testing.T) {
	d := open(t, everything())
	for name, c := range map[string]struct {
		cmd  Amend
		code string
	}{
		"nothing":      {Amend{Reason: code.Addition}, "amendment_invalid"},
		"no reason":    {Amend{Opening: Opening{Name: "x"}}, "unknown_code"},
		"both":         {Amend{Reason: code.Change, Opening: Opening{Name: "x"}, Remove: []code.CasePart{code.PartName}}, "amendment_invalid"},
		"to come":      {Amend{Reason: code.Change, Since: noon.Add(time.Hour), Opening: Opening{Name: "x"}}, "since_invalid"},
		"no sense":     {Amend{Reason: code.Change, Opening: Opening{Incident: &Incident{}}}, "incident_unclassified"},
		"not happened": {Amend{Reason: code.Change, Opening: Opening{Happened: &Interval{Earliest: noon, Latest: noon.Add(48 * time.Hour)}}}, "interval_invalid"},
	} {
		if events, err := do(d, plain(Case.Amend), c.cmd); err == nil || !strings.Contains(err.Error(), c.code) || len(events) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseLeftArea}))
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Change, Opening: Opening{Name: "x"}}))
}

// A case that was opened by mistake stays on record: nobody goes on with it, and her
// consents in it end.
func TestACaseEnteredInError(t *testing.T) {
	d := requested(t)
	events, err := do(d, Case.EnterInError, EnterInError{})
	refused(t, events, err, ErrOpenReferrals)
	d = consented(t)
	d.must(t)(do(d, Case.EnterInError, EnterInError{}))
	if d.state.Status() != code.CaseInError || !d.state.Closed() {
		t.Error(d.state.Status())
	}
	if slices.ContainsFunc(d.state.Consents, func(k Consent) bool { return k.InForce(d.now) }) {
		t.Error("a consent is in force")
	}
	for name, again := range map[string]func() ([]fact.Event, error){
		"reopened": func() ([]fact.Event, error) { return do(d, Case.Reopen, Reopen{}) },
		"amended": func() ([]fact.Event, error) {
			return do(d, plain(Case.Amend), Amend{Reason: code.Change, Opening: Opening{Name: "x"}})
		},
		"taken back twice": func() ([]fact.Event, error) { return do(d, Case.EnterInError, EnterInError{}) },
	} {
		events, err := again()
		t.Run(name, func(t *testing.T) { refused(t, events, err, ErrNotOpen) })
	}
}

// A reference can be said on the telephone, comes of the identifier alone, and is read as
// people write it.
func TestReference(t *testing.T) {
	ref := open(t, everything()).state.Reference()
	if !regexp.MustCompile("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$").MatchString(ref) || ref != open(t, Opening{}).state.Reference() {
		t.Fatal(ref)
	}
	for in, want := range map[string]string{
		ref: ref, strings.ToLower(ref): ref, strings.ReplaceAll(ref, "-", ""): ref, " " + strings.ReplaceAll(ref, "-", " "): ref,
		strings.ReplaceAll(ref, "-", "\u2013"): ref, strings.ReplaceAll(ref, "-", "\u00a0\u2014 "): ref, "\u200f" + ref: ref, // as telephones and offices write it
		"٧٨٩٠-１２３４": "7890-1234",
		"oil1-0000": "0111-0000", "7KQ2": "", "7KQ2-M9X!": "", "7KQ2-M9XU": "",
	} {
		if got := ReadReference(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Every event of a case has its sentence, and none holds what she said.
func TestEveryEventHasItsWords(t *testing.T) {
	for _, d := range []fact.Data{
		intakev1.CaseOpened{},
		intakev1.ConsentGiven{},
		intakev1.ConsentRefused{},
		intakev1.ConsentWithdrawn{},
		intakev1.ServiceRequested{},
		intakev1.ReferralFollowed{},
		intakev1.ReferralRenewed{},
		intakev1.ReferralResumed{},
		intakev1.NeedSettled{},
		intakev1.ReferralsFinished{},
		intakev1.ContactSuspended{},
		intakev1.ContactRestored{},
		intakev1.ContactChanged{},
		intakev1.Disclosed{},
		intakev1.CaseAmended{},
		intakev1.CaseResumed{},
		intakev1.CaseClosed{},
		intakev1.CaseReopened{},
		intakev1.CaseEnteredInError{},
		intakev1.CaseHandedOver{},
		intakev1.CaseOwnerLeft{},
		intakev1.CaseRestricted{},
		intakev1.CaseRestricted{Restricted: true},
		intakev1.DuplicateHinted{},
		intakev1.DuplicateSettled{},
		intakev1.CaseMerged{},
		intakev1.CaseUnmerged{},
		intakev1.CaseClosedWith{},
	} {
		if Say(d).Text == "" {
			t.Errorf("%s has no words", d.EventType())
		}
	}
	said := Say(intakev1.ReferralFollowed{Referral: "ref_1", Status: code.Cancelled, CancelReason: code.SurvivorDeclined, CancelledBy: legal})
	if said.Referral != "ref_1" || said.About != legal || !strings.Contains(said.Text, "survivor_declined") {
		t.Errorf("%+v", said)
	}
}
