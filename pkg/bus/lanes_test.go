package bus

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/nats-io/nats.go/jetstream"
)

// parcelled is a message of which a lane sees the subject only.
type parcelled struct {
	jetstream.Msg
	subject string
	naks    *int
}

func (p parcelled) Subject() string { return p.subject }
func (p parcelled) Nak() error      { *p.naks++; return nil }

// Once closed, lanes finish what has begun and give back what has not.
func TestLanesClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var (
			naks    int
			done    []string
			release = make(chan struct{})
		)
		l := newLanes(t.Context(), 2, func(_ context.Context, msg jetstream.Msg) {
			<-release
			done = append(done, msg.Subject())
		})
		put := func(subject string) bool {
			return l.put(t.Context(), parcelled{subject: subject, naks: &naks})
		}
		for _, subject := range []string{"x.a", "y.a", "y.a"} {
			if !put(subject) {
				t.Error("not taken:", subject)
			}
		}
		closed := make(chan struct{})
		go func() {
			l.close()
			close(closed)
		}()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("closed while a delivery was under way")
		default:
		}
		if put("x.b") {
			t.Error("taken after the end")
		}
		close(release)
		<-closed
		if fmt.Sprint(done) != "[x.a]" || naks != 2 {
			t.Errorf("delivered %v, gave back %d", done, naks)
		}
	})
}

// With all lanes busy put waits, and no longer than its context.
func TestLanesFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		l := newLanes(t.Context(), 1, func(context.Context, jetstream.Msg) { <-release })
		var naks int
		l.put(t.Context(), parcelled{subject: "x.a", naks: &naks})
		ctx, cancel := context.WithCancel(t.Context())
		taken := make(chan bool)
		go func() { taken <- l.put(ctx, parcelled{subject: "x.b", naks: &naks}) }()
		synctest.Wait()
		cancel()
		if <-taken {
			t.Error("taken without a lane")
		}
		go func() { taken <- l.put(t.Context(), parcelled{subject: "x.b", naks: &naks}) }()
		synctest.Wait()
		release <- struct{}{}
		if !<-taken {
			t.Error("not taken although a lane was free")
		}
		close(release)
		l.close()
	})
}
