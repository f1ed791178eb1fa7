package record

import (
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// Consented is a State that stands on a survivor's consent. A request that comes
// again after the end of that consent is answered as if there were no record: it
// was made under a consent that is no more.
type Consented interface {
	// ConsentEnded is when the consent ended on which this actor worked on the
	// record. It is zero when it has not, and for an actor who needs none.
	ConsentEnded(by fact.By) time.Time
}

// sight says who may have the record for an answer when a request comes again.
type sight bool

const (
	// anybody leaves that to the caller of Execute.
	anybody sight = false
	// still is who may see it still.
	still sight = true
)

// lapsed says whether what was done once stood on a consent that has ended since.
// In doubt, which is within one millisecond, it has.
func lapsed(state any, by fact.By, done image.Effect) bool {
	s, ok := state.(Consented)
	if !ok {
		return false
	}
	ended := s.ConsentEnded(by)
	return !ended.IsZero() && done.At <= ended.UnixMilli()
}
