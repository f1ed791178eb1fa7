package guarantees_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/play"
	"github.com/sanad-network/sanad/services/standalone/internal/stage"
	"github.com/sanad-network/sanad/services/standalone/journeys"
)

// Every journey comes true in a network of five processes, with a sixth for the trust fund where it
// plays, and in an office of one. The
// office is in the process of the test, under the race detector, and takes long: in the
// short form the command plays it (TestEveryJourneyIsPlayedByTheCommand).
func TestJourneys(t *testing.T) {
	t.Parallel() // it waits for processes of its own
	if len(journeys.Names()) == 0 {
		t.Fatal("there is no journey")
	}
	bin := build(t, "github.com/sanad-network/sanad/services/standalone/guarantees/shifted")
	for _, name := range journeys.Names() {
		j, err := play.Named(name)
		if err != nil {
			t.Errorf("it is not understood:\n%v", err)
			continue
		}
		if j.Name != name {
			t.Errorf("the journey in the folder %s is named %s", name, j.Name)
		}
		t.Run(name+"/one", func(t *testing.T) {
			if testing.Short() {
				t.Skip("the command plays it")
			}
			wit, err := theWitness()
			if err != nil {
				t.Fatal(err)
			}
			plays(t, j, func(ctx context.Context, logs *lines) (play.Stage, func()) {
				o, err := stage.Open(ctx, logs, func(next http.RoundTripper) http.RoundTripper { return wit.Transport(next, t) })
				if err != nil {
					t.Fatal(err)
				}
				return o, func() {
					if err := o.Close(); err != nil {
						t.Error(err)
					}
				}
			})
		})
		t.Run(name+"/five", func(t *testing.T) {
			if testing.Short() && name != "withdrawal" {
				t.Skip("one journey stands for the others on five processes")
			}
			plays(t, j, func(context.Context, *lines) (play.Stage, func()) {
				f := &fiveStage{five: lay(t), bin: bin}
				f.fund = name == "trust-fund"
				f.up()
				return f, f.down
			})
		})
	}
}

// plays brings a journey to its end on a stage.
func plays(t *testing.T, j *play.Journey, open func(context.Context, *lines) (play.Stage, func())) {
	t.Helper()
	began := time.Now()
	told, logs := &lines{}, &lines{}
	ctx, cancel := patience.Context(t.Context(), t, "the journey", func() string { return string(told.all()) })
	defer cancel()
	on, leave := open(ctx, logs)
	defer leave()
	if err := j.Play(ctx, on, told); err != nil {
		t.Fatalf("%v\n%s\n%s", err, told.all(), logs.all())
	}
	if !bytes.Contains(told.all(), []byte("\njourney complete: "+j.Name)) {
		t.Errorf("it does not say that it came to its end:\n%s", told.all())
	}
	t.Logf("played in %s", time.Since(began).Round(100*time.Millisecond))
}

// fiveStage is a network of five processes whose clocks a journey moves together: they
// stop, and start later.
type fiveStage struct {
	*five
	bin   string
	shift time.Duration
	quiet *network.Quiet
}

func (f *fiveStage) up() {
	f.t.Helper()
	f.start(func(name string) (string, []string) {
		return f.bin, []string{"-service", name, "-shift", f.shift.String()}
	})
	var err error
	if f.quiet, err = network.Listen(f.bus, f.admins...); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fiveStage) down() {
	f.t.Helper()
	f.quiet.Close()
	f.end()
}

// Now is the time of the network.
func (f *fiveStage) Now() time.Time { return time.Now().Add(f.shift) }

// Pass stops all five, and starts them later.
func (f *fiveStage) Pass(_ context.Context, by time.Duration) error {
	f.down()
	f.shift += by
	f.up()
	return nil
}

// Rest waits until nothing is on its way.
func (f *fiveStage) Rest(ctx context.Context) error { return f.quiet.Wait(ctx) }

// Notices are the letters in the folder of the network.
func (f *fiveStage) Notices(address string) ([]string, error) {
	return play.Letters(f.notices(), address)
}

// Events are what the bus holds for integrators.
func (f *fiveStage) Events(ctx context.Context) ([]play.Event, error) {
	return stage.Events(ctx, f.quiet)
}
