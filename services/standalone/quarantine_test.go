package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

const because = "the disk of the office was replaced"

// copied is a copy of an office that is stopped, with its keys.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "var")
	copyOffice(t, dir, to)
	return to
}

func copyOffice(t *testing.T, dir, to string) {
	t.Helper()
	did(t, os.CopyFS(to, os.DirFS(dir)))
	did(t, os.CopyFS(network.KeysDir(to), os.DirFS(network.KeysDir(dir))))
	did(t, filepath.WalkDir(network.KeysDir(to), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			err = os.Chmod(path, 0o600)
		}
		return err
	}))
}

// aReferral is the id of the referral with most commits, and how many there are.
func aReferral(t *testing.T, dir string) (id string, commits int) {
	t.Helper()
	counts := map[string]int{}
	with(t, dir, func(c *mongo.Collection) {
		for _, d := range documents(t, c) {
			if record, _, _ := strings.Cut(d["_id"].(string), "/"); strings.HasPrefix(record, "ref_") {
				counts[record]++
			}
		}
	})
	for record, n := range counts {
		if n > commits || n == commits && record < id {
			id, commits = record, n
		}
	}
	return id, commits
}

// listed is what quarantine lists.
func listed(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	if err := quarantine(t.Context(), officeIn(t, dir), nil, nil, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

// damages are what may become of the second commit of a referral.
var damages = map[string]struct {
	reason string
	do     func(t *testing.T, db *mongo.Database, id string)
	first  bool // the whole record is concerned
}{
	"a turned bit": {"unreadable", func(t *testing.T, db *mongo.Database, id string) {
		d := stored(t, db.Collection("journal"), id)
		b := d["commit"].(bson.Binary)
		b.Data = slices.Clone(b.Data)
		b.Data[len(b.Data)-1] ^= 1
		d["commit"] = b
		retake(t, db.Collection("journal"), id, d)
	}, false},
	"a commit that is gone": {"missing", func(t *testing.T, db *mongo.Database, id string) {
		take(t, db.Collection("journal"), id)
	}, false},
	"a data key that is gone": {"key_lost", func(t *testing.T, db *mongo.Database, id string) {
		take(t, db.Collection("keys"), stored(t, db.Collection("journal"), id)["key"])
	}, true},
}

// retake puts a document in the place of another, its fields in their order.
func retake(t *testing.T, c *mongo.Collection, id string, d bson.M) {
	t.Helper()
	take(t, c, id)
	doc := bson.D{}
	for _, name := range []string{"_id", "at", "key", "lane", "number", "commit"} {
		if v, there := d[name]; there {
			doc = append(doc, bson.E{Key: name, Value: v})
		}
	}
	_, err := c.InsertOne(t.Context(), doc)
	did(t, err)
}

// A record that is damaged is listed; it is mended from an older copy, as it was,
// or released without what it said. Then it is open, and stays so.
func TestQuarantine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, _ := aReferral(t, dir)
	if said := listed(t, dir); !strings.Contains(said, "no record is in quarantine\n") {
		t.Fatal(said)
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			damaged := copied(t, dir)
			with(t, damaged, func(c *mongo.Collection) { damage.do(t, c.Database(), record+"/2") })
			version := " version 2: "
			if damage.first {
				version = " version 1: "
			}
			want := "referral: " + record + version + damage.reason
			if said := listed(t, damaged); !strings.Contains(said, want) {
				t.Fatalf("want %q:\n%s", want, said)
			}
			named := []string{"--service", "referral", "--record", record, "--reason", because}
			mended := copied(t, damaged)
			var out strings.Builder
			if err := quarantine(t.Context(), officeIn(t, mended), append([]string{"mend", "--from", copied(t, dir)}, named...), nil, &out); err != nil {
				t.Fatalf("mend: %v\n%s", err, out.String())
			}
			if said := listed(t, mended); strings.Contains(said, record) {
				t.Errorf("mended, and listed: %s", said)
			}
			if err := quarantine(t.Context(), officeIn(t, mended), append([]string{"mend", "--from", copied(t, dir)}, named...), nil, &out); !errors.Is(err, errRecord) {
				t.Errorf("mend of what is sound: %v", err)
			}
			verified(t, mended, nil)
			out.Reset()
			if err := quarantine(t.Context(), officeIn(t, damaged), append([]string{"release"}, named...), strings.NewReader("no\n"), &out); !errors.Is(err, errConfirm) {
				t.Errorf("not confirmed: %v", err)
			}
			if said := listed(t, damaged); !strings.Contains(said, want) {
				t.Errorf("not confirmed, and gone: %s", said)
			}
			if err := quarantine(t.Context(), officeIn(t, damaged), append([]string{"release"}, named...), strings.NewReader(record+"\n"), &out); err != nil {
				t.Fatalf("release: %v\n%s", err, out.String())
			}
			if !strings.Contains(out.String(), "ask those who wrote") {
				t.Errorf("it does not say what it means: %s", out.String())
			}
			if said := listed(t, damaged); strings.Contains(said, "referral: "+record+" ") {
				t.Errorf("released, and listed: %s", said)
			}
			if name == "a commit that is gone" {
				verified(t, damaged, errBroken) // its number is signed for
				accepted(t, damaged, "1 commits are missing, 0 came late")
			}
			if name != "a data key that is gone" {
				verified(t, damaged, nil)
			}
		})
	}
}

// accepted has a person know of what is lost of the referral service.
func accepted(t *testing.T, dir, want string) {
	t.Helper()
	var out strings.Builder
	args := []string{"accept", "--service", "referral", "--reason", because}
	if err := quarantine(t.Context(), officeIn(t, dir), args, strings.NewReader("no\n"), &out); !errors.Is(err, errConfirm) {
		t.Errorf("not confirmed: %v", err)
	}
	if err := quarantine(t.Context(), officeIn(t, dir), args, strings.NewReader("referral\n"), &out); err != nil || !strings.Contains(out.String(), want) {
		t.Errorf("accept: %v\n%s", err, out.String())
	}
	out.Reset()
	if err := quarantine(t.Context(), officeIn(t, dir), args, nil, &out); err != nil || !strings.Contains(out.String(), "nothing is missing") {
		t.Errorf("accepted again: %v\n%s", err, out.String())
	}
}

// The end of a record is lost, and the bus with it: nobody can tell whose commit it
// was. It is found, and a person can say that they know.
func TestALostEndIsAccepted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, commits := aReferral(t, dir)
	with(t, dir, func(c *mongo.Collection) { take(t, c, fmt.Sprint(record, "/", commits)) })
	did(t, os.RemoveAll(filepath.Join(dir, "nats")))
	if said := listed(t, dir); !strings.Contains(said, "no record is in quarantine\n") {
		t.Error(said)
	}
	verified(t, dir, errBroken)
	accepted(t, dir, "1 commits are missing, 0 came late")
	verified(t, dir, nil)
	running(t, dir, func(journey.Cast) error { return nil })
	verified(t, dir, nil)
}

func verified(t *testing.T, dir string, want error) {
	t.Helper()
	var out strings.Builder
	if err := verify(t.Context(), officeIn(t, dir), nil, &out); !errors.Is(err, want) {
		t.Errorf("verify: %v\n%s", err, out.String())
	}
}

// What a copy holds that does not belong there is not taken.
func TestMendTakesOnlyWhatFits(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, _ := aReferral(t, dir)
	damaged := copied(t, dir)
	with(t, damaged, func(c *mongo.Collection) { take(t, c, record+"/2") })
	args := func(from string) []string {
		return []string{"mend", "--from", from, "--service", "referral", "--record", record, "--reason", because}
	}
	for name, c := range map[string]struct {
		from func(*testing.T) string
		want error
	}{
		"a copy without it": {func(t *testing.T) string { return copied(t, damaged) }, journal.ErrNotHeld},
		"a copy that is damaged too": {func(t *testing.T) string {
			other := copied(t, dir)
			with(t, other, func(c *mongo.Collection) { damages["a turned bit"].do(t, c.Database(), record+"/2") })
			return other
		}, journal.ErrNoFit},
		"another commit in its place": {func(t *testing.T) string {
			other := copied(t, dir)
			with(t, other, func(c *mongo.Collection) {
				d := stored(t, c, record+"/1")
				d["_id"] = record + "/2"
				retake(t, c, record+"/2", d)
			})
			return other
		}, journal.ErrNoFit},
		"no copy": {func(*testing.T) string { return filepath.Join(dir, "nowhere") }, fs.ErrNotExist},
		"itself":  {func(*testing.T) string { return damaged }, hold.ErrHeld},
	} {
		t.Run(name, func(t *testing.T) {
			if err := quarantine(t.Context(), officeIn(t, damaged), args(c.from(t)), nil, t.Output()); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if said := listed(t, damaged); !strings.Contains(said, record+" version 2: missing") {
				t.Errorf("afterwards: %s", said)
			}
		})
	}
}

func TestQuarantineRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, _ := aReferral(t, dir)
	release := func(changes ...string) []string {
		args := []string{"release", "--yes", "--service", "referral", "--record", record, "--reason", because}
		return append(args, changes...)
	}
	for name, c := range map[string]struct {
		args []string
		want error
	}{
		"a record that is sound":   {release(), errRecord},
		"no such record":           {release("--record", "ref_0000"), errRecord},
		"no such service":          {release("--service", "canary"), errService},
		"no record":                {release("--record", ""), errArguments},
		"a copy for a release":     {release("--from", dir), errArguments},
		"no verb":                  {[]string{"burn"}, errArguments},
		"a mending without a copy": {[]string{"mend", "--service", "referral", "--record", record, "--reason", because}, errArguments},
		"no reason":                {release("--reason", ""), errReason},
		"a telephone number":       {release("--reason", "ask Maria, +502 5555 0123"), errReason},
		"an e-mail":                {release("--reason", "ask maria@example.org"), errReason},
		"two lines":                {release("--reason", "line one\nline two"), errReason},
		"a book":                   {release("--reason", strings.Repeat("word ", 60)), errReason},
	} {
		if err := quarantine(t.Context(), officeIn(t, dir), c.args, nil, t.Output()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := checkReason("disk replaced on 26.11, ticket 4711"); err != nil {
		t.Error("a plain reason:", err)
	}
	if err := quarantine(t.Context(), officeIn(t, filepath.Join(dir, "nowhere")), nil, nil, t.Output()); !errors.Is(err, fs.ErrNotExist) {
		t.Error("nowhere:", err)
	}
	running(t, dir, func(journey.Cast) error {
		for name, err := range map[string]error{
			"quarantine": quarantine(t.Context(), officeIn(t, dir), nil, nil, t.Output()),
			"restore":    restored(t.Context(), officeIn(t, dir), nil, t.Output()),
			"erase":      erase(t.Context(), officeIn(t, dir), []string{"--case", "case_0a", "--reason", "survivor_request", "--yes"}, t.Output()),
		} {
			if !errors.Is(err, hold.ErrHeld) || !strings.Contains(err.Error(), "process ") {
				t.Errorf("%s beside a network that runs: %v", name, err)
			}
		}
		return nil
	})
}

// A commit that the service did write, in another history of the record, does not
// belong there either: what follows it tells.
func TestMendTakesNoOtherHistory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	var id, consent string
	running(t, dir, func(cast journey.Cast) (err error) {
		did(t, journey.Register(t.Context(), cast))
		id, consent, err = consented(t.Context(), cast)
		return err
	})
	ask := fields{"requests": []fields{{"recipient": journey.LegalAid, "service": "legal_assistance_service", "urgency": "urgent"}}}
	other := copied(t, dir)
	running(t, other, func(cast journey.Cast) error {
		return cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+id+"/consents/withdraw", fields{"consent": consent}, nil)
	})
	running(t, dir, func(cast journey.Cast) error {
		did(t, cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+id+"/requests", ask, nil))
		return cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+id+"/consents/withdraw", fields{"consent": consent}, nil)
	})
	with(t, dir, func(c *mongo.Collection) {
		take(t, c.Database().Client().Database("sanad_intake").Collection("journal"), id+"/3")
	})
	err := quarantine(t.Context(), officeIn(t, dir), []string{"mend", "--from", other, "--service", "intake", "--record", id, "--reason", because}, nil, t.Output())
	if !errors.Is(err, journal.ErrNoFit) {
		t.Errorf("mend: %v", err)
	}
	if said := listed(t, dir); !strings.Contains(said, "intake: "+id+" version 3: missing") {
		t.Errorf("afterwards: %s", said)
	}
}
