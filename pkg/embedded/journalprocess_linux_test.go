package embedded_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/journal/journaltest"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/seal"
)

// A holder is a process of its own that opens a journal and appends what it is told.
const (
	holderURI      = "SANAD_TEST_HOLDER_URI"
	holderDatabase = "SANAD_TEST_HOLDER_DATABASE"
	holderKeyset   = "SANAD_TEST_HOLDER_KEYSET"
	holderGrace    = 2 * time.Second
)

// TestJournalHolder is the other process, and skipped in this one.
func TestJournalHolder(t *testing.T) {
	if os.Getenv(holderURI) == "" {
		t.Skip("it is run by TestJournalProcesses")
	}
	client, err := mongo.Connect(options.Client().ApplyURI(os.Getenv(holderURI)))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(t.Context())
	db := client.Database(os.Getenv(holderDatabase))
	keyset, err := seal.ReadKeyset(os.Getenv(holderKeyset))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Open(t.Context(), db.Collection("keys"), keyset, "test")
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(t.Context(), journal.Config{
		Database: db, Keys: keys, Service: "test", Registerer: prometheus.NewRegistry(), Grace: holderGrace,
		Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
	})
	if err != nil {
		fmt.Println("holder: refused:", err)
		_ = keys.Close()
		return
	}
	fmt.Println("holder: open")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch err := j.Append(t.Context(), journaltest.Commit(lines.Text(), 1, [32]byte{})); {
		case errors.Is(err, journal.ErrUnavailable):
			fmt.Println("holder: unavailable")
		case err != nil:
			t.Error(err)
		default:
			fmt.Println("holder: stored")
		}
	}
	if err := j.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
}

// holder is such a process as this one sees it.
type holder struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

func newHolder(t *testing.T, database, keyset string) *holder {
	t.Helper()
	h := &holder{command: exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestJournalHolder$")}
	h.command.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), holderURI+"="+uri, holderDatabase+"="+database, holderKeyset+"="+keyset)
	h.command.Stderr = os.Stderr
	var err error
	if h.in, err = h.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := h.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.out = bufio.NewScanner(out)
	if err := h.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = h.command.Process.Kill()
		_ = h.command.Wait()
	})
	return h
}

// says is the next thing that the process says.
func (h *holder) says(t *testing.T) string {
	t.Helper()
	for h.out.Scan() {
		if text, ok := strings.CutPrefix(h.out.Text(), "holder: "); ok {
			return text
		}
	}
	t.Fatal("the process says nothing more")
	return ""
}

func (h *holder) expect(t *testing.T, want string) {
	t.Helper()
	if got := h.says(t); !strings.HasPrefix(got, want) {
		t.Fatalf("it says %q, not %q", got, want)
	}
}

func (h *holder) append(t *testing.T, record string) {
	t.Helper()
	if _, err := fmt.Fprintln(h.in, record); err != nil {
		t.Fatal(err)
	}
}

func (h *holder) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := h.command.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// stopped says whether all threads of the process were stopped.
func (h *holder) stopped() bool {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", h.command.Process.Pid))
	if err != nil || len(files) == 0 {
		return false
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		_, state, _ := strings.Cut(string(text), ") ")
		if err != nil || !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return true
}

// TestJournalProcesses has real processes want one journal: the second is refused
// while the first lives, waits when it was killed, and takes over from one that was
// stopped, which acknowledges nothing when it goes on.
func TestJournalProcesses(t *testing.T) {
	db := database(t)
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keyset")
	if err := keyset.WriteFile(file); err != nil {
		t.Fatal(err)
	}
	first := newHolder(t, db.Name(), file)
	first.expect(t, "open")
	first.append(t, "ref_1")
	first.expect(t, "stored")

	second := newHolder(t, db.Name(), file)
	refusal := second.says(t)
	if host, _ := os.Hostname(); !strings.Contains(refusal, fmt.Sprintf("another process writes the journal: %d on %s", first.command.Process.Pid, host)) {
		t.Error("it says", refusal)
	}
	first.append(t, "ref_2")
	first.expect(t, "stored")

	first.signal(t, syscall.SIGKILL)
	third := newHolder(t, db.Name(), file)
	third.expect(t, "open")
	third.append(t, "ref_3")
	third.expect(t, "stored")

	third.signal(t, syscall.SIGSTOP)
	patience.Until(t, "the process stands still", third.stopped)
	third.append(t, "ref_4")
	fourth := newHolder(t, db.Name(), file)
	fourth.expect(t, "open")
	fourth.append(t, "ref_5")
	fourth.expect(t, "stored")
	third.signal(t, syscall.SIGCONT)
	third.expect(t, "unavailable")
	if err := third.in.Close(); err != nil {
		t.Error(err)
	}
	if err := third.command.Wait(); err != nil {
		t.Error("one that lost the journal does not stop in order:", err)
	}
	if err := fourth.in.Close(); err != nil {
		t.Error(err)
	}
	if err := fourth.command.Wait(); err != nil {
		t.Error("stop in order:", err)
	}

	v, err := journal.Verify(t.Context(), journal.Verification{
		Database: db, Service: "test", Report: func(f journal.Finding) { t.Error("verify:", f) },
	})
	if err != nil || v.Commits != 4 || v.Recent != 0 {
		t.Error(v, err)
	}
}
