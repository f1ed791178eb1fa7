package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/patience"
)

// quickly makes the watch look all the time.
func quickly() embedded.NATSOption {
	return embedded.NATSLook(20*time.Millisecond, 20*time.Millisecond)
}

// A full disk is said, and healed when there is room again; so is a start on a
// full disk. The disk is a small one in memory, in a name space of a process of
// its own.
func TestNATSOutlivesAFullDisk(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNATSOnASmallDisk$", "-test.v")
	child.Env = append(os.Environ(), "BUS_SMALL="+t.TempDir())
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := child.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || strings.Contains(string(out), "--- SKIP: TestNATSOnASmallDisk") {
		t.Skip("this machine gives no name space:", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestNATSOnASmallDisk is what TestNATSOutlivesAFullDisk runs.
func TestNATSOnASmallDisk(t *testing.T) {
	disk := os.Getenv("BUS_SMALL")
	if disk == "" {
		t.Skip("it is for another test")
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=8m"); err != nil {
		t.Skip("no disk:", err)
	}
	for _, start := range []string{"runs", "starts"} {
		t.Run(start, func(t *testing.T) {
			dir := filepath.Join(disk, start)
			if err := os.CopyFS(dir, os.DirFS(office(t, ""))); err != nil {
				t.Fatal(err)
			}
			heals(t, dir, syscall.ENOSPC, start == "starts", func() (release func()) {
				filler := filepath.Join(disk, "filler")
				f, err := os.Create(filler)
				if err != nil {
					t.Fatal(err)
				}
				for {
					if _, err := f.Write(make([]byte, 4096)); err != nil {
						break
					}
				}
				return func() { _, _ = f.Close(), os.Remove(filler) }
			})
		})
	}
}

// A process without descriptors says so, and its bus is healed when there are
// some again.
func TestNATSOutlivesMissingDescriptors(t *testing.T) {
	heals(t, office(t, ""), syscall.EMFILE, false, func() func() { return exhaust(t) })
}

// heals takes something from a bus, and gives it back.
func heals(t *testing.T, dir string, why error, before bool, take func() (release func())) {
	t.Helper()
	log := &lines{}
	with := []embedded.NATSOption{quickly(), embedded.NATSLogger(slog.New(slog.NewTextHandler(log, nil)))}
	var release func()
	if before {
		release = take()
	}
	bus := started(t, dir, with...)
	defer bus.Shutdown()
	js := client(t, bus)
	if !before {
		put(t, js, "events.before")
		release = take()
	}
	full := errors.Is(why, syscall.ENOSPC)
	if full {
		patience.Until(t, "the bus says it before a message is refused", func() bool { return errors.Is(bus.Health(), why) })
	}
	patience.Until(t, "a message is refused", func() bool { return publish1(t, js) != nil })
	patience.Until(t, "the bus says why", func() bool {
		return strings.Contains(log.String(), "does not take messages") && strings.Contains(log.String(), why.Error())
	})
	// A server that ends gives descriptors back, and may be well before we look.
	// A full disk stays full, and is not worth a start.
	if full {
		patience.Until(t, "the disk is asked", func() bool { return strings.Contains(fmt.Sprint(bus.Health()), "; the disk refuses") })
		if strings.Contains(log.String(), "opened again") {
			t.Errorf("opened again on a full disk:\n%s", log)
		}
	}
	release()
	patience.Until(t, "a message is taken again", func() bool { return publish1(t, js) == nil })
	patience.Until(t, "the bus says that it is well", func() bool { return bus.Health() == nil })

	c, err := js.Consumer(t.Context(), "EVENTS", "reactions")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.CachedInfo().AckFloor.Stream; got != handled {
		t.Errorf("the consumer stands at %d instead of %d", got, handled)
	}
	events, err := js.Stream(t.Context(), "EVENTS")
	if err != nil || events.CachedInfo().State.Msgs <= stored || len(bus.Aside()) > 0 {
		t.Error("afterwards:", err, events.CachedInfo().State, bus.Aside())
	}
	said := log.String()
	if !strings.Contains(said, why.Error()) || strings.Contains(said, "events.") || strings.Contains(said, dir) {
		t.Errorf("the log says:\n%s", said)
	}
}

// publish1 publishes a message that may be refused, or never be answered.
func publish1(t *testing.T, js jetstream.JetStream) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := js.Publish(ctx, "events.maybe", []byte(strings.Repeat("x", 4000)))
	return err
}

// A start without descriptors is refused, and the store is as it was.
func TestNATSDoesNotStartWithoutDescriptors(t *testing.T) {
	dir := office(t, "")
	before := files(t, dir)
	release := exhaust(t)
	bus, err := embedded.NATS(dir, "")
	release()
	if err == nil {
		bus.Shutdown()
	}
	if !errors.Is(err, syscall.EMFILE) {
		t.Error("started without descriptors:", err)
	}
	if d := cmp.Diff(before, files(t, dir)); d != "" {
		t.Errorf("the store (-before +after):\n%s", d)
	}
}

// What the disk cannot read is damaged. What is no file at all is for an
// operator: the start is refused, with its name.
func TestNATSTellsDamageFromWhatItDoesNotKnow(t *testing.T) {
	dir := office(t, "")
	block := place(dir, "EVENTS", "msgs", "1.blk")
	if err := os.Remove(block); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/proc/self/mem", block); err != nil { // reading its beginning is an input/output error
		t.Fatal(err)
	}
	bus := started(t, dir)
	if a := bus.Aside(); len(a) != 1 || a[0].Stream != "EVENTS" || !strings.Contains(a[0].Reason, "the disk cannot read it") {
		t.Error("aside:", a)
	}
	bus.Shutdown()

	dir = office(t, "")
	state := place(dir, "EVENTS", "obs", "reactions", "o.dat")
	if err := os.Remove(state); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(state, 0o700); err != nil {
		t.Fatal(err)
	}
	bus, err := embedded.NATS(dir, "")
	if err == nil {
		bus.Shutdown()
	}
	if err == nil || !strings.Contains(err.Error(), "o.dat") {
		t.Error("started over a directory:", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "damaged")); err == nil {
		t.Error("something was moved aside")
	}
}
