package app

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
)

// channel hands letters to a test, or fails as the test says.
type channel struct {
	fails   error
	letters []notify.Letter
	// before is called before each letter.
	before func()
}

func (c *channel) Send(_ context.Context, l notify.Letter) error {
	if c.before != nil {
		c.before()
	}
	if c.fails == nil {
		c.letters = append(c.letters, l)
	}
	return c.fails
}

var linked = regexp.MustCompile(`#([0-9a-z]+)`)

// codes are the links in the letters.
func (c *channel) codes() (all []string) {
	for _, l := range c.letters {
		all = append(all, linked.FindStringSubmatch(l.Body)[1])
	}
	return all
}

// told is a room whose clinic has an e-mail address and a telephone.
func told(t *testing.T) (r *room, mail, phone *channel) {
	t.Helper()
	mail, phone = &channel{}, &channel{}
	r = open(t, map[code.NoticeChannel]notify.Sender{code.Email: mail, code.SMS: phone})
	r.set("a@clinic.test", "+999005550100")
	return r, mail, phone
}

func (r *room) set(mail, phone string) {
	r.t.Helper()
	cmd := domain.SetChannels{Agency: "clinic", Language: code.English, Channels: []domain.Channel{{Kind: code.Email, Address: mail}, {Kind: code.SMS, Address: phone}}}
	_, err := r.Channels.Execute(r.next(), "clinic", func(c domain.Channels, by fact.By) ([]fact.Event, error) {
		return c.Set(fact.By{Agency: "clinic", At: by.At}, cmd, domain.Home{})
	})
	r.must(err)
}

// asks is a request to the clinic, whose invitation is then wanted.
func (r *room) asks(referral string) referralv1.InvitationWanted {
	r.t.Helper()
	e := intakev1.ServiceRequested{
		Case: "case_1", Referral: referral, Sender: "front-desk", Recipient: "clinic", Service: code.LegalAssistance, Urgency: code.Emergency,
		Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: now.AddDate(0, 3, 0),
	}
	r.listen(e)
	r.must(r.OnServiceRequested(r.next(), e))
	return r.invitation(referral).InvitationWanted
}

func (r *room) invitation(referral string) domain.Invitation {
	r.t.Helper()
	inv, err := r.Invitations.Invitations.Fresh(r.t.Context(), domain.InvitationID(referral, "clinic"))
	r.must(err)
	return inv.Value()
}

// stands is how the invitation stands for the sender.
func (r *room) stands(referral string) domain.Standing {
	r.t.Helper()
	all, err := r.Standings(r.t.Context(), fact.By{Agency: "front-desk", At: r.now}, referral)
	r.must(err)
	if len(all.Items) != 1 {
		r.t.Fatalf("%d invitations", len(all.Items))
	}
	return all.Items[0]
}

// The mailbox takes nothing now. The telephone is told at once, and once; the mailbox
// when it takes something again, the same codes.
func TestOneChannelDelaysNoOther(t *testing.T) {
	r, mail, phone := told(t)
	wanted := r.asks("ref_1")
	mail.fails = notify.ErrDelayed
	if err := r.OnInvitationWanted(r.next(), wanted); fault.Of(err).Kind != fault.RateLimited {
		t.Fatalf("it does not come again, or calls somebody: %v", err)
	}
	if len(phone.letters) != 1 || len(mail.letters) != 0 {
		t.Fatalf("%d SMS and %d e-mails", len(phone.letters), len(mail.letters))
	}
	if s := r.stands("ref_1"); s.State != code.InvitationTold {
		t.Errorf("it stands as %+v", s)
	}
	mail.fails = nil
	r.now = r.now.Add(time.Minute)
	r.must(r.OnInvitationWanted(r.next(), wanted))
	r.must(r.OnInvitationWanted(r.next(), wanted)) // and once more: told is told
	if len(phone.letters) != 1 || len(mail.letters) != 1 {
		t.Errorf("%d SMS and %d e-mails", len(phone.letters), len(mail.letters))
	}
	want := []domain.Notice{{Channel: code.Email, Outcome: code.NoticeSent}, {Channel: code.SMS, Outcome: code.NoticeSent}}
	if d := cmp.Diff(want, r.stands("ref_1").Notices); d != "" {
		t.Error(d)
	}
	if _, err := r.Open(t.Context(), r.now, mail.codes()[0]); err != nil {
		t.Errorf("its code: %v", err)
	}
}

// What was not delivered before the time for the answer was over is noted and counted,
// once. What needed no notice any more, because it was answered, is not.
func TestANoticeThatNobodyGotIsCountedOnce(t *testing.T) {
	r, mail, phone := told(t)
	lost, answered := r.asks("ref_1"), r.asks("ref_2")
	mail.fails, phone.fails = errors.New("away"), notify.ErrRefused
	for _, wanted := range []referralv1.InvitationWanted{lost, answered} {
		if err := r.OnInvitationWanted(r.next(), wanted); fault.Of(err).Kind != fault.Unavailable {
			t.Fatal(err)
		}
	}
	clinic := fact.By{Principal: "p", Agency: "clinic", At: r.now}
	r.must(r.Loop.Answer(record.With(t.Context(), record.Command{Op: "accept", By: clinic, Cause: "accept/1"}), "ref_2", 0, clinic, code.Accept, ""))
	r.now = lost.Expires
	for range 3 {
		r.must(r.OnInvitationWanted(r.next(), lost))
		r.must(r.OnInvitationWanted(r.next(), answered))
	}
	want := domain.Standing{
		Agency: "clinic", Kind: code.InvitationNotice, State: code.InvitationOver, Expires: lost.Expires,
		Notices: []domain.Notice{{Channel: code.Email, Outcome: code.NoticeOutOfTime}, {Channel: code.SMS, Outcome: code.NoticeRefused}},
	}
	if d := cmp.Diff(want, r.stands("ref_1")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	families, err := r.notices.Gather()
	r.must(err)
	counted := map[string]float64{}
	for _, m := range families[0].GetMetric() {
		counted[m.GetLabel()[0].GetValue()+" "+m.GetLabel()[2].GetValue()] += m.GetCounter().GetValue()
	}
	if counted["email out_of_time"] != 1 || counted["sms out_of_time"] != 0 || counted["sms refused"] != 2 {
		t.Errorf("counted %v", counted)
	}
}

// The channels become others at the worst instants: while a letter is under way, and
// after the codes were made for the old ones. Whatever is told to an old address opens
// nothing, and the new one is told.
func TestChannelsThatChangeWhileTheyAreTold(t *testing.T) {
	r, mail, phone := told(t)
	wanted := r.asks("ref_1")
	changed := false
	mail.before = func() {
		if changed {
			return
		}
		changed = true
		r.set("b@clinic.test", "+999005550199")
		r.must(r.OnAgencyChannelsSet(r.next(), referralv1.AgencyChannelsSet{Agency: "clinic"}))
	}
	r.must(r.OnInvitationWanted(r.next(), wanted))
	old := mail.codes()[0]
	if _, err := r.Open(t.Context(), r.now, old); !errors.Is(err, domain.ErrCode) {
		t.Errorf("the code that the old address has: %v", err)
	}
	if s := r.stands("ref_1"); s.State != code.InvitationNotTold {
		t.Errorf("before the new address is told it stands as %+v", s)
	}
	r.must(r.OnInvitationWanted(r.next(), wanted)) // the second one, which the change made
	if last := mail.letters[len(mail.letters)-1]; last.To != "b@clinic.test" || phone.letters[len(phone.letters)-1].To != "+999005550199" {
		t.Errorf("the last letters are for %s and %s", last.To, phone.letters[len(phone.letters)-1].To)
	}
	if s := r.stands("ref_1"); s.State != code.InvitationTold {
		t.Errorf("it stands as %+v", s)
	}
	codes := mail.codes()
	if _, err := r.Open(t.Context(), r.now, codes[len(codes)-1]); err != nil || slices.Contains(codes[:len(codes)-1], codes[len(codes)-1]) {
		t.Errorf("the code that the new address has: %v", err)
	}
	// The same channels again, and another language, end nothing.
	r.must(r.OnAgencyChannelsSet(r.next(), referralv1.AgencyChannelsSet{Agency: "clinic"}))
	if _, err := r.Open(t.Context(), r.now, codes[len(codes)-1]); err != nil {
		t.Errorf("its code, after nothing changed: %v", err)
	}
}

// A number is replaced. What the old one was told opens and answers nothing from that
// instant on, before anybody has heard of the change.
func TestACodeEndsAtTheInstantAtWhichItsChannelGoes(t *testing.T) {
	r, mail, _ := told(t)
	r.must(r.OnInvitationWanted(r.next(), r.asks("ref_1")))
	r.set("a@clinic.test", "+999005550199")
	r.says("told to a number that went", mail.codes()[0], domain.ErrCode)
	if s := r.status("ref_1"); s != code.Requested {
		t.Errorf("the referral is %s", s)
	}
}

// A look at the channels that is older than the codes decides nothing: between it and
// the codes they became others.
func TestNothingIsToldThatWasLookedUpBeforeTheCodes(t *testing.T) {
	r, mail, _ := told(t)
	wanted := r.asks("ref_1")
	steady := r.Loop
	r.Loop = turning{steady, func() { r.set("b@clinic.test", "+999005550199") }}
	if err := r.OnInvitationWanted(r.next(), wanted); !errors.Is(err, record.ErrContended) || len(mail.letters) > 0 {
		t.Fatalf("told %v: %v", mail.letters, err)
	}
	r.Loop = steady
	r.must(r.OnInvitationWanted(r.next(), wanted))
	if len(mail.letters) != 1 || mail.letters[0].To != "b@clinic.test" {
		t.Errorf("told %v", mail.letters)
	}
}

// turning does something at each look at a referral.
type turning struct {
	Loop
	do func()
}

func (l turning) Asks(ctx context.Context, referral string) (look.Fresh[[]loop.Ask], error) {
	l.do()
	return l.Loop.Asks(ctx, referral)
}

// An agency gets its first channels while something waits for it: that is told.
func TestWhatWaitsIsToldToTheFirstChannels(t *testing.T) {
	mail := &channel{}
	r := open(t, map[code.NoticeChannel]notify.Sender{code.Email: mail})
	if wanted := r.asks("ref_1"); wanted.Invitation != "" {
		t.Fatal("an agency without channels is invited")
	}
	r.set("a@clinic.test", "+999005550100")
	r.must(r.OnAgencyChannelsSet(r.next(), referralv1.AgencyChannelsSet{Agency: "clinic"}))
	r.must(r.OnInvitationWanted(r.next(), r.invitation("ref_1").InvitationWanted))
	if len(mail.letters) != 1 {
		t.Fatalf("%d letters", len(mail.letters))
	}
	if _, err := r.Answer(t.Context(), mail.codes()[0], domain.Reply{Answer: code.Accept}); err != nil {
		t.Error(err)
	}
}

// New codes of the sender replace those that are still being told, and a second
// delivery of the first request does not bring back the first codes.
func TestNewCodesReplaceThoseThatAreBeingTold(t *testing.T) {
	r, mail, phone := told(t)
	wanted := r.asks("ref_1")
	phone.fails = notify.ErrDelayed
	if err := r.OnInvitationWanted(r.next(), wanted); err == nil {
		t.Fatal("all is told")
	}
	by := fact.By{Principal: "p", Agency: "front-desk", At: r.now}
	if _, err := r.Invite(record.With(t.Context(), record.Command{Op: "inviteAgain", By: by, Cause: "inviteAgain/1"}), by, "ref_1", Invite{}); err != nil {
		t.Fatal(err)
	}
	phone.fails = nil
	r.now = r.now.Add(time.Minute)
	r.must(r.OnInvitationWanted(r.next(), wanted))
	r.must(r.OnInvitationWanted(r.next(), wanted))
	codes := mail.codes()
	if len(codes) != 2 || len(phone.letters) != 1 {
		t.Fatalf("%d e-mails and %d SMS", len(codes), len(phone.letters))
	}
	if _, err := r.Open(t.Context(), r.now, codes[0]); !errors.Is(err, domain.ErrCode) {
		t.Errorf("the first code: %v", err)
	}
	if _, err := r.Open(t.Context(), r.now, codes[1]); err != nil {
		t.Errorf("the second code: %v", err)
	}
}
