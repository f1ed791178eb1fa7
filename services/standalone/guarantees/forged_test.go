package guarantees_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// hand is one hand-over that goes on: a referral that an agency accepted, and
// the work that it opened.
type hand struct {
	service, agency, role, room, prefix string

	caseID, referral string
}

func hands() []*hand {
	return []*hand{
		{service: "legal_assistance_service", agency: journey.LegalAid, role: "lawyer", room: "/v1/matters/", prefix: "mat"},
		{service: "psychosocial_service", agency: journey.Counselling, role: "counsellor", room: "/v1/support-plans/", prefix: "plan"},
		{service: "forensic_examination_service", agency: journey.Forensics, role: "examiner", room: "/v1/examinations/", prefix: "exam"},
	}
}

func (h hand) work() string { return h.prefix + strings.TrimPrefix(h.referral, "ref") }

// under is a network in which three agencies work for a survivor.
func under(t *testing.T) (*world, []*hand) {
	w := begin(t, func(w *world) { w.unwatched = true })
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	all := hands()
	for _, h := range all {
		worker := w.desk(h.agency, h.role)
		h.caseID = openCase(ctx, t, front, h.agency, h.service)
		h.referral = request(ctx, t, front, h.caseID, h.agency, h.service)
		w.offered(worker, h.referral)
		if err := worker.Post(ctx, "/v1/referrals/"+h.referral+"/accept", m{}, nil); err != nil {
			t.Fatal(err)
		}
		w.sees(worker, h.room+h.work(), &struct{}{}, func() bool { return true })
	}
	w.idle()
	return w, all
}

// story is what everybody may read of the three hands.
func (w *world) story(all []*hand) map[string]string {
	w.t.Helper()
	read := map[string]string{}
	look := func(d office.Desk, path string) {
		a, err := d.Do(w.t.Context(), http.MethodGet, path, nil, nil)
		if err != nil {
			w.t.Fatal(err)
		}
		if a.Status != http.StatusOK {
			w.t.Errorf("%s answers its owner %d", path, a.Status)
		}
		read[path] = a.Header.Get("ETag") + string(a.Body)
	}
	for _, h := range all {
		look(w.desk(h.agency, h.role), h.room+h.work())
		look(w.desk(h.agency, h.role), "/v1/referrals/"+h.referral)
		look(w.desk(journey.FrontDesk, "caseworker"), "/v1/cases/"+h.caseID)
	}
	return read
}

// strangers see nothing of them.
func (w *world) strangers(all []*hand) {
	w.t.Helper()
	for _, h := range all {
		evil := w.desk(evil, h.role)
		for _, path := range []string{h.room + h.work(), "/v1/referrals/" + h.referral} {
			if a, err := evil.Do(w.t.Context(), http.MethodGet, path, nil, nil); err != nil || a.Status != http.StatusNotFound {
				w.t.Errorf("%s answers a stranger %d, %v", path, a.Status, err)
			}
		}
	}
}

const evil = "evil-partner"

// forgeries are what a forger would say of the three hands: of each kind one,
// with all that a true event has.
func forgeries(h *hand) []forgery {
	loop := func(more m) m {
		d := m{
			"referral": h.referral, "case": h.caseID, "sender": journey.FrontDesk, "recipient": evil, "service": h.service, "turn": 9,
			"consent": "cons_" + strings.TrimPrefix(h.referral, "ref_"), "purpose": "service_delivery", "categories": []string{"identity"},
			"consent_expires": "2099-01-01T00:00:00Z", "urgency": "urgent",
		}
		maps.Copy(d, more)
		return d
	}
	work := m{h.kind(): h.work(), "referral": h.referral, "case": h.caseID, "agency": h.agency, "turn": 9, "outcome": "needs_met"}
	return []forgery{
		{"referral.reopened.v1", h.referral, loop(nil)},
		{"referral.accepted.v1", h.referral, loop(nil)},
		{"referral.completed.v1", h.referral, loop(m{"outcome": "needs_met"})},
		{"referral.cancelled.v1", h.referral, loop(m{"by": evil, "reason": "made_in_error"})},
		{"referral.withdrawn.v1", h.referral, loop(nil)},
		{"intake.consent_withdrawn.v1", h.caseID, m{"case": h.caseID, "consent": "cons_" + strings.TrimPrefix(h.referral, "ref_")}},
		{"intake.service_requested.v1", h.caseID, loop(m{"mode": "directed"})},
		{closedBy[h.prefix], h.work(), work},
	}
}

var closedBy = map[string]string{
	"mat": "legal-aid.matter_closed.v1", "plan": "psychosocial.plan_closed.v1", "exam": "forensic-services.examination_closed.v1",
}

func (h hand) kind() string {
	return map[string]string{"mat": "matter", "plan": "plan", "exam": "examination"}[h.prefix]
}

// forgery is an event that did not happen.
type forgery struct {
	typ, record string
	data        m
}

func (f forgery) service() string { s, _, _ := strings.Cut(f.typ, "."); return s }

func (f forgery) subject() string {
	parts := strings.Split(f.typ, ".")
	return "sanad.events." + parts[0] + "." + parts[1] + "." + f.record
}

func (f forgery) msg(t testing.TB) *nats.Msg {
	t.Helper()
	data, err := json.Marshal(f.data)
	if err != nil {
		t.Fatal(err)
	}
	// One that nobody has said: else the bus would take it for a copy.
	id := fmt.Sprintf("%s/99/0/%016x", f.record, maphash.String(seed, f.typ))
	return &nats.Msg{Subject: f.subject(), Data: data, Header: nats.Header{
		"ce-specversion": {"1.0"}, "ce-id": {id}, "ce-source": {"/sanad/" + f.service()}, "ce-type": {"sanad." + f.typ},
		"ce-subject": {f.record}, "ce-time": {"2026-11-26T10:00:00Z"}, "Nats-Msg-Id": {id},
	}}
}

var seed = maphash.MakeSeed()

// forger is a client that notes what the server refused.
type forger struct {
	*nats.Conn
	refused atomic.Int64
}

func (f *forger) note(_ *nats.Conn, _ *nats.Subscription, err error) {
	if errors.Is(err, nats.ErrPermissionViolation) {
		f.refused.Add(1)
	}
}

// Nobody speaks on the bus in another's name: who has nothing but its address is
// not let in; an integrator and every other service are refused by the server.
func TestNobodySpeaksInAnothersName(t *testing.T) {
	w, all := under(t)
	before, last := w.story(all), w.lastEvent()

	if nc, err := nats.Connect(w.Bus.URL); !errors.Is(err, nats.ErrAuthorization) {
		nc.Close()
		t.Errorf("a client that is nobody: %v", err)
	}
	if err := network.Invite(network.KeysDir(w.config.Dir), "observer"); err != nil {
		t.Fatal(err)
	}
	speakers := append([]string{"observer", bus.Steward}, network.With(true)...)
	for _, name := range speakers {
		f := w.forger(name)
		tried := 0
		for _, h := range all {
			for _, lie := range forgeries(h) {
				if lie.service() == name {
					continue // its own name
				}
				tried++
				if err := f.PublishMsg(lie.msg(t)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.Flush(); err != nil {
			t.Fatal(err)
		}
		// The server has answered; the client tells of it on its own time.
		patience.Until(t, fmt.Sprintf("%s said %d things in other names, and all are refused", name, tried),
			func() bool { return int(f.refused.Load()) == tried }, func() string { return fmt.Sprint(f.refused.Load()) })
		f.Close()
	}
	w.idle()
	if now := w.lastEvent(); now != last {
		t.Errorf("%d messages were stored", now-last)
	}
	w.same(before, all)
}

// What a service says in its own name does to a record only what it may: a
// record changes hands for nobody, and what is refused is told.
func TestNoRecordChangesHands(t *testing.T) {
	w, all := under(t)
	before := w.story(all)
	lies := 0
	for _, h := range all {
		for _, lie := range forgeries(h) {
			if lie.service() != "referral" {
				continue
			}
			js, leave := as(t, w.Bus, lie.service())
			if _, err := js.PublishMsg(t.Context(), lie.msg(t)); err != nil {
				t.Fatal(err)
			}
			leave()
			lies++
		}
	}
	w.idle()
	letters := stored(t, w.Bus, bus.DeadLetters)
	if len(letters) < lies {
		t.Errorf("%d lies, %d dead letters", lies, len(letters))
	}
	for _, l := range letters {
		if reason := l.Header.Get(bus.HeaderReason); reason != "fact_disagrees" {
			t.Errorf("%s was refused as %s", l.Subject, reason)
		}
	}
	w.same(before, all)
	w.restart(nil)
	w.idle()
	w.same(before, all)
}

// same holds the story against what it was.
func (w *world) same(before map[string]string, all []*hand) {
	w.t.Helper()
	for path, was := range before {
		if is := w.story(all)[path]; is != was {
			w.t.Errorf("%s was\n%s\nand is\n%s", path, was, is)
		}
	}
	w.strangers(all)
}

// lastEvent is the sequence of the newest event.
func (w *world) lastEvent() uint64 {
	w.t.Helper()
	js, leave := connect(w.t, w.Bus)
	defer leave()
	s, err := js.Stream(w.t.Context(), bus.Events)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.CachedInfo().State.LastSeq
}

// forger connects as an integrator, a service or the steward. A new integrator
// is known within seconds.
func (w *world) forger(name string) *forger {
	w.t.Helper()
	f := &forger{}
	connect := w.Bus.Connect
	if !w.Bus.Seeds.Has(name) {
		connect = w.Bus.Visit
	}
	nc, err := connect(name)
	if err != nil {
		w.t.Fatal(err)
	}
	f.Conn = nc
	nc.SetErrorHandler(f.note)
	w.running().until(w.t, name+" is let in", nc.IsConnected)
	return f
}

// Her withdrawal arrives, whatever somebody published ahead under an id that it
// might have had.
func TestWhatIsPublishedAheadKeepsNothingBack(t *testing.T) {
	w, all := under(t)
	ctx := t.Context()
	h := all[0]
	front := w.desk(journey.FrontDesk, "caseworker")
	js, leave := as(t, w.Bus, "psychosocial")
	defer leave()
	for version := range 30 {
		for index := range 3 {
			id := strings.Join([]string{h.caseID, strconv.Itoa(version), strconv.Itoa(index)}, "/")
			msg := &nats.Msg{Subject: "sanad.events.psychosocial.plan_opened.plan_x", Header: nats.Header{}, Data: []byte("{}")}
			if _, err := js.PublishMsg(ctx, msg, jetstream.WithMsgID(id)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var c struct {
		Consents []struct {
			ID string `json:"id"`
		} `json:"consents"`
	}
	if err := front.Get(ctx, "/v1/cases/"+h.caseID, &c); err != nil {
		t.Fatal(err)
	}
	withdrawal(ctx, t, front, h.caseID, c.Consents[0].ID)
	var r struct {
		Status string `json:"status"`
	}
	w.sees(front, "/v1/referrals/"+h.referral, &r, func() bool { return r.Status == "withdrawn" })
}

func withdrawal(ctx context.Context, t testing.TB, front office.Desk, caseID, consent string) {
	t.Helper()
	if err := front.Post(ctx, "/v1/cases/"+caseID+"/consents/withdraw", m{"consent": consent}, nil); err != nil {
		t.Fatal(err)
	}
}
