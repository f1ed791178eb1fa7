package kit_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/kit"
	"github.com/sanad-network/sanad/services/internal/typed"
)

var (
	dawn = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	held = 20 * 365 * 24 * time.Hour
	one  = kit.NewCode([kit.NumberEntropy]byte{1, 2, 3}, [kit.SecretEntropy]byte{4, 5, 6})
	by   = fact.By{Principal: "doctor", Agency: "haya-centre", At: dawn, Commit: fact.ID("kit", "one") + "/1"}
)

func made(t *testing.T) kit.Kit {
	t.Helper()
	events, err := kit.Kit{}.Make(by, kit.Make{}, one, held)
	if err != nil {
		t.Fatal(err)
	}
	return fold(kit.Kit{}, events)
}

func fold(k kit.Kit, events []fact.Event) kit.Kit {
	for _, e := range events {
		e.At = dawn
		k = k.Evolve(e)
	}
	return k
}

func TestMake(t *testing.T) {
	k := made(t)
	if !k.Opens(one) || !k.Until.Equal(dawn.Add(held)) || k.Agency != "haya-centre" {
		t.Errorf("%+v", k)
	}
	for until, want := range map[time.Time]error{
		dawn.Add(held / 2):           kit.ErrUntil,
		dawn.Add(held + time.Hour):   nil,
		dawn.Add(-time.Hour):         kit.ErrUntil,
		dawn.AddDate(200, 0, 0):      kit.ErrUntil,
		dawn.Add(held - time.Minute): nil,
	} {
		if _, err := (kit.Kit{}).Make(by, kit.Make{Until: until}, one, held); !errors.Is(err, want) {
			t.Errorf("until %s: %v", until, err)
		}
	}
}

// The secret is neither in the journal nor in what the clinic sees.
func TestTheSecretIsStoredNowhere(t *testing.T) {
	events, err := kit.Kit{}.Make(by, kit.Make{}, one, held)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal([]any{events, made(t).View(by), made(t)})
	if s := strings.ToLower(string(text)); strings.Contains(s, one.Secret) || strings.Contains(s, strings.ToLower(typed.Shown(one.Secret))) {
		t.Error(s)
	}
}

func TestConvert(t *testing.T) {
	k, into := made(t), kit.Conversion{Examination: "exam_1", Case: "case_1"}
	wrong := one
	wrong.Secret = strings.Repeat("0", len(one.Secret))
	events, err := k.Convert(by, into)
	if err != nil || len(events) != 1 {
		t.Fatal(err)
	}
	taken := fold(k, events)
	if events, err := taken.Convert(by, kit.Conversion{Examination: "exam_2"}); err != nil || len(events) > 0 {
		t.Error("converted twice:", events, err)
	}
	for name, c := range map[string]struct {
		k            kit.Kit
		code         kit.Code
		agency, into string
		err          error
	}{
		"a wrong secret":     {k, wrong, "haya-centre", "exam_1", kit.ErrNone},
		"no kit":             {kit.Kit{}, one, "haya-centre", "exam_1", kit.ErrNone},
		"at another clinic":  {k, one, "elsewhere", "exam_1", kit.ErrNone},
		"by who holds it":    {k, one, "haya-centre", "exam_1", nil},
		"again into the one": {taken, one, "haya-centre", "exam_1", nil},
		"into another one":   {taken, one, "haya-centre", "exam_2", kit.ErrTaken},
	} {
		if err := c.k.May(c.code, c.agency, c.into); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	k = taken
	if text, _ := json.Marshal(k.View(by)); strings.Contains(string(text), "exam_1") {
		t.Error("the kits of a clinic say whose one is")
	}
}

func TestStatus(t *testing.T) {
	k := made(t)
	converted := k
	converted.Into.Examination = "exam_1"
	for _, c := range []struct {
		k         kit.Kit
		at        time.Time
		destroyed bool
		want      code.KitStatus
	}{
		{kit.Kit{}, dawn, false, code.KitUnknown},
		{k, dawn, false, code.KitHeld},
		{k, k.Until.Add(-1), false, code.KitHeld},
		{k, k.Until, false, code.KitOver},
		{k, dawn, true, code.KitDestroyed},
		{converted, k.Until, false, code.KitConverted},
	} {
		if got := c.k.Status(c.at, c.destroyed); got != c.want {
			t.Errorf("at %s: %s, not %s", c.at, got, c.want)
		}
	}
}

// A code is read however it is typed, and what no kit can have is none.
func TestReadCode(t *testing.T) {
	if c, ok := kit.ReadCode(typed.Shown(one.Number), strings.ToLower(typed.Shown(one.Secret))); !ok || c != one {
		t.Error(c, ok)
	}
	for _, c := range [][2]string{{one.Number, ""}, {"", one.Secret}, {one.Number + "0", one.Secret}, {one.Number, "!"}} {
		if _, ok := kit.ReadCode(c[0], c[1]); ok {
			t.Errorf("%q was read", c)
		}
	}
}
