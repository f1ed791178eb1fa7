package record_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// counted is a record that counts what happened to it, and is always closed.
type counted struct{ N int }

type oneMore struct{}

func (oneMore) EventType() string { return "counting.one_more.v1" }

func (c counted) Evolve(fact.Event) counted       { return counted{c.N + 1} }
func (counted) Case() string                      { return "" }
func (counted) Visible(fact.By) bool              { return true }
func (c counted) Closed() bool                    { return c.N > 0 }
func (counted) Deadlines() []fact.Deadline        { return nil }
func (c counted) View(fact.By) any                { return c.N }
func more(counted, fact.By) ([]fact.Event, error) { return fact.Of(oneMore{}), nil }

// counter is a book of counted records under a clock of its own.
type counter struct {
	now  time.Time
	book *record.Book
	rs   *record.Records[counted]
}

func count(t *testing.T, j record.Journal, now time.Time) *counter {
	t.Helper()
	c := &counter{now: now}
	c.book = record.NewBook(event.NewCatalogue(event.Type[oneMore]()).ReadingBack(), func() time.Time { return c.now })
	c.rs = record.New[counted](c.book, "counted")
	if err := c.book.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *counter) do(ctx context.Context, cause, digest string) (int, error) {
	cmd := record.Command{Op: "x", Cause: cause}
	if digest != "" {
		cmd.Digest, cmd.By = []byte(digest), fact.By{Principal: "p", Agency: "a"}
	}
	res, err := c.rs.Execute(record.With(ctx, cmd), "counted_1", more)
	return res.State.N, err
}

// An event takes effect once, however late it comes again: to a record that is
// open, that has left memory, or that was read from the journal at a start.
func TestAnEventTakesEffectOnce(t *testing.T) {
	j := &recordtest.Journal{}
	c := count(t, j, start)
	for i := range 5 {
		if n, err := c.do(t.Context(), fmt.Sprint("case_1/2/", i), ""); err != nil || n != i+1 {
			t.Fatalf("event %d: %d, %v", i, n, err)
		}
	}
	again := func(c *counter, when string) {
		t.Helper()
		for i := range 5 {
			if n, err := c.do(t.Context(), fmt.Sprint("case_1/2/", i), ""); err != nil || n != 5 {
				t.Errorf("%s, event %d again: %d, %v", when, i, n, err)
			}
		}
	}
	again(c, "at once")
	c.now = c.now.AddDate(1, 0, 0)
	again(c, "a year later")
	if n := c.book.Shed(c.now); n != 1 {
		t.Fatalf("shed %d", n)
	}
	if _, held := c.rs.Held("counted_1"); held {
		t.Fatal("the record is still in memory")
	}
	again(c, "shed")
	again(count(t, j, c.now), "after a start")
	restarted := count(t, j, c.now)
	restarted.book.Shed(c.now)
	again(restarted, "after a start, shed")
}

var start = time.Date(2026, time.March, 4, 9, 30, 0, 0, time.UTC)

// A request is known again for a stated time, and by its digest. Then it is a
// new one, whether the process ran all the time or was started meanwhile.
func TestARequestIsKnownForAWhile(t *testing.T) {
	for _, tt := range []struct {
		name   string
		after  time.Duration
		digest string
		want   int
		err    error
	}{
		{"at once", 0, "digest", 3, nil},
		{"at the last", record.Remembered - time.Millisecond, "digest", 3, nil},
		{"another request at the last", record.Remembered - time.Millisecond, "another", 0, record.ErrKeyReused},
		{"too late", record.Remembered, "digest", 4, nil},
		{"another request too late", record.Remembered, "another", 4, nil},
	} {
		for _, how := range []string{"running", "shed", "started"} {
			t.Run(tt.name+", "+how, func(t *testing.T) {
				j := &recordtest.Journal{}
				c := count(t, j, start)
				if n, err := c.do(t.Context(), "op/a/key", "digest"); err != nil || n != 1 {
					t.Fatalf("%d, %v", n, err)
				}
				for _, cause := range []string{"case_1/2/0", "case_1/3/0"} {
					if _, err := c.do(t.Context(), cause, ""); err != nil {
						t.Fatal(err)
					}
				}
				c.now = c.now.Add(tt.after)
				switch how {
				case "shed":
					c.book.Shed(c.now.Add(time.Hour))
				case "started":
					c = count(t, j, c.now)
				}
				n, err := c.do(t.Context(), "op/a/key", tt.digest)
				if n != tt.want || !errors.Is(err, tt.err) {
					t.Errorf("%d, %v; want %d, %v", n, err, tt.want, tt.err)
				}
			})
		}
	}
}

// A fact that changes nothing, or is refused, was held against the journal first:
// what another replica appended may be what it agrees with, and it does not come
// again.
func TestAFactIsHeldAgainstTheJournal(t *testing.T) {
	for name, unknown := range map[string]error{"changes nothing": nil, "refused": record.ErrExists} {
		t.Run(name, func(t *testing.T) {
			j := &recordtest.Journal{}
			here, there := count(t, j, start), count(t, j, start)
			if n, err := there.do(t.Context(), "case_1/1/0", ""); err != nil || n != 1 {
				t.Fatal(n, err)
			}
			ctx := record.With(t.Context(), record.Command{Op: "x", Cause: "case_1/2/0"})
			res, err := here.rs.Execute(ctx, "counted_1", func(c counted, by fact.By) ([]fact.Event, error) {
				if c.N == 0 {
					return nil, unknown
				}
				return more(c, by)
			})
			if err != nil || res.State.N != 2 {
				t.Errorf("counted %d, %v", res.State.N, err)
			}
		})
	}
}
