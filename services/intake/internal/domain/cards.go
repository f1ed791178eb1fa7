package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"time"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/typed"
)

// A card is a piece of paper with a code, which somebody of the desk gives to a woman who cannot
// speak now. Nobody writes down to whom. With the code she tells the desk one safe way to reach
// her, on a page that needs no account.
//
// The page answers to every code in the same way, so a wrong try cannot lock a card: the owner of
// the right code would be locked out, and not told. Safety is in the number of codes: 60 bits of
// secret beside a handle of 20. A guesser with 1,000 tries in each second of 180 days has 1.6 × 10^10
// tries, and a chance of less than 2 × 10^-6 to meet one of the 50 codes of one handle. The service
// and the pages allow one address a few each second.
const (
	cardHandle = 4
	cardSecret = 12
	// CardEntropy is how many random bytes one code is made of, and HandleEntropy the handle of
	// all codes that are made together.
	CardEntropy   = 8
	HandleEntropy = 3
	// mostCards is how many are made together. For how long they hold the programme says, and never
	// longer than programme.LongestCards.
	mostCards = 50
	// sendsPerCard is how often one code is used: she may write again that a way is safe no more.
	sendsPerCard = 3
)

// MakeCards is the command that makes cards.
type MakeCards struct {
	Count int `json:"count"`
	// Days is for how long they hold.
	Days int `json:"days"`
}

// EndCards is the command after which no code of the cards holds.
type EndCards struct{}

// CardCode is a code in its parts.
type CardCode struct{ Handle, Secret string }

// NewCardCode makes one of random bytes; somebody outside the domain draws them.
func NewCardCode(handle [HandleEntropy]byte, secret [CardEntropy]byte) CardCode {
	return CardCode{typed.Letters(handle[:])[:cardHandle], typed.Letters(secret[:])[:cardSecret]}
}

// Shown is the code for people.
func (c CardCode) Shown() string { return typed.Shown(c.Handle + c.Secret) }

// ReadCardCode takes a code apart. Not ok: it is none.
func ReadCardCode(written string) (CardCode, bool) {
	s, ok := typed.Read(written)
	if !ok || len(s) != cardHandle+cardSecret {
		return CardCode{}, false
	}
	return CardCode{s[:cardHandle], s[cardHandle:]}, true
}

// hash is salted with the cards: one table does not serve for two.
func (c CardCode) hash(cards string) []byte {
	sum := sha256.Sum256([]byte("sanad card\x00" + cards + "\x00" + c.Handle + "\x00" + c.Secret))
	return sum[:]
}

// CardSecrets is the private half of CardsMade.
type CardSecrets struct {
	Handle string   `json:"handle"`
	Hashes [][]byte `json:"hashes"`
}

// Cards are those that were made together.
type Cards struct {
	ID     string
	Agency string
	MadeAt time.Time
	Until  time.Time
	// Ended is when somebody ended them, or their time was over.
	Ended time.Time
	CardSecrets
}

// Make makes cards out of codes. Errors: ErrCards.
func (Cards) Make(by fact.By, cmd MakeCards, codes []CardCode, at Desk) ([]fact.Event, error) {
	most := int(min(at.may(by.At).Cards, programme.LongestCards) / (24 * time.Hour))
	switch {
	case cmd.Count < 1 || cmd.Count > mostCards || len(codes) != cmd.Count:
		return nil, ErrCards.At("/count", "from 1 to 50")
	case cmd.Days < 1 || cmd.Days > most:
		return nil, ErrCards.At("/days", "from 1 to what the programme allows")
	}
	id := recordOf(by)
	secrets := CardSecrets{Handle: codes[0].Handle}
	for _, c := range codes {
		secrets.Hashes = append(secrets.Hashes, c.hash(id))
	}
	return fact.With(intakev1.CardsMade{Cards: id, Agency: by.Agency, Count: cmd.Count, Until: by.At.AddDate(0, 0, cmd.Days)}, secrets), nil
}

// End ends them. Errors: ErrCardsEnded.
func (c Cards) End(_ fact.By, _ EndCards) ([]fact.Event, error) {
	if err := c.mayEnd(); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.CardsEnded{Cards: c.ID}), nil
}

// CardsDue ends them when their time is over (ErrNotDue before it).
func (c Cards) CardsDue(by fact.By) ([]fact.Event, error) {
	if due, err := come(by, c.Until, c.holds()); !due {
		return nil, err
	}
	return fact.Of(intakev1.CardsEnded{Cards: c.ID}), nil
}

// holds says whether a code of them may hold still.
func (c Cards) holds() bool { return c.ID != "" && c.Ended.IsZero() }

func (c Cards) mayEnd() error {
	if !c.holds() {
		return ErrCardsEnded
	}
	return nil
}

// Find is the number of the card with a code, from 1; 0 for none that holds.
func (c Cards) Find(code CardCode, at time.Time) (number int) {
	if !c.Ended.IsZero() || !at.Before(c.Until) {
		return 0
	}
	sum := code.hash(c.ID)
	for i, hash := range c.Hashes {
		number = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(sum, hash), i+1, number)
	}
	return number
}

// Evolve is the cards after an event.
func (c Cards) Evolve(e fact.Event) Cards {
	switch d := e.Data.(type) {
	case intakev1.CardsMade:
		c.ID, c.Agency, c.MadeAt, c.Until = d.Cards, d.Agency, e.At, d.Until
		c.CardSecrets, _ = e.Private.(CardSecrets)
	case intakev1.CardsEnded:
		c.Ended = e.At
	}
	return c
}

// Commands says which commands cards take.
func (Cards) Commands() command.Table[Cards] {
	return command.Table[Cards]{"endCards": {When: command.In(Cards.mayEnd)}}
}

// Case is empty: cards belong to nobody.
func (Cards) Case() string { return "" }

// Visible is for the desk that made them.
func (c Cards) Visible(by fact.By) bool { return by.System() || by.Agency == c.Agency }

// Closed is when no code holds any more.
func (c Cards) Closed() bool { return !c.Ended.IsZero() }

// CardsDeadline names the end of cards.
const CardsDeadline = "cards"

// Deadlines are the end of the time for which the codes hold.
func (c Cards) Deadlines() []fact.Deadline {
	if c.mayEnd() != nil {
		return nil
	}
	return []fact.Deadline{{Name: CardsDeadline, At: c.Until}}
}

// CardsView is cards as their desk sees them: without a code.
type CardsView struct {
	ID     string    `json:"id"`
	Count  int       `json:"count"`
	MadeAt time.Time `json:"made_at"`
	Until  time.Time `json:"until"`
	Ended  time.Time `json:"ended,omitzero"`
}

// View shows them.
func (c Cards) View(fact.By) any {
	return CardsView{c.ID, len(c.Hashes), c.MadeAt, c.Until, c.Ended}
}

// CardsByAgency lists those of a desk that hold, and CardsByHandle finds them by a code.
var (
	CardsByAgency = image.List[Cards]{Keys: func(c Cards) []string {
		if c.Closed() {
			return nil
		}
		return []string{fact.Key(c.Agency, fact.Sortable(c.MadeAt))}
	}, Timed: true}
	CardsByHandle = image.List[Cards]{Keys: func(c Cards) []string {
		if c.Closed() {
			return nil
		}
		return []string{fact.Key(c.Handle)}
	}}
)
