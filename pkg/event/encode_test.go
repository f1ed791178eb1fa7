package event_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
)

// measured is of a type that can hold what JSON cannot.
type measured struct {
	Text  string          `json:"text"`
	Value float64         `json:"value"`
	At    time.Time       `json:"at"`
	Raw   json.RawMessage `json:"raw,omitempty"`
}

func (measured) EventType() string { return "test.measured.v1" }

// lossy keeps a field to itself.
type lossy struct {
	Service code.Service `json:"service"`
	Again   changing     `json:"again"`
}

func (lossy) EventType() string { return "test.lossy.v1" }

// changing is another each time it is written.
type changing struct{ n int }

func (c changing) MarshalJSON() ([]byte, error)     { return json.Marshal(c.n + 1) }
func (c *changing) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &c.n) }

// poser has the name of an event and is another type.
type poser struct{}

func (poser) EventType() string { return "referral.started.v1" }

type stranger struct{}

func (stranger) EventType() string { return "test.stranger.v1" }

func catalogueOf() event.Catalogue {
	return event.NewCatalogue(
		event.Private[intakev1.CaseOpened, contact](), event.Type[referralv1.Started](),
		event.Private[measured, measured](), event.Type[lossy](),
	)
}

// What could not be given back is not taken: nothing of it is echoed, and the
// error says what is wrong with which type.
func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	known := catalogueOf()
	known.Know(event.Type[referralv1.Completed]())
	opened := intakev1.CaseOpened{Case: "case_1", Agency: "alpha", Channel: code.Hotline}
	started := referralv1.Started{Loop: referralv1.Loop{Referral: "ref_1", Service: code.Police}}
	var missing *referralv1.Started
	for name, c := range map[string]struct {
		e    fact.Event
		says string
		// back says that only reading back shows it.
		back bool
	}{
		"nothing":                     {fact.Event{}, "is no value", false},
		"a pointer":                   {fact.Event{Data: &started}, "is no value", false},
		"a pointer to nothing":        {fact.Event{Data: missing}, "is no value", false},
		"an unknown type":             {fact.Event{Data: stranger{}}, "unknown type test.stranger.v1", false},
		"another service's":           {fact.Event{Data: referralv1.Completed{Loop: started.Loop}}, "is another service's", false},
		"another type of that name":   {fact.Event{Data: poser{}}, "is not of the type", false},
		"an undeclared half":          {fact.Event{Data: started, Private: contact{"canary"}}, "where none is declared", false},
		"a half of another type":      {fact.Event{Data: opened, Private: map[string]string{"name": "canary"}}, "of another type", false},
		"a pointer for a half":        {fact.Event{Data: opened, Private: &contact{"canary"}}, "of another type", false},
		"no number":                   {fact.Event{Data: measured{Value: math.NaN()}}, "does not encode", false},
		"no number in the half":       {fact.Event{Data: measured{}, Private: measured{Value: math.Inf(1)}}, "half that does not encode", false},
		"a year without four digits":  {fact.Event{Data: measured{At: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}}, "does not encode", false},
		"half a document":             {fact.Event{Data: measured{Raw: json.RawMessage(`{"canary`)}}, "does not encode", false},
		"no UTF-8":                    {fact.Event{Data: measured{Text: "canary\xff"}}, "read back", false},
		"no UTF-8 in the half":        {fact.Event{Data: opened, Private: contact{"canary\xc3"}}, "read back", false},
		"no code":                     {fact.Event{Data: referralv1.Started{Loop: referralv1.Loop{Referral: "ref_1"}}}, "read back", true},
		"a code that is on no list":   {fact.Event{Data: referralv1.Started{Loop: referralv1.Loop{Referral: "ref_1", Service: "canary"}}}, "read back", true},
		"what is written differently": {fact.Event{Data: lossy{Service: code.Police}}, "read back", true},
	} {
		for _, catalogue := range []event.Catalogue{known, known.ReadingBack()} {
			r, err := catalogue.Encode(c.e)
			if c.back && err == nil {
				c.back = false // the next one reads back
				continue
			}
			var unknown *event.UnknownError
			var unrecordable *event.UnrecordableError
			switch {
			case err == nil || r.Type != "":
				t.Errorf("%s: recorded as %s", name, r.Data)
			case !errors.As(err, &unknown) && !errors.As(err, &unrecordable):
				t.Errorf("%s: %T", name, err)
			case !strings.Contains(err.Error(), c.says):
				t.Errorf("%s: %v, and not that it %s", name, err, c.says)
			case strings.Contains(err.Error(), "canary"):
				t.Errorf("%s: the error echoes a value", name)
			}
		}
	}
}

// What is taken is given back, whatever text it holds; and text that is no UTF-8
// is not taken, also where nothing else is read back.
func TestEncodedIsGivenBack(t *testing.T) {
	t.Parallel()
	known := catalogueOf()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.SampledFrom([]string{`\ufffd`, "\ufffd", `\\ufffd`, "a\ufffd\xff", "<&>\u2028"}),
		).Draw(t, "text")
		e := fact.Event{Data: measured{Text: text}, Private: measured{Text: text}}
		for _, catalogue := range []event.Catalogue{known, known.ReadingBack()} {
			r, err := catalogue.Encode(e)
			if strings.ToValidUTF8(text, "") != text {
				if err == nil {
					t.Fatalf("%q is recorded as %s", text, r.Data)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			got, err := catalogue.Decode(r, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e, got); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}
