package image

import (
	"strings"
	"time"
)

// Place is where a record stands in a list that is Timed: the parts of its key before the last, and
// the instant that is the last, in milliseconds.
type Place struct {
	Under string
	At    time.Time
}

// Places gives the places of a part of a Timed list, in order, without their records: for what is
// counted by keys alone. Its cost grows with the part. Places that do not end with an instant are
// left out.
func (t *Table[S]) Places(part Part[S]) []Place {
	root := part.root
	t.mu.RLock()
	defer t.mu.RUnlock()
	o := t.of(part).order
	var places []Place
	o.ascend(key{under: root, at: never}, func(p place) bool {
		if !strings.HasPrefix(o.texts[p.under], root) {
			return false
		}
		if p.at != never {
			places = append(places, Place{Under: o.texts[p.under], At: time.UnixMilli(p.at).UTC()})
		}
		return true
	})
	return places
}
