package form_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	contracts "github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

func operation(t testing.TB, id string) (api.Operation, words.Words) {
	t.Helper()
	contract, err := api.ReadContract(contracts.Files)
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("America/Guatemala")
	if err != nil {
		t.Fatal(err)
	}
	return contract.Operations[id], book.In("en", zone)
}

// What a form is filled with is what it says, if a person changes nothing.
func TestAFilledFormSaysWhatItWasFilledWith(t *testing.T) {
	op, w := operation(t, "amendCase")
	for _, text := range []string{
		`{"reason":"correction","name":"Somebody"}`,
		`{"reason":"change","since":"2026-03-08T09:30:00Z","contact":{"phone":"5555 0100","safe_note":"In the\nmorning."}}`,
		`{"reason":"addition","happened":{"earliest":"2026-03-08T00:00:00Z","latest":"2026-03-08T23:59:00Z"}}`,
		`{"reason":"addition","incident":{"types":["rape","sexual_assault"],"trafficking":{"acts":["transport"],"purposes":["servitude"]}}}`,
		`{"reason":"addition","survivor":{"sex":"female","age_band":"18+"}}`,
	} {
		var want map[string]any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		values := url.Values{}
		form.Fill(w, values, "", op.Body, want)
		said, err := form.Form{Op: op, Words: w, Values: values}.Read()
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(again, &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the form says %s and was filled with %s", again, text)
		}
	}
}

// A browser does not send a form with an empty field that is required. So what may stay empty
// as a whole requires nothing in it.
func TestWhatMayStayEmptyRequiresNothing(t *testing.T) {
	op, w := operation(t, "openCase")
	fields := form.Form{Op: op, Words: w, Values: url.Values{}}.Fields()
	var required []string
	var walk func([]form.Field)
	walk = func(fields []form.Field) {
		for _, f := range fields {
			if f.Required {
				required = append(required, f.Name)
			}
			walk(f.Fields)
		}
	}
	walk(fields)
	if want := []string{"/channel", "/country", "/programme"}; !slices.Equal(required, want) {
		t.Errorf("the form requires %v, and the contract %v", required, want)
	}
}

// "No" is an answer where one is required: an empty box would say nothing.
func TestNoIsAnAnswer(t *testing.T) {
	op, w := operation(t, "restrictCase")
	said, err := form.Form{Op: op, Words: w, Values: url.Values{"/restricted": {"false"}}}.Read()
	if err != nil || said["restricted"] != false {
		t.Errorf("no was read as %v (%v)", said["restricted"], err)
	}
	fields := form.Form{Op: op, Words: w, Values: url.Values{}}.Fields()
	if len(fields) != 1 || fields[0].Kind != form.Choice || len(fields[0].Options) != 2 {
		t.Errorf("the answer is asked as %+v", fields)
	}
}

// What the network knows is chosen; what it does not know is typed.
func TestWhatIsKnownIsChosen(t *testing.T) {
	op, w := operation(t, "handOverCase")
	typed := form.Form{Op: op, Words: w, Values: url.Values{}}.Fields()
	chosen := form.Form{Op: op, Words: w, Values: url.Values{}, Choose: map[string][]form.Option{"/to": {{Value: "eva", Label: "eva"}}}}.Fields()
	if typed[0].Kind != form.Line || chosen[0].Kind != form.Choice || len(chosen[0].Options) != 1 {
		t.Errorf("typed %+v, chosen %+v", typed, chosen)
	}
}
