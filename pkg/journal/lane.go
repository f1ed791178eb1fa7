package journal

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// A lane is what one process appends, from its start to its end. It is the lease as
// well: a process that wants to write claims the next lane. A process that writes
// already sees the claim within a moment and refuses it. When no process refuses
// for a while, none writes any more, and the new process takes the lane: from then
// on the older process acknowledges nothing. Claim and answer are one document
// each, stored once, so that both sides cannot win.
type lane struct {
	number uint64
	grace  time.Duration
	// alone says that no other process can reach the store, beside that another
	// may write at the same time.
	alone, beside bool

	// turn is held while one goroutine looks.
	turn   sync.Mutex
	looked atomic.Pointer[time.Time]
	next   atomic.Uint64 // the next claim
	lost   chan struct{}
	losing sync.Once
}

// grace is how long a claim waits to be refused. The other times are parts of it.
const grace = 4 * time.Second

// fresh is how old a look may be for something to be decided or acknowledged. It is
// a part of grace, so that a process that paused looks again before it
// acknowledges.
func (l *lane) fresh() time.Duration { return l.grace / 4 }

// lookEvery is how often a process that writes looks for a claim.
func (l *lane) lookEvery() time.Duration { return l.grace / 8 }

// askEvery is how often a claim looks whether it was refused.
func (l *lane) askEvery() time.Duration { return l.grace / 40 }

// HeldError says that another process writes the journal.
type HeldError struct{ By Claim }

func (e *HeldError) Error() string {
	return fmt.Sprintf("another process writes the journal: %d on %s, since %s; stop it first",
		e.By.PID, e.By.Host, e.By.At.UTC().Format(time.RFC3339))
}

// ErrLost says that another process has taken the journal over.
var ErrLost = errors.New("another process has taken the journal over")

// isFresh says whether the last look is young. A machine that slept counts the
// sleep on one of its two clocks only.
func (l *lane) isFresh() bool {
	if l.alone || l.beside {
		return true
	}
	t := l.looked.Load()
	if t == nil {
		return false
	}
	now := time.Now()
	return now.Sub(*t) < l.fresh() && now.Round(0).Sub(t.Round(0)) < l.fresh() && !now.Round(0).Before(t.Round(0))
}

// Lost is closed when another process has taken the journal over.
func (j *Journal) Lost() <-chan struct{} { return j.lane.lost }

// Hold says whether this process may still decide: ErrUnavailable when it cannot
// be known, or another has taken over.
func (j *Journal) Hold(ctx context.Context) error {
	select {
	case <-j.lane.lost:
		return ErrUnavailable.Because(ErrLost)
	default:
	}
	if j.lane.isFresh() {
		return nil
	}
	return j.look(ctx, false)
}

// look looks for claims, and refuses them; also when the last look is fresh, if
// anew says so.
func (j *Journal) look(ctx context.Context, anew bool) error {
	l := &j.lane
	l.turn.Lock()
	defer l.turn.Unlock()
	if !anew && l.isFresh() {
		return nil
	}
	for {
		began := time.Now()
		raw, err := j.statements.FindOne(ctx, byID(laneID(l.next.Load()))).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			l.looked.Store(&began)
			if l.isFresh() {
				return nil
			}
			// A process that paused before it read the answer does not know what is
			// there now.
			if ctx.Err() != nil {
				return ErrUnavailable.Because(fmt.Errorf("look for a claim: %w", context.Cause(ctx)))
			}
			continue
		}
		if err != nil {
			return ErrUnavailable.Because(fmt.Errorf("look for a claim: %w", err))
		}
		if err := j.refuse(ctx, raw); err != nil {
			return err
		}
		l.next.Add(1)
	}
}

// refuse answers a claim. It gives ErrLost when the claim was faster. A claim that
// is not signed by the service counts for nothing.
func (j *Journal) refuse(ctx context.Context, raw bson.Raw) error {
	s, err := readStatement(raw, placeStatements, j.service, j.signer.Public())
	if err != nil {
		j.log.Warn("a claim to the journal is not the service's", slog.Any("error", err))
		return nil
	}
	var c Claim
	if json.Unmarshal(s.body, &c) == nil && (c.Beside || c.Skipped) {
		return nil
	}
	n := j.lane.next.Load()
	won, err := j.answer(ctx, n, false)
	switch {
	case err != nil:
		return ErrUnavailable.Because(err)
	case won:
		j.log.Warn("another process wanted to write the journal, and was refused", slog.String("host", c.Host), slog.Int("pid", c.PID))
		return nil
	}
	a, err := j.answered(ctx, n)
	if err != nil && !errors.Is(err, errStatement) && !errors.Is(err, errSignature) {
		return ErrUnavailable.Because(err)
	}
	if a != nil && !a.Taken {
		return nil // refused by us, and the answer was lost, or by a third
	}
	j.lose()
	return ErrUnavailable.Because(ErrLost)
}

func (j *Journal) lose() {
	j.lane.losing.Do(func() {
		j.log.Error("another process has taken the journal over; this one acknowledges nothing more")
		close(j.lane.lost)
	})
}

// answer says what becomes of a claim. It reports false when that was said before.
func (j *Journal) answer(ctx context.Context, lane uint64, taken bool) (won bool, err error) {
	s, err := j.statement(placeStatements, answerID(lane), answer{At: now(), Taken: taken})
	if err != nil {
		return false, err
	}
	_, err = j.statements.InsertOne(ctx, s.document())
	if mongo.IsDuplicateKeyError(err) {
		return false, nil
	}
	return err == nil, err
}

// answered reads what became of a claim, nil when nobody has said it.
func (j *Journal) answered(ctx context.Context, lane uint64) (*answer, error) {
	s, err := j.said(ctx, answerID(lane))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // as said
	}
	if err != nil {
		return nil, err
	}
	a := &answer{}
	return a, unmarshal(s, a)
}

// claim takes the next lane, or gives a HeldError. Behind is a lane that was known
// elsewhere: those up to it are skipped.
func (j *Journal) claim(ctx context.Context, behind uint64) error {
	host, _ := os.Hostname()
	mine := Claim{At: now(), Host: host, PID: os.Getpid(), Nonce: rand.Text(), Beside: j.lane.beside}
	first := j.ledger.newest() + 1
	n := first
	for {
		c := mine
		c.Skipped = n <= behind
		ours, err := j.sayOnce(ctx, laneID(n), c)
		if err != nil {
			return fmt.Errorf("claim the journal: %w", err)
		}
		if c.Skipped {
			if _, err := j.answer(ctx, n, false); err != nil {
				return fmt.Errorf("claim the journal: %w", err)
			}
		} else if ours {
			break
		}
		n++
	}
	j.lane.number = n
	j.lane.next.Store(n + 1)
	if j.lane.beside {
		return nil
	}
	others, err := j.refuseOlder(ctx, first)
	if err != nil {
		return fmt.Errorf("claim the journal: %w", err)
	}
	return j.takeLane(ctx, others)
}

// refuseOlder answers claims that nobody answered: their processes died, or are as
// new as this one and have not begun. Others says that somebody may write: one of
// them was taken after the statements were read, or is not known.
func (j *Journal) refuseOlder(ctx context.Context, unread uint64) (others bool, err error) {
	for n := uint64(1); n < j.lane.number; n++ {
		b := j.ledger.lanes[n]
		if n < unread && (b == nil || b.answered || b.claim == nil || b.claim.Beside) {
			continue
		}
		won, err := j.answer(ctx, n, false)
		if err != nil {
			return false, err
		}
		others = others || !won
	}
	return others, nil
}

// takeLane waits for a process that writes to refuse, and takes the lane when
// none does.
func (j *Journal) takeLane(ctx context.Context, others bool) error {
	n := j.lane.number
	if !j.lane.alone && (others || len(j.ledger.unended(n)) > 0) {
		waited, cancel := context.WithTimeout(ctx, j.lane.grace)
		defer cancel()
		tick := time.NewTicker(j.lane.askEvery())
		defer tick.Stop()
		for waited.Err() == nil {
			a, err := j.answered(ctx, n)
			if err != nil {
				return fmt.Errorf("claim the journal: %w", err)
			}
			if a != nil {
				return j.held(ctx)
			}
			select {
			case <-tick.C:
			case <-waited.Done():
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	won, err := j.answer(ctx, n, true)
	if err != nil {
		return fmt.Errorf("claim the journal: %w", err)
	}
	if !won {
		// The answer that is there is of this process: only the confirmation was
		// lost.
		if a, err := j.answered(ctx, n); err != nil || a == nil || !a.Taken {
			return j.held(ctx)
		}
	}
	return nil
}

// held names the process that writes: that of the newest lane that was taken.
func (j *Journal) held(ctx context.Context) error {
	for n := j.lane.number - 1; n > 0; n-- {
		a, err := j.answered(ctx, n)
		if err != nil || a == nil || !a.Taken {
			continue
		}
		var c Claim
		if s, err := j.said(ctx, laneID(n)); err == nil && json.Unmarshal(s.body, &c) == nil {
			return &HeldError{By: c}
		}
	}
	return &HeldError{}
}

// sayOnce stores a statement that must be the first of its id, and reports whether
// it is that of this process: after a lost answer it is stored twice.
func (j *Journal) sayOnce(ctx context.Context, id string, body any) (ours bool, err error) {
	s, err := j.statement(placeStatements, id, body)
	if err != nil {
		return false, err
	}
	_, err = j.statements.InsertOne(ctx, s.document())
	if !mongo.IsDuplicateKeyError(err) {
		return err == nil, err
	}
	there, err := j.said(ctx, id)
	if errors.Is(err, errStatement) || errors.Is(err, errSignature) {
		return false, nil
	}
	return err == nil && bytes.Equal(there.body, s.body), err
}

// said reads the statement of an id, and refuses what is not the service's.
func (j *Journal) said(ctx context.Context, id any) (*statement, error) {
	raw, err := j.statements.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Raw()
	if err != nil {
		return nil, fmt.Errorf("read a statement: %w", err)
	}
	return readStatement(raw, placeStatements, j.service, j.signer.Public())
}

// statement makes a statement of the service.
func (j *Journal) statement(place string, id, body any) (*statement, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	s := &statement{place: place, id: id, body: text}
	s.signature = j.signer.Sign(s.text(j.service))
	return s, nil
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
