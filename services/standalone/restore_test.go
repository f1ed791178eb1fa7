package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

type fields = map[string]any

// consented opens a case with a consent for the lawyers, and gives both.
func consented(ctx context.Context, cast journey.Cast) (id, consent string, err error) {
	desk := cast(journey.FrontDesk)
	var c struct {
		ID       string
		Consents []struct{ ID string }
	}
	now := time.Now().UTC()
	err = desk.Post(ctx, "/v1/cases", fields{
		"channel": "citizen_service_office", "country": "GT", "programme": "guatemala",
		"incident": fields{"types": []string{"physical_assault"}},
		"survivor": fields{"sex": "female", "age_band": "18+"},
		"contact":  fields{"phone": "+000 0000 0000"}, // no name: two of one name would hint at each other
	}, &c)
	if err != nil {
		return "", "", err
	}
	err = desk.Post(ctx, "/v1/cases/"+c.ID+"/consents", fields{
		"recipient": journey.LegalAid, "service": "legal_assistance_service", "purpose": "service_delivery", "categories": []string{"contact"},
		"expires": now.AddDate(0, 3, 0).Format(time.RFC3339), "method": "written", "given_by": "survivor", "witnessed": true,
	}, &c)
	if err != nil || len(c.Consents) != 1 {
		return "", "", errors.Join(err, errors.New("the answer holds no consent"))
	}
	return c.ID, c.Consents[0].ID, nil
}

// After a database was put back from a backup, what the bus holds and it lacks is
// listed. A withdrawn consent is withdrawn again, as the same event; what a person
// must decide stays closed until somebody did, and no version is used twice.
func TestRestore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	var withdrawn, consent, goesOn string
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		if err = journey.Register(t.Context(), cast); err != nil {
			return err
		}
		if withdrawn, consent, err = consented(t.Context(), cast); err != nil {
			return err
		}
		goesOn, _, err = consented(t.Context(), cast)
		rests(t, n, 7)
		return err
	})
	backup := copied(t, dir)
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		desk := cast(journey.FrontDesk)
		if err := desk.Post(t.Context(), "/v1/cases/"+withdrawn+"/consents/withdraw", fields{"consent": consent}, nil); err != nil {
			return err
		}
		err = desk.Post(t.Context(), "/v1/cases/"+goesOn+"/requests", fields{"requests": []fields{
			{"recipient": journey.LegalAid, "service": "legal_assistance_service", "urgency": "urgent"},
		}}, nil)
		rests(t, n, 11) // the bus must hold what is to be lost
		return err
	})
	if err := restored(t.Context(), officeIn(t, dir), nil, t.Output()); err != nil {
		t.Fatal("nothing is lost:", err)
	}
	// The disk dies; the database comes from the backup, the rest is as it was.
	did(t, os.RemoveAll(network.DatabaseDir(dir)))
	did(t, os.CopyFS(network.DatabaseDir(dir), os.DirFS(network.DatabaseDir(backup))))

	verified(t, dir, errBroken)
	running(t, dir, func(cast journey.Cast) error {
		for _, id := range []string{withdrawn, goesOn} {
			closed(t, cast, id)
		}
		return nil
	})
	var out strings.Builder
	if err := restored(t.Context(), officeIn(t, dir), nil, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{
		"intake: " + withdrawn + " version 3: intake.consent_withdrawn.v1\n", "intake: " + goesOn + " version 3: intake.service_requested.v1\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not list %q:\n%s", want, out.String())
		}
	}
	for name, args := range map[string][]string{"yes without a reason": {"--yes"}, "a reason without yes": {"--reason", because}, "something behind it": {"now"}} {
		if err := restored(t.Context(), officeIn(t, dir), args, t.Output()); !errors.Is(err, errArguments) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := restored(t.Context(), officeIn(t, dir), []string{"--yes", "--reason", "ask maria@example.org"}, t.Output()); !errors.Is(err, errReason) {
		t.Error(err)
	}
	out.Reset()
	if err := restored(t.Context(), officeIn(t, dir), []string{"--yes", "--reason", because}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	running(t, dir, func(cast journey.Cast) error {
		closed(t, cast, goesOn)
		isWithdrawn(t, cast, withdrawn)
		return nil
	})
	for line := range strings.SplitSeq(listed(t, dir), "\n") {
		// "<service>: <record> version <n>: ahead"
		f := strings.Fields(line)
		if len(f) != 5 || f[4] != "ahead" {
			continue
		}
		name := strings.TrimSuffix(f[0], ":")
		if err := quarantine(t.Context(), officeIn(t, dir), []string{"release", "--yes", "--service", name, "--record", f[1], "--reason", because}, nil, t.Output()); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if said := listed(t, dir); !strings.Contains(said, "no record is in quarantine") {
		t.Errorf("after all was released: %s", said)
	}
	verified(t, dir, nil)
	opened(t, dir, func(n *network.Network) error {
		noForks(t, n)
		cast, err := desks(n)
		did(t, err)
		isWithdrawn(t, cast, withdrawn)
		var c struct{ Referrals []any }
		if err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+goesOn, &c); err != nil || len(c.Referrals) > 0 {
			t.Errorf("what was lost is there: %v, %v", c.Referrals, err)
		}
		return nil
	})
	// What took the place of the lost keeps their versions.
	with(t, dir, func(c *mongo.Collection) {
		intake := c.Database().Client().Database("sanad_intake").Collection("journal")
		for _, id := range []string{withdrawn + "/3", goesOn + "/3"} {
			stored(t, intake, id)
		}
	})
}

// closed holds that a record is closed until somebody decides.
func closed(t *testing.T, cast journey.Cast, id string) {
	t.Helper()
	err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+id, nil)
	if refused, ok := errors.AsType[*office.Refused](err); !ok || refused.Status != http.StatusServiceUnavailable || !strings.Contains(string(refused.Body), "record_quarantined") {
		t.Errorf("%s is not closed: %v", id, err)
	}
}

func isWithdrawn(t *testing.T, cast journey.Cast, id string) {
	t.Helper()
	var c struct{ Consents []struct{ Status string } }
	if err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+id, &c); err != nil || len(c.Consents) != 1 || c.Consents[0].Status != "withdrawn" {
		t.Errorf("the consent: %v, %v", c.Consents, err)
	}
}

// Where the bus holds another event of the service than the journal, the record is
// closed until somebody has the journal's stand; then it stays open.
func TestReleaseOfAFork(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	var id, consent string
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		did(t, journey.Register(t.Context(), cast))
		id, consent, err = consented(t.Context(), cast)
		rests(t, n, 5)
		return err
	})
	other := copied(t, dir)
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		err = cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+id+"/consents/withdraw", fields{"consent": consent}, nil)
		rests(t, n, 7)
		return err
	})
	// The same office once more, from a copy that knew nothing of it.
	opened(t, other, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		err = cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+id+"/requests", fields{"requests": []fields{
			{"recipient": journey.LegalAid, "service": "legal_assistance_service", "urgency": "urgent"},
		}}, nil)
		rests(t, n, 7)
		return err
	})
	did(t, os.RemoveAll(filepath.Join(other, "nats")))
	did(t, os.CopyFS(filepath.Join(other, "nats"), os.DirFS(filepath.Join(dir, "nats"))))
	fork := "intake: " + id + " version 3: fork"
	if said := listed(t, other); !strings.Contains(said, fork) {
		t.Fatalf("want %q: %s", fork, said)
	}
	named := []string{"--service", "intake", "--record", id, "--reason", because}
	if err := quarantine(t.Context(), officeIn(t, other), append([]string{"mend", "--from", copied(t, dir)}, named...), nil, t.Output()); !errors.Is(err, errBus) {
		t.Errorf("mend: %v", err)
	}
	if err := quarantine(t.Context(), officeIn(t, other), append([]string{"release", "--yes"}, named...), nil, t.Output()); err != nil {
		t.Error(err)
	}
	if said := listed(t, other); strings.Contains(said, id) {
		t.Errorf("released, and listed: %s", said)
	}
	running(t, other, func(cast journey.Cast) error {
		var c struct{ Referrals []any }
		if err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+id, &c); err != nil || len(c.Referrals) != 1 {
			t.Errorf("the journal's does not stand: %v, %v", c.Referrals, err)
		}
		return nil
	})
}

// noForks holds that nothing is taken for a second event in the place of another.
func noForks(t *testing.T, n *network.Network) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+n.Admin.String()+"/metrics", nil)
	did(t, err)
	resp, err := http.DefaultClient.Do(req)
	did(t, err)
	defer func() { did(t, resp.Body.Close()) }()
	text, err := io.ReadAll(resp.Body)
	did(t, err)
	counts := regexp.MustCompile(`(?m)^sanad_relay_forks_total\{.*\} (\S+)$`).FindAllStringSubmatch(string(text), -1)
	if len(counts) != len(network.Services) {
		t.Fatalf("%d services count forks", len(counts))
	}
	for _, c := range counts {
		if c[1] != "0" && c[1] != "0.0" {
			t.Error(c[0])
		}
	}
}

// What was passed over is no fork, though the bus still holds what it was.
func TestWhatWasPassedOverIsNoFork(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	var id string
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		did(t, journey.Register(t.Context(), cast))
		id, _, err = consented(t.Context(), cast)
		rests(t, n, 5)
		return err
	})
	with(t, dir, func(c *mongo.Collection) {
		take(t, c.Database().Client().Database("sanad_intake").Collection("journal"), id+"/1")
	})
	if err := quarantine(t.Context(), officeIn(t, dir), []string{"release", "--yes", "--service", "intake", "--record", id, "--reason", because}, nil, t.Output()); err != nil {
		t.Error(err)
	}
	// Without checkpoints, all that is on the bus is compared.
	with(t, dir, func(c *mongo.Collection) {
		checkpoints := c.Database().Client().Database("sanad_intake").Collection("checkpoints")
		for _, d := range documents(t, checkpoints) {
			take(t, checkpoints, d["_id"])
		}
	})
	opened(t, dir, func(n *network.Network) error {
		noForks(t, n)
		return nil
	})
}
