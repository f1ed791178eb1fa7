package app

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
)

var (
	destroyed = domain.LetGo{Erasure: code.DataDeleted}
	ended     = referralv1.Loop{Referral: "ref_1", Case: "case_1", Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance}
)

// ending is a room whose clinic accepted by code, and in which her consent has ended since.
func ending(t *testing.T) (*room, *channel) {
	t.Helper()
	r, mail, _ := told(t)
	r.must(r.OnInvitationWanted(r.next(), r.asks("ref_1")))
	_, err := r.Answer(t.Context(), mail.codes()[0], domain.Reply{Answer: code.Accept})
	r.must(err)
	r.withdraw()
	return r, mail
}

func (r *room) withdraw() {
	r.t.Helper()
	r.listen(intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1", Recipient: "clinic", Service: code.LegalAssistance})
}

// letting is the ask what became of the copies, and its invitation.
func (r *room) letting() (loop.Ask, domain.Invitation) {
	r.t.Helper()
	ask, err := r.Loop.LetGo(r.t.Context(), "ref_1")
	r.must(err)
	inv, err := r.Invitations.Invitations.Fresh(r.t.Context(), domain.Ask(ask.Value()).ID())
	r.must(err)
	return ask.Value(), inv.Value()
}

// stopped tells the clinic to stop, twice as a bus does, and gives the code in its letter.
func (r *room) stopped(mail *channel) string {
	r.t.Helper()
	before := len(mail.letters)
	ctx := r.next()
	for range 2 {
		r.must(r.OnWithdrawn(ctx, referralv1.Withdrawn{Loop: ended}))
	}
	_, inv := r.letting()
	r.must(r.OnInvitationWanted(r.next(), inv.InvitationWanted))
	if len(mail.letters) != before+1 {
		r.t.Fatalf("%d letters more", len(mail.letters)-before)
	}
	codes := mail.codes()
	return codes[len(codes)-1]
}

// opens holds whether a code shows the question, and that it answers no referral.
func (r *room) opens(what, typed string, want error) {
	r.t.Helper()
	opened, err := r.OpenAny(r.t.Context(), r.now, typed)
	if !errors.Is(err, want) || opened.LetsGo != (want == nil) {
		r.t.Errorf("%s: %+v, %v", what, opened, err)
	}
	if _, err := r.Open(r.t.Context(), r.now, typed); !errors.Is(err, domain.ErrCode) {
		r.t.Errorf("%s: it opens an offer: %v", what, err)
	}
	if _, err := r.Answer(r.t.Context(), typed, domain.Reply{Answer: code.Accept}); !errors.Is(err, domain.ErrCode) {
		r.t.Errorf("%s: it answers: %v", what, err)
	}
}

// An agency without an account hears that it is to stop, and says with the code in that
// notice what became of its copies: once, and the same again is the same.
func TestAnAgencyLetsGoByCode(t *testing.T) {
	yes := true
	for name, said := range map[string]domain.LetGo{
		"destroyed":   destroyed,
		"kept by law": {Erasure: code.DataKeptByLaw, Ground: "a law", Day: now.AddDate(1, 0, 0).Truncate(24 * time.Hour), SheWasTold: &yes},
	} {
		r, mail := ending(t)
		typed := r.stopped(mail)
		last := mail.letters[len(mail.letters)-1]
		if want := "Something has ended"; last.Subject != want || strings.Contains(last.Body, "ref_1") || strings.Contains(last.Body, "clinic") {
			t.Errorf("%s: the letter says %+v", name, last)
		}
		r.opens(name, typed, nil)
		for range 2 {
			if _, err := r.LetGo(t.Context(), typed, said); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if ask, _ := r.letting(); !ask.Until.IsZero() {
			t.Errorf("%s: it is asked again: %+v", name, ask)
		}
		r.opens(name+", and then", typed, domain.ErrCode)
		if _, err := r.LetGo(t.Context(), typed, domain.LetGo{Erasure: code.DataDeleted, Ground: "another"}); !errors.Is(err, domain.ErrCode) {
			t.Errorf("%s, and then another word: %v", name, err)
		}
	}
}

// A reminder brings a new code, and the one before ends. The code ends with its channel,
// and what is still to be said is asked at the new one. It ends with its time, and when
// the sender said it for the agency.
func TestACodeToLetGoEnds(t *testing.T) {
	for name, ends := range map[string]func(r *room, mail *channel){
		"its channel goes": func(r *room, mail *channel) {
			r.set("b@clinic.test", "+999005550199")
			r.must(r.OnAgencyChannelsSet(r.next(), referralv1.AgencyChannelsSet{Agency: "clinic"}))
			_, inv := r.letting()
			if inv.Wants() != 2 {
				r.t.Errorf("codes were wanted %d times: nobody asks at the new channel", inv.Wants())
			}
			r.must(r.OnInvitationWanted(r.next(), inv.InvitationWanted))
			if last := mail.letters[len(mail.letters)-1]; last.To != "b@clinic.test" {
				r.t.Errorf("the last letter is for %s", last.To)
			}
			codes := mail.codes()
			r.opens("the code at the new channel", codes[len(codes)-1], nil)
		},
		"a reminder": func(r *room, mail *channel) {
			r.must(r.OnReminded(r.next(), referralv1.Reminded{Referral: "ref_1", Agency: "clinic", Number: 1, Kind: code.ToLetGo}))
			_, inv := r.letting()
			r.must(r.OnInvitationWanted(r.next(), inv.InvitationWanted))
			codes := mail.codes()
			r.opens("the code of the reminder", codes[len(codes)-1], nil)
		},
		"21 days": func(r *room, _ *channel) { r.now = r.now.AddDate(0, 0, 21) },
		"the sender was told": func(r *room, _ *channel) {
			ask, _ := r.letting()
			desk := fact.By{Principal: "p", Agency: "front-desk"}
			ctx := record.With(r.t.Context(), record.Command{Op: "acknowledgeWithdrawal", By: desk, Cause: "acknowledge/1"})
			r.must(r.Loop.Acknowledge(ctx, "ref_1", ask.Recalled, loop.Acknowledge{Erasure: code.DataDeleted}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, mail := ending(t)
			typed := r.stopped(mail)
			ends(r, mail)
			r.opens("the code", typed, domain.ErrCode)
			if _, err := r.LetGo(t.Context(), typed, destroyed); !errors.Is(err, domain.ErrCode) {
				t.Errorf("it lets go: %v", err)
			}
		})
	}
}

// yielding is a loop that takes whatever it is told.
type yielding struct {
	Loop
	took *int
}

func (l yielding) Answer(context.Context, string, int, fact.By, code.Answer, code.DeclineReason) error {
	*l.took++
	return nil
}

func (l yielding) Acknowledge(context.Context, string, time.Time, loop.Acknowledge) error {
	*l.took++
	return nil
}

// What a code is for is held before the loop is asked: a referral that was recalled may
// await an answer again.
func TestACodeIsForOneThing(t *testing.T) {
	r, mail := ending(t)
	letsGo, took := r.stopped(mail), 0
	r.Loop = yielding{r.Loop, &took}
	if _, err := r.Answer(t.Context(), letsGo, domain.Reply{Answer: code.Accept}); !errors.Is(err, domain.ErrCode) || took > 0 {
		t.Errorf("a code to let go answers: %v", err)
	}
	if _, err := r.LetGo(t.Context(), mail.codes()[0], destroyed); !errors.Is(err, domain.ErrCode) || took > 0 {
		t.Errorf("a code to answer lets go: %v", err)
	}
}

// A code to answer lets go of nothing, before and after it was used.
func TestACodeToAnswerLetsGoOfNothing(t *testing.T) {
	r, mail, _ := told(t)
	r.must(r.OnInvitationWanted(r.next(), r.asks("ref_1")))
	for range 2 {
		if _, err := r.LetGo(t.Context(), mail.codes()[0], destroyed); !errors.Is(err, domain.ErrCode) {
			t.Errorf("%v", err)
		}
		if _, err := r.Answer(t.Context(), mail.codes()[0], domain.Reply{Answer: code.Accept}); err != nil {
			t.Fatal(err)
		}
		r.withdraw()
	}
}

// That an agency is to stop waits for nothing: one with accounts, and one of whose referral
// nothing can be read, are told without a code.
func TestWhoIsToStopIsToldAlsoWithoutACode(t *testing.T) {
	for name, prepare := range map[string]func(r *room){
		"it has accounts": func(r *room) {
			by := fact.By{Principal: "p", Agency: "clinic", At: r.now}
			r.must(r.Loop.Answer(record.With(r.t.Context(), record.Command{Op: "accept", By: by, Cause: "accept/1"}), "ref_1", 0, by, code.Decline, code.AtCapacity))
		},
		"in quarantine": func(r *room) { r.book.Quarantine("ref_1", 2, journal.ReasonUnreadable) },
	} {
		t.Run(name, func(t *testing.T) {
			r, mail, _ := told(t)
			r.asks("ref_1")
			prepare(r)
			ctx := r.next()
			for range 2 {
				r.must(r.OnRecalled(ctx, referralv1.Recalled{Loop: ended}))
			}
			var got []string
			for _, l := range mail.letters {
				if strings.Contains(l.Body, "#") {
					t.Errorf("it has a code: %s", l.Body)
				}
				got = append(got, l.Subject)
			}
			if d := cmp.Diff([]string{"Something has ended"}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A mailbox that takes nothing now gets the code later.
func TestACodeToLetGoIsTriedAgain(t *testing.T) {
	r, mail := ending(t)
	r.must(r.OnRecalled(r.next(), referralv1.Recalled{Loop: ended}))
	_, inv := r.letting()
	mail.fails = notify.ErrDelayed
	before := len(mail.letters)
	if err := r.OnInvitationWanted(r.next(), inv.InvitationWanted); err == nil {
		t.Fatal("it does not come again")
	}
	mail.fails, r.now = nil, r.now.Add(time.Minute)
	r.must(r.OnInvitationWanted(r.next(), inv.InvitationWanted))
	if len(mail.letters) != before+1 {
		t.Fatalf("%d letters more", len(mail.letters)-before)
	}
	codes := mail.codes()
	r.opens("the code", codes[len(codes)-1], nil)
}
