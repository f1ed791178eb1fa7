package journal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// A statement is a signed text of a service about its journal: which process
// writes, how far it has come, what was erased or passed over. It is never changed.
type statement struct {
	// place is the collection and the _id: a statement holds in its own place only.
	place string
	id    any
	// body is JSON.
	body, signature []byte
}

// The collections of statements.
const (
	// placeStatements holds lanes and, numbered, what was decided: few.
	placeStatements = "statements"
	// placeCheckpoints holds the checkpoints.
	placeCheckpoints = "checkpoints"
)

// text is what is signed.
func (s *statement) text(service string) []byte {
	id := fmt.Sprint(s.id)
	buf := append(length(nil, len(service)), service...)
	buf = append(length(buf, len(s.place)), s.place...)
	buf = append(length(buf, len(id)), id...)
	return append(length(buf, len(s.body)), s.body...)
}

// sum is the statement's hash: of what is signed and of the signature.
func (s *statement) sum(service string) [sha256.Size]byte {
	return sha256.Sum256(append(s.text(service), s.signature...))
}

func (s *statement) document() bson.D {
	return bson.D{
		{Key: "_id", Value: s.id},
		{Key: "body", Value: bson.Binary{Data: s.body}},
		{Key: "signature", Value: bson.Binary{Data: s.signature}},
	}
}

var (
	errStatement = errors.New("the statement is not as it was written")
	errSignature = errors.New("the signature is not the service's")
)

// readStatement reads a statement from its place, and refuses what is not the
// service's.
func readStatement(raw bson.Raw, place, service string, by ed25519.PublicKey) (*statement, error) {
	s := &statement{place: place}
	switch id := raw.Lookup("_id"); id.Type {
	case bson.TypeString:
		s.id = id.StringValue()
	case bson.TypeInt64:
		s.id = id.Int64()
	default:
		return s, errStatement
	}
	_, s.body, _ = raw.Lookup("body").BinaryOK()
	_, s.signature, _ = raw.Lookup("signature").BinaryOK()
	if written, err := bson.Marshal(s.document()); err != nil || !bytes.Equal(written, raw) {
		return s, errStatement
	}
	if !ed25519.Verify(by, s.text(service), s.signature) {
		return s, errSignature
	}
	return s, nil
}

// Claim is a process that wants to write a lane. It names machine and process, so
// that a process that is refused can report them.
type Claim struct {
	At   time.Time `json:"at"`
	Host string    `json:"host"`
	PID  int       `json:"pid"`
	// Nonce keeps claims apart that are made in one instant: in containers every
	// process may have the same name and number.
	Nonce string `json:"nonce"`
	// Beside says that the lane is written beside others, which tests do.
	Beside bool `json:"beside,omitempty"`
	// Skipped is a lane that is not in the store and was known elsewhere. Nobody
	// writes it.
	Skipped bool `json:"skipped,omitempty"`
}

// answer says what became of a claim. Who stores it first decides.
type answer struct {
	At    time.Time `json:"at"`
	Taken bool      `json:"taken"`
}

// Reach is how far a lane had come.
type Reach struct {
	Lane uint64 `json:"lane"`
	// Number is the last one that is covered, with all before it.
	Number uint64 `json:"number"`
	// Unused are the numbers among them that no commit has.
	Unused spans `json:"unused,omitempty"`
	// Tree is what is kept of the Merkle tree over the hashes (RFC 6962, section
	// 2.1): the roots of its complete parts, the largest first. It is missing where a
	// lane was ended of which a commit was not there.
	Tree [][]byte `json:"tree,omitempty"`
}

// Said is a numbered statement. One of its fields says what.
type Said struct {
	At   time.Time `json:"at"`
	Lane uint64    `json:"lane"` // by whom
	// Before is the hash of the statement before.
	Before []byte `json:"before,omitempty"`

	// Ended is a lane on which nothing more counts.
	Ended *Reach `json:"ended,omitempty"`
	// Erased are data keys that go.
	Erased *Erasure `json:"erased,omitempty"`
	// Decided is what a person decided about a commit that cannot be trusted.
	Decided *Decision `json:"decided,omitempty"`
	// Mended is a commit that was put back from a copy, or its data key.
	Mended *Decision `json:"mended,omitempty"`
	// Resumed says that the store was behind a checkpoint that was known elsewhere.
	Resumed *Resumption `json:"resumed,omitempty"`
	// Accepted are numbers of which a person knows that their commits are lost, or
	// came late.
	Accepted *Acceptance `json:"accepted,omitempty"`
	// Letter is what a person decided about a dead letter, or what came of it.
	Letter *LetterDecision `json:"letter,omitempty"`
	// Looked is a look of an operator at the way of one referral.
	Looked *OperatorLook `json:"looked,omitempty"`
	// Heard is the number of a statement: after what was decided up to it while the
	// service ran, the service hears all events again.
	Heard uint64 `json:"heard,omitempty"`
}

// Acceptance names numbers by lane.
type Acceptance struct {
	Lanes  []Numbers `json:"lanes"`
	Reason string    `json:"reason"`
}

// Numbers are some of a lane's numbers.
type Numbers struct {
	Lane uint64 `json:"lane"`
	// Missing are signed for, and not there. Late were stored behind the lane's end.
	Missing spans `json:"missing,omitempty"`
	Late    spans `json:"late,omitempty"`
}

// Count is how many there are.
func (n Numbers) Count() (missing, late uint64) { return n.Missing.count(), n.Late.count() }

// Erasure names data keys and why they go. A reason is a code, and never a sentence
// about a person.
type Erasure struct {
	Keys   []string `json:"keys"`
	Reason string   `json:"reason"`
}

// Decision passes over a commit, or has it stand.
type Decision struct {
	Record  string `json:"stream"`
	Version uint64 `json:"version"`
	Reason  string `json:"reason"`
	// Stands says that the commit counts, although the bus holds another one in its
	// place.
	Stands bool `json:"stands,omitempty"`
	// By is who decided, and Agency that for which they act: both are empty where it was
	// decided at the machine itself, while the service stood still.
	By     string `json:"by,omitempty"`
	Agency string `json:"agency,omitempty"`
	// Document is the hash of what was there, so that it is not changed later. It is
	// missing when nothing was.
	Document []byte `json:"document,omitempty"`
}

// Resumption says that the store held checkpoints up to From only, and Lost was
// known elsewhere. With a reason it is a restore for which a person gave the
// reason.
type Resumption struct {
	From   uint64 `json:"from"`
	Lost   uint64 `json:"lost"`
	Hash   []byte `json:"hash"`
	Reason string `json:"reason,omitempty"`
}

// Checkpoint covers all that was appended up to it.
type Checkpoint struct {
	At   time.Time `json:"at"`
	Lane uint64    `json:"lane"` // by whom
	// Before is the hash of the checkpoint before.
	Before []byte `json:"before,omitempty"`
	// Lanes is how far those lanes have come that had not ended: the writer's own, and
	// those of processes that died, as the checkpoint before has them.
	Lanes []Reach `json:"lanes"`
	// Claims is the newest lane that was claimed. Of all up to it claim and answer are
	// there.
	Claims uint64 `json:"claims"`
	// Statements is the number of the last numbered statement, and Last its hash.
	Statements uint64 `json:"statements"`
	Last       []byte `json:"last,omitempty"`
	// Positions is where the service stood on the bus.
	Positions json.RawMessage `json:"positions,omitempty"`

	number uint64
	hash   [sha256.Size]byte
}

// Number is the checkpoint's place among all of the service, from 1.
func (c *Checkpoint) Number() uint64 { return c.number }

// kept is a checkpoint as it is kept outside the store: whole, so that it can be
// verified there.
type kept struct {
	Number    uint64 `json:"number"`
	Body      []byte `json:"body"`
	Signature []byte `json:"signature"`
}

// checkpointOf reads the body of a checkpoint.
func checkpointOf(s *statement, service string) (*Checkpoint, error) {
	number, ok := s.id.(int64)
	c := &Checkpoint{}
	if !ok || number < 1 || json.Unmarshal(s.body, c) != nil {
		return nil, errStatement
	}
	c.number, c.hash = uint64(number), s.sum(service)
	return c, nil
}

// keep writes a checkpoint for a place outside the store.
func (s *statement) keep() []byte {
	text, _ := json.Marshal(kept{Number: uint64(s.id.(int64)), Body: s.body, Signature: s.signature})
	return text
}

// ReadKept reads a checkpoint that was kept outside the store.
func ReadKept(text []byte, service string, by ed25519.PublicKey) (*Checkpoint, error) {
	var k kept
	if err := json.Unmarshal(text, &k); err != nil || k.Number == 0 {
		return nil, errStatement
	}
	s := &statement{place: placeCheckpoints, id: int64(k.Number), body: k.Body, signature: k.Signature}
	if !ed25519.Verify(by, s.text(service), s.signature) {
		return nil, errSignature
	}
	return checkpointOf(s, service)
}
