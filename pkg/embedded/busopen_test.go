package embedded

import (
	"errors"
	"log/slog"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A stream that the server did not open is damaged when the server says so, and
// not for what the machine refused it. A directory that it cannot read is an
// empty one to it, without a word.
func TestMissing(t *testing.T) {
	full, other := t.TempDir(), t.TempDir()
	bus, err := NATS(full, "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := nats.Connect("", bus.InProcess())
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "EVENTS", Subjects: []string{"events.*"}}); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	bus.Shutdown()

	empty, err := NATS(other, "")
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Shutdown()
	for name, test := range map[string]struct {
		said    []any // the end of a line of the server
		damaged bool
		err     error
	}{
		"no word":        {nil, false, ErrBusStore},
		"its files":      {[]any{"EVENTS", "corrupt state file"}, true, nil},
		"another stream": {[]any{"AGENCIES", "corrupt state file"}, false, ErrBusStore},
		"descriptors":    {[]any{"EVENTS", syscall.EMFILE}, false, syscall.EMFILE},
		"the directory":  {[]any{"EVENTS", "storage directory is not writable"}, false, ErrBusStore},
	} {
		bus.told = newServerLog(slog.New(slog.DiscardHandler))
		if test.said != nil {
			bus.told.Warnf("  Error recreating stream %q: %v", test.said...)
		}
		damaged, err := bus.missing(empty.server)
		if len(damaged) > 0 != test.damaged || !errors.Is(err, test.err) {
			t.Errorf("%s: damaged %v, and %v", name, damaged, err)
		}
	}
}
