package programme

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Essential is what a programme takes up of the Essential Services Package (UN Women, UNFPA, WHO,
// UNDP, UNODC, 2015): which services it counts as essential, and by which standards it judges
// them. The names are the programme's own; the texts of the package are in none of them.
type Essential struct {
	Services  map[string]EssentialService
	Standards map[string]Standard
}

// EssentialService is one essential service, and what gives it on the network.
type EssentialService struct {
	Sector code.EssentialSector
	// Services give it, each of them alone.
	Services []code.Service
	Words    Words
}

// Standard is one line of a checklist.
type Standard struct {
	// Services are those that are judged by it; none is all.
	Services []code.Service
	Words    Words
}

// Judges reports whether a service is judged by the standard.
func (s Standard) Judges(service code.Service) bool {
	return len(s.Services) == 0 || slices.Contains(s.Services, service)
}

// Reach is when a service counts as being there for somebody in an area.
type Reach struct {
	// Months are those of one period over which answers are counted: 1, 3, 6 or 12. Periods begin
	// with January and do not overlap.
	Months int
	// Silent is from which share of what it was asked on, in percent, a provider that let it expire
	// counts as one that does not answer.
	Silent int
	// Kilometres is the greatest distance, as the crow flies; 0: none is stated.
	Kilometres int
	// Travel is the longest way to it, and Speed how many kilometres people come in an hour where
	// an area says nothing else; 0: none is stated.
	Travel time.Duration
	Speed  int
	// Areas are those of the programme, by their code (ISO 3166-2).
	Areas map[string]Area
}

// Area is a part of the country.
type Area struct {
	// Latitude and Longitude are in degrees, of the point from which people there set out.
	Latitude, Longitude float64
	// Speed is that of the area, in kilometres an hour; 0: that of the programme.
	Speed int
	Words Words
}
