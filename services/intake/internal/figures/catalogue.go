package figures

import (
	"errors"
	"iter"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Catalogue is the figures of one version of a programme, made ready for counting. It is made by New
// or For, and is never changed.
type Catalogue struct {
	figures programme.Figures
	zone    *time.Location
}

// ErrCounts says that counts are not of this catalogue, or are less than nothing. Nothing of them
// is published.
var ErrCounts = errors.New("the counts are not of this catalogue")

// New makes a catalogue ready. The figures keep the rules (programme.Figures.Wrong); the zone is the
// programme's, nil is UTC.
func New(f programme.Figures, zone *time.Location) Catalogue { return Catalogue{f, zone} }

// For gives the catalogue under which a case counts that was opened at an instant, the number of its
// version (0: the base of the network), and the period. The catalogue is the one that held when the
// period began: a new version meets the periods that begin under it.
func For(set programme.Set, id string, country code.Country, opened time.Time) (Catalogue, int, Period) {
	is := set.For(id, country, opened, opened)
	c := New(is.Figures, is.Zone)
	return c, 0, c.Period(opened)
}

// Period is the period in which an instant lies.
func (c Catalogue) Period(at time.Time) Period { return Period{} }

// Named is the period of a name, as 2026-11, 2026-Q4 or 2026: false where the catalogue has no such.
func (c Catalogue) Named(name string) (Period, bool) { return Period{}, false }

// Tables are those of the catalogue, the root first, each after its parent.
func (c Catalogue) Tables() []programme.FigureTable { return c.figures.Tables }

// Leaf is the key of the finest cell in which a case counts. In the root alone it is empty.
func (c Catalogue) Leaf(one Contribution) string { return "" }

// Count counts cases by their finest cells.
func (c Catalogue) Count(cases iter.Seq[Contribution]) Counts { return nil }

// Publish is all that may be published of a period that was counted: one Table for each of the
// catalogue, in its order, also for one with no row. ErrCounts.
func (c Catalogue) Publish(p Period, counts Counts) ([]Table, error) { return nil, nil }
