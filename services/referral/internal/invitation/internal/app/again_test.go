package app

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

var desk = fact.By{Principal: "p", Agency: "front-desk", At: now}

// completes ends the referral that was accepted, so that her desk can ask again.
func (r *room) completes(turn int) {
	r.t.Helper()
	loop := ended
	loop.Turn = turn
	r.listen(referralv1.Completed{Loop: loop, Outcome: code.NeedsMet})
}

// resumes asks the clinic again on a new consent, twice as a bus does, and tells it.
func (r *room) resumes(mail *channel, consent string) (typed string) {
	r.t.Helper()
	e := intakev1.ReferralResumed{
		Case: "case_1", Referral: "ref_1", Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance,
		Consent: consent, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 6, 0),
	}
	r.listen(e)
	ctx, before := r.next(), len(mail.letters)
	for range 2 {
		r.must(r.OnReferralResumed(ctx, e))
	}
	ask, err := r.ask(r.t.Context(), "ref_1", "clinic")
	r.must(err)
	inv, err := r.Invitations.Invitations.Fresh(r.t.Context(), ask.Value().ID())
	r.must(err)
	for range 2 {
		r.must(r.OnInvitationWanted(r.next(), inv.Value().InvitationWanted))
	}
	if len(mail.letters) != before+1 {
		r.t.Fatalf("on %s the agency gets %d letters", consent, len(mail.letters)-before)
	}
	codes := mail.codes()
	return codes[len(codes)-1]
}

// states are the kind and the state of each invitation that the sender sees.
func (r *room) states() (all [][2]string) {
	r.t.Helper()
	by := desk
	by.At = r.now
	seen, err := r.Standings(r.t.Context(), by, "ref_1")
	r.must(err)
	for _, s := range seen.Items {
		all = append(all, [2]string{string(s.Kind), string(s.State)})
	}
	return all
}

// Her desk asks again, and again. Each time the agency gets a new notice with a new code,
// which is the only one that opens; what was said with an older one is not said again.
func TestAResumedReferralInvitesAnew(t *testing.T) {
	t.Parallel()
	accept := domain.Reply{Answer: code.Accept}
	for name, answers := range map[string]func(r *room, typed string){
		"answered by code": func(r *room, typed string) {
			_, err := r.Answer(r.t.Context(), typed, accept)
			r.must(err)
		},
		"answered with an account": func(r *room, _ string) {
			by := fact.By{Principal: "p", Agency: "clinic", At: r.now}
			ask, err := r.ask(r.t.Context(), "ref_1", "clinic")
			r.must(err)
			ctx := record.With(r.t.Context(), record.Command{Op: "accept", By: by, Cause: "accept/" + ask.Value().ID()})
			r.must(r.Loop.Answer(ctx, "ref_1", ask.Value().Round, by, code.Accept, ""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, mail, _ := told(t)
			r.must(r.OnInvitationWanted(r.next(), r.asks("ref_1")))
			old := mail.codes()
			answers(r, old[0])
			for round, consent := range []string{"cons_2", "cons_3"} {
				r.completes(2*round + 3)
				r.now = r.now.Add(time.Second)
				typed := r.resumes(mail, consent)
				for _, gone := range old {
					r.says("a code of a round before", gone, domain.ErrCode)
				}
				if s := r.status("ref_1"); s != code.Requested {
					t.Fatalf("after the old codes the referral is %s", s)
				}
				if opened, err := r.Open(t.Context(), r.now, typed); err != nil || opened.Service != code.LegalAssistance {
					t.Fatalf("the new code: %+v, %v", opened, err)
				}
				if got := r.states()[0]; got != [2]string{"invitation", "told"} {
					t.Errorf("the sender sees first %v of %v", got, r.states())
				}
				answers(r, typed)
				if s := r.status("ref_1"); s != code.Accepted {
					t.Fatalf("after the answer the referral is %s", s)
				}
				if old = append(old, typed); len(r.states()) != len(old) {
					t.Errorf("the sender sees %v of %d", r.states(), len(old))
				}
			}
		})
	}
}

// A reroute makes a referral, and so an invitation, also where it comes back to the agency
// that declined before: the code of that one opens nothing.
func TestARerouteThatComesBackInvitesAnew(t *testing.T) {
	t.Parallel()
	r, mail, _ := told(t)
	r.must(r.OnInvitationWanted(r.next(), r.asks("ref_1")))
	first := mail.codes()[0]
	_, err := r.Answer(t.Context(), first, domain.Reply{Answer: code.Decline, Reason: code.AtCapacity})
	r.must(err)
	e := intakev1.ServiceRequested{
		Case: "case_1", Referral: "ref_2", Replaces: "ref_1", Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance, Urgency: code.Emergency,
		Consent: "cons_2", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
	}
	r.listen(e)
	r.must(r.OnServiceRequested(r.next(), e))
	r.must(r.OnInvitationWanted(r.next(), r.invitation("ref_2").InvitationWanted))
	if r.status("ref_1") != code.Rerouted || len(mail.letters) != 2 {
		t.Fatalf("the first is %s, and there are %d letters", r.status("ref_1"), len(mail.letters))
	}
	if _, err := r.Open(t.Context(), r.now, first); !errors.Is(err, domain.ErrCode) {
		t.Errorf("the old code opens: %v", err)
	}
	r.says("the new code", mail.codes()[1], nil)
	if s := r.status("ref_2"); s != code.Accepted {
		t.Errorf("the second is %s", s)
	}
}

// The sender sees what the agency is asked about its copies as it sees the rest, without
// an address, and sends new codes for it. Nobody else does either.
func TestTheSenderSeesAndRenewsTheCodeToLetGo(t *testing.T) {
	t.Parallel()
	r, mail := ending(t)
	typed := r.stopped(mail)
	answered := [2]string{"invitation", "answered"}
	if d := cmp.Diff([][2]string{answered, {"stop_contact", "told"}}, r.states()); d != "" {
		t.Error(d)
	}
	c, ok := domain.ReadCode(typed)
	if !ok {
		t.Fatal("no code")
	}
	_, inv := r.letting()
	for range 5 {
		_, err := r.Invitations.Invitations.Execute(r.next(), inv.Invitation, func(i domain.Invitation, by fact.By) ([]fact.Event, error) {
			return i.Try(by, domain.Code{Handle: c.Handle, Secret: "00000000"})
		})
		r.must(err)
	}
	if d := cmp.Diff([][2]string{answered, {"stop_contact", "locked"}}, r.states()); d != "" {
		t.Error(d)
	}
	for _, agency := range []string{"clinic", "shelter"} {
		by := fact.By{Principal: "p", Agency: agency, At: r.now}
		if seen, err := r.Standings(t.Context(), by, "ref_1"); err == nil {
			t.Errorf("%s sees %v", agency, seen)
		}
		if seen, err := r.Invite(t.Context(), by, "ref_1", Invite{}); err == nil {
			t.Errorf("%s invites: %v", agency, seen)
		}
	}
	invite := func(cause string, cmd Invite) error {
		by := desk
		by.At = r.now
		_, err := r.Invite(record.With(t.Context(), record.Command{Op: "inviteAgain", By: by, Cause: cause}), by, "ref_1", cmd)
		return err
	}
	if err := invite("inviteAgain/0", Invite{Agency: "shelter"}); !errors.Is(err, domain.ErrNobodyToInvite) {
		t.Errorf("an agency that is asked nothing: %v", err)
	}
	r.must(invite("inviteAgain/1", Invite{Agency: "clinic"}))
	r.opens("the code from before", typed, domain.ErrCode)
	_, inv = r.letting()
	r.must(r.OnInvitationWanted(r.next(), inv.InvitationWanted))
	codes := mail.codes()
	r.opens("the new code", codes[len(codes)-1], nil)
	if d := cmp.Diff([]domain.Notice{{Channel: code.Email, Outcome: code.NoticeSent}, {Channel: code.SMS, Outcome: code.NoticeSent}}, r.standing(1).Notices); d != "" {
		t.Error(d)
	}
	_, err := r.LetGo(t.Context(), codes[len(codes)-1], destroyed)
	r.must(err)
	if d := cmp.Diff([][2]string{answered, {"stop_contact", "answered"}}, r.states()); d != "" {
		t.Error(d)
	}
	if err := invite("inviteAgain/2", Invite{}); !errors.Is(err, domain.ErrNobodyToInvite) {
		t.Errorf("it said so: %v", err)
	}
}

// What is still to be said, 21 days after, is out of time for a code, and nobody sends a
// new one. A mailbox that refused is seen as well.
func TestTheSenderSeesThatACodeToLetGoIsOver(t *testing.T) {
	t.Parallel()
	r, mail := ending(t)
	mail.fails = notify.ErrRefused
	r.must(r.OnRecalled(r.next(), referralv1.Recalled{Loop: ended}))
	_, inv := r.letting()
	r.must(r.OnInvitationWanted(r.next(), inv.InvitationWanted))
	if d := cmp.Diff([]domain.Notice{{Channel: code.Email, Outcome: code.NoticeRefused}, {Channel: code.SMS, Outcome: code.NoticeSent}}, r.standing(1).Notices); d != "" {
		t.Error(d)
	}
	r.now = r.now.AddDate(0, 0, 21)
	if d := cmp.Diff([][2]string{{"invitation", "answered"}, {"stop_contact", "over"}}, r.states()); d != "" {
		t.Error(d)
	}
}

func (r *room) standing(n int) domain.Standing {
	r.t.Helper()
	all, err := r.Standings(r.t.Context(), desk, "ref_1")
	r.must(err)
	return all.Items[n]
}
