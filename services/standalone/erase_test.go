package main

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// caseOf is the one case of an office.
func caseOf(t *testing.T, dir string) (id string) {
	t.Helper()
	with(t, dir, func(c *mongo.Collection) {
		for _, d := range documents(t, c.Database().Client().Database("sanad_intake").Collection("journal")) {
			if record, _, _ := strings.Cut(d["_id"].(string), "/"); strings.HasPrefix(record, "case_") {
				id = record
			}
		}
	})
	return id
}

// An erasure takes the data keys of a case in all services and says so, signed: it
// verifies, nothing is in quarantine, and there is no such case any more.
func TestErase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	id := caseOf(t, dir)
	args := []string{"--case", id, "--reason", "survivor_request"}
	for name, c := range map[string]struct {
		args []string
		want error
	}{
		"without yes":         {args, errNoYes},
		"another case":        {[]string{"--case", "case_0a1b", "--reason", "survivor_request", "--yes"}, errNoKeys},
		"no case":             {[]string{"--reason", "survivor_request", "--yes"}, errCase},
		"a referral":          {[]string{"--case", "ref_0a1b", "--reason", "survivor_request", "--yes"}, errCase},
		"a sentence":          {append(args, "--reason", "Maria asked for it", "--yes"), errCode},
		"something behind it": {append(args, "--yes", "canary"), errArguments},
	} {
		if err := erase(t.Context(), officeIn(t, dir), c.args, t.Output()); !errors.Is(err, c.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	verified(t, dir, nil)
	var out strings.Builder
	if err := erase(t.Context(), officeIn(t, dir), append(args, "--yes"), &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, name := range []string{"intake", "referral", "legal-aid", "psychosocial", "forensic-services"} {
		if !strings.Contains(out.String(), name+": data keys erased: 1") {
			t.Errorf("of %s it says: %s", name, out.String())
		}
	}
	verified(t, dir, nil)
	if said := listed(t, dir); !strings.Contains(said, "no record is in quarantine") {
		t.Errorf("what was erased is taken for lost: %s", said)
	}
	if err := erase(t.Context(), officeIn(t, dir), append(args, "--yes"), t.Output()); !errors.Is(err, errNoKeys) {
		t.Errorf("again: %v", err)
	}
	running(t, dir, func(cast journey.Cast) error {
		err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+id, nil)
		if refused, ok := errors.AsType[*office.Refused](err); !ok || refused.Status != http.StatusNotFound {
			t.Errorf("the case: %v", err)
		}
		return nil
	})
}

// What need not be kept any more is listed, the oldest first, and nothing of it is erased. What is open,
// erased or kept still is not on the list; what cannot be read is said.
func TestEraseListsWhatIsOver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir) // its case is closed
	first := caseOf(t, dir)
	var leads, points, open, erased, aside, enquiry string
	running(t, dir, func(cast journey.Cast) error {
		desk := cast(journey.FrontDesk)
		post := func(path string, body fields) string {
			t.Helper()
			var made struct{ ID string }
			did(t, desk.Post(t.Context(), path, body, &made))
			return made.ID
		}
		start := func() string {
			return post("/v1/cases", fields{"channel": "citizen_service_office", "country": "GT", "programme": "guatemala"})
		}
		for _, id := range []*string{&leads, &points, &open, &erased, &aside} {
			*id = start()
		}
		post("/v1/cases/"+points+"/merge", fields{"into": leads})
		enquiry = post("/v1/enquiries", fields{"seen": "somebody cries at night"})
		post("/v1/enquiries/"+enquiry+"/take", fields{})
		post("/v1/enquiries/"+enquiry+"/settle", fields{"enquiry_result": "no_concern"})
		for _, id := range []string{erased, aside, leads} {
			post("/v1/cases/"+id+"/close", fields{"reason": "needs_met"})
		}
		return nil
	})
	did(t, erase(t.Context(), officeIn(t, dir), []string{"--case", erased, "--reason", "survivor_request", "--yes"}, t.Output()))
	with(t, dir, func(c *mongo.Collection) {
		take(t, c.Database().Client().Database("sanad_intake").Collection("journal"), aside+"/1")
	})
	const kept = 3650 * 24 * time.Hour
	now := time.Now().UTC()
	list := func(now time.Time) (lines []string) {
		t.Helper()
		var out strings.Builder
		if err := over(t.Context(), officeIn(t, dir), now, &out); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		for line := range strings.Lines(out.String()) {
			if id, rest, _ := strings.Cut(strings.TrimSpace(line), " "); isCase.MatchString(id) {
				lines = append(lines, id+" "+rest)
			}
		}
		return lines
	}
	unread := aside + " IS IN QUARANTINE: nobody can tell whether its time is over"
	if diff := cmp.Diff([]string{unread}, list(now.Add(kept-time.Hour))); diff != "" {
		t.Errorf("before its time is over (-want +got):\n%s", diff)
	}
	line := func(id, rule string) string {
		return fmt.Sprintf("%s %s closed on %s, kept until %s", id, rule, now.Format(time.DateOnly), now.Add(kept).Format(time.DateOnly))
	}
	want := []string{line(first, "guatemala/1"), line(enquiry, "base"), line(leads, "guatemala/1"), line(points, "guatemala/1"), unread}
	if diff := cmp.Diff(want, list(now.Add(kept+time.Hour))); diff != "" {
		t.Errorf("afterwards (-want +got):\n%s", diff)
	}
	for name, args := range map[string][]string{"with a case": {"--over", "--case", open}, "with yes": {"--over", "--yes"}, "with more": {"--over", open}} {
		if err := erase(t.Context(), officeIn(t, dir), args, t.Output()); !errors.Is(err, errArguments) {
			t.Errorf("%s: %v", name, err)
		}
	}
	did(t, erase(t.Context(), officeIn(t, dir), []string{"--case", points, "--reason", "retention_over", "--yes"}, t.Output()))
	want = slices.Delete(want, 3, 4) // nothing else went, also not by the list before
	if diff := cmp.Diff(want, list(now.Add(kept+time.Hour))); diff != "" {
		t.Errorf("one was erased (-want +got):\n%s", diff)
	}
}

// What a legal hold keeps at a clinic outlives the erasure of a case, and is erased when the hold has
// ended. In every other room nothing is left meanwhile.
func TestALegalHoldOutlivesAnErasure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	id := caseOf(t, dir)
	var exam, hold string
	holds := func(d office.Desk) (all []struct{ ID string }) {
		t.Helper()
		var is struct {
			Holds []struct{ ID string }
		}
		did(t, d.Get(t.Context(), exam, &is))
		return is.Holds
	}
	running(t, dir, func(cast journey.Cast) error {
		examiner := cast(journey.Forensics)
		var page struct{ Items []struct{ ID string } }
		did(t, examiner.Get(t.Context(), "/v1/examinations?status=closed", &page))
		if len(page.Items) != 1 {
			t.Fatalf("closed examinations: %+v", page)
		}
		exam = "/v1/examinations/" + page.Items[0].ID
		did(t, examiner.Post(t.Context(), exam+"/holds", fields{"part": "examination", "ground": "order", "name": "an order"}, nil))
		hold = holds(examiner)[0].ID
		return nil
	})
	erases := func() string {
		t.Helper()
		var out strings.Builder
		if err := erase(t.Context(), officeIn(t, dir), []string{"--case", id, "--reason", "survivor_request", "--yes"}, &out); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		return out.String()
	}
	said := erases()
	for _, name := range []string{"intake", "referral", "legal-aid", "psychosocial"} {
		if !strings.Contains(said, name+": data keys erased: 1") {
			t.Errorf("of %s it says: %s", name, said)
		}
	}
	if !strings.Contains(said, "forensic-services: A LEGAL HOLD STANDS on "+id) || strings.Contains(said, "forensic-services: data keys") {
		t.Errorf("under a hold: %s", said)
	}
	verified(t, dir, nil)
	running(t, dir, func(cast journey.Cast) error {
		return cast(journey.Forensics).Post(t.Context(), exam+"/holds/lift", fields{"hold": hold, "why": "the order has ended"}, nil)
	})
	if said := erases(); !strings.Contains(said, "forensic-services: data keys erased: 1") {
		t.Errorf("after the hold: %s", said)
	}
	verified(t, dir, nil)
}
