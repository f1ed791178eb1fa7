package domain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
)

// helped is a desk whose survivor has a lawyer and a clinic, who both took their referral.
func helped(t tb) (d *desk, lawyers, clinics string) {
	t.Helper()
	d = open(t, everything())
	for _, to := range []struct {
		agency  string
		service code.Service
	}{{legal, code.LegalAssistance}, {clinic, code.ForensicExam}} {
		cmd := yes(to.agency, to.service)
		cmd.Categories = code.Categories
		d.must(t)(do(d, plain(Case.GiveConsent), cmd))
		d.must(t)(do(d, plain(Case.RequestServices), please(ask(to.agency, to.service))))
		d.must(t)(do(d, news[code.Accepted], d.loop(d.state.Referrals[len(d.state.Referrals)-1].ID)))
	}
	return d, d.state.Referrals[0].ID, d.state.Referrals[1].ID
}

// from is a person of an agency who acts now, for whom a referral is.
func (d *desk) from(agency string) (fact.By, work.Hands) {
	by := d.by()
	by.Agency, by.Principal = agency, "worker-of-"+agency
	return by, work.Hands{Act: look.Made(true)}
}

func asksOnward(d *desk, agency, referral string, cmd AskOnward) ([]fact.Event, error) {
	by, hands := d.from(agency)
	events, err := d.state.AskOnward(by, referral, cmd, hands, basis)
	d.commit(events)
	return events, err
}

func shareOf(t tb, d *desk, agency, referral string) (Share, bool) {
	t.Helper()
	by, hands := d.from(agency)
	p, ok, err := d.state.Share(by, referral, hands, basis)
	if err != nil {
		t.Fatalf("%s: %v", agency, err)
	}
	return p, ok
}

func doctor(urgency code.Urgency) AskOnward {
	return AskOnward{Service: code.HealthMedical, Urgency: urgency, Agreed: code.Oral, Words: "her back hurts"}
}

// Over random plans an agency sees the steps that name its referral, each and no other, and
// no goal; and what it sees is the same whether or not anything else was planned.
func TestEachAgencySeesItsOwnShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, lawyers, clinics := helped(t)
		alone, _, _ := helped(t)
		for _, one := range []*desk{d, alone} {
			one.must(t)(do(one, Case.SetGoal, SetGoal{Area: code.GoalSafety, Words: "secret goal"}))
		}
		var own []string
		for n := range rapid.IntRange(0, 8).Draw(t, "steps") {
			step := SetStep{Goal: d.state.ActionPlan.Goals[0].ID, What: fmt.Sprintf("secret %d", n)}
			switch step.Who = rapid.SampledFrom(code.StepDoers).Draw(t, "who"); {
			case step.Who != code.DoneByAgency:
			case rapid.Bool().Draw(t, "the lawyer's"):
				step.Referral, step.What = lawyers, fmt.Sprintf("own %d", n)
				own = append(own, step.What)
				alone.must(t)(do(alone, Case.SetStep, SetStep{Goal: alone.state.ActionPlan.Goals[0].ID, Who: step.Who, Referral: alone.state.Referrals[0].ID, What: step.What}))
			default:
				step.Referral = clinics
			}
			d.must(t)(do(d, Case.SetStep, step))
		}
		got, ok := shareOf(t, d, legal, lawyers)
		want, too := shareOf(t, alone, legal, alone.state.Referrals[0].ID)
		if !ok || !too {
			t.Fatal("it is shown nothing")
		}
		var whats []string
		for _, s := range got.Steps {
			whats = append(whats, s.What)
		}
		if diff := cmp.Diff(own, whats); diff != "" {
			t.Fatalf("its steps (-want +got):\n%s", diff)
		}
		plain := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ID" || p.Last().String() == ".Referral" }, cmp.Ignore())
		if diff := cmp.Diff(want, got, plain); diff != "" {
			t.Fatalf("it depends on what others do (-alone +beside):\n%s", diff)
		}
		if strings.Contains(fmt.Sprintf("%+v", got), "secret") {
			t.Fatalf("%+v", got)
		}
		for _, stranger := range []string{clinic, "women-first", agency} {
			if p, ok := shareOf(t, d, stranger, lawyers); ok {
				t.Fatalf("%s sees %+v", stranger, p)
			}
		}
	})
}

// An agency sees its share as long as it may see a packet, and no longer.
func TestAShareIsShownAsAPacketIs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, d *desk, id string)
		want   error
	}{
		"it has the referral": {func(*testing.T, *desk, string) {}, nil},
		"she took her consent back": {func(t *testing.T, d *desk, _ string) {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Recipient: legal, Service: code.LegalAssistance}))
		}, errNothing},
		"her consent ran out": {func(_ *testing.T, d *desk, _ string) { d.now = noon.AddDate(0, 2, 0) }, errNothing},
		"she must not meet it": {func(t *testing.T, d *desk, _ string) {
			d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Correction, Opening: Opening{Blocks: &Blocks{Agencies: []string{legal}}}}))
		}, errNothing},
		"it ended": {func(t *testing.T, d *desk, id string) { d.must(t)(do(d, news[code.Completed], d.loop(id))) }, errNothing},
		"another person has it": {func(_ *testing.T, d *desk, id string) {
			i := find(d.state.Referrals, id)
			d.state.Referrals = slices.Clone(d.state.Referrals)
			d.state.Referrals[i].Hand.Agency, d.state.Referrals[i].Hand.Worker = legal, "worker-1"
		}, work.ErrNotTheWorker},
	} {
		t.Run(name, func(t *testing.T) {
			d, id, _ := helped(t)
			c.change(t, d, id)
			by, hands := d.from(legal)
			_, ok, err := d.state.Share(by, id, hands, basis)
			events, looked := d.state.LookAtShare(by, id, hands, basis)
			switch {
			case c.want == nil && (!ok || err != nil || len(events) != 1):
				t.Errorf("%v %v %v", ok, err, events)
			case errors.Is(c.want, errNothing) && (ok || err != nil || len(events) > 0):
				t.Errorf("%v %v %v", ok, err, events)
			case errors.Is(c.want, work.ErrNotTheWorker) && (err == nil || looked == nil || len(events) > 0):
				t.Errorf("%v %v %v", ok, err, events)
			}
		})
	}
	d, id := referred(t, code.Categories...)
	by, hands := d.from(legal)
	_, _, err := d.state.Share(by, id, hands, basis)
	refused(t, nil, err, ErrTooEarly)
}

var errNothing = errors.New("nothing is shown")

// What she told is told once: an agency learns the topics that she lets be passed on, of the
// kinds of data that it is shown, and no time, no agency and no order of telling.
func TestWhatSheToldIsPassedOnAsSheDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, id, _ := helped(t)
		may := map[code.Topic]code.YesNo{}
		for range rapid.IntRange(0, 12).Draw(t, "times") {
			cmd := TellTopic{
				Topic: rapid.SampledFrom(code.Topics).Draw(t, "topic"), PassOn: rapid.SampledFrom(code.YesNos).Draw(t, "pass on"),
				ToldAt: noon.Add(-time.Duration(rapid.IntRange(0, 99).Draw(t, "hours")) * time.Hour),
			}
			if rapid.Bool().Draw(t, "at the desk") {
				d.must(t)(do(d, Case.TellTopic, cmd))
				may[cmd.Topic] = cmd.PassOn
				continue
			}
			by, hands := d.from(clinic)
			events, err := d.state.TellTopicFor(by, d.state.Referrals[1].ID, cmd, hands, basis)
			d.must(t)(events, err)
			d.commit(events)
			if may[cmd.Topic] != code.No {
				may[cmd.Topic] = cmd.PassOn
			}
		}
		if _, err := disclose(d, legal, id); err != nil {
			t.Fatal(err)
		}
		by, _ := d.from(legal)
		shown, ok := d.state.Shown(by, id, basis)
		if !ok {
			t.Fatal("nothing is shown")
		}
		var want []code.Topic
		for _, topic := range code.Topics {
			if may[topic] == code.Yes && slices.Contains(shown.Categories, topicUnder[topic]) {
				want = append(want, topic)
			}
		}
		if diff := cmp.Diff(want, shown.Packet.Told); diff != "" {
			t.Fatalf("topics (-want +got):\n%s", diff)
		}
		for _, told := range d.state.Topics {
			if strings.Contains(fmt.Sprintf("%+v", told), clinic) {
				t.Fatalf("it says to whom: %+v", told)
			}
		}
		for _, e := range d.history {
			if said := Say(e.Data); strings.HasSuffix(e.Data.EventType(), "topic_told.v1") && said != (Said{}) {
				t.Fatalf("the timeline says %+v", said)
			}
		}
	})
	for _, topic := range code.Topics {
		if topicUnder[topic] == "" {
			t.Errorf("%s belongs to no kind of data", topic)
		}
	}
}

// A service that does not need a kind of data does not learn that there is something to tell.
func TestATopicIsNotPassedOnBeyondTheKindsOfData(t *testing.T) {
	d := open(t, everything())
	cmd := yes("clothes", code.NonFoodItems)
	cmd.Categories = code.Categories
	d.must(t)(do(d, plain(Case.GiveConsent), cmd))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask("clothes", code.NonFoodItems))))
	id := d.state.Referrals[0].ID
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	for _, topic := range code.Topics {
		d.must(t)(do(d, Case.TellTopic, TellTopic{Topic: topic, PassOn: code.Yes}))
	}
	d.must(t)(disclose(d, "clothes", id))
	by, _ := d.from("clothes")
	shown, _ := d.state.Shown(by, id, basis)
	want := []code.Topic{code.TopicDanger, code.TopicChildren, code.TopicMoney, code.TopicDocuments}
	if diff := cmp.Diff(want, shown.Packet.Told); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
	events, err := do(d, Case.TellTopic, TellTopic{Topic: code.TopicDanger, PassOn: code.Yes, ToldAt: d.now.Add(time.Hour)})
	refused(t, events, err, ErrTopic, "/told_at")
}
