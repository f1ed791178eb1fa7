package journal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// ledger is the sum of the statements of a service. It is read whole at a start:
// there are a few for each start of a process, and one for each decision.
type ledger struct {
	service string
	by      ed25519.PublicKey

	mu       sync.RWMutex
	lanes    map[uint64]*laneBook
	said     uint64 // number and hash of the last numbered statement
	last     [sha256.Size]byte
	keys     map[string]struct{}  // erased
	accepted map[uint64][]Numbers // by lane
	passed   map[string]passing   // commits that a person passed over, by id
	standing map[string]struct{}  // commits that a person had stand, by id
	resumed  []Resumption
	letters  map[string][]LetterDecision
	looks    []OperatorLook
	// decided and heard are the numbers of the last release while the service ran, and of
	// the last one after which all events were heard again.
	decided, heard uint64
	numbered       map[uint64]*statement // while it is read
	// hashes are of the numbered statements.
	hashes map[uint64][sha256.Size]byte
	// covered is how far the newest checkpoint covers lanes that had not ended.
	covered map[uint64]Reach
	// marks are read for each commit, and never changed: another takes their place.
	marks atomic.Pointer[marks]
}

// marks are the decisions about single commits.
type marks struct {
	keys   map[string]struct{}
	passed map[string]passing
	// standing are commits that a person had stand, by id.
	standing map[string]struct{}
	ends     map[uint64]*Reach
	// unused are the numbers that were given up, of lanes that have not ended.
	unused map[uint64]spans
}

// laneBook is what is known of a lane.
type laneBook struct {
	claim    *Claim
	answered bool
	taken    bool
	end      *Reach
}

func newLedger(service string, by ed25519.PublicKey) *ledger {
	l := &ledger{
		service: service, by: by, lanes: map[uint64]*laneBook{}, keys: map[string]struct{}{},
		passed: map[string]passing{}, standing: map[string]struct{}{}, numbered: map[uint64]*statement{}, hashes: map[uint64][sha256.Size]byte{},
		covered: map[uint64]Reach{}, accepted: map[uint64][]Numbers{}, letters: map[string][]LetterDecision{},
	}
	l.mark()
	return l
}

// mark renews the marks.
func (l *ledger) mark() {
	m := &marks{keys: maps.Clone(l.keys), passed: maps.Clone(l.passed), standing: maps.Clone(l.standing), ends: map[uint64]*Reach{}, unused: map[uint64]spans{}}
	for n, b := range l.lanes {
		if b.end != nil {
			m.ends[n] = b.end
		}
	}
	for n, r := range l.covered {
		m.unused[n] = r.Unused
	}
	l.marks.Store(m)
}

// cover notes how far the newest checkpoint covers lanes.
func (l *ledger) cover(lanes []Reach) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range lanes {
		l.covered[r.Lane] = r
	}
	l.mark()
}

func laneID(n uint64) string   { return "lane/" + strconv.FormatUint(n, 10) }
func answerID(n uint64) string { return laneID(n) + "/answer" }

// take reads one document of the statements. Numbered ones wait for close, since
// each follows another.
func (l *ledger) take(raw bson.Raw) error {
	s, err := readStatement(raw, placeStatements, l.service, l.by)
	if err != nil {
		return fmt.Errorf("statement %v: %w", s.id, err)
	}
	if number, ok := s.id.(int64); ok && number > 0 {
		l.numbered[uint64(number)] = s
		return nil
	}
	id, _ := s.id.(string)
	text, isLane := strings.CutPrefix(id, "lane/")
	text, isAnswer := strings.CutSuffix(text, "/answer")
	number, err := strconv.ParseUint(text, 10, 64)
	if !isLane || err != nil || number == 0 || laneID(number) != "lane/"+text {
		return fmt.Errorf("statement %v: %w", s.id, errStatement)
	}
	b := l.lane(number)
	if !isAnswer {
		b.claim = &Claim{}
		return unmarshal(s, b.claim)
	}
	var a answer
	err = unmarshal(s, &a)
	b.answered, b.taken = true, a.Taken
	return err
}

func unmarshal(s *statement, to any) error {
	if json.Unmarshal(s.body, to) != nil {
		return fmt.Errorf("statement %v: %w", s.id, errStatement)
	}
	return nil
}

func (l *ledger) lane(n uint64) *laneBook {
	b := l.lanes[n]
	if b == nil {
		b = &laneBook{}
		l.lanes[n] = b
	}
	return b
}

// close puts the numbered statements one behind the other. What does not follow
// is reported, and so is a lane without its claim or a claim without its answer.
// It goes on behind what is wrong.
func (l *ledger) close(report func(error)) {
	for _, number := range slices.Sorted(maps.Keys(l.numbered)) {
		s := l.numbered[number]
		var said Said
		switch err := unmarshal(s, &said); {
		case number != l.said+1:
			report(fmt.Errorf("statement %d: it is missing", l.said+1))
		case err != nil:
			report(err)
		case number > 1 && !bytes.Equal(said.Before, l.last[:]):
			report(fmt.Errorf("statement %d: it does not follow the one before it", number))
		}
		l.book(number, s.sum(l.service), &said)
	}
	l.numbered = map[uint64]*statement{}
	l.mark()
	newest := l.newest()
	for n := uint64(1); n <= newest; n++ {
		b := l.lanes[n]
		switch {
		case b == nil || b.claim == nil:
			report(fmt.Errorf("statement %s: it is missing", laneID(n)))
		case !b.answered && n < newest && !b.claim.Beside:
			report(fmt.Errorf("statement %s: it is missing", answerID(n)))
		}
	}
}

// missing names the statements at the end that a checkpoint covers and that are not
// there; close tells of those before.
func (l *ledger) missing(c *Checkpoint) (ids []string) {
	for n := l.newest(); n < c.Claims; n++ {
		ids = append(ids, laneID(n+1))
	}
	if b := l.lanes[c.Claims]; b != nil && b.claim != nil && !b.answered && !b.claim.Beside {
		ids = append(ids, answerID(c.Claims))
	}
	if c.Statements > l.said {
		ids = append(ids, strconv.FormatUint(c.Statements, 10))
	}
	return ids
}

// add books a numbered statement that was stored just now.
func (l *ledger) add(number uint64, hash [sha256.Size]byte, said *Said) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book(number, hash, said)
	l.mark()
}

func (l *ledger) book(number uint64, hash [sha256.Size]byte, said *Said) {
	l.said, l.last, l.hashes[number] = number, hash, hash
	if d := said.Decided; d != nil && d.By != "" {
		l.decided = number
	}
	switch {
	case said.Ended != nil:
		l.lane(said.Ended.Lane).end = said.Ended
	case said.Erased != nil:
		for _, key := range said.Erased.Keys {
			l.keys[key] = struct{}{}
		}
	case said.Decided != nil && said.Decided.Stands:
		l.standing[identify(said.Decided.Record, said.Decided.Version)] = struct{}{}
	case said.Decided != nil:
		l.passed[identify(said.Decided.Record, said.Decided.Version)] = passing{said.At, said.Decided.Document}
	case said.Accepted != nil:
		for _, n := range said.Accepted.Lanes {
			l.accepted[n.Lane] = append(l.accepted[n.Lane], n)
		}
	case said.Letter != nil:
		d := *said.Letter
		d.At = said.At
		l.letters[d.ID] = append(l.letters[d.ID], d)
	case said.Looked != nil:
		look := *said.Looked
		look.At = said.At
		l.looks = append(l.looks, look)
		l.looks = l.looks[max(0, len(l.looks)-looksKept):]
	case said.Heard > 0:
		l.heard = max(l.heard, said.Heard)
	case said.Resumed != nil:
		l.resumed = append(l.resumed, *said.Resumed)
	}
}

func (l *ledger) newest() (n uint64) {
	for lane := range l.lanes {
		n = max(n, lane)
	}
	return n
}

func (l *ledger) erased(key string) bool {
	_, ok := l.marks.Load().keys[key]
	return ok
}

// passing is when a person passed a commit over, and the hash of its document.
type passing struct {
	at       time.Time
	document []byte
}

// passedOver says whether a person passed a commit over, and when.
func (l *ledger) passedOver(id string) (at time.Time, ok bool) {
	p, ok := l.marks.Load().passed[id]
	return p.at, ok
}

// end is where a lane ended, nil when it has not.
func (l *ledger) end(lane uint64) *Reach { return l.marks.Load().ends[lane] }

// gaveUp says whether a number of a lane counts for nothing: the lane had ended
// before it, or no commit was to have it any more.
func (l *ledger) gaveUp(lane, number uint64) bool {
	m := l.marks.Load()
	if end := m.ends[lane]; end != nil {
		return number > end.Number || end.Unused.has(number)
	}
	return m.unused[lane].has(number)
}

// unended are the lanes that somebody took and nobody ended, but for one.
func (l *ledger) unended(but uint64) (lanes []uint64) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for n, b := range l.lanes {
		if n != but && b.end == nil && b.writes() {
			lanes = append(lanes, n)
		}
	}
	slices.Sort(lanes)
	return lanes
}

// writes says whether somebody may have written the lane.
func (b *laneBook) writes() bool {
	return b.taken || b.claim == nil || b.claim.Beside
}
