// Package kit holds the rules of anonymous kits: a clinic keeps what it collected of somebody whom it
// does not name, until a date. Who holds the number and the secret, on paper, learns how it stands, and
// may make it part of an examination. The package refuses to know who she is: nothing here could say.
package kit

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/typed"
)

// Prefix begins the identifier of every kit.
const Prefix = "kit"

// A number has 40 random bits, so that nobody counts kits with it, and a secret has 60. A guesser who
// knows a number and makes 1,000 tries in each second of 30 years has 9.5 × 10^11 tries, and a chance of
// less than 10^-6 to meet its secret. So a wrong try locks nothing: who holds the right one would be
// locked out, and not told. No table of hashes helps: each is salted with its kit, and a secret of
// random bits needs no slow hash.
const (
	numberLetters = 8
	secretLetters = 12
	// NumberEntropy and SecretEntropy are how many random bytes each is made of.
	NumberEntropy = 5
	SecretEntropy = 8
)

// What a kit refuses.
var (
	// ErrShown refuses to show a number and a secret twice.
	ErrShown = fault.New(fault.Conflict, "kit_shown", "The number and the secret of this kit were shown once, and are stored nowhere. Make another one.")
	// ErrUntil refuses a time that the programme does not allow.
	ErrUntil = fault.New(fault.Invalid, "kit_time_invalid", "A kit is held at least for as long as the programme says, and at most for 50 years.")
	// ErrNone refuses a number and a secret of which no kit is known.
	ErrNone = fault.New(fault.Conflict, "kit_unknown", "No kit has this number and this secret.")
	// ErrTaken refuses a kit that is part of another examination.
	ErrTaken = fault.New(fault.Conflict, "kit_taken", "This kit is part of another examination already.")
)

// Code is a number and a secret, as letters.
type Code struct{ Number, Secret string }

// NewCode makes one of random bytes; somebody outside the rules draws them.
func NewCode(number [NumberEntropy]byte, secret [SecretEntropy]byte) Code {
	return Code{typed.Letters(number[:])[:numberLetters], typed.Letters(secret[:])[:secretLetters]}
}

// ReadCode takes what a person typed. Not ok: no kit has it.
func ReadCode(number, secret string) (Code, bool) {
	n, ok := typed.Read(number)
	s, also := typed.Read(secret)
	return Code{n, s}, ok && also && len(n) == numberLetters && len(s) == secretLetters
}

func (c Code) hash(kit string) []byte {
	sum := sha256.Sum256([]byte("sanad kit\x00" + kit + "\x00" + c.Number + "\x00" + c.Secret))
	return sum[:]
}

// Secret is the private half of KitMade: the number, the hash of the secret, and who registered it.
type Secret struct {
	Number string `json:"number"`
	Hash   []byte `json:"hash"`
	By     string `json:"by"`
}

// Kit is one.
type Kit struct {
	ID     string
	Agency string
	MadeAt time.Time
	Until  time.Time
	Secret
	// Into is the examination that it is part of.
	Into Conversion
	// ConvertedAt is since when.
	ConvertedAt time.Time
}

// Conversion is the private half of KitConverted.
type Conversion struct {
	Examination string `json:"examination"`
	Case        string `json:"case"`
}

// Make is the command that registers a kit.
type Make struct {
	// Until is how long it is held; as long as the programme says where it is left out.
	Until time.Time `json:"until,omitzero"`
}

// longest bounds how long a kit is held: what is longer is a mistyped year.
const longest = 50 * 366 * 24 * time.Hour

// Make registers a kit under a code, for at least as long as the programme says. Errors: ErrUntil.
func (Kit) Make(by fact.By, cmd Make, code Code, least time.Duration) ([]fact.Event, error) {
	id, _, _ := strings.Cut(by.Commit, "/")
	until := cmd.Until
	if until.IsZero() {
		until = by.At.Add(least)
	}
	if held := until.Sub(by.At); held < least-24*time.Hour || held > longest || held <= 0 {
		return nil, ErrUntil.At("/until", "at least as long as the programme says")
	}
	return fact.With(forensicv1.KitMade{Kit: id, Agency: by.Agency, Until: until}, Secret{Number: code.Number, Hash: code.hash(id), By: by.Principal}), nil
}

// Opens reports whether a code is that of the kit.
func (k Kit) Opens(c Code) bool {
	return k.ID != "" && subtle.ConstantTimeCompare(k.Hash, c.hash(k.ID)) == 1
}

// May refuses to make the kit part of an examination: for who does not hold its secret, at another
// clinic (ErrNone), and where it is part of another one (ErrTaken). Its time does not matter, as long as
// it is there.
func (k Kit) May(code Code, agency, examination string) error {
	switch {
	case !k.Opens(code) || k.Agency != agency:
		return ErrNone
	case k.Into.Examination != "" && k.Into.Examination != examination:
		return ErrTaken
	}
	return nil
}

// Convert makes the kit part of an examination that took it, once.
func (k Kit) Convert(_ fact.By, into Conversion) ([]fact.Event, error) {
	if k.ID == "" || k.Into.Examination != "" {
		return nil, nil
	}
	return fact.With(forensicv1.KitConverted{Kit: k.ID}, into), nil
}

// Status is how the kit stands at an instant; destroyed says so of its chain of custody.
func (k Kit) Status(at time.Time, destroyed bool) code.KitStatus {
	switch {
	case k.ID == "":
		return code.KitUnknown
	case destroyed:
		return code.KitDestroyed
	case k.Into.Examination != "":
		return code.KitConverted
	case !at.Before(k.Until):
		return code.KitOver
	default:
		return code.KitHeld
	}
}

// Evolve is the kit after an event.
func (k Kit) Evolve(e fact.Event) Kit {
	switch d := e.Data.(type) {
	case forensicv1.KitMade:
		k.ID, k.Agency, k.MadeAt, k.Until = d.Kit, d.Agency, e.At, d.Until
		k.Secret, _ = e.Private.(Secret)
	case forensicv1.KitConverted:
		k.Into, _ = e.Private.(Conversion)
		k.ConvertedAt = e.At
	}
	return k
}

// Commands is empty: a kit is converted by its secret alone.
func (Kit) Commands() command.Table[Kit] { return command.Table[Kit]{} }

// Case is empty: a kit belongs to nobody whom the network knows.
func (Kit) Case() string { return "" }

// Visible is for the clinic that keeps it.
func (k Kit) Visible(by fact.By) bool {
	return by.System() || k.ID != "" && by.Agency == k.Agency && !by.Anonymous()
}

// Closed is never: who holds the secret may ask for decades.
func (Kit) Closed() bool { return false }

// Deadlines is empty: when the time of a kit is over, people decide. Nothing destroys it by itself.
func (Kit) Deadlines() []fact.Deadline { return nil }

// View is a kit as its clinic sees it: without its secret, and without what it became part of.
type View struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	MadeAt    time.Time `json:"made_at"`
	Until     time.Time `json:"until"`
	Converted bool      `json:"converted"`
}

// View shows it.
func (k Kit) View(fact.By) any {
	return View{k.ID, typed.Shown(k.Number), k.MadeAt, k.Until, k.Into.Examination != ""}
}

// ByAgency lists the kits of a clinic that are nobody's, what is over first; ByNumber finds one.
var (
	ByAgency = image.List[Kit]{Keys: func(k Kit) []string {
		if k.ID == "" || k.Into.Examination != "" {
			return nil
		}
		return []string{fact.Key(k.Agency, fact.Sortable(k.Until))}
	}}
	ByNumber = image.List[Kit]{Keys: func(k Kit) []string {
		if k.ID == "" {
			return nil
		}
		return []string{fact.Key(k.Number)}
	}}
)
