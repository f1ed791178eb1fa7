package signed

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Link is one thing that was done to an exhibit, signed by who did it.
type Link struct {
	// Number counts from 1, and Previous is the hash of the link before it.
	Number   int             `json:"number"`
	Previous string          `json:"previous"`
	Act      code.CustodyAct `json:"act"`
	At       time.Time       `json:"at"`
	// From has the exhibit and does it; To is who takes it.
	From Party  `json:"from"`
	To   *Party `json:"to,omitempty"`
	// Seal is the number on the seal as it was seen, or put on. Broken says that it was not whole.
	Seal      string         `json:"seal,omitempty"`
	Broken    bool           `json:"seal_broken,omitempty"`
	Container code.Container `json:"container,omitempty"`
	Storage   code.Storage   `json:"storage,omitempty"`
	Note      string         `json:"note,omitempty"`
	// Signatures are those of From and To, as far as they have a key, in that order.
	Signatures []Signature `json:"signatures,omitempty"`
}

// Party is somebody in the chain: a worker with a key, or a person who signs on paper.
type Party struct {
	Worker string `json:"worker,omitempty"`
	Agency string `json:"agency,omitempty"`
	Key    string `json:"key,omitempty"`
	// Kind is what a person without a key is; Name is theirs, Form the paper that they signed, and
	// Witness who saw it.
	Kind    code.CustodyParty `json:"kind,omitempty"`
	Name    string            `json:"name,omitempty"`
	Form    string            `json:"form,omitempty"`
	Witness string            `json:"witness,omitempty"`
}

// Same reports whether two are one person.
func (p Party) Same(o Party) bool {
	return p.Worker == o.Worker && p.Agency == o.Agency && p.Kind == o.Kind && p.Name == o.Name
}

// What is wrong with a chain.
var (
	ErrExhibit  = errors.New("the link is of another exhibit, or its number is not the next one")
	ErrPrevious = errors.New("the link does not follow the one before it: one was changed, removed, doubled or moved")
	ErrEarlier  = errors.New("the link is dated before the one before it")
	ErrFirst    = errors.New("a chain begins with the collection, and has one")
	ErrOver     = errors.New("the exhibit had been destroyed")
	ErrEnd      = errors.New("the file does not end with the link that it says: links are missing at its end")
	ErrNobody   = errors.New("nobody with a key signs the link")
)

// First is what the first link has in place of a hash.
const First = "0000000000000000000000000000000000000000000000000000000000000000"

// Text is what is signed.
func (l Link) Text(exhibit string) string {
	var t lines
	t.WriteString("sanad custody link 1\n")
	t.code("exhibit", exhibit)
	t.code("number", strconv.Itoa(l.Number))
	t.code("previous", l.Previous)
	t.code("act", string(l.Act))
	t.instant("at", l.At)
	l.From.text("from", &t)
	if l.To != nil {
		l.To.text("to", &t)
	}
	t.written("seal", l.Seal)
	if l.Broken {
		t.code("seal_broken", "true")
	}
	t.code("container", string(l.Container))
	t.code("storage", string(l.Storage))
	t.written("note", l.Note)
	return t.String()
}

func (p Party) text(who string, t *lines) {
	t.code(who+".worker", p.Worker)
	t.code(who+".agency", p.Agency)
	t.code(who+".key", p.Key)
	t.code(who+".kind", string(p.Kind))
	t.written(who+".name", p.Name)
	t.written(who+".form", p.Form)
	t.written(who+".witness", p.Witness)
}

// Hash names the link to the next one, with its signatures.
func (l Link) Hash(exhibit string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00", l.Text(exhibit))
	for _, s := range l.Signatures {
		fmt.Fprintf(h, "%s\x00%s\x00", s.Key, s.Signature)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Signers are the keys that must sign, in their order.
func (l Link) Signers() (keys []string) {
	if l.From.Key != "" {
		keys = append(keys, l.From.Key)
	}
	if l.To != nil && l.To.Key != "" {
		keys = append(keys, l.To.Key)
	}
	return keys
}

// Check refuses a link that is not the next one of an exhibit, or is not signed by whom it names.
func (l Link) Check(exhibit string, before []Link, keys []Key) error {
	if err := l.follows(exhibit, before); err != nil {
		return err
	}
	if len(l.Signers()) == 0 {
		return ErrNobody
	}
	return check(l.Text(exhibit), l.At, l.Signatures, l.Signers(), keys)
}

func (l Link) follows(exhibit string, before []Link) error {
	previous, n := First, len(before)
	if n > 0 {
		previous = before[n-1].Hash(exhibit)
	}
	switch {
	case l.Previous != previous:
		return ErrPrevious
	case l.Number != n+1:
		return ErrExhibit
	case (n == 0) != (l.Act == code.CustodyCollected):
		return ErrFirst
	case n > 0 && l.At.Before(before[n-1].At):
		return ErrEarlier
	case n > 0 && before[n-1].Act == code.CustodyDestroyed:
		return ErrOver
	}
	return nil
}

// Break is where what is recorded does not join: between two links, both of them named. It does not
// make the signatures wrong, and nothing repairs it.
type Break struct {
	After  int `json:"after"`
	Before int `json:"before"`
	// What does not join: who has the exhibit, or its seal.
	What code.CustodyBreak `json:"what"`
	// Expected and Found are the two neighbours: who had it, and who acted.
	Expected Party `json:"expected"`
	Found    Party `json:"found"`
}

// Stands is how an exhibit stands after links: who has it, and under which seal; no seal is an open
// container.
type Stands struct {
	Holder Party
	Seal   string
	Over   bool
}

// Breaks says where a chain does not join, and how the exhibit stands at its end.
func Breaks(links []Link) (is Stands, breaks []Break) {
	for i, l := range links {
		if i > 0 && !l.From.Same(is.Holder) {
			breaks = append(breaks, Break{links[i-1].Number, l.Number, code.BreakOfHolder, is.Holder, l.From})
		}
		if i > 0 && is.differs(l) {
			breaks = append(breaks, Break{links[i-1].Number, l.Number, code.BreakOfSeal, is.Holder, l.From})
		}
		is = is.after(l)
	}
	return is, breaks
}

// differs says whether a seal is not as it was left: broken, of another number, or missing where
// the exhibit changes hands.
func (s Stands) differs(l Link) bool {
	switch l.Act {
	case code.CustodyHandedOver, code.CustodyReceived, code.CustodyReturned:
		return l.Broken || s.Seal == "" || l.Seal != s.Seal
	case code.CustodyOpened:
		return l.Broken || l.Seal != s.Seal
	default:
		return l.Broken
	}
}

func (s Stands) after(l Link) Stands {
	s.Holder = l.From
	switch l.Act {
	case code.CustodySealPut, code.CustodySealAnew:
		s.Seal = l.Seal
	case code.CustodyOpened:
		s.Seal = ""
	case code.CustodyHandedOver, code.CustodyReceived, code.CustodyReturned:
		s.Seal = l.Seal
		if l.Broken {
			s.Seal = ""
		}
		if l.To != nil {
			s.Holder = *l.To
		}
	case code.CustodyDestroyed:
		s.Over = true
	}
	return s
}

// custodyFormat names the file of one exhibit.
const custodyFormat = "sanad custody 1"

// Custody is the file of one exhibit. It holds neither her nor her case.
type Custody struct {
	Format  string `json:"format"`
	Exhibit string `json:"exhibit"`
	Links   []Link `json:"links"`
	Keys    []Key  `json:"keys"`
	// Last is the hash of the last link: a file that lost its end says so, unless somebody wrote this
	// anew. The agency tells the hash of what it has.
	Last string `json:"last"`
}

// Export is the file of an exhibit.
func Export(exhibit string, links []Link, keys []Key) Custody {
	c := Custody{Format: custodyFormat, Exhibit: exhibit, Links: links, Keys: keys}
	if n := len(links); n > 0 {
		c.Last = links[n-1].Hash(exhibit)
	}
	return c
}

// Wrong is what a file is refused for, at one of its links; 0 is the file itself.
type Wrong struct {
	Link int
	Err  error
}

func (w Wrong) Error() string {
	if w.Link == 0 {
		return w.Err.Error()
	}
	return fmt.Sprintf("link %d: %v", w.Link, w.Err)
}

// Unwrap is the reason.
func (w Wrong) Unwrap() error { return w.Err }

// Verify checks a file with public keys that are known by another way, and says how the exhibit
// stands and where its chain has a break. Errors: Wrong.
func (c Custody) Verify(known []Key) (Stands, []Break, error) {
	if c.Format != custodyFormat || c.Exhibit == "" || len(c.Links) == 0 {
		return Stands{}, nil, Wrong{0, ErrFormat}
	}
	if err := Trusted(known, c.Keys); err != nil {
		return Stands{}, nil, Wrong{0, err}
	}
	for i, l := range c.Links {
		if err := l.Check(c.Exhibit, c.Links[:i], known); err != nil {
			return Stands{}, nil, Wrong{i + 1, err}
		}
	}
	if c.Last != c.Links[len(c.Links)-1].Hash(c.Exhibit) {
		return Stands{}, nil, Wrong{0, ErrEnd}
	}
	is, breaks := Breaks(c.Links)
	return is, breaks, nil
}
