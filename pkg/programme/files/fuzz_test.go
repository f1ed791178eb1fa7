package files

import (
	"crypto/sha256"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// No text makes the reader panic, and what it takes it can judge by.
func FuzzVersion(f *testing.F) {
	asked, err := form()
	if err != nil {
		f.Fatal(err)
	}
	r := reader{training: true, form: asked, hash: sha256.New()}
	var faults []Fault
	if r.ground, faults = r.base(Shipped()); len(faults) > 0 {
		f.Fatal(faults)
	}
	for _, name := range []string{"kyrgyzstan", "egypt"} {
		text, err := fs.ReadFile(Shipped(), name+"/1.yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.ReplaceAll(string(text), name, "alpha"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := programme.Installed{ID: "alpha"}
		if len(r.version(fstest.MapFS{"alpha/1.yaml": {Data: []byte(text)}}, &p, "alpha/1.yaml", 1)) > 0 {
			return
		}
		now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		is := programme.NewSet(r.ground, p).For("alpha", p.Country, now, now)
		for _, u := range code.Urgencies {
			if is.Deadlines.For(code.Food, u).Respond <= 0 {
				t.Errorf("%s: nobody has to answer", u)
			}
		}
		if is.Hold <= 0 || !is.Consent.Longest.Ends(now, time.UTC).After(now) || is.Answers.OnwardEmergency <= 0 || is.Answers.Onward < is.Answers.OnwardEmergency || is.Answers.Transfer <= 0 {
			t.Error("a length of no time")
		}
		if is.Week.Known() {
			is.Week.After(now, 24*time.Hour)
		}
	})
}
