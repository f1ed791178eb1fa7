package window

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// defaultSoon is when a window counts as closing soon: people without a clinic
// nearby need a day to reach one.
const defaultSoon = 24 * time.Hour

// longest is more than any jurisdiction allows; a larger number is a mistake.
const longest = 31 * 24 * time.Hour

// Policy is what countries decide for themselves. The zero value knows no
// country: it has the windows of the sources and says of the others that they
// are not known.
type Policy struct {
	countries map[code.Country]map[code.Window]time.Duration
	closing   time.Duration
}

// NewPolicy takes the windows by country, and when one counts as closing soon
// (zero: a day before).
func NewPolicy(soon time.Duration, countries map[code.Country]map[code.Window]time.Duration) (Policy, error) {
	if soon < 0 {
		return Policy{}, errors.New("closing soon: not below zero")
	}
	for c, windows := range countries {
		if !slices.Contains(code.Countries, c) {
			return Policy{}, errors.New("countries: unknown country")
		}
		for w, within := range windows {
			switch {
			case !slices.Contains(code.Windows, w):
				return Policy{}, fmt.Errorf("countries/%s: unknown window", c)
			case within <= 0 || within > longest:
				return Policy{}, fmt.Errorf("countries/%s/%s: more than 0 and at most %d hours", c, w, longest/time.Hour)
			}
		}
	}
	return Policy{countries: countries, closing: soon}, nil
}

// ReadPolicy reads a configuration of whole hours, such as
//
//	{"closing_soon": 24, "countries": {"GT": {"forensic_examination": 72}}}
//
// What it does not know it refuses. No text at all: no country has decided.
func ReadPolicy(text []byte) (Policy, error) {
	if text == nil {
		return Policy{}, nil
	}
	var in struct {
		ClosingSoon uint16                                  `json:"closing_soon"`
		Countries   map[code.Country]map[code.Window]uint16 `json:"countries"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return Policy{}, fmt.Errorf("windows: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Policy{}, errors.New("windows: more than one document")
	}
	countries := make(map[code.Country]map[code.Window]time.Duration, len(in.Countries))
	for c, windows := range in.Countries {
		countries[c] = make(map[code.Window]time.Duration, len(windows))
		for w, hours := range windows {
			countries[c][w] = time.Duration(hours) * time.Hour
		}
	}
	return NewPolicy(time.Duration(in.ClosingSoon)*time.Hour, countries)
}

// within is how long a window is in a country: its own rule before the source's.
func (p Policy) within(r rule, c code.Country) (time.Duration, bool) {
	if within, ok := p.countries[c][r.window]; ok {
		return within, true
	}
	return r.within, r.within > 0
}

func (p Policy) soon() time.Duration {
	if p.closing == 0 {
		return defaultSoon
	}
	return p.closing
}
