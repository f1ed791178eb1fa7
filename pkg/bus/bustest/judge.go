package bustest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
)

// forged is a message as intake would publish it, but for what a test changes.
func forged(t testing.TB, record string, tail uint64, change func(*nats.Msg)) *nats.Msg {
	t.Helper()
	r, err := catalogue.Encode(fact.Event{Data: caseOpened(record)})
	if err != nil {
		t.Fatal(err)
	}
	env := event.Envelope{
		ID: event.ID{Record: record, Version: 1, Tail: tail}.String(), Source: event.Source("intake"), Type: opened,
		Subject: record, Time: time.Now(), Data: r.Data,
	}
	msg := env.Msg(event.SubjectOf(opened, record))
	if change != nil {
		change(msg)
	}
	return msg
}

func publish(t testing.TB, s *Service, msg *nats.Msg) {
	t.Helper()
	if _, err := as(t, s.srv, "intake").PublishMsg(t.Context(), msg); err != nil {
		t.Fatalf("%s: %v", msg.Subject, err)
	}
}

func header(key, value string) func(*nats.Msg) {
	return func(m *nats.Msg) { m.Header[key] = []string{value} }
}

func replaced(old, by string) func(*nats.Msg) {
	return func(m *nats.Msg) { m.Data = []byte(strings.Replace(string(m.Data), old, by, 1)) }
}

// who names everything a message about another record would.
func who(record string) func(*nats.Msg) {
	return func(m *nats.Msg) {
		_, tail := event.CutTail(m.Header.Get("ce-id"))
		id := record + "/1/0/" + tail
		header("ce-id", id)(m)
		header(nats.MsgIdHdr, id)(m)
		header("ce-subject", record)(m)
	}
}

// What does not say the same everywhere, or is not what its event is, reaches no
// endpoint: it is buried, and the letter says why.
func testJudged(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	var got log
	out := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		got.add(d.Subject)
		return nil
	}))
	const malformed, misplaced, incomplete, undecodable = "malformed_event", "misplaced_event", "incomplete_event", "undecodable_event"
	cases := []struct {
		name, want string
		change     func(*nats.Msg)
	}{
		{"another subject", misplaced, func(m *nats.Msg) { m.Subject = event.SubjectOf(opened, "case_victim") }},
		{"another record", misplaced, who("case_victim")},
		{"an id of another record", misplaced, header("ce-id", "case_victim/1/0/0000000000000001")},
		{"another Nats-Msg-Id", misplaced, header(nats.MsgIdHdr, "case_victim/1/0/00000000000000ff")},
		{"the old form for Nats-Msg-Id", misplaced, func(m *nats.Msg) { header(nats.MsgIdHdr, place(m.Header.Get(nats.MsgIdHdr)))(m) }},
		{"no Nats-Msg-Id", misplaced, func(m *nats.Msg) { m.Header.Del(nats.MsgIdHdr) }},
		{"a copy that does not say so", misplaced, func(m *nats.Msg) { header(nats.MsgIdHdr, m.Header.Get("ce-id")+"+2026-01-01T00:00:00Z")(m) }},
		{"another source", misplaced, header("ce-source", "/sanad/referral")},
		{"another event", misplaced, header("ce-type", "sanad.intake.case_closed.v1")},
		{"no CloudEvent", malformed, func(m *nats.Msg) { m.Header = nil }},
		{"a dot in the id", malformed, who("case_a.b")},
		{"a star for an id", malformed, who("case_*")},
		{"a star in the subject too", malformed, func(m *nats.Msg) { who("case_*")(m); m.Subject = event.SubjectOf(opened, "case_*") }},
		{"all for an id", malformed, who("case_>")},
		{"version nought", "unknown_event", header("ce-type", "sanad.intake.case_opened.v0")},
		{"a field is missing", incomplete, replaced(`"agency":"alpha",`, "")},
		{"nothing is there", incomplete, func(m *nats.Msg) { m.Data = []byte("{}") }},
		{"a dot in the data", incomplete, replaced(`"case":"`, `"case":"case_a.b","x":"`)},
		{"a star in the data", incomplete, replaced(`"case":"`, `"case":"case_*","x":"`)},
		{"all in the data", incomplete, replaced(`"case":"`, `"case":"case_>","x":"`)},
		{"capitals", incomplete, replaced(`{`, `{"CASE":"case_*",`)},
		{"free text for a code", incomplete, replaced(`"hotline"`, `"call her after six"`)},
		{"a newer code, and no agency", incomplete, func(m *nats.Msg) { replaced(`"hotline"`, `"chat"`)(m); replaced(`"agency":"alpha",`, "")(m) }},
		{"twice", undecodable, replaced(`{`, `{"agency":"beta",`)},
		{"no JSON", undecodable, func(m *nats.Msg) { m.Data = []byte("no") }},
	}
	want := map[string]string{}
	sent := map[string]string{}
	for n, c := range cases {
		msg := forged(t, record("case", n), uint64(n+1), c.change)
		if c.name == "another subject" || c.name == "a star in the subject too" {
			want[msg.Subject] = c.name
		} else {
			want[event.SubjectOf(opened, record("case", n))] = c.name
		}
		sent[c.name] = msg.Header.Get(nats.MsgIdHdr)
		publish(t, s, msg)
	}
	publish(t, s, forged(t, "case_true", 7, replaced(`{`, `{"later":{"and":[1,2]},`)))
	publish(t, s, forged(t, "case_old", 0, nil))
	codes := map[string]string{}
	for _, m := range deadLetters(t, srv, len(cases)) {
		name := want[m.header.Get(bus.HeaderSubject)]
		codes[name] = m.header.Get(bus.HeaderReason)
		if id := m.header.Get(bus.HeaderMsgID); id != sent[name] {
			t.Errorf("%s: the letter keeps the id %q, want %q", name, id, sent[name])
		}
		if s := m.header.Get(jetstream.ExpectedStreamHeader); s != bus.DeadLetters {
			t.Errorf("%s: the letter may lie on %q", name, s)
		}
		if id := m.header.Get(nats.MsgIdHdr); id == sent[name] || !strings.HasPrefix(id, "legal-aid/EVENTS/") {
			t.Errorf("%s: the letter goes by %q", name, id)
		}
	}
	for _, c := range cases {
		if codes[c.name] != c.want {
			t.Errorf("%s: %q, want %q", c.name, codes[c.name], c.want)
		}
	}
	settled(t, out, "legal-aid")
	if lines := slices.Sorted(slices.Values(got.lines())); !slices.Equal(lines, []string{"case_old", "case_true"}) {
		t.Errorf("the endpoint saw %v", lines)
	}
}

// laterOpened is what a later release makes of an event: one more channel.
type laterOpened struct{ Case, Channel string }

func (laterOpened) EventType() string { return opened }

// openedAgain is a version that this release does not know.
type openedAgain struct{ Case string }

func (openedAgain) EventType() string { return "intake.case_opened.v2" }

// laterFiles are the contracts of a later release.
func laterFiles(t testing.TB) fs.FS {
	t.Helper()
	const one, two = "schema/intake/case_opened.v1.schema.json", "schema/intake/case_opened.v2.schema.json"
	text, err := api.Files.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte(`"hotline"`), []byte(`"hotline", "chat"`), 1)
	return fstest.MapFS{one: {Data: text}, two: {Data: bytes.Replace(text, []byte(one), []byte(two), 1)}}
}

// What a newer release wrote waits: it is not buried however long that takes, it
// holds up nothing, and the release that understands it gets it.
func testParked(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	var got, told log
	out := start(t, srv, "legal-aid", NewJournal(), loud(&told), on(func(_ context.Context, d bus.Delivery) error {
		got.add(d.ID)
		return nil
	}))
	code := forged(t, "case_code", 1, replaced(`"hotline"`, `"chat"`))
	version := forged(t, "case_version", 2, header("ce-type", "sanad.intake.case_opened.v2"))
	publish(t, s, code)
	publish(t, s, version)
	for _, record := range []string{"case_code", "case_version"} {
		publish(t, s, forged(t, record, 9, nil)) // behind it, in the same lane
	}
	const behind = "/1/0/0000000000000009"
	eventually(t, srv, "what came behind is there, and two wait", func() bool {
		return slices.Equal(slices.Sorted(slices.Values(got.lines())), []string{"case_code" + behind, "case_version" + behind}) &&
			out.measured(t, "sanad_parked_messages") == 2
	})
	waits := func() int { return strings.Count(strings.Join(told.lines(), ""), "waits for a newer release") }
	// Each comes again, and is told of once.
	c, err := out.JS.Consumer(t.Context(), bus.Events, "legal-aid")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, srv, "they come again", func() bool {
		info, err := c.Info(t.Context())
		return err == nil && info.Delivered.Consumer >= 6
	})
	if n := waits(); n != 2 {
		t.Errorf("told %d times, want twice", n)
	}
	out.Stop()
	if dead := read(t, srv, bus.DeadLetters, "sanad.deadletters.>"); len(dead) > 0 {
		t.Errorf("%d are buried, the first as %s", len(dead), dead[0].header.Get(bus.HeaderReason))
	}
	var later log
	out = start(t, srv, "legal-aid", NewJournal(), func(s *settings) {
		s.Catalogue = event.NewCatalogue(event.Type[laterOpened](), event.Type[openedAgain](), event.Type[intakev1.CaseClosed]())
		s.Schemas = laterFiles(t)
		s.setup = func(b *bus.Bus) {
			note := func(_ context.Context, request any) (any, error) {
				later.add(request.(bus.Delivery).ID)
				return nil, nil
			}
			b.On(opened, note)
			b.On("intake.case_opened.v2", note)
		}
	})
	want := []string{code.Header.Get(nats.MsgIdHdr), version.Header.Get(nats.MsgIdHdr)}
	eventually(t, srv, "the release that knows them gets them", func() bool {
		return slices.Equal(slices.Sorted(slices.Values(later.lines())), want)
	})
	settled(t, out, "legal-aid")
	if n := out.measured(t, "sanad_parked_messages"); n != 0 {
		t.Errorf("%v still wait", n)
	}
}

// setAside is what a record that is set aside answers, until it is not any more.
type setAside struct {
	log
	over atomic.Bool
}

func (r *setAside) answer(what string, attempt int) error {
	if !r.over.Load() && strings.HasSuffix(what, "-aside") {
		// Whatever else is said on the way.
		return fmt.Errorf("attempt %d: %w", attempt, fault.New(fault.Unavailable, fault.Quarantined, ""))
	}
	r.add(what)
	return nil
}

// What meets a record that is set aside waits, an event and a deadline: it is
// counted, it is told once, it holds up nothing, and it arrives when the record is
// there again.
func testSetAside(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	var told log
	var got, due setAside
	out := start(t, srv, "legal-aid", NewJournal(), loud(&told), on(func(_ context.Context, d bus.Delivery) error {
		return got.answer(d.Subject, d.Attempt)
	}))
	late := start(t, srv, "referral", NewJournal(), loud(&told), Setup(func(b *bus.Bus) {
		b.OnDue("response", func(_ context.Context, request any) (any, error) {
			return nil, due.answer(request.(bus.Due).Record, 0)
		})
	}))
	for _, name := range []string{"1-aside", "2-aside", "well"} {
		in.Publish("case_"+name, caseOpened("case_"+name))
		late.Bus.Arm("ref_"+name, []fact.Deadline{{Name: "response", At: time.Now()}})
	}
	eventually(t, srv, "what is well arrives", func() bool {
		return slices.Equal(got.lines(), []string{"case_well"}) && slices.Equal(due.lines(), []string{"ref_well"})
	})
	for s, stream := range map[*Service]string{out: bus.Events, late: bus.Timers("referral")} {
		name := map[*Service]string{out: "legal-aid", late: "referral"}[s]
		c, err := s.JS.Consumer(t.Context(), stream, name)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, srv, "it comes again to "+name, func() bool {
			info, err := c.Info(t.Context())
			return err == nil && info.Delivered.Consumer >= 8
		})
		if n := s.measured(t, "sanad_parked_messages"); n != 2 {
			t.Errorf("%s: %v wait, want 2", name, n)
		}
	}
	lines := strings.Join(told.lines(), "")
	if n := strings.Count(lines, "record_quarantined"); n != 4 || strings.Contains(lines, "aside") {
		t.Errorf("told %d times, want once each and without the record:\n%s", n, lines)
	}
	got.over.Store(true)
	due.over.Store(true)
	eventually(t, srv, "what waited arrives", func() bool {
		return len(got.lines()) >= 3 && len(due.lines()) >= 3 &&
			out.measured(t, "sanad_parked_messages") == 0 && late.measured(t, "sanad_parked_messages") == 0
	})
	if dead := read(t, srv, bus.DeadLetters, "sanad.deadletters.>"); len(dead) > 0 {
		t.Errorf("%d are buried", len(dead))
	}
}

// Write takes a line of a logger.
func (l *log) Write(line []byte) (int, error) {
	l.add(string(line))
	return len(line), nil
}

// loud lets a test read what the service tells.
func loud(l *log) option {
	return func(s *settings) { s.Logger = slog.New(slog.NewTextHandler(l, nil)) }
}

// What is on the bus in the place of a journal's event is told, and keeps nobody
// from the true one.
func testForks(t *testing.T, srv Server) {
	j := NewJournal()
	var told log
	s := start(t, srv, "intake", j, loud(&told))
	forks := func() float64 { return s.measured(t, "sanad_relay_forks_total") }
	s.Publish("case_1", caseOpened("case_1"))
	everything(t, srv, s, "intake")
	if n := forks(); n != 0 {
		t.Fatalf("%v forks before there is one", n)
	}
	publish(t, s, forged(t, "case_1", 1, nil))
	eventually(t, srv, "the fork is told", func() bool {
		return forks() == 1 && strings.Contains(strings.Join(told.lines(), ""), "level=ERROR")
	})
	if lines := strings.Join(told.lines(), ""); strings.Contains(lines, "case_1") {
		t.Error("the log names a record:", lines)
	}
	// The old form is what somebody could guess: published ahead, it keeps nothing
	// from anybody.
	publish(t, s, forged(t, "case_2", 0, nil))
	s.Publish("case_2", caseOpened("case_2"))
	want := slices.Sorted(slices.Values(append(j.ids(), "case_1/1/0/0000000000000001", "case_2/1/0")))
	eventually(t, srv, "the true event is there, and a second fork told", func() bool {
		return forks() == 2 && slices.Equal(ids(t, srv, bus.Events, "sanad.events.intake.>"), want)
	})
	// What landed so long ago that the books let go of it is held against the
	// journal itself.
	for batch := range 2 {
		for n := range 10_000 {
			s.Publish(record("case", n), caseOpened(record("case", n)))
		}
		published(t, s, "intake", 4+(batch+1)*10_000)
	}
	publish(t, s, forged(t, "case_0000", 3, nil))
	eventually(t, srv, "the third fork is told", func() bool { return forks() == 3 })
	// The same again is no fork.
	s.Publish("case_last", caseOpened("case_last"))
	eventually(t, srv, "the relay is at rest", func() bool { return s.pending(t) == 0 })
	if n := forks(); n != 3 {
		t.Errorf("%v forks, want 3", n)
	}
}

// A start finds what came while nobody watched, before it and behind it.
func testForksInTheScan(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	s.Publish("case_behind", caseOpened("case_behind"))
	s.Publish("case_fine", caseOpened("case_fine"))
	everything(t, srv, s, "intake")
	s.Stop()
	stranger := start(t, srv, "referral", NewJournal())
	publish(t, stranger, forged(t, "case_behind", 1, nil))
	publish(t, stranger, forged(t, "case_ahead", 2, nil))
	// Appended, and the process died before it was offered.
	j.Append("case_ahead", caseOpened("case_ahead"))
	s = start(t, srv, "intake", j)
	want := slices.Sorted(slices.Values(append(j.ids(), "case_behind/1/0/0000000000000001", "case_ahead/1/0/0000000000000002")))
	eventually(t, srv, "two forks are told, and the true event is there", func() bool {
		return s.measured(t, "sanad_relay_forks_total") == 2 && slices.Equal(ids(t, srv, bus.Events, "sanad.events.intake.>"), want)
	})
}

// Events of before there were tails keep their identities, whenever they are
// published: under another one they would take effect again.
func testOldForm(t *testing.T, srv Server) {
	j := NewJournal()
	old := j.Append("case_1", caseOpened("case_1"), caseOpened("case_1"))
	old.Tail = 0
	s := start(t, srv, "intake", j)
	s.Publish("case_1", caseOpened("case_1"))
	want := []string{"case_1/1/0", "case_1/1/1", fmt.Sprintf("case_1/2/0/%x", j.commits[1].Hash[:8])}
	lie := func() bool { return slices.Equal(ids(t, srv, bus.Events, "sanad.events.intake.>"), want) }
	eventually(t, srv, "each in its form", lie)
	s.Stop()
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	s = start(t, srv, "intake", j)
	eventually(t, srv, "healed, each in its form", lie)
	if n := s.measured(t, "sanad_relay_forks_total"); n != 0 {
		t.Errorf("%v forks", n)
	}
}
