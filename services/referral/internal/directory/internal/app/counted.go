package app

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// Counted is what is free at a service that counts its places. What is held is not free.
// The type has no name, so that who counts need not know the directory.
type Counted = struct {
	Unit          code.PlaceUnit
	Free, Maximum int64
	At            time.Time
}

// counting are places, with what is free by the count of places where there is one: it
// knows of holds, and what was said in HSDS does not.
type counting struct {
	match.Places
	counted func(listing string) (Counted, bool)
}

// Of are the places of a country and a service.
func (c counting) Of(country code.Country, s code.Service) []*match.Place {
	places := c.Places.Of(country, s)
	copied := false
	for i, p := range places {
		if p.Listing == "" {
			continue
		}
		n, ok := c.counted(p.Listing)
		if !ok {
			continue
		}
		if !copied {
			places, copied = append([]*match.Place(nil), places...), true // the index keeps its own
		}
		one := *p
		one.Capacity = match.Capacity{Unit: string(n.Unit), Available: int(n.Free), Maximum: int(max(n.Maximum, n.Free)), Updated: n.At}
		places[i] = &one
	}
	return places
}

// places are those that matching ranks.
func (d Directory) places() match.Places {
	if d.Counted == nil {
		return d.Index
	}
	return counting{d.Index, d.Counted}
}
