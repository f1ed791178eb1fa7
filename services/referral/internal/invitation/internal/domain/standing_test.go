package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// set sets the channels of the agency.
func set(t interface{ Fatal(...any) }, c Channels, channels ...Channel) Channels {
	events, err := c.Set(focalPoint, SetChannels{Agency: counsel, Language: code.English, Channels: channels}, registered("GT"))
	if err != nil {
		t.Fatal(err)
	}
	return fold(c, noon, events)
}

var (
	first  = Channel{code.Email, "a@b.test"}
	second = Channel{code.Email, "c@d.test"}
)

// Random settings of an agency's channels between random drawings and renewals, some
// of which looked long ago: a code opens nothing unless it was told to the channels
// that there are, and what still waits can always be told.
func TestCodesEndWithTheirChannel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ask := look.Made(asked())
		channels := set(t, Channels{}, first)
		seen := []Channels{channels}
		inv := Invitation{}
		toldTo := map[string]Channels{} // by link
		ended := map[string]bool{}
		wants := []int{0}
		for n := range byte(rapid.IntRange(1, 20).Draw(t, "steps")) {
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				channels = set(t, channels, rapid.SampledFrom([][]Channel{nil, {first}, {second}, {first, second}}).Draw(t, "channels")...)
				seen = append(seen, channels)
				events, _ := inv.Again(system(noon), ask, look.Made(channels))
				inv = fold(inv, noon, events)
			case 1:
				events, _ := inv.Renew(system(noon), ask)
				inv = fold(inv, noon, events)
				for link := range toldTo {
					ended[link] = len(events) > 0
				}
			default:
				codes, of := codesOf(n+1), rapid.SampledFrom(seen).Draw(t, "look")
				events, err := inv.Make(system(noon), ask, rapid.SampledFrom(wants).Draw(t, "want"), codes.Secrets(InvitationID("ref_1", counsel), of.Turn()))
				if err != nil {
					t.Fatal(err)
				}
				if inv = fold(inv, noon, events); len(events) > 0 {
					toldTo[codes.Link()], ended[codes.Link()] = of, false
				}
			}
			wants = append(wants, inv.Wants())
			holds := 0
			for link, of := range toldTo {
				_, err := inv.Try(system(noon), typed(t, link))
				if err == nil {
					err = inv.Reaches(look.Made(channels))
				}
				if err == nil {
					holds++
				}
				if err == nil && ended[link] {
					t.Fatal("a code opens that the sender replaced")
				}
				if err == nil && of.Turn() != channels.Turn() {
					t.Fatalf("a code opens that was told to %v, and now there are %v", of.All(), channels.All())
				}
			}
			if holds > 1 {
				t.Fatal("two codes hold")
			}
			if len(channels.All()) > 0 {
				// A delivery that looks now tells every channel that was not told.
				events, _ := inv.Make(system(noon), ask, inv.Wants(), codesOf(99).Secrets(InvitationID("ref_1", counsel), channels.Turn()))
				if told := fold(inv, noon, events); !errors.Is(told.Reaches(look.Made(channels)), nil) || told.Told(channels, 0) {
					t.Fatal("what waits cannot be told to the channels that there are")
				}
			}
		}
	})
}

// New codes are for channels that became others, and leave those alone that did not.
func TestAgainIsForOtherChannels(t *testing.T) {
	mail := set(t, Channels{}, first)
	same, other := set(t, mail, first), set(t, mail, second)
	inv := invite(t, asked(), codesOf(1), noon) // to turn 1
	answered := fold(inv, noon, fact.Of(referralv1.InvitationUsed{Invitation: inv.Invitation, Answer: code.Accept}))
	queued, silent := asked(), asked()
	queued.Queued, silent.Until = true, time.Time{}
	for name, c := range map[string]struct {
		inv      Invitation
		ask      Ask
		channels Channels
		want     int
	}{
		"the same channels":            {inv, asked(), same, 0},
		"others":                       {inv, asked(), other, 1},
		"the first ones":               {Invitation{}, asked(), mail, 1},
		"others, answered":             {answered, asked(), other, 0},
		"others, nothing awaited":      {inv, silent, other, 0},
		"the first ones, in a queue":   {Invitation{}, queued, mail, 0},
		"wanted, and not drawn so far": {fold(Invitation{}, noon, fact.Of(asked().wanted())), asked(), other, 0},
	} {
		events, err := c.inv.Again(system(noon), look.Made(c.ask), look.Made(c.channels))
		if err != nil || len(events) != c.want {
			t.Errorf("%s: %v %v", name, events, err)
		}
		if after := fold(c.inv, noon, events); c.want > 0 && (after.made() || after.Told(c.channels, 0)) {
			t.Errorf("%s: an old code holds on, or its notice counts", name)
		}
	}
}

func TestTheSenderSeesHowAnInvitationStands(t *testing.T) {
	channels := set(t, Channels{}, first)
	made := invite(t, asked(), codesOf(1), noon)
	note := func(i Invitation, o code.NoticeOutcome) Invitation {
		events, _ := i.Note(system(noon), Notified{Notice: Notice{code.Email, o}, Codes: codesOf(1).Secrets(i.Invitation, 1)})
		return fold(i, noon, events)
	}
	told := note(made, code.NoticeSent)
	locked := told
	for range 5 {
		events, _ := locked.Try(system(noon), Code{codesOf(1).short.Handle, codesOf(9).short.Secret})
		locked = fold(locked, noon, events)
	}
	renewed, _ := locked.Renew(system(noon), look.Made(asked()))
	sent, refused := []Notice{{code.Email, code.NoticeSent}}, []Notice{{code.Email, code.NoticeRefused}}
	silent, letting := asked(), asked()
	silent.Until, letting.Recalled = time.Time{}, noon
	letting.Service, letting.Urgency = "", ""
	stops := fold(Invitation{}, noon, fact.Of(letting.wanted()))
	saidIt := letting
	saidIt.Until = time.Time{}
	later := asked()
	later.Round = 7
	over, _ := made.GiveUp(system(due), look.Made(asked()), 0, code.Email)
	for name, c := range map[string]struct {
		inv      Invitation
		at       time.Time
		channels Channels
		want     Standing
		ask      Ask // where it is another one than of the invitation
	}{
		"made":                        {made, noon, channels, Standing{State: code.InvitationNotTold}, Ask{}},
		"told":                        {told, noon, channels, Standing{State: code.InvitationTold, Notices: sent}, Ask{}},
		"refused":                     {note(made, code.NoticeRefused), noon, channels, Standing{State: code.InvitationNotTold, Notices: refused}, Ask{}},
		"told to a channel that went": {told, noon, set(t, channels, second), Standing{State: code.InvitationNotTold}, Ask{}},
		"locked":                      {locked, noon, channels, Standing{State: code.InvitationLocked, LockedUntil: noon.Add(time.Minute), Notices: sent}, Ask{}},
		"heard again":                 {locked, noon.Add(time.Minute), channels, Standing{State: code.InvitationTold, Notices: sent}, Ask{}},
		"renewed":                     {fold(locked, noon, renewed), noon, channels, Standing{State: code.InvitationNotTold}, Ask{}},
		"answered": {
			fold(told, noon, fact.Of(referralv1.InvitationUsed{Answer: code.Accept})), due, channels,
			Standing{State: code.InvitationAnswered, Notices: sent},
			Ask{},
		},
		"never told": {
			fold(made, due, over), due, channels,
			Standing{State: code.InvitationOver, Notices: []Notice{{code.Email, code.NoticeOutOfTime}}},
			Ask{},
		},
		"answered without a code":  {told, noon, channels, Standing{State: code.InvitationOver, Notices: sent}, silent},
		"of a round before":        {told, noon, channels, Standing{State: code.InvitationOver, Notices: sent}, later},
		"copies, asked for":        {stops, noon, channels, Standing{Kind: code.StopContact, State: code.InvitationNotTold}, letting},
		"copies, said":             {stops, noon, channels, Standing{Kind: code.StopContact, State: code.InvitationAnswered}, saidIt},
		"copies, out of time":      {stops, due, channels, Standing{Kind: code.StopContact, State: code.InvitationOver}, letting},
		"copies of another recall": {stops, noon, channels, Standing{Kind: code.StopContact, State: code.InvitationOver}, asked()},
	} {
		c.want.Agency, c.want.Expires = counsel, due
		if c.want.Notices == nil {
			c.want.Notices = []Notice{}
		}
		if c.want.Kind == "" {
			c.want.Kind = code.InvitationNotice
		}
		if c.ask.Agency == "" {
			c.ask = asked()
		}
		if d := cmp.Diff(c.want, c.inv.Standing(c.at, c.ask, c.channels)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// A notice is given up when its time is over and nobody answered: once.
func TestANoticeIsGivenUpOnce(t *testing.T) {
	inv := invite(t, asked(), codesOf(1), noon)
	silent := asked()
	silent.Until = time.Time{}
	used := fold(inv, noon, fact.Of(referralv1.InvitationUsed{Answer: code.Accept}))
	for name, c := range map[string]struct {
		inv  Invitation
		ask  Ask
		at   time.Time
		want int
	}{
		"over":             {inv, asked(), due, 1},
		"not over":         {inv, asked(), due.Add(-1), 0},
		"answered by code": {used, asked(), due, 0},
		"answered else":    {inv, silent, due, 0},
		"of nobody":        {Invitation{}, asked(), due, 0},
		"only wanted":      {fold(Invitation{}, noon, fact.Of(asked().wanted())), asked(), due, 1},
		"ended by itself":  {fold(inv, due, fact.Of(referralv1.InvitationEnded{Invitation: inv.Invitation})), asked(), due, 1},
	} {
		events, err := c.inv.GiveUp(system(c.at), look.Made(c.ask), 2, code.SMS)
		if err != nil || len(events) != c.want {
			t.Errorf("%s: %v %v", name, events, err)
		}
		if again, _ := fold(c.inv, c.at, events).GiveUp(system(c.at), look.Made(c.ask), 2, code.SMS); len(events) > 0 && len(again) > 0 {
			t.Errorf("%s: twice", name)
		}
	}
}
