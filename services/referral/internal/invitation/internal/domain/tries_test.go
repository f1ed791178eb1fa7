package domain

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// A guesser who comes back at the end of each lock is right with a chance of less
// than 10^-6 in the longest life of an invitation, also when the sender asks for new
// codes on each day of it.
func TestGuessesStayFewInTheLifeOfAnInvitation(t *testing.T) {
	const life, possible = 21 * 24 * time.Hour, 1 << 40
	guesses := 0
	tried, now := tries{}, noon
	for now.Before(noon.Add(life)) {
		if tried.locked(now) {
			now = tried.lockedUntil()
			continue
		}
		tried = tried.wrong(now)
		guesses++
	}
	if chance := float64(guesses+21*freeTries) / possible; chance >= 1e-8 || guesses > 3788 {
		t.Errorf("%d guesses, right with a chance of %g", guesses, chance)
	}
	if bits := 5 * shortLength; math.Pow(2, float64(bits)) != possible {
		t.Errorf("a typed code has %d bits", bits)
	}
	if 5*longLength < 128 {
		t.Error("a link can be guessed, and nothing limits that")
	}
}

// The lock is shorter than the shortest time for an answer, grows, and has an end.
func TestALockLastsMinutesAndGrows(t *testing.T) {
	tried := tries{}
	for n, want := range []int{0, 0, 0, 0, 1, 2, 4, 8, 8, 8} {
		if tried = tried.wrong(noon); tried.locked(noon) != (want > 0) || want > 0 && !tried.lockedUntil().Equal(noon.Add(time.Duration(want)*time.Minute)) {
			t.Errorf("after %d wrong codes: until %v", n+1, tried.lockedUntil())
		}
	}
	for range 100 {
		tried = tried.wrong(noon)
	}
	if tried.locked(noon.Add(8 * time.Minute)) {
		t.Error("locked for longer than eight minutes")
	}
}

// Somebody who knows the handle types wrong codes all day. The person with the link
// answers at any time; the person who types waits for minutes. Whether a code is right
// does not show while codes are locked.
func TestWrongTriesOfOthersDoNotCostTheRightCode(t *testing.T) {
	inv := invite(t, asked(), codesOf(1), noon)
	wrong, link, short := codesOf(1).short, typed(t, codesOf(1).Link()), typed(t, codesOf(1).Typed())
	wrong.Secret = codesOf(9).short.Secret
	by := func(at time.Time) fact.By { return fact.By{Principal: "invitation", At: at} }
	var left []int
	for minute := range 60 {
		at := noon.Add(time.Duration(minute) * time.Minute)
		events, err := inv.Try(by(at), wrong)
		locked := errors.Is(err, ErrCode)
		if locked != inv.tries.locked(at) || locked == (len(events) > 0) {
			t.Fatalf("minute %d: %v %v", minute, events, err)
		}
		for range 5 - minute { // the first four in one minute
			inv = fold(inv, at, events)
			if len(events) > 0 {
				left = append(left, events[0].Data.(referralv1.InvitationTried).Left)
			}
			events, _ = inv.Try(by(at), wrong)
		}
		inv = fold(inv, at, events)
		if events, err := inv.Try(by(at), link); err != nil || len(events) > 0 {
			t.Fatalf("minute %d: the right link is not heard: %v %v", minute, events, err)
		}
		if _, err := inv.Try(by(at), short); inv.tries.locked(at) != errors.Is(err, ErrCode) {
			t.Fatalf("minute %d: the right typed code: %v", minute, err)
		}
	}
	if len(left) < 5 || left[0] != 4 || left[4] != 0 {
		t.Errorf("left are %v", left)
	}
	if until := inv.tries.lockedUntil(); until.After(noon.Add(68 * time.Minute)) {
		t.Errorf("after an hour it is locked until %v", until)
	}
}

// A record of an earlier release was locked for ever by its fifth wrong code. Now it
// is heard again.
func TestALockOfAnEarlierReleaseEnds(t *testing.T) {
	inv := fold(Invitation{}, noon, fact.With(referralv1.InvitationMade(asked().wanted()), func() Secrets { s := codesOf(1).Secrets(InvitationID("ref_1", counsel), 0); return s }()))
	for left := 4; left >= 0; left-- {
		inv = fold(inv, noon, fact.Of(referralv1.InvitationTried{Invitation: inv.Invitation, Left: left}))
	}
	if _, err := inv.Try(system(noon), typed(t, codesOf(1).Typed())); !errors.Is(err, ErrCode) {
		t.Errorf("not locked: %v", err)
	}
	if _, err := inv.Try(system(noon.Add(time.Minute)), typed(t, codesOf(1).Typed())); err != nil {
		t.Errorf("locked for ever: %v", err)
	}
	if err := inv.Reaches(look.Made(Channels{Agency: counsel, turn: 1, since: noon.Add(-1)})); err != nil {
		t.Errorf("its channels are those of before: %v", err)
	}
	if err := inv.Reaches(look.Made(Channels{Agency: counsel, turn: 2, since: noon.Add(1)})); !errors.Is(err, ErrCode) {
		t.Errorf("its channels are others: %v", err)
	}
}
