package bus

import "slices"

// seen is the messages that came back: for the key of each, the tail of its
// identity. Whole, it grows: it holds all that a scan found, until what is missing
// has been published. Otherwise it holds some thousands of the latest, so that a
// commit of another replica that is offered here after it came back is not
// published again.
type seen struct {
	whole      bool
	young, old map[uint64]uint64
	// more holds the other tails of the keys that have several.
	more map[uint64][]uint64
}

const seenLately = 8192

func newSeen() seen { return seen{young: map[uint64]uint64{}} }

// grow starts the whole set anew.
func (s *seen) grow() { *s = seen{whole: true, young: map[uint64]uint64{}} }

// shrink lets go of the whole set.
func (s *seen) shrink() { *s = newSeen() }

func (s *seen) tail(key uint64) (tail uint64, ok bool) {
	if tail, ok = s.young[key]; !ok {
		tail, ok = s.old[key]
	}
	return tail, ok
}

// has reports whether a message came back.
func (s *seen) has(key, tail uint64) bool {
	known, ok := s.tail(key)
	return ok && (known == tail || slices.Contains(s.more[key], tail))
}

// add books a message that came back. It reports a fork: another one is in the
// same place.
func (s *seen) add(key, tail uint64) (fork bool) {
	if s.has(key, tail) {
		return false
	}
	if _, ok := s.tail(key); ok {
		if s.more == nil {
			s.more = map[uint64][]uint64{}
		}
		s.more[key] = append(s.more[key], tail)
		return true
	}
	if !s.whole && len(s.young) >= seenLately {
		s.young, s.old, s.more = make(map[uint64]uint64, seenLately), s.young, nil
	}
	s.young[key] = tail
	return false
}

// tails are those of all that came back in a place.
func (s *seen) tails(key uint64) []uint64 {
	tail, ok := s.tail(key)
	if !ok {
		return nil
	}
	return append([]uint64{tail}, s.more[key]...)
}

// expel reports a fork too, by its tails: what came back in a place is all of other
// tails than that of the journal. It is let go, so that it is reported once.
func (s *seen) expel(key, tail uint64) (others []uint64) {
	if s.has(key, tail) {
		return nil
	}
	others = s.tails(key)
	delete(s.young, key)
	delete(s.old, key)
	delete(s.more, key)
	return others
}
