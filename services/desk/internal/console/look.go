package console

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// Look is how the network is at one moment, as far as its services answer.
type Look struct {
	At       time.Time
	Services []Service
	// Alarms are what is wrong, the most pressing first.
	Alarms []Alarm
	// Letters are the dead letters that nobody has decided about; LettersMore says that
	// there are more, and LettersAway names the services that could not tell.
	Letters     []Letter
	LettersMore bool
	LettersAway []string
	// Aside are the records that are set aside; AsideAway names the services that could not
	// tell.
	Aside     []Aside
	AsideAway []string
}

// Service is how one service is.
type Service struct {
	Name string
	// Known says that its admin address is known here, and Away that nothing answers there.
	Known, Away bool
	// Ready says that it does its work.
	Ready bool
	// Says is what it says of itself, in English, a line for each thing that is wrong.
	Says    []string
	Figures Figures
}

// Letter is a dead letter. A test holds its names against what services answer.
type Letter struct {
	ID       string    `json:"id"`
	Event    string    `json:"event"`
	Record   string    `json:"record"`
	Code     string    `json:"code"`
	Attempts int       `json:"attempts"`
	Replays  int       `json:"replays"`
	At       time.Time `json:"at"`
	// Keep is why it can never be dropped; empty where it may be.
	Keep string `json:"keep"`
}

// Service is the one that refused it.
func (l Letter) Service() string {
	name, _, _ := strings.Cut(l.ID, ".")
	return name
}

// Aside is a record that is set aside: where, and why.
type Aside struct {
	Service string `json:"service"`
	Record  string `json:"record"`
	Version uint64 `json:"version"`
	Reason  string `json:"reason"`
	// Release says how it is opened again: possible, decided, newer or tool.
	Release string `json:"release"`
}

// process is what one address answered. Several services may be at one address.
type process struct {
	services []string
	away     bool
	ready    bool
	says     []string
	metrics  Metrics
	letters  struct {
		Items []Letter `json:"items"`
		More  bool     `json:"more"`
	}
	aside struct {
		Items []Aside `json:"items"`
	}
	lettersErr, asideErr error
}

// Look asks every address that is known, at once. What does not answer is said in the look.
// Errors: *api.Problem with the status 401, so that the person signs in again.
func (c *Client) Look(ctx context.Context, token string) (Look, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look := Look{At: c.now()}
	at := map[string]*process{}
	var processes []*process
	var all sync.WaitGroup
	for _, names := range c.addresses() {
		if base := c.address(names[0]); base != "" {
			p := &process{services: names}
			at[base], processes = p, append(processes, p)
			all.Go(func() { c.fill(ctx, base, token, p) })
		}
	}
	all.Wait()
	for _, name := range c.services {
		look.Services = append(look.Services, describe(name, at[c.address(name)]))
	}
	for _, p := range processes {
		for _, err := range []error{p.lettersErr, p.asideErr} {
			if refused := api.Refused(err); refused != nil && refused.Status == http.StatusUnauthorized {
				return Look{}, err
			}
		}
		if p.lettersErr != nil {
			look.LettersAway = append(look.LettersAway, p.services...)
		}
		if p.asideErr != nil {
			look.AsideAway = append(look.AsideAway, p.services...)
		}
		look.Letters = append(look.Letters, p.letters.Items...)
		look.LettersMore = look.LettersMore || p.letters.More
		look.Aside = append(look.Aside, p.aside.Items...)
	}
	slices.SortFunc(look.Letters, func(a, b Letter) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(look.Aside, func(a, b Aside) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Record, b.Record))
	})
	look.Alarms = alarmsOf(look, processes)
	return look, nil
}

// fill asks one address for everything, at once.
func (c *Client) fill(ctx context.Context, base, token string, p *process) {
	var all sync.WaitGroup
	defer all.Wait()
	var once sync.Mutex
	asks := map[string]func(status int, text []byte, err error){
		"/readyz": func(status int, text []byte, err error) {
			p.away = err != nil
			p.ready = status == http.StatusOK
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSpace(line); line != "" && line != "ok" && line != "not ready" {
					p.says = append(p.says, line)
				}
			}
		},
		"/metrics": func(status int, text []byte, err error) {
			if err == nil && status == http.StatusOK {
				p.metrics, _ = ReadMetrics(text) // what cannot be read is shown as not known
			}
		},
		"/deadletters": func(status int, text []byte, err error) {
			p.lettersErr = cmp.Or(err, read(status, text, &p.letters))
		},
		"/quarantine": func(status int, text []byte, err error) {
			p.asideErr = cmp.Or(err, read(status, text, &p.aside))
		},
	}
	for where, take := range maps.All(asks) {
		all.Go(func() {
			status, text, err := c.raw(ctx, http.MethodGet, base+where, token, nil)
			once.Lock()
			defer once.Unlock()
			if err != nil {
				status = http.StatusServiceUnavailable
			}
			take(status, text, err)
		})
	}
}

// describe is one service of a process.
func describe(name string, p *process) Service {
	if p == nil {
		return Service{Name: name}
	}
	s := Service{Name: name, Known: true, Away: p.away, Ready: p.ready, Figures: figures(name, p.metrics)}
	// In a process of several, each says for itself whether it is ready.
	if ready, known := p.metrics.Sum("sanad_ready", of(name)); known && !p.away {
		s.Ready = ready > 0
	}
	for _, line := range p.says {
		about, said, found := strings.Cut(line, ": ")
		switch {
		case found && about == name:
			s.Says = append(s.Says, said)
		case !found || !slices.Contains(p.services, about):
			s.Says = append(s.Says, line)
		}
	}
	return s
}

func of(service string) Label { return Label{"service", []string{service}} }

// Known says whether any admin address is known here.
func (l Look) Known() bool {
	return slices.ContainsFunc(l.Services, func(s Service) bool { return s.Known })
}

// Says is what the service of an alarm says of itself, where the alarm is that it is not ready.
func (l Look) Says(a Alarm) []string {
	for _, s := range l.Services {
		if s.Name == a.Service && a.Runbook == "SanadNotReady" {
			return s.Says
		}
	}
	return nil
}
