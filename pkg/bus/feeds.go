package bus

import (
	"sync"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

// subscriber is an event that says whether an agency wants what is addressed to
// it on the bus.
type subscriber interface {
	Subscriber() (agency string, wants bool)
}

// feeds are the agencies that want copies. They are read off the commits that
// are offered, so that they are known from the registration on.
type feeds struct {
	catalogue event.Catalogue
	// types are those of the service's events that subscribe.
	types map[string]bool

	mu   sync.RWMutex
	want map[string]bool
}

// note reads what a commit says about feeds.
func (f *feeds) note(c *journal.Commit) {
	if len(f.types) == 0 {
		return
	}
	for _, e := range c.Events {
		if !f.types[e.Type] {
			continue
		}
		data, err := f.catalogue.DecodeData(e.Type, e.Data)
		if err != nil {
			continue // nor could the image be filled from it
		}
		agency, wants := data.(subscriber).Subscriber()
		f.mu.Lock()
		if wants {
			f.want[agency] = true
		} else {
			delete(f.want, agency)
		}
		f.mu.Unlock()
	}
}

// none says that no agency has a feed, so that the addressees of an event need not
// be read.
func (f *feeds) none() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return len(f.want) == 0
}

func (f *feeds) has(agency string) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.want[agency]
}
