package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

const (
	// largest is the most commits that one write carries.
	largest = 1000
	// heaviest bounds their bytes: a command is a document, and those end at
	// 16 MB.
	heaviest = 8 << 20
	// writeTimeout bounds one write.
	writeTimeout = 10 * time.Second
	// settleTimeout bounds the search for what became of a write.
	settleTimeout = 5 * time.Second
)

// Append stores a commit and returns when it is durable. The caller sets everything
// but Key, Hash, Lane, Number and Tail; At is cut to milliseconds. A record whose
// name is not an identifier is refused: the name becomes part of a subject.
//
// ErrConflict: another commit has this version. ErrUnavailable: the store gave
// no answer. When ctx ends while the commit still waits for its turn, it is
// taken back and not stored; after that its outcome is waited for.
func (j *Journal) Append(ctx context.Context, c *Commit) error {
	defer prometheus.NewTimer(j.metrics.seconds).ObserveDuration()
	ctx, span := j.tracer.Start(ctx, "insert journal", spanOptions...)
	defer span.End()
	err := j.append(ctx, c)
	switch {
	case err == nil:
		j.metrics.commits.Inc()
	case errors.Is(err, ErrConflict):
		j.metrics.conflicts.Inc()
		span.SetStatus(codes.Error, "conflict")
	default:
		span.SetStatus(codes.Error, "not stored")
	}
	return err
}

var spanOptions = []trace.SpanStartOption{
	trace.WithSpanKind(trace.SpanKindClient),
	trace.WithAttributes(
		attribute.String("db.system.name", "mongodb"),
		attribute.String("db.operation.name", "insert"),
	),
}

func (j *Journal) append(ctx context.Context, c *Commit) error {
	if err := j.settleLanes(ctx); err != nil {
		return err
	}
	d, err := j.pack(ctx, c)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	e := &entry{raw: d.encode(), done: make(chan error, 1)}
	if !j.queue.put(e) {
		j.numbers.giveBack(d.number)
		return ErrUnavailable
	}
	select {
	case err = <-e.done:
	case <-ctx.Done():
		if j.queue.withdraw(e) {
			j.numbers.giveBack(d.number)
			return fmt.Errorf("append: %w", context.Cause(ctx))
		}
		err = <-e.done
	}
	switch {
	case err == nil:
		j.numbers.settle(d.number, outcome{stored, d.hash})
		return nil
	case errors.Is(err, errNotSent):
		j.numbers.giveBack(d.number)
		return err
	}
	return j.settle(context.WithoutCancel(ctx), d, err)
}

// settle finds out what became of a commit that the store did not confirm. It reads
// the store: before that, an answer that was lost and a version that is taken look
// alike.
func (j *Journal) settle(ctx context.Context, d *document, cause error) error {
	if errors.Is(cause, ErrLost) {
		// The next process finds out what became of it.
		return ErrUnavailable.Because(cause)
	}
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	there, err := backoff.Retry(ctx, func() (document, error) {
		var there document
		raw, err := j.settled.FindOne(ctx, byID(d.id)).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return there, backoff.Permanent(err)
		}
		if err == nil {
			_ = there.decode(raw) // what cannot be read is not ours
		}
		return there, err
	})
	if err == nil && there.hash != d.hash {
		j.numbers.settle(d.number, outcome{state: unused})
		return ErrConflict
	}
	if err == nil {
		// As behind a write that was answered: another process may have taken over.
		err = j.Hold(ctx)
	}
	if err != nil {
		// Also when the version is taken: by the first of two tries, perhaps.
		j.books.doubt(d.number, doubt{id: d.id, o: outcome{stored, d.hash}, since: time.Now()})
		return ErrUnavailable.Because(errors.Join(cause, err))
	}
	j.numbers.settle(d.number, outcome{stored, d.hash})
	return nil
}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

// write is the one writer: while it stores a batch, the next one gathers.
func (j *Journal) write() {
	defer close(j.queue.ended)
	for {
		// Those whose commits were just stored come back with their next ones:
		// letting them run first makes batches a third larger.
		runtime.Gosched()
		batch := j.queue.take(largest, heaviest)
		if batch == nil {
			return
		}
		j.metrics.batch.Observe(float64(len(batch)))
		j.store(batch)
	}
}

// store inserts a batch, also when those who wait for it have gone.
func (j *Journal) store(batch []*entry) {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	if err := j.Hold(ctx); err != nil {
		for _, e := range batch {
			e.done <- errors.Join(errNotSent, err)
		}
		return
	}
	docs := make([]bson.Raw, len(batch))
	for i, e := range batch {
		docs[i] = e.raw
	}
	err := j.insert(ctx, docs)
	refused, ok := errors.AsType[mongo.WriteException](err)
	if ok && refused.WriteConcernError == nil {
		// The store names each commit that it refused; the others are there.
		for _, r := range refused.WriteErrors {
			if r.Index >= 0 && r.Index < len(batch) {
				batch[r.Index].done <- r
				batch[r.Index] = nil
			}
		}
		batch = slices.DeleteFunc(batch, func(e *entry) bool { return e == nil })
		err = nil
	}
	if err != nil {
		j.log.LogAttrs(ctx, slog.LevelWarn, "write to the journal not confirmed",
			slog.Int("commits", len(batch)), slog.Any("error", err))
	}
	if err == nil {
		// Another process may have taken over while this one was paused. Then what
		// this one stored counts for nothing, or its outcome is not known.
		err = j.Hold(ctx)
	}
	for _, e := range batch {
		e.done <- err
	}
}

// errNotSent says that a commit was never sent to the store.
var errNotSent = errors.New("not sent to the journal")

// Close ends the writer after everything that was appended before is stored, and
// ends the lane behind a last checkpoint.
func (j *Journal) Close(ctx context.Context) error {
	j.queue.close()
	j.stopping.Do(func() { close(j.closing) })
	for _, ended := range []chan struct{}{j.queue.ended, j.covered} {
		select {
		case <-ended:
		case <-ctx.Done():
			return fmt.Errorf("close the journal: %w", context.Cause(ctx))
		}
	}
	select {
	case <-j.lane.lost:
		return nil // it is the other's to end
	default:
	}
	if err := j.endLane(ctx); err != nil {
		return fmt.Errorf("close the journal: %w", err)
	}
	return nil
}
