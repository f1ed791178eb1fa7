package guarantees_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

var (
	towns    = flag.Int("towns", 1, "how many towns of random people to let live")
	townSeed = flag.Uint64("town-seed", 0, "the seed of the first town; 0 for a random one, in the short form for the same one each time")
	townDays = flag.Int("town-days", 2, "how many days a town lives")
)

// Random people do random things on random days. Whatever they do: somebody must act or
// there is a coded end, no packet is open after her no, no code opens anything after its
// end, nobody sees what is not for them, and no answer is a fault of the network.
//
// What a person did in a town follows from its seed. How far the network had come when they
// did it does not: a seed that failed once may need several runs.
func TestRandomPeopleOnRandomDays(t *testing.T) {
	seed := *townSeed
	switch {
	case seed != 0:
	case testing.Short():
		seed = 33 // what it finds is found by who looks for it: make long and make fuzz take any
	default:
		seed = rand.Uint64()
	}
	for n := range *towns {
		t.Run(fmt.Sprintf("seed=%d", seed+uint64(n)), func(t *testing.T) { live(t, seed+uint64(n)) })
	}
}

// live lets one town live for its days.
func live(t *testing.T, seed uint64) {
	spans := tracetest.NewSpanRecorder()
	town := settle(t, rand.New(rand.NewPCG(seed, 0)), func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	})
	// Chance may let nobody come far in a short life: the first stories go on until somebody
	// was shown a packet.
	for n := 0; n < 12 && town.did["packet"] == 0; n++ {
		town.story()
	}
	for day := range *townDays {
		town.day()
		if t.Failed() {
			return
		}
		if day%2 == 1 {
			town.judge()
		}
		if t.Failed() {
			return
		}
		town.night()
	}
	town.judge()
	town.mustHaveHappened()
	// What is left behind is for people who may see none of it.
	for place, text := range town.left(spans) {
		for _, s := range town.found(text) {
			if !s.travels {
				t.Errorf("nobody saw what is not for them: %s is in %s", s.what, place)
			}
		}
	}
}

// nights are how long the network stands still between two days: an hour, a weekend, and
// longer than a time of grace.
var nights = []time.Duration{
	time.Hour, 5 * time.Hour, 20 * time.Hour, day, 2 * day, 3 * day, 4 * day, 8 * day, 8 * day, 16 * day, 31 * day,
}

// night stops the network and starts it later, on the same data.
func (t *town) night() {
	t.t.Helper()
	t.stop()
	t.shift += nights[t.r.IntN(len(nights))]
	t.start()
	t.seat()
	t.idle()
}

// day is what happens between two nights. Now and then everything comes to rest between two
// people, and now and then the network starts anew.
func (t *town) day() {
	t.t.Helper()
	restart := t.r.IntN(100)
	t.story()
	for n := range 60 {
		if t.t.Failed() {
			return
		}
		if n == restart {
			t.restart(nil)
			t.seat()
		}
		if t.at(30) {
			t.idle()
		}
		t.act()
	}
}
