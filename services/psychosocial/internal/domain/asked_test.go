package domain_test

import (
	"encoding/json"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	shipped "github.com/sanad-network/sanad/api/programme"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// An instrument is asked by numbers, and by the texts of the programme where it installed them.
func TestInstrumentsAreAskedByTheTextsOfTheProgramme(t *testing.T) {
	texts := make([]programme.Words, 7)
	for i := range texts {
		texts[i] = programme.Words{"es": "text"}
	}
	for _, a := range (domain.Rule{Texts: map[code.Instrument][]programme.Words{code.GAD7: texts}}).Asks() {
		for i, item := range a.Items {
			if item.Number != i+1 || (len(item.Words) == 1 && item.Words[0] == domain.Word{Language: "es", Text: "text"}) != (a.Instrument == code.GAD7) {
				t.Errorf("%s: %+v", a.Instrument, item)
			}
		}
	}
	for _, a := range (domain.Rule{}).Asks() {
		for _, item := range a.Items {
			if len(item.Words) > 0 {
				t.Errorf("%s has a text of its own: %+v", a.Instrument, item)
			}
		}
	}
}

// A programme whose texts have another number of items than the instrument is refused when it is
// read: its schema says how many there are.
func TestProgrammesHaveTheNumberOfItems(t *testing.T) {
	var schema struct {
		Properties struct {
			Support struct {
				Properties struct {
					Texts struct {
						Properties map[code.Instrument]struct{ MinItems, MaxItems int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(shipped.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	said := schema.Properties.Support.Properties.Texts.Properties
	all := (domain.Rule{}).Asks()
	for _, a := range all {
		if n := len(a.Items); said[a.Instrument].MinItems != n || said[a.Instrument].MaxItems != n {
			t.Errorf("%s has %d items, and the schema of programmes says %+v", a.Instrument, n, said[a.Instrument])
		}
	}
	if len(said) != len(all) {
		t.Errorf("the schema of programmes has %d instruments, and there are %d", len(said), len(all))
	}
}
