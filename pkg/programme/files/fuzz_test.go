package files

import (
	"crypto/sha256"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// start is where the search begins: short, because the file of a country takes so long to read and to make
// smaller that a run does little else.
const start = `programme: alpha
version: 1
from: 2027-01-01
status: proposal
country: GT
zone: America/Guatemala
week: {changes: as_opened, days: [monday], opens: "08:00", closes: "16:00", holidays: ["09-15"]}
consent: {changes: as_opened, longest: 1y, grace: 30d, instead: [survivor], steps: [{from: 0, under: 18, by: caregiver}]}
deadlines:
  changes: as_opened
  standard: &one {respond: 2h, remind: [1h], ladder: {focal_point: 2h, supervisor: 3h, referring_agency: 4h, network_coordinator: 5h}, expire: 9d, contact: 2h, serve: 9d}
  urgent: *one
  emergency: *one
enquiries: {changes: min, take: 1d, take_in_danger: 2h, settle: 3d, cards: 90d}
support: {changes: min, risk_answer: 30m, follow_up: 30d, review: 30d, pcl_5_cut: 31, phq_9_percent: 20, gad_7_change: 4, who_5_change: 10, pcl_5_change: 10}
figures:
  changes: law_from_date
  period: year
  settles: 60d
  k: 11
  tables:
    - {name: cases, for: public, words: {}}
    - {name: funded, parent: cases, columns: funded, for: network, words: {}}
    - {name: grants, parent: funded, of: ["yes"], columns: grant, zeros: true, for: fund, words: {}}
    - {name: months, parent: funded, of: ["no"], columns: month, for: network, words: {}}
hold: {changes: max, is: 45m}
`

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
	f.Add(start)
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
		if e := is.Enquiries; e.TakeInDanger <= 0 || e.Take < e.TakeInDanger || e.Settle <= 0 || e.Cards <= 0 || e.Cards > programme.LongestCards {
			t.Errorf("%+v", e)
		}
		if f := is.Figures; len(f.Wrong()) > 0 || f.K < programme.LeastCases || f.Tables[0].Parent != "" {
			t.Errorf("%+v: %v", f, f.Wrong())
		}
		if is.Week.Known() {
			is.Week.After(now, 24*time.Hour)
		}
	})
}
