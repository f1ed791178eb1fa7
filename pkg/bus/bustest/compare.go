package bustest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
)

// less is the journal without its last commits.
func (j *Journal) less(n int) *Journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	short := NewJournal()
	short.commits = slices.Clone(j.commits[:len(j.commits)-n])
	for _, c := range short.commits {
		short.last[c.Record] = max(short.last[c.Record], c.Version)
	}
	return short
}

// held is the version that the journal holds of a record.
func (j *Journal) held(record string) uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last[record]
}

// lost are the identities of the last commits' events, sorted.
func (j *Journal) lost(n int) []event.ID {
	j.mu.Lock()
	defer j.mu.Unlock()
	var lost []event.ID
	for _, c := range j.commits[len(j.commits)-n:] {
		for i := range c.Events {
			lost = append(lost, c.EventID(i))
		}
	}
	slices.SortFunc(lost, func(a, b event.ID) int { return strings.Compare(a.String(), b.String()) })
	return lost
}

// comparing has a bus compare, behind positions as a checkpoint gives them back.
func comparing(t testing.TB, since bus.Positions) option {
	t.Helper()
	return Setup(func(b *bus.Bus) { b.Compare(written(t, since)) })
}

// written is what a checkpoint gives back of positions.
func written(t testing.TB, p bus.Positions) (read bus.Positions) {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range []string{"ref_", "case_", "agency_"} {
		if strings.Contains(string(text), record) {
			t.Errorf("positions name a record: %s", text)
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// compared opens a service on a journal, and gives what the bus holds beyond it
// and what is its position then.
func compared(t testing.TB, srv Server, name string, j *Journal, since bus.Positions) ([]event.ID, bus.Positions) {
	t.Helper()
	s := Open(t, srv, name, j, comparing(t, since))
	defer func() {
		s.Bus.Close()
		s.Conn.Close()
	}()
	return s.Bus.Ahead(j.held), s.Bus.Positions()
}

// What the bus holds behind the checkpoint and the journal lacks is told: of all
// streams, each event once, and nothing else. Until it is there again no position
// passes it.
func testAhead(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "referral", j)
	for _, agency := range []string{"alpha", "beta"} {
		s.Publish("agency_"+agency, registered(agency, true))
	}
	s.Publish("ref_1", requested("ref_1"), offered("ref_1"))
	s.Publish("ref_2", requested("ref_2"))
	s.level(t)
	since := s.Bus.Positions()
	if e, a := since.Streams[bus.Events], since.Streams[bus.Agencies]; e.Seq != 4 || a.Seq != 3 || e.Created.IsZero() || e.Hash == a.Hash {
		t.Fatalf("positions are %+v", since)
	}
	s.Publish("ref_1", accepted("ref_1"))
	s.Publish("ref_3", requested("ref_3"), offered("ref_3"))
	s.Publish("ref_1", accepted("ref_1"), accepted("ref_1"))
	s.level(t)
	later := s.Bus.Positions()
	s.Stop()

	lost := j.lost(3)
	other := func(change func(*bus.Mark)) bus.Positions {
		p := written(t, later)
		for name, m := range p.Streams {
			change(&m)
			p.Streams[name] = m
		}
		return p
	}
	for name, c := range map[string]struct {
		since bus.Positions
		less  int
		want  []event.ID
	}{
		"behind the checkpoint":      {since, 3, lost},
		"without a checkpoint":       {bus.Positions{}, 3, lost},
		"of another stream":          {other(func(m *bus.Mark) { m.Created = m.Created.Add(-time.Second) }), 3, lost},
		"of another message":         {other(func(m *bus.Mark) { m.Hash = "0000000000000000" }), 3, lost},
		"of a message to come":       {other(func(m *bus.Mark) { m.Seq += 100 }), 3, lost},
		"of no message":              {other(func(m *bus.Mark) { m.Hash = "" }), 3, lost},
		"one commit is lost":         {since, 1, j.lost(1)},
		"nothing is lost":            {since, 0, nil},
		"nothing at all is lost":     {bus.Positions{}, 0, nil},
		"lost before the checkpoint": {later, 3, nil},
	} {
		got, positions := compared(t, srv, "referral", j.less(c.less), c.since)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		want := c.since
		if len(c.want) == 0 {
			want = later
		}
		if d := cmp.Diff(written(t, want).Streams, written(t, positions).Streams); d != "" {
			t.Errorf("%s: the next positions (-want +got):\n%s", name, d)
		}
	}
	// What was given up is held.
	s = Open(t, srv, "referral", j.less(3), comparing(t, since))
	if got := s.Bus.Ahead(func(string) uint64 { return 3 }); got != nil {
		t.Errorf("given up, and told: %v", got)
	}
	s.Bus.Close()
	s.Conn.Close()
}

// again is a message once more, as the copy that keeps an open record on the bus.
func again(m message, said bool) *nats.Msg {
	const at = "2026-11-26T00:00:00Z"
	msg := &nats.Msg{Subject: m.subject, Header: m.header, Data: m.data}
	msg.Header.Set(nats.MsgIdHdr, msg.Header.Get("ce-id")+"+"+at)
	if said {
		msg.Header.Set(bus.HeaderOpen, at)
	}
	return msg
}

// Copies that keep an open record are the events that they copy. What is not of
// the service, or is not what it says, is not lost: nobody ever had it.
func testAheadKnowsIdentities(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	s.Publish("case_old", caseOpened("case_old"))
	s.level(t)
	since := s.Bus.Positions()
	s.Publish("case_1", caseOpened("case_1"))
	s.level(t)
	s.Stop()
	s = start(t, srv, "referral", NewJournal())
	for _, id := range []string{"case_old", "case_1"} {
		publish(t, s, again(read(t, srv, bus.Events, event.SubjectOf(opened, id))[0], true))
	}
	publish(t, s, forged(t, "case_2", 2, func(m *nats.Msg) { m.Subject = event.SubjectOf(opened, "case_3") }))
	publish(t, s, forged(t, "case_4", 4, header("ce-source", "/sanad/referral")))
	publish(t, s, forged(t, "case_5", 5, header("ce-id", "case_6/1/0/0000000000000005")))
	publish(t, s, forged(t, "case_7", 7, func(m *nats.Msg) { m.Header = nil }))
	publish(t, s, forged(t, "case_8", 8, header(nats.MsgIdHdr, "case_8/1/0/0000000000000008@alpha")))
	publish(t, s, again(message{event.SubjectOf(opened, "case_9"), forged(t, "case_9", 9, nil).Header, nil}, false))
	got, _ := compared(t, srv, "intake", j.less(1), since)
	if d := cmp.Diff(j.lost(1), got); d != "" {
		t.Errorf("lost (-want +got):\n%s", d)
	}
	// Through no other than the service's own feed: a whole comparison says no more.
	got, _ = compared(t, srv, "intake", j.less(1), bus.Positions{})
	if d := cmp.Diff(j.lost(1), got); d != "" {
		t.Errorf("lost, of all that there is (-want +got):\n%s", d)
	}
}

// A bus that was away at the start is compared when it comes, once, by the same
// rules; and what it lacks is healed beside.
func testAheadOfABusThatWasAway(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	s.Publish("case_1", caseOpened("case_1"))
	s.level(t)
	since := s.Bus.Positions()
	s.Publish("case_1", caseOpened("case_1"))
	s.Publish("case_2", caseOpened("case_2"), caseOpened("case_2"))
	s.level(t)
	s.Stop()
	srv.Stop(t)

	short := j.less(2)
	var told log
	s = Open(t, srv, "intake", short, Setup(func(b *bus.Bus) {
		b.Compare(since)
		b.OnAhead(func(lost []event.ID) { told.add(fmt.Sprint(lost)) })
	}))
	if got := s.Bus.Ahead(short.held); got != nil {
		t.Errorf("a bus that is away holds %v", got)
	}
	s.Run()
	s.Publish("case_3", caseOpened("case_3"))
	kept := func(when string) {
		t.Helper()
		if d := cmp.Diff(written(t, since).Streams, written(t, s.Bus.Positions()).Streams); d != "" {
			t.Errorf("%s, the positions pass what is lost (-want +got):\n%s", when, d)
		}
	}
	kept("before it was compared")
	srv.Start(t)
	s.level(t)
	kept("when it was")
	want := []string{fmt.Sprint(j.lost(2))}
	if d := cmp.Diff(want, told.lines()); d != "" {
		t.Errorf("told (-want +got):\n%s", d)
	}
	// Another look at the bus tells nothing again.
	srv.Stop(t)
	srv.Start(t)
	s.Publish("case_4", caseOpened("case_4"))
	s.level(t)
	if d := cmp.Diff(want, told.lines()); d != "" {
		t.Errorf("told again (-want +got):\n%s", d)
	}
}

// A bus that lost its tail has other messages in its place: the number in a
// checkpoint of before says nothing then.
func testAheadOfABusThatLostItsTail(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "intake", j)
	for n := range 10 {
		s.Publish(record("case", n), caseOpened(record("case", n)))
	}
	s.level(t)
	s.Stop()
	srv.Stop(t)
	srv.Save(t)
	srv.Start(t)
	full := j.less(0)
	s = start(t, srv, "intake", full)
	for n := range 10 {
		s.Publish(record("later", n), caseOpened(record("later", n)))
	}
	s.level(t)
	since := s.Bus.Positions()
	s.Stop()
	srv.Stop(t)
	srv.Restore(t)
	srv.Start(t)
	other := start(t, srv, "referral", NewJournal())
	for n := range 30 {
		other.Publish(record("ref", n), requested(record("ref", n)))
	}
	other.level(t)
	got, _ := compared(t, srv, "intake", j.less(1), since)
	if d := cmp.Diff(j.lost(1), got); d != "" {
		t.Errorf("lost (-want +got):\n%s", d)
	}
}

// forks notes the forks that are told.
func (l *log) forks(b *bus.Bus) {
	b.OnFork(func(record string, version uint64) { l.add(fmt.Sprint(record, "/", version)) })
}

// A fork is told with its record: one of now, one of while nobody watched, and one
// in whose place the journal's commit has nothing to say.
func testForksNameTheirRecord(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "referral", j)
	s.Publish("ref_1", requested("ref_1"))
	s.Publish("ref_2", requested("ref_2"))
	s.level(t)
	since := s.Bus.Positions()
	s.Publish("ref_1", accepted("ref_1"))
	s.Publish("ref_2", accepted("ref_2"))
	s.Publish("ref_3", requested("ref_3"))
	s.level(t)
	s.Stop()
	// In place of what is lost others were made: of ref_1 one that says the like, of
	// ref_2 one that tells nobody anything, since no agency has a feed.
	instead := func() *Journal {
		short := j.less(3)
		short.Append("ref_1", accepted("ref_1"))
		short.Append("ref_2", offered("ref_2"))
		short.commits = append(short.commits, j.commits[len(j.commits)-1])
		short.last["ref_3"] = 1
		return short
	}
	for _, away := range []bool{false, true} {
		if away {
			srv.Stop(t)
		}
		short := instead()
		var forks log
		s = Open(t, srv, "referral", short, Setup(func(b *bus.Bus) {
			forks.forks(b)
			b.Compare(since)
			b.OnAhead(func(lost []event.ID) { t.Errorf("away %t: lost are %v", away, lost) })
		}))
		if got := s.Bus.Ahead(short.held); got != nil {
			t.Errorf("away %t: lost are %v", away, got)
		}
		s.Run()
		if away {
			srv.Start(t)
		}
		seen := func() []string { return slices.Compact(slices.Sorted(slices.Values(forks.lines()))) }
		s.eventually(t, "both forks are told", func() bool { return slices.Equal(seen(), []string{"ref_1/2", "ref_2/2"}) })
		s.level(t)
		if d := cmp.Diff(written(t, since).Streams, written(t, s.Bus.Positions()).Streams); d != "" {
			t.Errorf("away %t: the positions pass a fork (-want +got):\n%s", away, d)
		}
		s.Stop()
		// What the one replaced is on the bus now, in two tails.
		srv.Stop(t)
		srv.Start(t)
	}
	var forks log
	s = start(t, srv, "referral", j, Setup(forks.forks))
	s.level(t)
	s.Publish("ref_9", requested("ref_9"))
	s.level(t)
	msg := again(read(t, srv, bus.Events, "sanad.events.referral.requested.ref_9")[0], true)
	for _, h := range []string{"ce-id", nats.MsgIdHdr} {
		msg.Header.Set(h, "ref_9/1/0/0000000000000009")
	}
	msg.Header.Del(bus.HeaderOpen)
	if _, err := as(t, srv, "referral").PublishMsg(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
	s.eventually(t, "the fork of now is told", func() bool { return slices.Contains(forks.lines(), "ref_9/1") })
}

// What is lost can be read back, as it was: in order, once, and with what only an
// agency was sent. What is not there, or fails the check, is an error.
func testReadsBack(t *testing.T, srv Server) {
	j := NewJournal()
	s := start(t, srv, "referral", j)
	for _, agency := range []string{"alpha", "beta"} {
		s.Publish("agency_"+agency, registered(agency, true))
	}
	one, two := fact.ID("ref", "one"), fact.ID("ref", "two")
	s.Publish(two, requested(two), offered(two))
	s.Publish(one, requested(one))
	s.Publish(two, accepted(two), accepted(two))
	s.level(t)
	publish := func(msg *nats.Msg) {
		if _, err := as(t, srv, "referral").PublishMsg(t.Context(), msg); err != nil {
			t.Fatal(err)
		}
	}
	publish(again(read(t, srv, bus.Events, "sanad.events.referral.requested."+one)[0], true))
	type half struct{ id, typ, data string }
	var got, want []half
	began := time.Now().Add(-time.Hour)
	visit := func(e event.Envelope, at time.Time) error {
		if at.Before(began) || at.After(time.Now().Add(time.Hour)) || e.Subject != strings.Split(e.ID, "/")[0] {
			t.Errorf("%s of %s is stored at %s", e.ID, e.Subject, at)
		}
		got = append(got, half{e.ID, e.Type, string(e.Data)})
		return nil
	}
	lost := j.lost(3)
	for _, id := range lost {
		c, err := j.Commit(t.Context(), id.Record, id.Version)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, half{id.String(), c.Events[id.Index].Type, string(c.Events[id.Index].Data)})
	}
	slices.Reverse(lost)
	if err := s.Bus.Read(t.Context(), append(lost, lost...), visit); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(half{})); d != "" {
		t.Errorf("read back (-want +got):\n%s", d)
	}
	stop := errors.New("enough")
	if err := s.Bus.Read(t.Context(), lost, func(event.Envelope, time.Time) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the visitor's error is %v", err)
	}
	first := lost[len(lost)-1]
	bad := func(name string, id event.ID) {
		t.Helper()
		got = nil
		err := s.Bus.Read(t.Context(), []event.ID{first, id}, visit)
		if err == nil || len(got) > 0 && got[0].id != first.String() || len(got) > 1 || strings.Contains(err.Error(), id.Record) {
			t.Errorf("%s: %v, and visited %v", name, err, got)
		}
	}
	bad("never was", event.ID{Record: "ref_7", Version: 1, Tail: 7})
	bad("beyond", event.ID{Record: first.Record, Version: 9, Tail: first.Tail})
	bad("of another tail", event.ID{Record: two, Version: 1, Tail: 7})
	bad("no record", event.ID{Record: "*", Version: 1, Tail: 7})
	broken := func(id event.ID, data string) {
		msg := event.Envelope{
			ID: id.String(), Source: event.Source("referral"), Type: requested("").EventType(), Subject: id.Record, Time: time.Now(), Data: []byte(data),
		}.Msg("sanad.events.referral.requested." + id.Record)
		publish(msg)
	}
	id := event.ID{Record: "ref_8", Version: 1, Tail: 8}
	broken(id, `{"free":"text"}`)
	bad("breaks its schema", id)
	s.Stop()
	if err := s.Bus.Read(t.Context(), lost, visit); err == nil {
		t.Error("read from a bus that is away")
	}
}

// Positions say how far the service had reacted, as soon as that is known.
func testFloors(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	var got log
	out := Open(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error { got.add(d.ID); return nil }))
	if d := cmp.Diff(map[string]uint64{bus.Events: 0}, out.Bus.Positions().Floors); d != "" {
		t.Errorf("before anything is known (-want +got):\n%s", d)
	}
	out.Run()
	for n := range 5 {
		in.Publish(record("case", n), caseOpened(record("case", n)))
	}
	out.eventually(t, "the floor is told", func() bool { return out.Bus.Positions().Floors[bus.Events] == 5 })
	if streams := out.Bus.Positions().Streams; len(streams) > 0 {
		t.Errorf("a service that says nothing has marks: %v", streams)
	}
}

// A service whose journal was restored from a backup reads again what it had read
// since, and nothing from before; on another stream than that of the backup, all.
func testRewind(t *testing.T, srv Server) {
	in := start(t, srv, "intake", NewJournal())
	first, got := reader(t, srv)
	first.Run()
	for _, id := range []string{"case_1", "case_2", "case_3"} {
		in.Publish(id, caseOpened(id))
		eventually(t, srv, "it is heard", func() bool { return slices.Contains(got.lines(), opened+" "+id) })
	}
	settled(t, first, "legal-aid")
	st, err := first.JS.Stream(t.Context(), bus.Events)
	if err != nil {
		t.Fatal(err)
	}
	first.Stop()
	created := st.CachedInfo().Created
	for _, tt := range []struct {
		name string
		to   bus.Positions
		want []string
	}{
		{"to the first", bus.Positions{Streams: map[string]bus.Mark{bus.Events: {Created: created}}, Floors: map[string]uint64{bus.Events: 1}}, []string{opened + " case_2", opened + " case_3"}},
		{"to where it stands", bus.Positions{Streams: map[string]bus.Mark{bus.Events: {Created: created}}, Floors: map[string]uint64{bus.Events: 3}}, nil},
		{"beyond", bus.Positions{Streams: map[string]bus.Mark{bus.Events: {Created: created}}, Floors: map[string]uint64{bus.Events: 99}}, nil},
		{"on another stream", bus.Positions{Streams: map[string]bus.Mark{bus.Events: {Created: created.Add(-time.Hour)}}, Floors: map[string]uint64{bus.Events: 3}}, []string{opened + " case_1", opened + " case_2", opened + " case_3"}},
		{"to nothing known", bus.Positions{}, []string{opened + " case_1", opened + " case_2", opened + " case_3"}},
	} {
		again, got := reader(t, srv)
		again.Bus.Rewind(tt.to)
		again.Run()
		last := "case_" + strings.ReplaceAll(tt.name, " ", "-")
		in.Publish(last, caseOpened(last))
		want := append(slices.Clone(tt.want), opened+" "+last)
		eventually(t, srv, tt.name+": the last is read", func() bool { return slices.Contains(got.lines(), opened+" "+last) })
		settled(t, again, "legal-aid")
		again.Stop()
		heard := slices.DeleteFunc(got.lines(), func(line string) bool {
			return !slices.Contains(want, line) && !slices.Contains([]string{opened + " case_1", opened + " case_2", opened + " case_3"}, line)
		})
		slices.Sort(heard)
		slices.Sort(want)
		if d := cmp.Diff(want, slices.Compact(heard)); d != "" {
			t.Errorf("%s (-want +heard):\n%s", tt.name, d)
		}
	}
}
