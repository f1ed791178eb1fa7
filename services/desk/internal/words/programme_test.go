package words

import (
	"encoding/json"
	"testing"
	"time"
)

// A programme speaks for the codes that it has in use, in the language of the reader; for the rest
// the desk does. Its words keep to themselves in a script that runs the other way, and speak for
// nothing but the list that they are of.
func TestTheWordsOfAProgrammeStandBeforeTheDesks(t *testing.T) {
	b, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	var p Programme
	if err := json.Unmarshal([]byte(`{
		"Service": [{"code": "safehouse_service", "words": [{"language": "es", "text": "Casa segura"}, {"language": "ar", "text": "House 7"}]}],
		"FigureTableName": [{"code": "cases", "words": [{"language": "es", "text": "Casos"}, {"language": "en", "text": "Cases"}]}],
		"DeclineReason": [{"code": "duplicate", "words": []}],
		"Country": [{"code": "GT", "words": [{"language": "es", "text": "Otra parte"}]}]
	}`), &p); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct{ tag, list, code, want string }{
		{"es", "Service", "safehouse_service", "Casa segura"},
		{"ar", "Service", "safehouse_service", "\u2068House 7\u2069"},
		{"en", "Service", "safehouse_service", b.In("en", time.UTC).Code("Service", "safehouse_service")},
		{"es", "Service", "food_service", b.In("es", time.UTC).Code("Service", "food_service")},
		{"es", "DeclineReason", "duplicate", b.In("es", time.UTC).Code("DeclineReason", "duplicate")},
		{"es", "FigureTableName", "cases", "Casos"},
		{"ar", "FigureTableName", "cases", "\u2068Cases\u2069"},
		{"es", "Category", "safehouse_service", "safehouse service"},
		{"es", "Country", "GT", "Guatemala"},
	} {
		desk := b.In(one.tag, time.UTC)
		if got := desk.In(p).Code(one.list, one.code); got != one.want {
			t.Errorf("%s: %s %s is %q, want %q", one.tag, one.list, one.code, got, one.want)
		}
		if _, changed := desk.theirs[textOf(one.list, one.code)]; changed {
			t.Errorf("%s: the texts of the desk were changed", one.tag)
		}
	}
}
