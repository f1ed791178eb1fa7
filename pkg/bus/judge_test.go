package bus

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
)

const accepted = "referral.accepted.v1"

func newTestJudge(t testing.TB) judge {
	t.Helper()
	j := newJudge(event.NewCatalogue(event.Type[referralv1.Accepted](), event.Type[intakev1.CaseOpened]()), api.Files)
	for _, typ := range []string{accepted, "intake.case_opened.v1"} {
		if err := j.add(typ, &reaction{label: typ}); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

// example is a true message.
func example(t testing.TB) *nats.Msg {
	t.Helper()
	data, err := api.Files.ReadFile("schema/referral/example/accepted.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	const record = "ref_eaq11m24xwdha7txyqaa5n95sm"
	env := event.Envelope{
		ID: event.ID{Record: record, Version: 3, Tail: 0x0a0b0c0d}.String(), Source: event.Source("referral"), Type: accepted,
		Subject: record, Time: time.Date(2026, 11, 23, 10, 4, 5, 0, time.UTC), Data: data,
	}
	return env.Msg(event.SubjectOf(accepted, record))
}

func TestJudge(t *testing.T) {
	t.Parallel()
	j := newTestJudge(t)
	set := func(key, value string) func(*nats.Msg) { return func(m *nats.Msg) { m.Header.Set(key, value) } }
	data := func(old, by string) func(*nats.Msg) {
		return func(m *nats.Msg) {
			was := string(m.Data)
			if m.Data = []byte(strings.Replace(was, old, by, 1)); string(m.Data) == was {
				t.Errorf("there is no %s", old)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*nats.Msg)
		want   *fault.Error
	}{
		"as it is":            {func(*nats.Msg) {}, nil},
		"a field of later":    {data(`{`, `{"later":[{"a":null}],`), nil},
		"no header":           {func(m *nats.Msg) { m.Header = nil }, errMalformed},
		"an id of no network": {set("ce-id", "7b1c"), errMalformed},
		"another record":      {set("ce-subject", "ref_2"), errMisplaced},
		"another Nats-Msg-Id": {set(nats.MsgIdHdr, "ref_2/1/0"), errMisplaced},
		"another subject":     {func(m *nats.Msg) { m.Subject += "x" }, errMisplaced},
		"an agency's subject": {func(m *nats.Msg) { m.Subject = strings.Replace(m.Subject, "events.referral", "agencies.beta", 1) }, errMisplaced},
		"another type":        {set("ce-type", "sanad.intake.case_opened.v1"), errMisplaced},
		"no such event": {func(m *nats.Msg) {
			set("ce-type", "sanad.referral.eaten.v1")(m)
			m.Subject = strings.Replace(m.Subject, "accepted", "eaten", 1)
		}, errUnknown},
		"version nought":  {set("ce-type", "sanad.referral.accepted.v0"), errUnknown},
		"no version":      {set("ce-type", "sanad.referral.accepted.vx"), errUnknown},
		"a newer version": {set("ce-type", "sanad.referral.accepted.v2"), newerVersion},
		"a newer version, misplaced": {func(m *nats.Msg) {
			set("ce-type", "sanad.referral.accepted.v2")(m)
			m.Subject += "x"
		}, errMisplaced},
		"no JSON":        {func(m *nats.Msg) { m.Data = nil }, errUndecodable},
		"a name twice":   {data(`{`, `{"sender":"other-desk",`), errUndecodable},
		"a broken int":   {data(`{`, `{"turn":1.0,`), errUndecodable}, // an integer for the schema, and none for Go
		"half an int":    {data(`{`, `{"turn":1.5,`), errIncomplete},
		"below nought":   {data(`{`, `{"turn":-1,`), errIncomplete},
		"capitals":       {data(`{`, `{"Referral":"ref_*",`), errIncomplete},
		"a long s":       {data(`{`, `{"ſender":"*",`), errIncomplete},
		"a dot":          {data(`ref_eaq11m24xwdha7txyqaa5n95sm`, `ref_a.b`), errIncomplete},
		"a star":         {data(`ref_eaq11m24xwdha7txyqaa5n95sm`, `ref_*`), errIncomplete},
		"all":            {data(`ref_eaq11m24xwdha7txyqaa5n95sm`, `ref_>`), errIncomplete},
		"no purpose":     {data(`"purpose": "service_delivery",`, ``), errIncomplete},
		"a newer code":   {data(`"urgent"`, `"within_a_minute"`), newerCode},
		"newer, and bad": {data(`"urgent"`, `"within_a_minute", "turn": -1`), errIncomplete},
	} {
		msg := example(t)
		c.change(msg)
		m, got := j.judge(msg.Subject, msg.Header, msg.Data)
		if got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if c.want == nil && (m.reaction == nil || m.data.EventType() != accepted) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// FuzzJudge: for every message the judge gives an answer; and what it accepts is
// where every part of it says.
func FuzzJudge(f *testing.F) {
	j := newTestJudge(f)
	seed := example(f)
	h := seed.Header
	add := func(subject, id, msgID, typ string) {
		f.Add(subject, id, msgID, h.Get("ce-source"), typ, h.Get("ce-subject"), h.Get("ce-time"), seed.Data)
	}
	id := h.Get("ce-id")
	add(seed.Subject, id, id, h.Get("ce-type"))
	add(seed.Subject, id, id, "sanad.referral.accepted.v2")
	add(seed.Subject+"x", id, id, h.Get("ce-type"))
	add(seed.Subject, id, "ref_1/1/0@beta", h.Get("ce-type"))
	add("sanad.events.referral.accepted.ref_*", "ref_%2A/1/0", "ref_*/1/0", h.Get("ce-type"))
	f.Fuzz(func(t *testing.T, subject, id, msgID, source, typ, about, at string, data []byte) {
		header := nats.Header{
			"ce-specversion": {"1.0"}, "ce-id": {id}, "ce-source": {source}, "ce-type": {typ}, "ce-subject": {about},
			"ce-time": {at}, nats.MsgIdHdr: {msgID},
		}
		m, refused := j.judge(subject, header, data)
		if refused != nil && refused != newerCode && refused != newerVersion {
			return
		}
		record := subject[strings.LastIndexByte(subject, '.')+1:]
		parsed, ok := event.ParseID(m.ID)
		service, name := event.Split(m.Type)
		switch {
		case m.ID != msgID || !ok || parsed.Record != record || m.Subject != record || !event.IsRecord(record):
			t.Fatalf("%q is accepted on %q as %q", m.ID, subject, msgID)
		case subject != "sanad.events."+service+"."+name+"."+record || m.Source != "/sanad/"+service:
			t.Fatalf("%q of %q is accepted on %q", m.Type, m.Source, subject)
		case m.reaction == nil || refused == nil && (m.data == nil || m.data.EventType() != m.Type):
			t.Fatalf("accepted as %+v", m)
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	j := newTestJudge(b)
	msg := example(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := j.judge(msg.Subject, msg.Header, msg.Data); err != nil {
			b.Fatal(err)
		}
	}
}

// Without the judgement, what a delivery costs before its endpoint.
func BenchmarkParseAndDecode(b *testing.B) {
	j := newTestJudge(b)
	msg := example(b)
	b.ReportAllocs()
	for b.Loop() {
		e, err := event.Parse(msg.Header, msg.Data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := j.catalogue.DecodeData(e.Type, e.Data); err != nil {
			b.Fatal(err)
		}
	}
}

// A person who is woken by a dead letter finds its code in the runbook. A code that
// waits has no letter.
func TestEveryReasonHasItsSection(t *testing.T) {
	t.Parallel()
	book, err := os.ReadFile("../../docs/runbooks/SanadDeadLetters.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := []string{fault.Of(os.ErrInvalid).Code} // that of a defect
	waiting := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			call, ok := spec.Values[0].(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "New" || len(call.Args) != 3 {
				return true
			}
			code, err := strconv.Unquote(call.Args[1].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(spec.Names[0].Name, "newer") {
				waiting++
				return true
			}
			codes = append(codes, code)
			return true
		})
	}
	if len(codes) != 7 || waiting != 2 {
		t.Errorf("found %d reasons and %d to wait: %v", len(codes), waiting, codes)
	}
	for _, code := range append(codes, "") {
		section := "\n### `" + code + "`\n"
		if code == "" {
			section = "\n### Any other code\n"
		}
		if !strings.Contains(string(book), section) {
			t.Errorf("no section for %q", code)
		}
	}
}

func TestParkedIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := parked{clock: func() time.Time { return now }, seen: map[place]time.Time{}}
	at := func(seq uint64) place { return place{Events, seq} }
	for seq := range uint64(3 * parkedMost) {
		if first := p.enter(at(seq + 1)); first != (seq < parkedMost) {
			t.Fatalf("place %d is new: %t", seq+1, first)
		}
	}
	if p.enter(at(1)) || p.count() != parkedMost {
		t.Errorf("%v are counted", p.count())
	}
	p.leave(at(2))
	now = now.Add(parkedLately)
	p.enter(at(1))
	now = now.Add(time.Second)
	if p.count() != 1 || !p.some.Load() {
		t.Errorf("%v are counted, one came again", p.count())
	}
	if p.leave(at(1)); p.some.Load() || p.count() != 0 {
		t.Error("somebody waits still")
	}
	// One number is two places on two streams.
	if !p.enter(at(7)) || !p.enter(place{Timers("referral"), 7}) || p.count() != 2 {
		t.Error("two streams are counted as one")
	}
}
