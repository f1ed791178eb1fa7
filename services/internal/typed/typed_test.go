package typed_test

import (
	"testing"

	"github.com/sanad-network/sanad/services/internal/typed"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		written, want string
		ok            bool
	}{
		{"7KQ2-M9XT", "7kq2m9xt", true},
		{" 7kq2 m9xt ", "7kq2m9xt", true},
		{"OIl0", "0110", true},
		{"٧kq٢", "7kq2", true},
		{"7kq2\u200b", "7kq2", true},
		{"", "", false},
		{"u", "u", false},
		{"7kq2!", "7kq2!", false},
	} {
		if got, ok := typed.Read(tt.written); got != tt.want || ok != tt.ok {
			t.Errorf("Read(%q) = %q, %v", tt.written, got, ok)
		}
	}
}

// What is shown is read as what was made.
func TestShown(t *testing.T) {
	code := typed.Letters([]byte{0xff, 0x00, 0x81, 0x7e, 0x55})
	if got := typed.Shown(code); len(got) != 9 || got[4] != '-' {
		t.Errorf("shown as %q", got)
	}
	if got, ok := typed.Read(typed.Shown(code)); !ok || got != code {
		t.Errorf("%q is read as %q", code, got)
	}
}
