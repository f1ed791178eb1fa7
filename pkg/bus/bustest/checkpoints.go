package bustest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
)

// keeps has a service's checkpoint kept.
func keeps(t testing.TB, s *Service, text string) {
	t.Helper()
	if err := s.Bus.KeepCheckpoint(t.Context(), []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// newest is what the bus says is the newest checkpoint.
func newest(t testing.TB, s *Service, want string) {
	t.Helper()
	got, err := s.Bus.Checkpoint(t.Context())
	if err != nil || string(got) != want {
		t.Errorf("the newest checkpoint is %q, %v; want %q", got, err, want)
	}
}

// The bus keeps the newest checkpoints of each service, and gives back the last:
// the service's own, also after a restart, and no other. What it was not told it
// does not give, and what it cannot tell it says.
func testCheckpoints(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	other := start(t, srv, "referral", NewJournal())
	s.eventually(t, "both are there", func() bool { return s.Bus.Ready() == nil && other.Bus.Ready() == nil })
	if got, err := s.Bus.Checkpoint(t.Context()); err != nil || got != nil {
		t.Errorf("before there is one: %q, %v", got, err)
	}
	for n := range 20 {
		keeps(t, s, fmt.Sprint("intake ", n))
	}
	keeps(t, other, "referral")
	newest(t, s, "intake 19")
	newest(t, other, "referral")
	var texts []string
	for _, m := range read(t, srv, bus.Checkpoints("intake"), "sanad.checkpoints.intake") {
		texts = append(texts, string(m.data))
	}
	if want := "intake 12"; len(texts) != 8 || texts[0] != want {
		t.Errorf("kept are %v, want eight from %q on", texts, want)
	}
	for _, text := range [][]byte{nil, bytes.Repeat([]byte("x"), 64<<10+1)} {
		if err := s.Bus.KeepCheckpoint(t.Context(), text); err == nil {
			t.Errorf("%d bytes are kept as a checkpoint", len(text))
		}
	}
	srv.Stop(t)
	s.eventually(t, "the bus is away", func() bool { return !s.Conn.IsConnected() && s.Bus.KeepCheckpoint(t.Context(), []byte("away")) != nil })
	if got, err := s.Bus.Checkpoint(t.Context()); err == nil {
		t.Errorf("a bus that is away says %q", got)
	}
	srv.Start(t)
	s.eventually(t, "the bus is back", func() bool { return s.Bus.Ready() == nil })
	newest(t, s, "intake 19")
}

// What lies among the checkpoints and is none is passed over; when nothing else is
// there it is told.
func testForeignCheckpoints(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	s.eventually(t, "it is there", func() bool { return s.Bus.Ready() == nil })
	keeps(t, s, "true")
	own := as(t, srv, "intake")
	answer := func() {
		// As the server stores an answer: without headers.
		if _, err := own.Publish(t.Context(), "sanad.checkpoints.intake", []byte(`{"type":"answer"}`)); err != nil {
			t.Fatal(err)
		}
	}
	answer()
	newest(t, s, "true")
	for range 8 {
		answer()
	}
	if got, err := s.Bus.Checkpoint(t.Context()); err == nil {
		t.Errorf("pushed out, it is %q", got)
	}
	keeps(t, s, "again")
	newest(t, s, "again")
}

// A service whose network was declared before there were checkpoints, or that has
// lost all, makes their stream; nobody takes one out; one who has changed it is
// told of.
func testCheckpointsAreMade(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	s.eventually(t, "it is there", func() bool { return s.Bus.Ready() == nil })
	name := bus.Checkpoints("intake")
	for _, first := range []func(){
		func() { keeps(t, s, "made") },
		func() {
			// A server that is asked at once finds the last block of what was deleted.
			if got, err := s.Bus.Checkpoint(t.Context()); err != nil || got != nil && string(got) != "made" {
				t.Errorf("without a stream: %q, %v", got, err)
			}
			keeps(t, s, "made")
		},
	} {
		if err := s.JS.DeleteStream(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		first()
		newest(t, s, "made")
	}
	st, err := s.JS.Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if st.Purge(t.Context()) == nil || st.DeleteMsg(t.Context(), 1) == nil {
		t.Error("a checkpoint was taken out")
	}
	if err := bus.Declare(t.Context(), s.JS, 1, Parts()); err != nil {
		t.Fatal(err)
	}
	newest(t, s, "made")
	cfg := st.CachedInfo().Config
	cfg.AllowDirect = true
	if _, err := s.JS.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Bus.Checkpoint(t.Context()); err == nil {
		t.Errorf("of a stream that was changed it takes %q", got)
	}
}

// A service keeps and reads its own checkpoints, and those of nobody else.
func testCheckpointsAreOnesOwn(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	s.eventually(t, "it is there", func() bool { return s.Bus.Ready() == nil })
	keeps(t, s, "true")
	nc, err := bus.Connect(srv.URL(), "referral", append(srv.As("referral"), nats.ErrorHandler(nil))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	refused := make(chan error, 1)
	nc.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err })
	s.eventually(t, "the other is there", nc.IsConnected)
	for _, subject := range []string{"sanad.checkpoints.intake", "$JS.API.STREAM.MSG.GET." + bus.Checkpoints("intake"), "$JS.API.STREAM.INFO." + bus.Checkpoints("intake")} {
		if err := nc.Publish(subject, []byte(`{"seq":1}`)); err != nil {
			t.Fatal(err)
		}
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
		s.eventually(t, "it is refused: "+subject, func() bool {
			select {
			case <-refused:
				return true
			default:
				return false
			}
		})
	}
	newest(t, s, "true")
	if !slices.ContainsFunc(bus.Streams(1, Parts()...), func(c jetstream.StreamConfig) bool { return c.Name == bus.Checkpoints("legal-aid") }) {
		t.Error("a service without deadlines has no checkpoints")
	}
}
