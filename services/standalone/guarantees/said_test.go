package guarantees_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Whatever is said on the bus, true, doubled, out of order, cut, mixed up or
// made up, by somebody who has the seeds of all services: no record changes
// hands, and the network starts again with the same state.
func TestWhateverIsSaid(t *testing.T) {
	w, all := under(t)
	before := w.story(all)
	truth := slices.DeleteFunc(stored(t, w.Bus, bus.Events), func(m *nats.Msg) bool { return len(m.Data) == 0 })
	said := map[string]jetstream.JetStream{}
	for _, name := range network.With(true) {
		js, leave := as(t, w.Bus, name)
		defer leave()
		said[name] = js
	}
	rounds := 400
	if testing.Short() {
		rounds = 60
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for n := range rounds {
		lie := twist(r, truth, n)
		owner := strings.Split(lie.Subject, ".")[2]
		if _, err := said[owner].PublishMsg(t.Context(), lie); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	w.idle()
	w.same(before, all)
	w.restart(nil)
	w.idle()
	w.same(before, all)
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
	reasons := map[string]int{}
	for _, m := range stored(t, w.Bus, bus.DeadLetters) {
		reasons[m.Header.Get(bus.HeaderReason)]++
	}
	if len(reasons) < 4 {
		t.Errorf("of %d lies were refused only %v", rounds, reasons)
	}
	t.Logf("%d lies were refused as %v", rounds, reasons)
}

// twist makes of something that was said something that was not. What is stored
// must not be taken for a copy, so each has an identity of its own, most of them
// of the right form.
func twist(r *rand.Rand, truth []*nats.Msg, n int) *nats.Msg {
	one, other := truth[r.IntN(len(truth))], truth[r.IntN(len(truth))]
	lie := &nats.Msg{Subject: one.Subject, Header: maps.Clone(one.Header), Data: slices.Clone(one.Data)}
	record := lie.Header.Get("ce-subject")
	id := fmt.Sprintf("%s/%d/%d/%016x", record, 1+r.IntN(9), r.IntN(3), n+1)
	lie.Header.Set("ce-id", id)
	lie.Header.Set(jetstream.MsgIDHeader, id)
	for range 1 + r.IntN(2) {
		twists[r.IntN(len(twists))](r, lie, other)
	}
	return lie
}

var twists = []func(r *rand.Rand, lie, other *nats.Msg){
	func(*rand.Rand, *nats.Msg, *nats.Msg) {}, // told twice
	func(r *rand.Rand, lie, _ *nats.Msg) { lie.Data = lie.Data[:r.IntN(len(lie.Data))] },
	func(_ *rand.Rand, lie, other *nats.Msg) { lie.Data = slices.Clone(other.Data) },
	func(r *rand.Rand, lie, _ *nats.Msg) {
		keys := slices.Sorted(maps.Keys(lie.Header))
		if key := keys[r.IntN(len(keys))]; key != jetstream.MsgIDHeader {
			delete(lie.Header, key)
		}
	},
	func(r *rand.Rand, lie, other *nats.Msg) {
		key := []string{"ce-id", "ce-source", "ce-type", "ce-subject", "ce-time"}[r.IntN(5)]
		lie.Header.Set(key, other.Header.Get(key))
	},
	func(r *rand.Rand, lie, _ *nats.Msg) {
		parts := strings.Split(lie.Subject, ".")
		parts[len(parts)-1] = []string{"ref_x", "case_0123456789abcdefghjkmnpqrs", "agency_" + evil}[r.IntN(3)]
		lie.Subject = strings.Join(parts, ".")
	},
	func(r *rand.Rand, lie, other *nats.Msg) { mix(r, lie, other) },
	func(r *rand.Rand, lie, _ *nats.Msg) {
		field(lie, func(d m) {
			key := []string{"recipient", "sender", "agency"}[r.IntN(3)]
			if _, is := d[key]; is {
				d[key] = evil
			}
		})
	},
	func(r *rand.Rand, lie, _ *nats.Msg) {
		field(lie, func(d m) {
			keys := slices.Sorted(maps.Keys(d))
			if len(keys) > 0 {
				delete(d, keys[r.IntN(len(keys))])
			}
		})
	},
	func(r *rand.Rand, lie, _ *nats.Msg) {
		field(lie, func(d m) {
			key := []string{"referral", "case"}[r.IntN(2)]
			d[key] = []string{"ref_a.b", "ref_*", "ref_>", "", "case_\u0000"}[r.IntN(5)]
		})
	},
}

// mix takes one field out of what another said.
func mix(r *rand.Rand, lie, other *nats.Msg) {
	var from m
	if json.Unmarshal(other.Data, &from) != nil || len(from) == 0 {
		return
	}
	keys := slices.Sorted(maps.Keys(from))
	field(lie, func(d m) {
		key := keys[r.IntN(len(keys))]
		if _, is := d[key]; is {
			d[key] = from[key]
		}
	})
}

func field(lie *nats.Msg, change func(m)) {
	var d m
	if json.Unmarshal(lie.Data, &d) != nil {
		return
	}
	change(d)
	if data, err := json.Marshal(d); err == nil {
		lie.Data = data
	}
}
