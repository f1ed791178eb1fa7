package telemetry

import (
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// Named is a registry that knows which collectors have a metric of a name. Who asks a process of
// thousands of metrics for two of them, and asks often, is told these two without the work for all.
type Named struct {
	*prometheus.Registry

	mu sync.Mutex
	// of are the collectors by the name of their metric; nil where they cannot be told apart.
	of map[string]*prometheus.Registry
}

// NewNamed knows what is registered with it from now on. All of it is in the registry as well.
func NewNamed(all *prometheus.Registry) *Named {
	return &Named{Registry: all, of: map[string]*prometheus.Registry{}}
}

// Register adds a collector. Errors: those of the registry.
func (n *Named) Register(c prometheus.Collector) error {
	if err := n.Registry.Register(c); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for name := range names(c) {
		is, known := n.of[name]
		if !known {
			is = prometheus.NewRegistry()
		}
		if is == nil || is.Register(c) != nil {
			is = nil
		}
		n.of[name] = is
	}
	return nil
}

// MustRegister is Register for what cannot be refused.
func (n *Named) MustRegister(all ...prometheus.Collector) {
	for _, c := range all {
		if err := n.Register(c); err != nil {
			panic(err)
		}
	}
}

// Unregister takes a collector away.
func (n *Named) Unregister(c prometheus.Collector) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for name := range names(c) {
		if is := n.of[name]; is != nil {
			is.Unregister(c)
		}
	}
	return n.Registry.Unregister(c)
}

// Of gathers the metrics of these names. It is the whole registry where there are no names, or one was
// not registered here.
func (n *Named) Of(names ...string) prometheus.Gatherer {
	n.mu.Lock()
	defer n.mu.Unlock()
	var few prometheus.Gatherers
	for _, name := range names {
		is := n.of[name]
		if is == nil {
			return n.Registry
		}
		few = append(few, is)
	}
	if len(few) == 0 {
		return n.Registry
	}
	return few
}

// names are those of the metrics of a collector that says them beforehand.
func names(c prometheus.Collector) map[string]bool {
	told := make(chan *prometheus.Desc)
	go func() {
		defer close(told)
		c.Describe(told)
	}()
	all := map[string]bool{}
	for d := range told {
		// A Desc does not give its name but in its text: Desc{fqName: "a_name", …}
		if _, rest, is := strings.Cut(d.String(), `fqName: "`); is {
			name, _, _ := strings.Cut(rest, `"`)
			all[name] = true
		}
	}
	return all
}
