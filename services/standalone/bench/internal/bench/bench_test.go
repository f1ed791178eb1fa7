package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// TestRun carries a few requests through every flow, and through River's where
// SANAD_BENCH_POSTGRES_URI names a server.
func TestRun(t *testing.T) {
	var out strings.Builder
	postgres := os.Getenv("SANAD_BENCH_POSTGRES_URI")
	report, err := Run(t.Context(), Config{
		Dir: t.TempDir(), Flows: Flows, Clients: []int{4}, Duration: 100 * time.Millisecond, PostgresURI: postgres,
	}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	var measured []string
	for _, r := range report.Rows {
		measured = append(measured, r.Flow)
		if r.PerSecond <= 0 || r.P50 <= 0 || r.P99 < r.P50 || r.CPU <= 0 || r.Allocs <= 0 ||
			r.Live <= 0 || (runtime.GOOS == "linux" && r.Peak < r.Live) {
			t.Errorf("%s: %+v", r.Flow, r.Figures)
		}
	}
	want := slices.Clone(Flows)
	if postgres == "" {
		want = slices.DeleteFunc(want, func(flow string) bool { return flow == River })
		if report.LeftOut[River] == "" || !strings.Contains(out.String(), report.LeftOut[River]) {
			t.Errorf("River's flow was left out without a word:\n%s", out.String())
		}
	}
	if diff := cmp.Diff(want, measured); diff != "" {
		t.Errorf("measured (-want +got):\n%s", diff)
	}
	if m := report.Match; m == nil || m.Services != 20_000 || m.PerSecond <= 0 || m.P99 < m.P50 {
		t.Errorf("match: %+v", m)
	}
	if s := report.Sizes; s.Request < 500 || s.Referral < 500 || s.Event < 300 || s.Outcome < 300 {
		t.Errorf("sizes of what Sanad leaves behind: %+v", s)
	}
}

// TestStart starts on a short history on each engine: on a server it leaves
// nothing behind, and it keeps away from a server on which there is something.
func TestStart(t *testing.T) {
	uri := os.Getenv("SANAD_MONGODB_URI")
	if uri == "" {
		other, err := embedded.Mongo(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := other.Close(); err != nil {
				t.Error(err)
			}
		}()
		if uri, err = other.Listen(t.Context(), embedded.Listening{Addr: "127.0.0.1:0", User: "bench", Password: "bench"}); err != nil {
			t.Fatal(err)
		}
	}
	var r Report
	start := func(engine, uri string) error {
		dir := filepath.Join(t.TempDir(), "data")
		return errors.Join(fill(t.Context(), dir, uri, 200), r.start(t.Context(), engine, dir, uri, io.Discard))
	}
	if err := start(Embedded, ""); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := borrow(t.Context(), uri, func() error { return start(MongoDB, uri) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, engine := range []string{Embedded, MongoDB} {
		if s := r.Start[engine]; s.Commits < 200 || s.Seconds <= 0 || s.PerSecond <= 0 {
			t.Errorf("%s: %+v", engine, s)
		}
	}
	err := borrow(t.Context(), uri, func() error {
		if err := start(MongoDB, uri); err != nil {
			return err
		}
		return borrow(t.Context(), uri, func() error { return nil })
	})
	if !errors.Is(err, errTaken) {
		t.Errorf("a server that is in use: %v", err)
	}
}

// TestLoop fills, reads and wakes a few referrals.
func TestLoop(t *testing.T) {
	dir := t.TempDir()
	l, err := measureLoop(t.Context(), dir, 500)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		t.Fatalf("%v\n%s", err, log)
	}
	if len(l.Pages) != 2 || l.Pages[0].Open != 50 || l.Pages[1].Open != 500 || l.Growth <= 0 ||
		l.Deadlines.Count != 101 || l.Deadlines.Armed <= 0 || l.Deadlines.Fired <= 0 {
		t.Errorf("%+v", l)
	}
}

// TestTables makes the tables of a few cases.
func TestTables(t *testing.T) {
	m, err := measureTables(20_000)
	if err != nil || m.Cases != 20_000 || m.Rows < 20 || m.Tables <= 0 || m.Ratio <= 0 {
		t.Errorf("%+v %v", m, err)
	}
}

// TestPages reads a few pages of a small directory.
func TestPages(t *testing.T) {
	p, err := measurePages(t.Context(), 400, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if p.Few != 20 || p.Many != 400 || p.FewP50 <= 0 || p.ManyP99 < p.ManyP50 || p.Ratio <= 0 {
		t.Errorf("%+v", p)
	}
}

// TestCompare holds the bars against what was measured: a rate should be large,
// processor time small.
// Each answer is measured, in a case with a block and in one without.
func TestBlocks(t *testing.T) {
	b, err := measureBlocks(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if b.Frame <= 0 || b.Refused <= 0 || b.Assigned <= 0 {
		t.Errorf("%+v", b)
	}
	b.print(t.Output())
}

func TestCompare(t *testing.T) {
	r := Report{}
	for flow, f := range map[string]Figures{
		Bare: {PerSecond: 1000, CPU: 100}, Sanad: {PerSecond: 800, CPU: 151}, Watermill: {PerSecond: 700, CPU: 1},
		WatermillTuned: {PerSecond: 200, CPU: 1}, River: {PerSecond: 161, CPU: 1},
	} {
		r.Rows = append(r.Rows, Row{Flow: flow, Clients: barClients, Figures: f}, Row{Flow: flow, Clients: 1})
	}
	r.compare()
	want := []Bar{
		{Figure: costFigure, Against: Bare, Clients: barClients, Ratio: 1.51, Bar: 1.5},
		{Figure: rateFigure, Against: Bare, Clients: barClients, Ratio: 0.8, Bar: 0.7, Met: true},
		{Figure: rateFigure, Against: WatermillTuned, Clients: barClients, Ratio: 4, Bar: 4, Met: true},
		{Figure: rateFigure, Against: River, Clients: barClients, Ratio: 800.0 / 161, Bar: 5},
	}
	if diff := cmp.Diff(want, r.Bars); diff != "" {
		t.Errorf("bars (-want +got):\n%s", diff)
	}
	path := filepath.Join(t.TempDir(), "bench.json")
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var written struct {
		Rows []map[string]any `json:"rows"`
	}
	if err := json.Unmarshal(raw, &written); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"flow", "clients", "per_second", "p50_ms", "p99_ms", "cpu_us_per_flow", "allocs_per_flow", "live_mb", "peak_mb"} {
		if _, ok := written.Rows[0][key]; !ok {
			t.Errorf("a row lacks %s", key)
		}
	}
}

// TestWatchPeak finds what was taken and given back, and not what was taken before.
func TestWatchPeak(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("no high-water mark that can be put back")
	}
	const size = 256 << 20
	peak := watchPeak()
	memory, err := syscall.Mmap(-1, 0, size, syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < size; i += os.Getpagesize() {
		memory[i] = 1
	}
	if err := syscall.Munmap(memory); err != nil {
		t.Fatal(err)
	}
	// The rest of the process may take or give back some of its own meanwhile.
	most, rest := peak(), watchPeak()()
	if rest == 0 || most < rest+size/2 {
		t.Errorf("%d bytes at most, %d when %d were given back", most, rest, size)
	}
}

// limited is a flow that ends at once, a number of times.
type limited struct{ left atomic.Int64 }

func (l *limited) prepare(_ context.Context, runs int) error { l.left.Store(int64(runs)); return nil }

func (l *limited) run(context.Context) (time.Time, error) {
	if l.left.Add(-1) < 0 {
		return time.Time{}, errExhausted
	}
	return time.Now(), nil
}

func (*limited) close() error { return nil }

// TestClosedExhausted counts every run once and ends when nothing is prepared.
func TestClosedExhausted(t *testing.T) {
	f := &limited{}
	f.left.Store(1000)
	began := time.Now()
	m, err := closed(t.Context(), f, 16, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began).Seconds(); m.PerSecond < 1000/took {
		t.Errorf("%.0f a second is fewer than 1000 in %.3f s", m.PerSecond, took)
	}
}

// TestOpenKeepsTheSchedule begins as many runs as were asked for.
func TestOpenKeepsTheSchedule(t *testing.T) {
	f := &limited{}
	f.left.Store(100)
	if _, err := open(t.Context(), f, 1000, 100*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if left := f.left.Load(); left != 0 {
		t.Errorf("%d runs were not begun", left)
	}
}

func TestQuantile(t *testing.T) {
	var sorted []time.Duration
	for i := range 100 {
		sorted = append(sorted, time.Duration(i))
	}
	for q, want := range map[float64]time.Duration{0: 0, 0.5: 50, 0.99: 99, 1: 99} {
		if got := quantile(sorted, q); got != want {
			t.Errorf("quantile %v: %d, want %d", q, got, want)
		}
	}
}

// TestCopyOf gives documents of one size under identifiers that differ.
func TestCopyOf(t *testing.T) {
	doc, err := bson.Marshal(bson.D{{Key: "_id", Value: "ref_0123456789/1"}, {Key: "box", Value: []byte("sealed")}})
	if err != nil {
		t.Fatal(err)
	}
	first, second := copyOf(doc, 1), copyOf(doc, 2)
	if len(first) != len(doc) || first.Validate() != nil || !bytes.Equal(first[idOffset+17:], doc[idOffset+17:]) {
		t.Errorf("not a copy: %v", first)
	}
	if first.Lookup("_id").Equal(second.Lookup("_id")) || !bytes.Equal(first, copyOf(doc, 1)) {
		t.Errorf("identifiers: %v, %v", first.Lookup("_id"), second.Lookup("_id"))
	}
}
