package measure

import "testing"

// What the room holds of a referral is a figure of the bench. Here it need only
// be there, and not be off by much: few referrals share the room of the lists.
func TestLive(t *testing.T) {
	m, err := Live(t.Context(), 2_000)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]Bytes{"running": m.Running, "started": m.Started} {
		if b.Open < 1_000 || b.Open > 3_000 || b.Closed < 100 || b.Closed > 600 {
			t.Errorf("%s: %+v", name, b)
		}
	}
}
