package journal

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/seal"
)

// verifier checks documents that it is given: keys, statements and checkpoints
// first, then commits. It reads nothing itself.
type verifier struct {
	service string
	public  ed25519.PublicKey
	unseal  *seal.Keys // nil: without keys
	report  func(Finding)
	opened  func(owner string, e event.Recorded) // nil: nobody asks
	done    Verified

	keyIDs map[string]struct{}
	// keyless are commits whose data key was not among the keys.
	keyless     []keyless
	signed      bool // something was, so that there must be a key to sign with
	ledger      *ledger
	checkpoints map[uint64]*Checkpoint
	newest      *Checkpoint // of the store or known elsewhere
	reaches     map[uint64][]Reach
	lanes       map[uint64]*leaves
	chains      map[string]*chain
}

type keyless struct {
	key string
	Finding
}

func newVerifier(v Verification) *verifier {
	return &verifier{
		service: v.Service, unseal: v.Keys, report: v.Report, opened: v.Opened,
		keyIDs: map[string]struct{}{}, ledger: newLedger(v.Service, nil),
		checkpoints: map[uint64]*Checkpoint{}, reaches: map[uint64][]Reach{},
		lanes: map[uint64]*leaves{}, chains: map[string]*chain{},
	}
}

func (v *verifier) found(what, format string, args ...any) {
	v.report(Finding{What: what, Problem: fmt.Sprintf(format, args...)})
}

// key checks a document of the data keys.
func (v *verifier) key(raw bson.Raw) {
	err := seal.CheckStored(raw, v.unseal)
	id, _ := raw.Lookup("_id").StringValueOK()
	if err != nil {
		v.found("key "+id, "%s", err)
	}
	if public := seal.PublicOf(raw); public != nil {
		v.public, v.ledger.by = public, public
	}
	v.keyIDs[id] = struct{}{}
}

func (v *verifier) statement(raw bson.Raw) {
	v.signed = true
	if v.public == nil {
		return // which begin tells of
	}
	if err := v.ledger.take(raw); err != nil {
		v.found("journal", "%s", err)
	}
}

func (v *verifier) checkpoint(raw bson.Raw) {
	v.done.Checkpoints++
	v.signed = true
	if v.public == nil {
		return
	}
	s, err := readStatement(raw, placeCheckpoints, v.service, v.public)
	if err != nil {
		v.found(fmt.Sprintf("checkpoint %v", s.id), "%s", err)
		return
	}
	c, err := checkpointOf(s, v.service)
	if err != nil {
		v.found(fmt.Sprintf("checkpoint %v", s.id), "%s", err)
		return
	}
	v.checkpoints[c.number] = c
}

// begin puts statements and checkpoints in order, once all are there.
func (v *verifier) begin(known [][]byte) {
	if v.public == nil && v.signed {
		v.found("key signing", "it is missing: nothing that was signed can be verified")
	}
	v.ledger.close(func(err error) { v.found("journal", "%s", err) })
	var before *Checkpoint
	for _, number := range slices.Sorted(maps.Keys(v.checkpoints)) {
		c := v.checkpoints[number]
		v.follows(before, c)
		if hash, there := v.ledger.hashes[c.Statements]; there && !bytes.Equal(c.Last, hash[:]) {
			v.found(fmt.Sprintf("statement %d", c.Statements), "it is not the one that checkpoint %d covers", number)
		}
		before = c
	}
	v.newest = before
	for _, text := range known {
		v.compare(text)
	}
	if v.newest != nil {
		for _, id := range v.ledger.missing(v.newest) {
			v.found("statement "+id, "it is missing")
		}
	}
	for _, r := range v.ledger.unowned() {
		v.found("journal", "the database lacked checkpoint %d that was known of it, and held those up to %d: it was restored from a backup or cut, and nobody has said why", r.Lost, r.From)
	}
	v.gatherReaches()
}

// follows holds a checkpoint against the one before it.
func (v *verifier) follows(before, c *Checkpoint) {
	name := fmt.Sprintf("checkpoint %d", c.number)
	from, hash := uint64(0), []byte(nil)
	if before != nil {
		from, hash = before.number, before.hash[:]
	}
	for _, r := range v.ledger.resumed {
		if r.From == from && r.Lost > from && r.Lost+1 == c.number {
			from, hash = r.Lost, r.Hash
			break
		}
	}
	switch {
	case c.number != from+1:
		v.found(fmt.Sprintf("checkpoint %d", from+1), "it is missing, and so are all up to %d", c.number-1)
	case !bytes.Equal(c.Before, hash):
		v.found(name, "it does not follow the one before it")
	}
}

// compare holds the store against a checkpoint that was kept outside it.
func (v *verifier) compare(text []byte) {
	if len(text) == 0 {
		return
	}
	if v.public == nil {
		v.found("journal", "the checkpoint that was kept outside: %s", seal.ErrSigner)
		return
	}
	c, err := ReadKept(text, v.service, v.public)
	if err != nil {
		v.found("journal", "the checkpoint that was kept outside: %s", err)
		return
	}
	there := v.checkpoints[c.number]
	explained := v.ledger.toldOf(c)
	switch {
	case there != nil && there.hash != c.hash && !explained:
		v.found(fmt.Sprintf("checkpoint %d", c.number), "it is not the one that was kept outside the database")
	case there == nil && !explained:
		v.found(fmt.Sprintf("checkpoint %d", c.number), "it is missing; it was kept outside the database")
		if v.newest == nil || c.number > v.newest.number {
			v.newest = c
		}
	}
}

// gatherReaches lists how far each lane was covered, in the order of time.
func (v *verifier) gatherReaches() {
	numbers := slices.Sorted(maps.Keys(v.checkpoints))
	for _, number := range numbers {
		for _, r := range v.checkpoints[number].Lanes {
			v.reaches[r.Lane] = append(v.reaches[r.Lane], r)
		}
	}
	if v.newest != nil && v.checkpoints[v.newest.number] == nil {
		for _, r := range v.newest.Lanes {
			v.reaches[r.Lane] = append(v.reaches[r.Lane], r)
		}
	}
	for lane, b := range v.ledger.lanes {
		if b.end != nil {
			v.reaches[lane] = append(v.reaches[lane], *b.end)
		}
	}
	for lane := range v.reaches {
		slices.SortStableFunc(v.reaches[lane], func(a, b Reach) int { return cmp.Compare(a.Number, b.Number) })
	}
}

// commit checks a document of the journal.
func (v *verifier) commit(raw bson.Raw) {
	v.done.Commits++
	var d document
	broken := d.decode(raw)
	record, version, err := parseID(d.id)
	if err != nil {
		v.found(d.id, "%s", err)
		return
	}
	_, passed := v.ledger.passedOver(d.id)
	l := link{prev: d.prev, stored: d.hash, computed: d.sum(v.service), lost: broken != nil || passed, lane: d.lane}
	switch {
	case passed:
		hash := sha256.Sum256(raw)
		if was := v.ledger.passed[d.id].document; was != nil && !bytes.Equal(was, hash[:]) {
			v.report(Finding{record, version, "it was passed over, and is another one now"})
		}
	case broken != nil:
		v.report(Finding{record, version, broken.Error()})
	case l.stored != l.computed:
		v.report(Finding{record, version, "the hash does not fit what is stored"})
	default:
		v.sealed(&d, record, version)
	}
	if broken == nil {
		if d.lane == 0 {
			v.done.Uncovered++
		} else {
			v.lane(d.lane).put(d.number, d.hash, d.id)
		}
	}
	v.link(record, version, l)
}

// sealed checks that a commit can be opened, or with what it could.
func (v *verifier) sealed(d *document, record string, version uint64) {
	if _, there := v.keyIDs[d.key]; !there {
		if !v.ledger.erased(d.key) {
			v.keyless = append(v.keyless, keyless{d.key, Finding{record, version, "its data key is missing, and nobody erased it"}})
		}
		return
	}
	if v.unseal == nil {
		return
	}
	plain, err := v.unseal.Open(d.key, d.box, d.bound(v.service))
	switch {
	case errors.Is(err, seal.ErrNoKey): // it does not unwrap, which was told
	case err != nil:
		v.report(Finding{record, version, "it does not open with its data key"})
	case !json.Valid(plain):
		v.report(Finding{record, version, errBox.Error()})
	case v.opened != nil:
		var b box
		if json.Unmarshal(plain, &b) != nil {
			v.report(Finding{record, version, errBox.Error()})
		}
		for _, e := range b.Events {
			v.opened(b.Owner, e)
		}
	}
}

func (v *verifier) lane(n uint64) *leaves {
	if v.lanes[n] == nil {
		v.lanes[n] = &leaves{far: map[uint64]leaf{}}
		for _, r := range v.reaches[n] {
			v.lanes[n].covered = max(v.lanes[n].covered, r.Number)
		}
	}
	return v.lanes[n]
}

// leaves are the commits of a lane by their numbers.
type leaves struct {
	covered uint64
	near    []leaf // up to covered
	far     map[uint64]leaf
	twice   []string
}

type leaf struct {
	hash  [sha256.Size]byte
	id    string
	there bool
}

func (l *leaves) put(number uint64, hash [sha256.Size]byte, id string) {
	if l.at(number).there {
		l.twice = append(l.twice, id)
		return
	}
	if number > l.covered {
		l.far[number] = leaf{hash, id, true}
		return
	}
	if l.near == nil {
		l.near = make([]leaf, l.covered)
	}
	l.near[number-1] = leaf{hash, id, true}
}

func (l *leaves) at(number uint64) leaf {
	if number <= uint64(len(l.near)) {
		return l.near[number-1]
	}
	return l.far[number]
}

// lacks says that something does not hold which a service may have explained since
// the statements were read.
func (v *verifier) lacks() bool {
	for n := range v.lanes {
		if b := v.ledger.lanes[n]; b == nil || !b.writes() {
			return true
		}
	}
	return len(v.keyless) > 0 || len(v.undeleted()) > 0
}

// again is a verifier that reads keys and statements once more, and reports
// nothing: what is wrong with them was reported.
func (v *verifier) again() *verifier {
	return newVerifier(Verification{Service: v.service, Keys: v.unseal, Report: func(Finding) {}})
}

// renew takes over what was read once more. Where the lanes ended is not: commits
// that were read before then are recent.
func (v *verifier) renew(again *verifier) {
	ends := v.ledger.lanes
	again.ledger.close(func(error) {})
	v.ledger, v.keyIDs = again.ledger, again.keyIDs
	for n, b := range v.ledger.lanes {
		if was := ends[n]; was == nil || was.end == nil {
			b.end = nil
		}
	}
}

// undeleted are the data keys that were erased and are there.
func (v *verifier) undeleted() (ids []string) {
	for id := range v.keyIDs {
		if v.ledger.erased(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// finish checks what can be told only when everything was read.
func (v *verifier) finish() {
	v.finishKeys()
	v.finishChains()
	for n := range v.reaches {
		v.lane(n)
	}
	for _, n := range slices.Sorted(maps.Keys(v.lanes)) {
		v.finishLane(n, v.lanes[n])
	}
}

func (v *verifier) finishKeys() {
	for _, id := range v.undeleted() {
		v.found("key "+id, "it was erased, and is there: start the service, which deletes it")
	}
	for _, k := range v.keyless {
		if _, there := v.keyIDs[k.key]; !there && !v.ledger.erased(k.key) {
			v.report(k.Finding)
		}
	}
}

func (v *verifier) finishLane(n uint64, l *leaves) {
	name := fmt.Sprintf("lane %d", n)
	b := v.ledger.lanes[n]
	switch {
	case b == nil || b.claim == nil:
		v.found(name, "nobody claimed it")
	case !b.taken && !b.claim.Beside:
		v.found(name, "it was written, and nobody took it")
	}
	for _, id := range l.twice {
		record, version, _ := parseID(id)
		v.report(Finding{record, version, "another commit of its lane has its number"})
	}
	at, t := uint64(0), newTree()
	for _, r := range v.reaches[n] {
		if t = v.segment(name, l, at, r, t); r.Number > at {
			at = r.Number
		}
	}
	ended := b != nil && b.end != nil
	for _, number := range slices.Sorted(maps.Keys(l.far)) {
		if !ended {
			v.done.Recent++
			continue
		}
		v.late(n, number, l.far[number], "it was stored after its lane had ended, and counts for nothing")
	}
}

// late reports a commit that came late, unless a person has accepted it.
func (v *verifier) late(lane, number uint64, l leaf, problem string) {
	record, version, _ := parseID(l.id)
	if !v.passed(record, version) && !v.ledger.knownLate(lane, number) {
		v.report(Finding{record, version, problem})
	}
}

// segment checks a lane between two places up to which it is covered, and gives the
// tree up to the second.
func (v *verifier) segment(name string, l *leaves, from uint64, to Reach, t tree) tree {
	whole := true
	var missing spans
	for n := from + 1; n <= to.Number; n++ {
		there := l.at(n)
		o := outcome{stored, there.hash}
		switch unusedHere := to.Unused.has(n); {
		case unusedHere && there.there:
			v.late(to.Lane, n, there, "it was stored after its number had been given up, and counts for nothing")
			o = outcome{state: unused}
		case unusedHere:
			o = outcome{state: unused}
		case !there.there && v.ledger.knownLost(to.Lane, n):
			whole = false
		case !there.there:
			missing, whole = missing.add(n), false
		}
		t.add(o)
	}
	for _, s := range missing {
		v.found(name, "commits are missing: numbers %d to %d", s.From, s.To)
	}
	if to.Tree == nil {
		return t
	}
	signed, err := treeOf(to.Number, to.Tree)
	if err != nil {
		v.found(name, "what is signed of its commits up to %d is no tree", to.Number)
		return t
	}
	if whole && !signed.Equal(t.Range) {
		v.found(name, "the commits %d to %d are not those that were signed", from+1, to.Number)
	}
	return signed
}
