package form_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// What a person typed, in the types of the contract. A moment is in their zone.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, op, values, want string
	}{
		{"nothing", "startReferral", "", `{}`},
		{"a code", "declineReferral", "/reason=at_capacity", `{"reason":"at_capacity"}`},
		{"empty is left out", "declineReferral", "/reason=", `{}`},
		{"a moment", "scheduleReferral", "/appointment=2026-12-01T09:30", `{"appointment":"2026-12-01T15:30:00Z"}`},
		{"several", "giveConsent", "/categories=identity&/categories=contact", `{"categories":["identity","contact"]}`},
		{"what the command does not have", "declineReferral", "/reason=other&/agency=mine&reason=x", `{"reason":"other"}`},
		{
			"rows", "requestServices", "/requests/0/service=legal_assistance_service&/requests/2/urgency=urgent",
			`{"requests":[{"service":"legal_assistance_service"},{"urgency":"urgent"}]}`,
		},
		{"rows of which there need be none", "setAgencyChannels", "/agency=casa-luz&/channels/0/kind=&/channels/0/address=", `{"agency":"casa-luz","channels":[]}`},
		{"rows that may be left out", "setAgencyChannels", "/channels/0/kind=sms&/duty/0/kind=", `{"channels":[{"kind":"sms"}]}`},
		{"rows without end", "requestServices", "/requests/999999999/urgency=urgent", `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			op, w := operation(t, c.op)
			values, err := url.ParseQuery(c.values)
			if err != nil {
				t.Fatal(err)
			}
			got, err := form.Form{Op: op, Words: w, Values: values}.Read()
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, string(text)); d != "" {
				t.Error(d)
			}
		})
	}
}

// What cannot be read names its field and the rule, and does not repeat what was typed.
func TestReadRefuses(t *testing.T) {
	op, w := operation(t, "scheduleReferral")
	_, err := form.Form{Op: op, Words: w, Values: url.Values{"/appointment": {"tomorrow, at nine"}}}.Read()
	fault, ok := errors.AsType[*form.Fault](err)
	if !ok || fault.Pointer != "/appointment" || strings.Contains(err.Error(), "nine") {
		t.Fatalf("%v", err)
	}
	fields := form.Form{Op: op, Words: w, Problem: fault.Problem()}.Fields()
	if len(fields) == 0 || fields[0].Fault == "" {
		t.Errorf("the field does not say it: %+v", fields)
	}
}

// Whatever is sent, the form is shown again and the command can be written as JSON.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"/reason=other", "/requests/0/service=x", "add=/requests", "/requests/-1/a=b", "/survivor/unaccompanied=yes", "%00=%ff"} {
		f.Add(seed)
	}
	contract := map[string]api.Operation{}
	var in form.Form
	for _, id := range []string{"requestServices", "openCase", "amendCase", "reportCapacity"} {
		op, w := operation(f, id)
		contract[id], in.Words = op, w
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		for _, op := range contract {
			one := form.Form{Op: op, Words: in.Words, Values: values}
			one.Fields()
			body, err := one.Read()
			if err != nil {
				if _, ok := errors.AsType[*form.Fault](err); !ok {
					t.Fatalf("%s: %v", op.ID, err)
				}
				continue
			}
			if _, err := json.Marshal(body); err != nil {
				t.Fatalf("%s: %v", op.ID, err)
			}
		}
	})
}
