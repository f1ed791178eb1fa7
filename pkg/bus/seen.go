package bus

// seen is a set of message keys. Whole, it grows: it holds all that a scan
// found, until what is missing has been published. Otherwise it holds some
// thousands of the latest, so that a commit of another replica that is offered
// here after it came back is not published again.
type seen struct {
	whole      bool
	young, old map[uint64]struct{}
}

const seenLately = 8192

func newSeen() seen { return seen{young: map[uint64]struct{}{}} }

// grow starts the whole set anew.
func (s *seen) grow() { *s = seen{whole: true, young: map[uint64]struct{}{}} }

// shrink lets go of the whole set.
func (s *seen) shrink() { *s = newSeen() }

func (s *seen) has(key uint64) bool {
	_, ok := s.young[key]
	if !ok {
		_, ok = s.old[key]
	}
	return ok
}

func (s *seen) add(key uint64) {
	if !s.whole && len(s.young) >= seenLately {
		s.young, s.old = make(map[uint64]struct{}, seenLately), s.young
	}
	s.young[key] = struct{}{}
}
