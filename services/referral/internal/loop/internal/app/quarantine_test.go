package app

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// waits holds that a fact waits for a record in quarantine.
func (h *hearing) waits(err error) {
	h.t.Helper()
	if !errors.Is(err, record.ErrQuarantined) {
		h.t.Errorf("%v does not wait", err)
	}
}

// aside sets a record aside, as a start does that finds a commit broken.
func (h *hearing) aside(record string) { h.book.Quarantine(record, 2, journal.ReasonUnreadable) }

func withdraws(consent string) intakev1.ConsentWithdrawn {
	return intakev1.ConsentWithdrawn{Case: "case_1", Consent: consent, Recipient: "clinic", Service: code.LegalAssistance}
}

// Her no takes effect on every record that can be decided, whichever other one is in
// quarantine. It waits for that one, and takes effect once it is released.
func TestAWithdrawalPassesWhatIsSetAside(t *testing.T) {
	all := []string{"ref_1", "ref_2", "ref_3"}
	for _, aside := range append([]string{"cons_1"}, all...) {
		t.Run(aside, func(t *testing.T) {
			j := &recordtest.Journal{}
			h := hear(t, j)
			h.register("clinic")
			for _, id := range all {
				h.must(h.OnServiceRequested(h.next(), please(id, "clinic", "cons_1")))
			}
			h.aside(aside)
			her := h.next()
			for range 2 { // it comes again and again
				h.waits(h.OnConsentWithdrawn(her, withdraws("cons_1")))
				for _, id := range all {
					if id != aside && h.status(id) != code.Withdrawn {
						t.Errorf("%s is %s", id, h.status(id))
					}
				}
			}
			released := hear(t, j)
			h.must(released.OnConsentWithdrawn(her, withdraws("cons_1")))
			for _, id := range all {
				if s := released.status(id); s != code.Withdrawn {
					t.Errorf("after the release %s is %s", id, s)
				}
			}
			if c, err := released.Consents.Get(t.Context(), "cons_1"); err != nil || !c.State.Ended() {
				t.Errorf("the end of the consent is not noted: %v", err)
			}
		})
	}
}

// A forged end of a consent that agrees with no referral is not noted while the one
// that it may agree with is in quarantine.
func TestWhatMayAgreeIsWaitedFor(t *testing.T) {
	h := listen(t)
	other := please("ref_0", "clinic", "cons_1")
	other.Case = "case_2"
	h.must(h.OnServiceRequested(h.next(), other))
	h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
	h.aside("ref_1")
	h.waits(h.OnConsentWithdrawn(h.next(), withdraws("cons_1")))
	if c, err := h.Consents.Get(t.Context(), "cons_1"); err != nil || c.Version != 0 {
		t.Errorf("it was noted: %v", err)
	}
}

// A suspension reaches all that await the agency's answer, and waits for the one that
// is set aside. Of an agency that is set aside nothing is decided.
func TestASuspensionPassesWhatIsSetAside(t *testing.T) {
	j := &recordtest.Journal{}
	h := hear(t, j)
	h.register("clinic")
	for _, id := range []string{"ref_1", "ref_2", "ref_3"} {
		h.must(h.OnServiceRequested(h.next(), please(id, "clinic", "cons_1")))
	}
	h.must(h.say(h.next(), "clinic", referralv1.AgencySuspended{Agency: "clinic"}))
	said := h.next()
	closed := hear(t, j)
	closed.aside("agency_clinic")
	closed.waits(closed.OnAgencySuspended(said, referralv1.AgencySuspended{Agency: "clinic"}))
	if s := closed.status("ref_1"); s != code.Requested {
		t.Errorf("of an agency in quarantine it was decided that the referral is %s", s)
	}
	h.aside("ref_1")
	h.waits(h.OnAgencySuspended(said, referralv1.AgencySuspended{Agency: "clinic"}))
	for _, id := range []string{"ref_2", "ref_3"} {
		if s := h.status(id); s != code.Declined {
			t.Errorf("%s is %s", id, s)
		}
	}
	released := hear(t, j)
	h.must(released.OnAgencySuspended(said, referralv1.AgencySuspended{Agency: "clinic"}))
	if s := released.status("ref_1"); s != code.Declined {
		t.Errorf("after the release it is %s", s)
	}
}

// A request waits for each record on which it would be decided, and makes nothing
// before. It is declined in nobody's name because their record cannot be read.
func TestARequestWaitsForWhatIsSetAside(t *testing.T) {
	for _, aside := range []string{"agency_clinic", "cons_1", "ref_0"} {
		t.Run(aside, func(t *testing.T) {
			j := &recordtest.Journal{}
			h := hear(t, j)
			h.register("clinic")
			h.must(h.OnServiceRequested(h.next(), please("ref_0", "unheard-of", "cons_0")))
			e := please("ref_1", "clinic", "cons_1")
			e.Replaces = "ref_0"
			h.aside(aside)
			her := h.next()
			h.waits(h.OnServiceRequested(her, e))
			if s := h.status("ref_1"); s != "" {
				t.Errorf("a referral was made, and is %s", s)
			}
			released := hear(t, j)
			h.must(released.OnServiceRequested(her, e))
			if one, two := released.status("ref_1"), released.status("ref_0"); one != code.Requested || two != code.Rerouted {
				t.Errorf("after the release they are %s and %s", one, two)
			}
		})
	}
}

// A referral that could not be read when her consent ended was in no list. It is not
// accepted afterwards, in whichever way.
func TestNobodyAcceptsUnderAConsentThatEnded(t *testing.T) {
	recipient := fact.By{Principal: "p", Agency: "clinic", Roles: []string{"focal_point"}, At: now}
	for name, change := range map[string]struct {
		do   func(*hearing)
		want string
	}{
		"ended":         {func(h *hearing) { h.end("cons_1") }, domain.ErrNotOpen.Code},
		"set aside":     {func(h *hearing) { h.aside("cons_1") }, fault.Quarantined},
		"another ended": {func(h *hearing) { h.end("cons_2") }, ""},
	} {
		for way, accept := range map[string]func(*hearing, context.Context) string{
			"alone": func(h *hearing, ctx context.Context) string {
				consents := h.StandOn(ctx, "ref_1", recipient)
				_, err := h.Referrals.Change(ctx, "ref_1", func(r domain.Referral, by fact.By) ([]fact.Event, error) {
					return r.Accept(by, domain.Accept{}, consents)
				})
				return codeOf(err)
			},
			"of several": func(h *hearing, ctx context.Context) string {
				done, err := h.AnswerAll(ctx, recipient, Answers{Answers: []Answer{{Referral: "ref_1", Accept: true}}})
				if err != nil || done.Items[0].Problem == nil {
					return codeOf(err)
				}
				return done.Items[0].Problem.Code
			},
			"with a code": func(h *hearing, ctx context.Context) string {
				return codeOf(h.Answer(ctx, "ref_1", 0, recipient, code.Accept, ""))
			},
		} {
			t.Run(name+"/"+way, func(t *testing.T) {
				h := listen(t)
				h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
				change.do(h)
				ctx := record.With(t.Context(), record.Command{Op: "accept", Cause: "x", By: recipient, Digest: []byte("d")})
				got := accept(h, ctx)
				want := map[bool]code.ReferralStatus{true: code.Accepted, false: code.Requested}[change.want == ""]
				if d := cmp.Diff([]string{change.want, string(want)}, []string{got, string(h.status("ref_1"))}); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

// end notes the end of a consent past all lists.
func (h *hearing) end(consent string) {
	h.t.Helper()
	_, err := h.Consents.Execute(h.next(), consent, func(c domain.Consent, by fact.By) ([]fact.Event, error) {
		return c.OnConsentWithdrawn(by, withdraws(consent))
	})
	h.must(err)
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.Of(err).Code
}
