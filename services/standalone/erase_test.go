package main

import (
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

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
