package journal

import (
	"crypto/sha256"
	"maps"
	"slices"
	"time"
)

// order applies the commits of each record in the order of their versions, and
// holds each against the one before. The store mostly keeps them so; it does not
// promise it.
type order struct {
	places map[string]*place             // how far each record is applied
	early  map[string]map[uint64]*Commit // those that wait for one before them
	passed func(id string) (at time.Time, ok bool)
	apply  func(*Commit) error
}

// place is the last commit of a record that was applied.
type place struct {
	version uint64
	hash    [sha256.Size]byte
	// covered says that the commit is of format 2: none of format 1 follows it.
	covered bool
	// loose says that it is not known what it was: what follows need not fit.
	loose bool
}

// at is how far a record is applied.
func (o *order) at(record string) *place {
	at := o.places[record]
	if at == nil {
		at = &place{}
		o.places[record] = at
	}
	return at
}

func (o *order) take(c *Commit) error {
	at := o.at(c.Record)
	switch {
	case c.Version <= at.version:
		return o.put(at, &Commit{Record: c.Record, Version: c.Version, Broken: ReasonForked})
	case c.Version > at.version+1:
		if o.early[c.Record] == nil {
			o.early[c.Record] = map[uint64]*Commit{}
		}
		o.early[c.Record][c.Version] = c
		return nil
	}
	for c != nil {
		if err := o.put(at, c); err != nil || len(o.early) == 0 {
			return err
		}
		waiting := o.early[c.Record]
		next := waiting[c.Version+1]
		delete(waiting, c.Version+1)
		if next != nil && len(waiting) == 0 {
			delete(o.early, c.Record)
		}
		c = next
	}
	return nil
}

// put applies a commit behind the last one.
func (o *order) put(at *place, c *Commit) error {
	if c.Broken == "" && !c.Passed && !at.loose && !follows(at, c) {
		*c = Commit{Record: c.Record, Version: c.Version, Hash: c.Hash, Lane: c.Lane, Number: c.Number, Broken: ReasonForked}
	}
	*at = place{
		version: max(c.Version, at.version), hash: c.Hash, covered: at.covered || c.Lane > 0,
		loose: c.Broken != "" || c.Passed,
	}
	return o.apply(c)
}

// follows says whether a commit builds on the one before it.
func follows(at *place, c *Commit) bool {
	return c.Prev == at.hash && (c.Lane > 0 || !at.covered)
}

// complete applies what waits behind versions that are missing: those first, if a
// person passed them over, or the first of them as what it is.
func (o *order) complete() error {
	for _, record := range slices.Sorted(maps.Keys(o.early)) {
		if err := o.completeRecord(record, o.early[record]); err != nil {
			return err
		}
	}
	return nil
}

func (o *order) completeRecord(record string, waiting map[uint64]*Commit) error {
	for _, version := range slices.Sorted(maps.Keys(waiting)) {
		at := o.at(record)
		for v := at.version + 1; v < version; v++ {
			gap := &Commit{Record: record, Version: v, Broken: ReasonMissing}
			if when, ok := o.passed(gap.ID()); ok {
				gap.At, gap.Broken, gap.Void, gap.Passed = when, "", true, true
			}
			// Of what follows a commit that is missing nothing counts.
			if err := o.put(at, gap); err != nil || gap.Broken != "" {
				return err
			}
		}
		if err := o.put(at, waiting[version]); err != nil {
			return err
		}
	}
	return nil
}
