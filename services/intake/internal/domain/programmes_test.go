package domain

import (
	"errors"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// A case is opened under a programme that is installed for its country, through a door that it
// uses. Everything else is refused by name.
func TestACaseIsOpenedUnderAProgramme(t *testing.T) {
	court := made(func(f *programme.Fields) { f.Channels.Is = []code.Channel{code.Court} })
	for name, c := range map[string]struct {
		rules Rules
		cmd   Open
		want  error
	}{
		"installed":             {basis, Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala"}, nil},
		"not installed":         {basis, Open{Channel: code.Hotline, Country: "GT", Programme: "rainbow"}, programme.ErrUnknown},
		"of another country":    {basis, Open{Channel: code.Hotline, Country: "KG", Programme: "csc-guatemala"}, programme.ErrUnknown},
		"a door in use":         {court, Open{Channel: code.Court, Country: "GT", Programme: "csc-guatemala"}, nil},
		"a door not in use":     {court, Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala"}, programme.ErrChannel},
		"nothing is installed":  {Rules{}, Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala"}, programme.ErrUnknown},
		"no door of the lists":  {basis, Open{Channel: "window", Country: "GT", Programme: "csc-guatemala"}, ErrUnknownCode},
		"no slug for programme": {basis, Open{Channel: code.Hotline, Country: "GT", Programme: "Rainbow!"}, ErrSlug},
	} {
		events, err := Within(c.rules)(Case{}, (&desk{now: noon}).by(), c.cmd)
		if !errors.Is(err, c.want) || (err == nil) != (len(events) == 1) {
			t.Errorf("%s: %d events, %v, want %v", name, len(events), err, c.want)
		}
	}
}

// A service that the programme does not use is asked of nobody; a case is closed for a reason that
// it uses, and always when she asks for it.
func TestWhatAProgrammeUses(t *testing.T) {
	few := made(func(f *programme.Fields) {
		f.Services.Is = programme.Services{code.HealthMedical: nil}
		f.Reasons.Is.Close = map[code.CloseReason]programme.Words{code.CloseNeedsMet: nil}
	})
	d := agreeing(t, Opening{}, code.HealthMedical, code.Food)
	for s, want := range map[code.Service]error{code.HealthMedical: nil, code.Food: programme.ErrService} {
		if _, err := d.state.RequestServices(d.by(), alone(s, code.Standard), few); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", s, err, want)
		}
	}
	for reason, want := range map[code.CloseReason]error{code.CloseNeedsMet: nil, code.CloseRequested: nil, code.CloseLeftArea: programme.ErrReason} {
		if _, err := Closing(few)(d.state, d.by(), Close{Reason: reason}, Led{Hands: hands(d.state, true)}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", reason, err, want)
		}
	}
}
