package words_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api"
	client "github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

func asked(t *testing.T) *client.Schema {
	t.Helper()
	c, err := client.ReadContract(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c.Operations["giveConsent"].Body
}

// text is our own text of a language with something replaced.
func text(t *testing.T, tag string, pairs ...string) string {
	t.Helper()
	own, err := os.ReadFile(filepath.Join("consent", tag+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(pairs...).Replace(string(own))
	if len(pairs) > 0 && changed == string(own) {
		t.Fatalf("%q replaces nothing", pairs)
	}
	return changed
}

var reviewed = []string{`reviewed_by: ""`, "reviewed_by: A. Example", `reviewed_on: ""`, `reviewed_on: "2026-11-01"`}

func folder(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Nobody has reviewed what the makers of the desk wrote, so none of it is read to anybody.
func TestOwnConsentTextsAreReadToNobody(t *testing.T) {
	c, err := words.OpenConsents("", asked(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"en", "es", "ar"} {
		if _, found := c.In(tag); found {
			t.Errorf("%s is read, and nobody has reviewed it", tag)
		}
	}
	var none *words.Consents
	if len(none.Reviewed()) > 0 || len(c.Reviewed()) > 0 {
		t.Error("there are texts to read")
	}
}

// A text of an office that a named person reviewed is read, and says everything.
func TestConsentSentenceSaysWhoWhatForWhatAndUntilWhen(t *testing.T) {
	for _, tag := range []string{"en", "es", "ar"} {
		c, err := words.OpenConsents(folder(t, tag+".yaml", text(t, tag, reviewed...)), asked(t))
		if err != nil {
			t.Fatal(err)
		}
		one, found := c.In(tag)
		if !found || one.ReviewedBy != "A. Example" || len(c.Reviewed()) != 1 {
			t.Fatalf("%s is not read: %v", tag, c.Reviewed())
		}
		said, ok := one.Say(words.Facts{
			Agency: "north-centre", Service: "food_service", Purpose: "prosecution", Categories: []string{"identity", "contact"},
			Until: time.Date(2027, 3, 14, 0, 0, 0, 0, time.UTC),
		})
		if !ok || len(said) != 3 || said[1] != one.CostsNothing || said[2] != one.TakeBack {
			t.Fatalf("%s says %q, %v", tag, said, ok)
		}
		for _, want := range []string{"north-centre", one.Services["food_service"], one.Purposes["prosecution"], one.Categories["identity"], one.Categories["contact"], "14/3/2027"} {
			if !strings.Contains(said[0], want) {
				t.Errorf("%s leaves out %q: %q", tag, want, said[0])
			}
		}
	}
}

// Each code has words in our own texts. A text of an office may lack some, as after a new
// version that brought one: then it is not read, and the office starts.
func TestConsentTextWithoutWordsForACodeIsNotReadThere(t *testing.T) {
	body, until := asked(t), time.Now().AddDate(0, 1, 0)
	for _, tag := range []string{"en", "es", "ar"} {
		c, err := words.OpenConsents(folder(t, tag+".yaml", text(t, tag, reviewed...)), body)
		if err != nil {
			t.Fatal(err)
		}
		one, _ := c.In(tag)
		for _, service := range body.Property("service").Enum {
			for _, purpose := range body.Property("purpose").Enum {
				if _, ok := one.Say(words.Facts{Agency: "north-centre", Service: service, Purpose: purpose, Categories: body.Property("categories").Items.Enum, Until: until}); !ok {
					t.Errorf("%s lacks words for %s, %s or a category", tag, service, purpose)
				}
			}
		}
	}
	c, err := words.OpenConsents(folder(t, "en.yaml", text(t, "en", append([]string{"  food_service: food\n", ""}, reviewed...)...)), body)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := c.In("en")
	said := map[string]bool{}
	for name, f := range map[string]words.Facts{
		"food":      {Agency: "north-centre", Service: "food_service", Purpose: "statistics", Categories: []string{"contact"}, Until: until},
		"education": {Agency: "north-centre", Service: "education_service", Purpose: "statistics", Categories: []string{"contact"}, Until: until},
		"nothing":   {Agency: "north-centre", Service: "education_service", Purpose: "statistics", Until: until},
		"for ever":  {Agency: "north-centre", Service: "education_service", Purpose: "statistics", Categories: []string{"contact"}},
		"unknown":   {Agency: "north-centre", Service: "education_service", Purpose: "statistics", Categories: []string{"contact", "more"}, Until: until},
	} {
		_, said[name] = one.Say(f)
	}
	for name, ok := range said {
		if ok != (name == "education") {
			t.Errorf("%s: %v", name, ok)
		}
	}
}

// A text that is not whole is loud: half a sentence would be no consent.
func TestConsentTextIsRefused(t *testing.T) {
	cases := map[string]struct {
		name    string
		changed []string
		want    string
	}{
		"without the agency":       {"en.yaml", []string{"may {{.Agency}} know", "may they know"}, "sentence leaves out {{.Agency}}"},
		"without what":             {"en.yaml", []string{": {{.Categories}}?", "?"}, "leaves out {{.Categories}}"},
		"without for what":         {"en.yaml", []string{": {{.Purpose}}.", "."}, "leaves out {{.Purpose}}"},
		"without an end":           {"en.yaml", []string{"until {{.Until}}", "for a while"}, "leaves out {{.Until}}"},
		"without a service":        {"en.yaml", []string{"{{.Service}}", "help"}, "leaves out {{.Service}}"},
		"a name that there is not": {"en.yaml", []string{"{{.Until}}", "{{.Until}} {{.Name}}"}, "that there is not"},
		"a broken sentence":        {"en.yaml", []string{"{{.Until}}", "{{.Until"}, "cannot be read"},
		"a no that may cost":       {"en.yaml", []string{"costs_nothing: You can say no. You lose no help and no service because of it.", `costs_nothing: ""`}, "costs_nothing is missing"},
		"no way back":              {"en.yaml", []string{"take_back: If you say yes, you can take it back at any time, and you need not say why.", `take_back: ""`}, "take_back is missing"},
		"words for no code":        {"en.yaml", []string{"food_service: food", "feed_service: food"}, "no service of the name"},
		"a field that is no field": {"en.yaml", []string{"direction: ltr", "direction: ltr\nmore: x"}, "not of the form"},
		"no direction":             {"en.yaml", []string{"direction: ltr", "direction: up"}, "ltr or rtl"},
		"a reviewer without a day": {"en.yaml", reviewed[:2], "stand together"},
		"a day without a reviewer": {"en.yaml", reviewed[2:], "stand together"},
		"a day that is none":       {"en.yaml", []string{reviewed[0], reviewed[1], reviewed[2], `reviewed_on: "last week"`}, "stand together"},
		"a date without a year":    {"en.yaml", []string{"date: 2/1/2006", "date: 2/1"}, "leaves out the day, the month or the year"},
		"a name of no language":    {"the best.yaml", nil, "not named by a language"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := words.OpenConsents(folder(t, c.name, text(t, "en", c.changed...)), asked(t))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.name) {
				t.Errorf("it says %v, and not %q of %s", err, c.want, c.name)
			}
		})
	}
	if _, err := words.OpenConsents(filepath.Join(t.TempDir(), "nowhere"), asked(t)); err == nil {
		t.Error("a folder that there is not is taken for an empty one")
	}
}
