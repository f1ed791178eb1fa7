package form

import "testing"

// What stands in a form is read as the same amount again, to the cent; what is none is refused.
func TestAmountsOfMoney(t *testing.T) {
	for text, want := range map[string]int{"0": 0, "25000": 2500000, "25,000.5": 2500050, "0.07": 7, "1 000.99": 100099} {
		got, err := cents("/cents", text)
		if err != nil || got != want {
			t.Errorf("%q is %v, %v; want %d", text, got, err, want)
		}
		if again, err := cents("/cents", Dollars(int64(want))); err != nil || again != want {
			t.Errorf("%d came back as %v, %v", want, again, err)
		}
	}
	for _, text := range []string{"-1", "1.234", "1e3", "ten", ".5", "1.2.3"} {
		if got, err := cents("/cents", text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}
