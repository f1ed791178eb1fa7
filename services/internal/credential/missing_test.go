package credential_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/credential"
)

var update = flag.Bool("update", false, "write testdata/missing.txt anew")

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// today is when all of the table is asked.
var today = day("2026-11-27")

// residency is a credential of an examiner: four years from March 2024 on.
func residency(change func(*staff.Credential)) staff.Credential {
	c := staff.Credential{
		ID: "cred_1", Worker: "worker_1", Agency: "clinic", Turn: 1, Course: code.CourseForensicDoctor,
		Scope: []code.CredentialScope{code.MayCertify, code.MayExamine}, Content: []code.CourseContent{code.VictimCentred},
		ValidFrom: day("2024-03-01"), ValidUntil: day("2028-03-01"),
	}
	if change != nil {
		change(&c)
	}
	return c
}

// requires is a requirement of a forensic examiner.
var requires = credential.Requirement{
	{Scope: code.MayExamine, Bars: true},
	{Scope: code.MayCertify},
	{Course: code.CourseForensicDoctor},
	{Content: code.VictimCentred},
}

type row struct {
	name string
	held credential.Held
}

var rows = []row{
	{"has nothing on record", nil},
	{"has the residency, in force", credential.Held{residency(nil)}},
	{"has it without an end", credential.Held{residency(func(c *staff.Credential) { c.ValidUntil = time.Time{} })}},
	{"has it from tomorrow on", credential.Held{residency(func(c *staff.Credential) { c.ValidFrom = day("2026-11-28") })}},
	{"has it from today on", credential.Held{residency(func(c *staff.Credential) { c.ValidFrom = today })}},
	{"had it until yesterday", credential.Held{residency(func(c *staff.Credential) { c.ValidUntil = day("2026-11-26") })}},
	{"had it until this instant", credential.Held{residency(func(c *staff.Credential) { c.ValidUntil = today })}},
	{"has it suspended since October", credential.Held{residency(func(c *staff.Credential) { c.Suspended = day("2026-10-01") })}},
	{"has it suspended from December on", credential.Held{residency(func(c *staff.Credential) { c.Suspended = day("2026-12-01") })}},
	{"has it suspended, and it ended meanwhile", credential.Held{residency(func(c *staff.Credential) {
		c.Suspended, c.ValidUntil = day("2026-10-01"), day("2026-11-01")
	})}},
	{"had it revoked in June", credential.Held{residency(func(c *staff.Credential) { c.Revoked = day("2026-06-01") })}},
	{"has an entry that was corrected by one that ended", credential.Held{residency(nil), residency(func(c *staff.Credential) {
		c.ID, c.Replaces, c.ValidUntil = "cred_2", "cred_1", day("2025-03-01")
	})}},
	{"has one that ended and a new one", credential.Held{
		residency(func(c *staff.Credential) { c.ValidUntil = day("2025-03-01") }),
		residency(func(c *staff.Credential) { c.ID, c.ValidFrom = "cred_2", day("2025-03-01") }),
	}},
	{"has two that ended", credential.Held{
		residency(func(c *staff.Credential) { c.ValidUntil = day("2025-03-01") }),
		residency(func(c *staff.Credential) { c.ID, c.ValidUntil = "cred_2", day("2026-03-01") }),
	}},
	{"has one that ended and one that is suspended", credential.Held{
		residency(func(c *staff.Credential) { c.ValidUntil = day("2025-03-01") }),
		residency(func(c *staff.Credential) { c.ID, c.Suspended = "cred_2", day("2026-10-01") }),
	}},
	{"has a short course that permits to examine, and no more", credential.Held{{
		ID: "cred_3", Turn: 1, Course: code.CourseClinicalCare, Scope: []code.CredentialScope{code.MayExamine}, ValidFrom: day("2026-01-01"),
	}}},
}

// said is an answer in words that everybody can check.
func said(missing []credential.Lack) string {
	if len(missing) == 0 {
		return "  nothing is missing\n"
	}
	var b strings.Builder
	for _, l := range missing {
		what := fmt.Sprintf("%s%s%s", l.Scope, l.Course, l.Content)
		since := ""
		if !l.Since.IsZero() {
			since = " " + l.Since.Format(time.DateOnly)
		}
		effect := "limits what may be certified"
		if l.Bars {
			effect = "may not act"
		}
		fmt.Fprintf(&b, "  %-28s %s%s: %s\n", what, strings.ReplaceAll(string(l.Reason), "_", " "), since, effect)
	}
	return b.String()
}

// What somebody lacks, as a table that a supervisor can read and correct.
func TestMissing(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "Today is %s. A forensic examiner must have\n", today.Format(time.DateOnly))
	b.WriteString(said(requires.Missing(nil, today)))
	for _, r := range rows {
		fmt.Fprintf(&b, "\nWho %s:\n%s", r.name, said(requires.Missing(r.held, today)))
	}
	const golden = "testdata/missing.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// It does not matter in which order things became known: a late turn never wins, and what was
// corrected never counts.
func TestHeldInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "turns")
		var said []staff.Credential
		for turn := 1; turn <= n; turn++ {
			said = append(said, residency(func(c *staff.Credential) {
				c.Turn = turn
				if rapid.Bool().Draw(t, "suspended") {
					c.Suspended = day("2026-10-01")
				}
			}))
		}
		if rapid.Bool().Draw(t, "corrected") {
			said = append(said, residency(func(c *staff.Credential) { c.ID, c.Replaces, c.ValidUntil = "cred_2", "cred_1", day("2026-01-01") }))
		}
		var inOrder, anyhow credential.Held
		for _, c := range said {
			inOrder = inOrder.With(c)
		}
		for _, c := range rapid.Permutation(append(said, said...)).Draw(t, "order") {
			anyhow = anyhow.With(c)
		}
		if d := cmp.Diff(requires.Missing(inOrder, today), requires.Missing(anyhow, today)); d != "" {
			t.Fatal(d)
		}
	})
}

// A need that says nothing is never met, so that a mistake in a requirement is seen.
func TestAnEmptyNeedIsNeverMet(t *testing.T) {
	got := credential.Requirement{{Bars: true}}.Missing(credential.Held{residency(nil)}, today)
	if len(got) != 1 || got[0].Reason != code.NeverRecorded || !got[0].Bars {
		t.Errorf("%+v", got)
	}
}

// What a role requires is what the programme of the work says, and of no other.
func TestAProgrammeSaysWhatARoleRequires(t *testing.T) {
	requires := credential.Under(programmetest.Made("alpha", "GT", func(f *programme.Fields) {
		f.Roles.Is = map[code.WorkerRole][]credential.Need{code.ForensicExaminer: {{Scope: code.MayCertify}}}
	}))
	for name, c := range map[string]struct {
		of   credential.Place
		role code.WorkerRole
		want int
	}{
		"of the programme":   {credential.Place{Country: "GT", Programme: "alpha", At: today}, code.ForensicExaminer, 1},
		"another role":       {credential.Place{Country: "GT", Programme: "alpha", At: today}, code.WorksAsLawyer, 0},
		"another programme":  {credential.Place{Country: "GT", Programme: "beta", At: today}, code.ForensicExaminer, 0},
		"before it was told": {credential.Place{At: today}, code.ForensicExaminer, 0},
		"of another country": {credential.Place{Country: "MX", Programme: "alpha", At: today}, code.ForensicExaminer, 0},
	} {
		if m := requires(c.of, c.role).Missing(nil, today); len(m) != c.want {
			t.Errorf("%s: %+v is missing", name, m)
		}
	}
}

// A missing paper never delays medical care or safety; elsewhere only what bars somebody
// refuses, and the refusal says what is missing and nothing else.
func TestGiven(t *testing.T) {
	missing := requires.Missing(nil, today)
	undelayed := map[code.Service]bool{
		code.HealthMedical: true, code.ForensicExam: true, code.SafeHouse: true, code.Police: true, code.ChildProtection: true,
	}
	for _, s := range code.Services {
		err := credential.Given("/worker", s, missing)
		if undelayed[s] {
			if err != nil {
				t.Errorf("%s waits for a paper: %v", s, err)
			}
			continue
		}
		if !errors.Is(err, credential.ErrMissing) {
			t.Errorf("%s: %v", s, err)
			continue
		}
		if d := cmp.Diff([]fault.Field{{Pointer: "/worker", Rule: "in force: scope examine"}}, fault.Of(err).Fields); d != "" {
			t.Errorf("%s: %s", s, d)
		}
		if err := credential.Given("/worker", s, missing[1:]); err != nil {
			t.Errorf("%s: what only limits certificates refuses: %v", s, err)
		}
	}
}
