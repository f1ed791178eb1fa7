package event_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/event"
)

func envelope() event.Envelope {
	return event.Envelope{
		ID: "ref_1/3/0/0a000000000000ff", Source: "/sanad/referral", Type: "referral.accepted.v1", Subject: "ref_1",
		Time:  time.Date(2026, 11, 23, 10, 4, 5, 678_000_000, time.UTC),
		Trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		Data:  []byte(`{"referral":"ref_1"}`),
	}
}

func TestMsg(t *testing.T) {
	t.Parallel()
	e := envelope()
	msg := e.Msg("sanad.events.referral.accepted.ref_1")
	want := &nats.Msg{
		Subject: "sanad.events.referral.accepted.ref_1",
		Header: nats.Header{
			"ce-specversion": {"1.0"},
			"ce-id":          {"ref_1/3/0/0a000000000000ff"},
			"ce-source":      {"/sanad/referral"},
			"ce-type":        {"sanad.referral.accepted.v1"},
			"ce-subject":     {"ref_1"},
			"ce-time":        {"2026-11-23T10:04:05.678Z"},
			"Nats-Msg-Id":    {"ref_1/3/0/0a000000000000ff"},
			"traceparent":    {e.Trace},
		},
		Data: e.Data,
	}
	if diff := cmp.Diff(want.Header, msg.Header); diff != "" {
		t.Error(diff)
	}
	if msg.Subject != want.Subject || string(msg.Data) != string(want.Data) {
		t.Errorf("subject %s, data %s", msg.Subject, msg.Data)
	}
	got, err := event.Parse(msg.Header, msg.Data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, got); diff != "" {
		t.Error(diff)
	}
}

func TestMsgWithoutTrace(t *testing.T) {
	t.Parallel()
	e := envelope()
	e.Trace = ""
	if _, ok := e.Msg("s").Header[event.HeaderTrace]; ok {
		t.Error("an empty traceparent was sent")
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(nats.Header){
		"structured mode":     func(h nats.Header) { h.Set("Content-Type", "application/cloudevents+json") },
		"no version":          func(h nats.Header) { h.Del("ce-specversion") },
		"another version":     func(h nats.Header) { h.Set("ce-specversion", "0.3") },
		"no id":               func(h nats.Header) { h.Del("ce-id") },
		"a foreign id":        func(h nats.Header) { h.Set("ce-id", "7b1c") },
		"version nought":      func(h nats.Header) { h.Set("ce-id", "ref_1/0/0") },
		"a padded version":    func(h nats.Header) { h.Set("ce-id", "ref_1/03/0") },
		"a signed index":      func(h nats.Header) { h.Set("ce-id", "ref_1/3/+0") },
		"a wild record":       func(h nats.Header) { h.Set("ce-id", "ref_*/3/0"); h.Set("ce-subject", "ref_*") },
		"a wild subject":      func(h nats.Header) { h.Set("ce-subject", "ref_>") },
		"half a tail":         func(h nats.Header) { h.Set("ce-id", "ref_1/3/0/0a0b") },
		"a wide record":       func(h nats.Header) { h.Set("ce-id", "ref.>/3/0"); h.Set("ce-subject", "ref.>") },
		"another network":     func(h nats.Header) { h.Set("ce-type", "org.example.accepted.v1") },
		"no type":             func(h nats.Header) { h.Set("ce-type", "sanad.") },
		"no event":            func(h nats.Header) { h.Set("ce-type", "sanad.referral.v1") },
		"no time":             func(h nats.Header) { h.Del("ce-time") },
		"a day":               func(h nats.Header) { h.Set("ce-time", "2026-11-23") },
		"another data format": func(h nats.Header) { h.Set("ce-datacontenttype", "text/xml") },
		"a broken escape":     func(h nats.Header) { h.Set("ce-source", "/sanad/referral%2") },
		"no UTF-8":            func(h nats.Header) { h.Set("ce-source", "%FF") },
	} {
		msg := envelope().Msg("s")
		change(msg.Header)
		if got, err := event.Parse(msg.Header, msg.Data); err == nil {
			t.Errorf("%s: taken as %+v", name, got)
		}
	}
}

func TestParseFindsWhatDisagrees(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(nats.Header){
		"two records":         func(h nats.Header) { h.Set("ce-subject", "ref_2") },
		"another identity":    func(h nats.Header) { h.Set("ce-id", "ref_2/3/0") },
		"another source":      func(h nats.Header) { h.Set("ce-source", "/sanad/intake") },
		"a source outside":    func(h nats.Header) { h.Set("ce-source", "referral") },
		"another type":        func(h nats.Header) { h.Set("ce-type", "sanad.intake.case_opened.v1") },
		"another source, too": func(h nats.Header) { h.Set("ce-source", "/sanad/referral/x") },
	} {
		msg := envelope().Msg("s")
		change(msg.Header)
		if _, err := event.Parse(msg.Header, msg.Data); !errors.Is(err, event.ErrDisagree) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseTolerates(t *testing.T) {
	t.Parallel()
	msg := envelope().Msg("s")
	msg.Header.Set("ce-extension", "of another producer")
	msg.Header.Set("X-Anything", "else")
	msg.Header.Set("Content-Type", "application/json")
	msg.Header.Set("ce-datacontenttype", "application/json")
	msg.Header.Set("ce-dataschema", "https://schemas.example/accepted")
	if _, err := event.Parse(msg.Header, msg.Data); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	e := envelope()
	f.Add(e.ID, e.Source, "sanad."+e.Type, e.Subject, "2026-11-23T10:04:05.678Z", e.Trace, e.Data)
	f.Add("a%2Fb/1/0", "%", "%%", "%e2%82%ac", "T", "\"", []byte("\x00"))
	f.Fuzz(func(t *testing.T, id, source, typ, subject, at, trace string, data []byte) {
		header := nats.Header{
			"ce-specversion": {"1.0"}, "ce-id": {id}, "ce-source": {source}, "ce-type": {typ},
			"ce-subject": {subject}, "ce-time": {at}, "traceparent": {trace},
		}
		e, err := event.Parse(header, data)
		if err != nil {
			if strings.Contains(err.Error(), id) && len(id) > 8 {
				t.Error("the error echoes what was sent")
			}
			return
		}
		// What can be read can be written, and reads the same.
		msg := e.Msg(event.SubjectOf(e.Type, e.Subject))
		if strings.ContainsAny(msg.Subject, " *>\r\n") {
			t.Errorf("subject %q", msg.Subject)
		}
		again, err := event.Parse(msg.Header, msg.Data)
		if err != nil {
			t.Fatal(err)
		}
		if !again.Time.Equal(e.Time) {
			t.Errorf("time %s, then %s", e.Time, again.Time)
		}
		again.Time = e.Time
		if diff := cmp.Diff(e, again); diff != "" {
			t.Error(diff)
		}
	})
}

func TestID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := event.ID{
			Record:  rapid.StringMatching(`[a-z]{2,6}_[0-9a-z-]{1,26}`).Draw(t, "record"),
			Version: rapid.Uint64Min(1).Draw(t, "version"),
			Index:   rapid.IntRange(0, 1000).Draw(t, "index"),
			Tail:    rapid.Uint64().Draw(t, "tail"),
		}
		text := want.String()
		if got, ok := event.ParseID(text); !ok || got != want {
			t.Errorf("%+v reads as %+v, %t", want, got, ok)
		}
		old := want
		old.Tail = 0
		place, _ := event.CutTail(text)
		if place != old.String() {
			t.Errorf("the place of %s is %s", text, place)
		}
	})
}

// Identities are remembered in journals: neither form may ever change.
func TestForms(t *testing.T) {
	t.Parallel()
	hash := [32]byte{0: 0x0a, 7: 0xff, 8: 0x77}
	for want, id := range map[string]event.ID{
		"ref_1/3/0":                  {Record: "ref_1", Version: 3},
		"ref_1/3/2/0a000000000000ff": {Record: "ref_1", Version: 3, Index: 2, Tail: event.TailOf(hash)},
	} {
		if got := id.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestNotAnIdentity(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"", "ref_1", "ref_1/1", "/1/0", "ref_1//0", "ref_1/1/", "ref_1/0/0", "ref_1/01/0", "ref_1/+1/0", "ref_1/-1/0", "ref_1/x/0",
		"ref_1/1/00", "ref_1/1/01", "ref_1/1/+1", "ref_1/1/-1", "ref_1/1/-0", "ref_1/1/x", "ref_1/1/1_0", "ref 1/1/0", "a/ref_1/1/0",
		"ref_1/1/0/", "ref_1/1/0/0", "ref_1/1/0/0000000000000000", "ref_1/1/0/0A000000000000ff", "ref_1/1/0/0a000000000000f",
		"ref_1/1/0/0a000000000000ff0", "ref_1/1/0/0a000000000000fg", "ref_1/1/0/0a000000000000ff/", "ref_1/1/0/0a000000000000ff/0",
		"ref_a.b/1/0", "ref_*/1/0", "ref_>/1/0", "ref_/1/0", "_1/1/0", "ref/1/0", "Ref_1/1/0", "ref_A/1/0", "ref_1_2/1/0", "r1_1/1/0",
	} {
		if got, ok := event.ParseID(id); ok {
			t.Errorf("%q reads as %+v", id, got)
		}
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	if got := event.SubjectOf("forensic-services.certificate_issued.v1", "exam_1"); got != "sanad.events.forensic-services.certificate_issued.exam_1" {
		t.Error(got)
	}
	for _, typ := range []string{"", "referral", "referral.accepted", "referral..v1", ".accepted.v1", "referral.accepted.1", "referral.acc>pted.v1", "referral.accepted.v1.x"} {
		if service, name := event.Split(typ); service != "" || name != "" {
			t.Errorf("%q splits into %q and %q", typ, service, name)
		}
	}
}
