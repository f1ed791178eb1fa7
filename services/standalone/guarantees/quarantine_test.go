package guarantees_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// aside is a line of the list of records that are set aside.
type aside struct {
	Service, Record string
	Version         uint64
	Reason          string
}

// admin asks the admin address.
func (w *world) admin(path string) string {
	w.t.Helper()
	a, err := office.Desk{Base: "http://" + w.Admin.String(), HTTP: looking}.Do(w.t.Context(), http.MethodGet, path, nil, nil)
	if err != nil || a.Status != http.StatusOK {
		w.t.Fatalf("%s: %d %s %v", path, a.Status, a.Body, err)
	}
	return string(a.Body)
}

// setAside holds the list of records that are set aside, and what is counted of
// them, against what is expected.
func (w *world) setAside(want ...aside) {
	w.t.Helper()
	var page struct{ Items []aside }
	w.running().until(w.t, "it serves", func() bool { return w.Ready(w.t.Context()) == nil })
	if err := json.Unmarshal([]byte(w.admin("/quarantine")), &page); err != nil || page.Items == nil {
		w.t.Fatalf("the list: %v", err)
	}
	if d := cmp.Diff(append([]aside{}, want...), page.Items); d != "" {
		w.t.Errorf("set aside (-want +got):\n%s", d)
	}
	if n, known := total([]byte(w.admin("/metrics")), "sanad_quarantined_records"); !known || int(n) != len(want) {
		w.t.Errorf("%g records are counted", n)
	}
	if told := strings.Contains(w.admin("/readyz"), ": quarantine: "); told != (len(want) > 0) {
		w.t.Errorf("the readiness page: %s", w.admin("/readyz"))
	}
}

// closed holds that a desk is told that a record is set aside, and nothing else.
func (w *world) closed(a office.Answer) {
	w.t.Helper()
	var p struct{ Code string }
	if err := json.Unmarshal(a.Body, &p); err != nil || a.Status != http.StatusServiceUnavailable || p.Code != "record_quarantined" {
		w.t.Errorf("it answers %d %s", a.Status, a.Body)
	}
}

func look(ctx context.Context, t testing.TB, d office.Desk, path string) office.Answer {
	t.Helper()
	a, err := d.Do(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// onDatabase does something to the database of a service of a stopped network.
func onDatabase(t testing.TB, dir, service string, do func(*mongo.Database)) {
	t.Helper()
	m, err := network.OpenDatabase(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	client, err := m.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) }()
	do(client.Database(network.DatabaseName(service)))
}

// onJournal does something to the journal of a stopped network's service, with its
// keys, as a tool would.
func onJournal(t testing.TB, dir, service string, do func(*journal.Journal)) {
	t.Helper()
	onDatabase(t, dir, service, func(db *mongo.Database) {
		keyset, err := seal.ReadKeyset(filepath.Join(network.KeysDir(dir), network.KeysetFile))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := seal.Open(t.Context(), db.Collection("keys"), keyset, service)
		if err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(t.Context(), journal.Config{
			Database: db, Keys: keys, Service: service, Alone: true, Registerer: prometheus.NewRegistry(),
			Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
		})
		if err != nil {
			t.Fatal(err)
		}
		do(j)
		if err := j.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
	})
}

// versions are the commits of a record, in order.
func versions(t testing.TB, db *mongo.Database, record string) (all []bson.M) {
	t.Helper()
	for v := 1; ; v++ {
		var d bson.M
		if err := db.Collection("journal").FindOne(t.Context(), bson.M{"_id": fmt.Sprintf("%s/%d", record, v)}).Decode(&d); err != nil {
			return all
		}
		all = append(all, d)
	}
}

// exchange puts a document in the place of the one of its id.
func exchange(t testing.TB, db *mongo.Database, d bson.M) {
	t.Helper()
	c := db.Collection("journal")
	_, err := c.DeleteOne(t.Context(), bson.M{"_id": d["_id"]})
	if err == nil {
		_, err = c.InsertOne(t.Context(), bson.D{
			{Key: "_id", Value: d["_id"]},
			{Key: "at", Value: d["at"]},
			{Key: "key", Value: d["key"]},
			{Key: "lane", Value: d["lane"]},
			{Key: "number", Value: d["number"]},
			{Key: "commit", Value: d["commit"]},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// rehash gives a document the hash that fits what is in it, as somebody would who
// knows how a journal is made and has no key.
func rehash(service string, d bson.M) {
	commit := d["commit"].(bson.Binary)
	data := slices.Clone(commit.Data)
	var b []byte
	n := func(v int) { b = binary.BigEndian.AppendUint64(b, uint64(v)) }
	text := func(s string) { n(len(s)); b = append(b, s...) }
	text("sanad commit 2")
	text(service)
	text(d["_id"].(string))
	n(int(d["at"].(bson.DateTime)))
	text(d["key"].(string))
	n(int(d["lane"].(int64)))
	n(int(d["number"].(int64)))
	b = append(b, data[:sha256.Size]...)
	n(len(data) - 2*sha256.Size)
	sum := sha256.Sum256(append(b, data[2*sha256.Size:]...))
	copy(data[sha256.Size:], sum[:])
	d["commit"] = bson.Binary{Subtype: commit.Subtype, Data: data}
}

// findings are what a verification with keys says of a stopped network's service.
func findings(t testing.TB, dir, service string) (lines []string) {
	t.Helper()
	onDatabase(t, dir, service, func(db *mongo.Database) {
		if _, err := network.Verify(t.Context(), db.Client(), service, network.Verification{Report: func(line string) { lines = append(lines, line) }}); err != nil {
			t.Fatal(err)
		}
	})
	return lines
}

// One commit that cannot be read closes one record. The network starts, the others
// are served, and what the record was to be told waits: when a person has passed the
// commit over, her no takes effect.
func TestOneRecordIsClosedAndNoOther(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	p := w.confide(ctx, "identity", "contact", "incident")
	p.read(p.accept(ctx))
	agency := p.lawyer.Agency
	other := request(ctx, t, p.front, openCase(ctx, t, p.front, agency, "legal_assistance_service"), agency, "legal_assistance_service")
	w.offered(p.lawyer, other)
	w.idle()

	var last uint64
	w.restart(func(dir string) {
		onDatabase(t, dir, "referral", func(db *mongo.Database) {
			all := versions(t, db, p.referral)
			last = uint64(len(all))
			d := all[last-1]
			d["commit"].(bson.Binary).Data[2*sha256.Size+5] ^= 1
			exchange(t, db, d)
		})
		want := fmt.Sprintf("referral: record %s version %d: ", p.referral, last)
		if lines := findings(t, dir, "referral"); len(lines) == 0 || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
			t.Errorf("verify does not name it: %q", lines)
		}
	})
	if last < 2 {
		t.Fatalf("the referral has %d commits", last)
	}
	w.reseat(&p.front, &p.lawyer)
	w.setAside(aside{"referral", p.referral, last, "unreadable"})
	w.closed(look(ctx, t, p.lawyer, "/v1/referrals/"+p.referral))
	w.closed(look(ctx, t, p.lawyer, "/v1/referrals/"+p.referral+"/history"))
	w.closed(post(ctx, t, p.lawyer, "/v1/referrals/"+p.referral+"/accept", uuid.NewString(), `{}`))
	// Of several, the others are answered.
	a := post(ctx, t, p.lawyer, "/v1/referrals/answers", uuid.NewString(), `{"answers":[{"referral":"`+p.referral+`","accept":true},{"referral":"`+other+`","accept":true}]}`)
	var results struct {
		Items []struct {
			Done    bool
			Problem struct{ Code string }
		}
	}
	if err := json.Unmarshal(a.Body, &results); err != nil || len(results.Items) != 2 || results.Items[0].Problem.Code != "record_quarantined" || !results.Items[1].Done {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	var page struct{ Items []view }
	if err := p.lawyer.Get(ctx, "/v1/referrals", &page); err != nil || len(page.Items) != 1 || page.Items[0].ID != other {
		t.Errorf("the list: %+v %v", page.Items, err)
	}
	p.withdraw(ctx)
	waiting := func() int {
		n, _ := total([]byte(w.admin("/metrics")), "sanad_parked_messages")
		return int(n)
	}
	w.running().until(t, "her no waits", func() bool { return waiting() == 1 })
	p.hides(ctx, p.lawyer, "after her no", p.ask(ctx))

	w.restart(func(dir string) {
		onJournal(t, dir, "referral", func(j *journal.Journal) {
			if err := j.PassOver(t.Context(), p.referral, last, "a test of it"); err != nil {
				t.Error(err)
			}
		})
	})
	w.reseat(&p.front, &p.lawyer)
	w.setAside()
	w.becomes(p.front, "/v1/referrals/"+p.referral, status("withdrawn"))
	w.idle()
	if n := waiting(); n != 0 {
		t.Errorf("%d messages still wait", n)
	}
}

// reseat gives desks the addresses of the network as it is now.
func (w *world) reseat(desks ...*office.Desk) {
	w.t.Helper()
	for _, d := range desks {
		d.Base = w.Base()
	}
}

// A person who can write to the database, and has no key, cannot bring a consent
// back. The end of it may be made unreadable, in ways that fit all hashes, or taken
// away: nothing is shown.
func TestAWithdrawnConsentIsNotGivenBack(t *testing.T) {
	for name, change := range map[string]struct {
		do     func(bson.M)
		reason string
	}{
		"an unknown key":  {func(d bson.M) { d["key"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA" }, "key_lost"},
		"another instant": {func(d bson.M) { d["at"] = d["at"].(bson.DateTime) - 1000 }, "unreadable"},
		"another key":     {nil, "unreadable"}, // that of another commit
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			ctx := t.Context()
			p := w.confide(ctx, "identity", "contact", "incident")
			p.read(p.accept(ctx))
			w.idle()
			p.withdraw(ctx)
			w.idle()
			stranger := openCase(ctx, t, p.front, p.lawyer.Agency, "legal_assistance_service")
			// The end of the consent is the last that the journal knows of the case.
			var at uint64
			w.restart(func(dir string) {
				at = withdrawnAt(t, dir, p.id)
				onDatabase(t, dir, "intake", func(db *mongo.Database) {
					all := versions(t, db, p.id)
					d := all[at-1]
					if change.do == nil {
						d["key"] = versions(t, db, stranger)[0]["key"]
					} else {
						change.do(d)
					}
					rehash("intake", d)
					exchange(t, db, d)
					for _, later := range all[at:] { // what followed it is taken away
						if _, err := db.Collection("journal").DeleteOne(t.Context(), bson.M{"_id": later["_id"]}); err != nil {
							t.Fatal(err)
						}
					}
				})
			})
			w.reseat(&p.front, &p.lawyer)
			w.setAside(aside{"intake", p.id, at, change.reason})
			w.closed(p.ask(ctx))
			w.closed(look(ctx, t, p.front, "/v1/cases/"+p.id))
			w.closed(look(ctx, t, p.front, "/v1/cases/"+p.id+"/disclosures"))
			if a := look(ctx, t, p.front, "/v1/cases/"+stranger); a.Status != http.StatusOK {
				t.Errorf("another case: %d %s", a.Status, a.Body)
			}
		})
	}
}

// What took her consent back is cut off, with all that the journal knows of the case
// behind it, long after the checkpoint that covers it: the bus knows whose it was, and
// the case is closed.
func TestACutWithdrawalGivesNoConsentBack(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	p := w.confide(ctx, "identity", "contact", "incident")
	p.read(p.accept(ctx))
	w.idle()
	p.withdraw(ctx)
	w.idle()
	for range 2 { // each start looks behind the newest checkpoint alone
		w.restart(nil)
		w.reseat(&p.front, &p.lawyer)
		openCase(ctx, t, p.front, p.lawyer.Agency, "legal_assistance_service")
		w.idle()
	}
	var at uint64
	w.restart(func(dir string) {
		at = withdrawnAt(t, dir, p.id)
		onDatabase(t, dir, "intake", func(db *mongo.Database) {
			for _, d := range versions(t, db, p.id)[at-1:] {
				if _, err := db.Collection("journal").DeleteOne(t.Context(), bson.M{"_id": d["_id"]}); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
	w.reseat(&p.front, &p.lawyer)
	w.setAside(aside{"intake", p.id, at, "ahead"})
	w.closed(p.ask(ctx))
	w.closed(look(ctx, t, p.front, "/v1/cases/"+p.id))
}

// A person who passes over what took her consent back gives it to nobody: what she
// had allowed before ends. What she allows afterwards stands, also at the next start.
func TestAReleaseGivesNoConsentBack(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	p := w.confide(ctx, "identity", "contact", "incident")
	p.read(p.accept(ctx))
	w.idle()
	p.withdraw(ctx)
	w.idle()
	w.restart(func(dir string) {
		at := withdrawnAt(t, dir, p.id)
		onDatabase(t, dir, "intake", func(db *mongo.Database) {
			d := versions(t, db, p.id)[at-1]
			d["at"] = d["at"].(bson.DateTime) - 1000
			rehash("intake", d)
			exchange(t, db, d)
		})
		onJournal(t, dir, "intake", func(j *journal.Journal) {
			if err := j.PassOver(ctx, p.id, at, "a test of it"); err != nil {
				t.Fatal(err)
			}
		})
	})
	w.reseat(&p.front, &p.lawyer)
	w.setAside()
	status := func() (all []string) {
		var c struct{ Consents []struct{ Status string } }
		if err := p.front.Get(ctx, "/v1/cases/"+p.id, &c); err != nil {
			t.Fatal(err)
		}
		for _, k := range c.Consents {
			all = append(all, k.Status)
		}
		return all
	}
	if diff := cmp.Diff([]string{"withdrawn"}, status()); diff != "" {
		t.Errorf("consents (-want +got):\n%s", diff)
	}
	if a := p.ask(ctx); a.Status == http.StatusOK {
		t.Errorf("the packet opens: %s", a.Body)
	}
	err := p.front.Post(ctx, "/v1/cases/"+p.id+"/consents", m{
		"recipient": p.lawyer.Agency, "service": "legal_assistance_service", "purpose": "service_delivery", "categories": []string{"contact"},
		"expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339), "method": "oral", "given_by": "survivor", "witnessed": true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.restart(nil)
	w.reseat(&p.front, &p.lawyer)
	if diff := cmp.Diff([]string{"withdrawn", "given"}, status()); diff != "" {
		t.Errorf("consents after she allowed it again (-want +got):\n%s", diff)
	}
}

// withdrawnAt is the version of a case that holds the end of a consent.
func withdrawnAt(t testing.TB, dir, id string) (at uint64) {
	t.Helper()
	onJournal(t, dir, "intake", func(j *journal.Journal) {
		commits, err := j.Tail(t.Context(), id, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range commits {
			if slices.ContainsFunc(c.Events, func(e event.Recorded) bool { return e.Type == "intake.consent_withdrawn.v1" }) {
				at = c.Version
			}
		}
	})
	if at == 0 {
		t.Fatal("nothing was withdrawn")
	}
	return at
}

// Data keys that are gone close the records that they sealed, and no other.
func TestLostDataKeysCloseTheirRecords(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	name := w.lawyers(ctx, 1)[0]
	front := w.desk(journey.FrontDesk, "caseworker")
	lost := make([]string, 80)
	for i := range lost {
		lost[i] = openCase(ctx, t, front, name, "legal_assistance_service")
	}
	kept := openCase(ctx, t, front, name, "legal_assistance_service")
	w.idle()
	w.restart(func(dir string) {
		onDatabase(t, dir, "intake", func(db *mongo.Database) {
			for _, id := range lost {
				if _, err := db.Collection("keys").DeleteOne(t.Context(), bson.M{"_id": versions(t, db, id)[0]["key"]}); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
	w.reseat(&front)
	slices.Sort(lost)
	want := make([]aside, len(lost))
	for i, id := range lost {
		want[i] = aside{"intake", id, 1, "key_lost"}
	}
	w.setAside(want...)
	w.closed(look(ctx, t, front, "/v1/cases/"+lost[0]))
	w.closed(post(ctx, t, front, "/v1/cases/"+lost[1]+"/close", uuid.NewString(), `{"reason":"needs_met"}`))
	referral := request(ctx, t, front, kept, name, "legal_assistance_service")
	w.offered(w.desk(name, "lawyer"), referral)
	var page struct{ Items []view }
	if err := front.Get(ctx, "/v1/cases", &page); err != nil || len(page.Items) != 1 || page.Items[0].ID != kept {
		t.Errorf("%d cases are listed: %v", len(page.Items), err)
	}
}

// Commits that were cut off behind a checkpoint are missed at the next start.
func TestACutThatACheckpointCoversIsTold(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	name := w.lawyers(ctx, 1)[0]
	front := w.desk(journey.FrontDesk, "caseworker")
	id := openCase(ctx, t, front, name, "legal_assistance_service")
	w.idle()
	w.restart(func(dir string) {
		onDatabase(t, dir, "intake", func(db *mongo.Database) {
			all := versions(t, db, id)
			if _, err := db.Collection("journal").DeleteOne(t.Context(), bson.M{"_id": all[len(all)-1]["_id"]}); err != nil {
				t.Fatal(err)
			}
		})
		if lines := findings(t, dir, "intake"); len(lines) == 0 {
			t.Error("verify finds nothing")
		}
	})
	w.running().until(t, "it serves", func() bool { return w.Ready(t.Context()) == nil })
	if page := w.admin("/readyz"); !strings.Contains(page, "intake: journal: commits that were signed for are not there (missing, 1)") {
		t.Errorf("the readiness page: %s", page)
	}
	if raw := w.admin("/metrics"); !strings.Contains(raw, `sanad_journal_trouble{kind="missing",service="intake"} 1`) {
		t.Error("no metric tells it")
	}
}

// After a rollback a journal holds what a newer release wrote. Those records wait for
// it, without a decision, and the others are served.
func TestWhatANewerReleaseWroteWaitsForIt(t *testing.T) {
	w := begin(t, func(w *world) { w.unwatched = true }) // what is said by a newer release no schema here knows
	ctx := t.Context()
	name := w.lawyers(ctx, 1)[0]
	front, lawyer := w.desk(journey.FrontDesk, "caseworker"), w.desk(name, "lawyer")
	referrals, cases := make([]string, 3), map[string]string{}
	for i := range referrals {
		id := openCase(ctx, t, front, name, "legal_assistance_service")
		referrals[i] = request(ctx, t, front, id, name, "legal_assistance_service")
		w.offered(lawyer, referrals[i])
		cases[referrals[i]] = id
	}
	w.idle()
	slices.Sort(referrals)
	said := forgery{"referral.completed.v1", referrals[1], m{
		"referral": referrals[1], "case": cases[referrals[1]], "sender": journey.FrontDesk, "recipient": name,
		"service": "legal_assistance_service", "turn": 1, "outcome": "an_invented_outcome",
	}}.msg(t)
	invented := []event.Recorded{
		{Type: "referral.invented.v1", Data: json.RawMessage(`{"referral":"x"}`)},
		{Type: "referral.completed.v1", Data: said.Data},
	}
	var at []uint64
	w.restart(func(dir string) {
		onJournal(t, dir, "referral", func(j *journal.Journal) {
			for i, e := range invented {
				commits, err := j.Tail(t.Context(), referrals[i], 1)
				if err != nil || len(commits) == 0 {
					t.Fatal(len(commits), err)
				}
				last := commits[len(commits)-1]
				j.Adopt(last.Owner, last.Key)
				c := &journal.Commit{
					Record: referrals[i], Version: last.Version + 1, Prev: last.Hash, Owner: last.Owner, At: time.Now().UTC(),
					Op: "invent", Events: []event.Recorded{e},
				}
				if err := j.Append(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				at = append(at, c.Version)
				said.Header.Set("ce-id", c.EventID(0).String()) // of the last one
			}
		})
		if lines := findings(t, dir, "referral"); len(lines) > 0 {
			t.Errorf("what a newer release wrote does not verify: %q", lines)
		}
	})
	w.reseat(&front, &lawyer)
	w.setAside(aside{"referral", referrals[0], at[0], "newer"}, aside{"referral", referrals[1], at[1], "newer"})
	if page := w.admin("/readyz"); strings.Contains(page, "somebody decides") || !strings.Contains(page, "newer release") {
		t.Errorf("the readiness page: %s", page)
	}
	for _, r := range referrals[:2] {
		w.closed(look(ctx, t, lawyer, "/v1/referrals/"+r))
		w.closed(post(ctx, t, lawyer, "/v1/referrals/"+r+"/accept", uuid.NewString(), `{}`))
	}
	if err := lawyer.Post(ctx, "/v1/referrals/"+referrals[2]+"/accept", m{}, nil); err != nil {
		t.Error(err)
	}
	// What that release told others waits as well, and nothing waits behind it.
	said.Header.Set("Nats-Msg-Id", said.Header.Get("ce-id"))
	nc, err := w.Bus.Connect("referral")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := nc.PublishMsg(said); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	w.running().until(t, "the five services keep it for the newer release", func() bool {
		n, _ := total([]byte(w.admin("/metrics")), "sanad_parked_messages")
		return n == 5
	})
	w.becomes(front, "/v1/cases/"+cases[referrals[2]], func(v view) bool { return v.Referrals[0].Status == "accepted" })
	w.setAside(aside{"referral", referrals[0], at[0], "newer"}, aside{"referral", referrals[1], at[1], "newer"})
}
