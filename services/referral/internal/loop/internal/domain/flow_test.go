package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
)

func TestStageOfEachStatus(t *testing.T) {
	want := map[code.ReferralStatus]Stage{
		code.Requested: AskedStage, code.Received: AskedStage, code.DenialPending: AskedStage,
		code.Accepted: AnsweredStage, code.Scheduled: AnsweredStage, code.Missed: AnsweredStage,
		code.InService: InServiceStage, code.CancellationRequested: AnsweredStage, // as it was before
		code.Completed: FinishedStage, code.Cancelled: FinishedStage, code.Withdrawn: FinishedStage, code.Lapsed: FinishedStage,
		code.Declined: UnmetStage, code.Expired: UnmetStage,
		code.Rerouted: NoStage, code.EnteredInError: NoStage,
	}
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		if got := r.Stage(); got != want[s] {
			t.Errorf("%s is at stage %d, want %d", s, got, want[s])
		}
		r.OverdueAt = noon
		if got := r.Stage() == OverdueStage; got != r.awaitsAnswer() {
			t.Errorf("%s, late: stage %d", s, r.Stage())
		}
	}
	if (Referral{}).Stage() != NoStage {
		t.Error("what does not exist is somewhere")
	}
}

func TestBands(t *testing.T) {
	for n, want := range map[int]code.FlowBand{
		-1: code.FewerThan11, 0: code.FewerThan11, 1: code.FewerThan11, 10: code.FewerThan11, 11: code.From11To49, 49: code.From11To49,
		50: code.From50To99, 99: code.From50To99, 100: code.From100, 249: code.From100,
		250: code.From250, 499: code.From250, 500: code.From500, 999: code.From500, 1000: code.From1000Up, 1 << 30: code.From1000Up,
	} {
		if got := band(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// Nothing that is shown depends on a number beyond its own band: two networks whose numbers
// lie in the same bands look the same. A total would tell them apart, and so would a row
// that is left out.
func TestWhatIsShownHidesTheNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := Flow{}, Flow{}
		for _, s := range code.Services {
			var a, b [stages]int
			for i := AskedStage; i < stages; i++ {
				a[i] = rapid.IntRange(0, 1200).Draw(t, "n")
				b[i] = sameBand(t, a[i])
			}
			if a != ([stages]int{}) {
				one[s] = &a
			}
			other[s] = &b
		}
		if d := cmp.Diff(one.Rows(), other.Rows()); d != "" {
			t.Fatalf("they differ:\n%s", d)
		}
	})
	if rows := (Flow{}).Rows(); len(rows) != len(code.Services) {
		t.Errorf("%d rows of nothing", len(rows))
	}
}

// sameBand draws another number of the band of n.
func sameBand(t *rapid.T, n int) int {
	low, high := n, n
	for low > 0 && band(low-1) == band(n) {
		low--
	}
	for high < 1200 && band(high+1) == band(n) {
		high++
	}
	return rapid.IntRange(low, high).Draw(t, "same band")
}
