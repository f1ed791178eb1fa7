package custody

import (
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// KeyPrefix begins the identifier of every key.
const KeyPrefix = "ckey"

// Key is the public key of a worker, as who keeps the credentials of the agency registered it. The
// private key never reaches the network.
type Key struct{ signed.Key }

// longestKey bounds how long a key counts: credentials are looked at again.
const longestKey = 5 * 366 * 24 * time.Hour

// Register is the command that registers a key.
type Register struct {
	Worker string `json:"worker"`
	Public string `json:"public"`
	// From is now where it is left out. A key counts no longer than a credential of its worker does.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until"`
}

// Register registers the key of a worker of one's own agency, who has a credential to examine or to
// collect exhibits. The key counts from when that does, and no longer. Errors: ErrKeyOf,
// credential.ErrMissing, ErrKeyTime.
func (k Key) Register(by fact.By, cmd Register, of look.Fresh[worker.Copy]) ([]fact.Event, error) {
	them := of.Value()
	if !them.Exists() || them.Left || them.Agency != by.Agency || them.ID != cmd.Worker {
		return nil, ErrKeyOf.At("/worker", "exists")
	}
	if _, err := signed.ReadPublic(cmd.Public); err != nil {
		return nil, ErrKeyOf.At("/public", "32 bytes in base64")
	}
	from, until := cmd.From, cmd.Until
	if from.IsZero() {
		from = by.At
	}
	starts, ends, ok := permitted(them.Credentials, by.At)
	if !ok {
		return nil, credential.ErrMissing.At("/worker", "in force: scope "+string(code.MayCollect))
	}
	if from.Before(starts) {
		from = starts
	}
	if !ends.IsZero() && until.After(ends) {
		until = ends
	}
	if !until.After(from) || !until.After(by.At) || until.Sub(from) > longestKey {
		return nil, ErrKeyTime.At("/until", "after from, and not more than 5 years")
	}
	return fact.Of(forensicv1.CustodyKeyRegistered{Key: recordOf(by), Worker: cmd.Worker, Agency: by.Agency, Public: cmd.Public, From: from, Until: until}), nil
}

// permitted is from when until when a worker may examine or collect, of the credentials that are in
// force: that of them which ends last.
func permitted(h credential.Held, at time.Time) (from, until time.Time, ok bool) {
	for _, c := range h {
		is, ends := h.Status(c, at)
		if is != code.CredentialInForce || !collects(c.Scope) {
			continue
		}
		if !ok || ends.IsZero() || !until.IsZero() && ends.After(until) {
			from, until = c.ValidFrom, ends
		}
		ok = true
		if ends.IsZero() {
			return from, until, true
		}
	}
	return from, until, ok
}

func collects(scope []code.CredentialScope) bool {
	for _, s := range scope {
		if s == code.MayExamine || s == code.MayCollect || s == code.MaySupervise {
			return true
		}
	}
	return false
}

// recordOf is the record that a creating command makes.
func recordOf(by fact.By) string {
	id, _, _ := strings.Cut(by.Commit, "/")
	return id
}

// End is the command after which a key counts no more: it was lost, or its worker may not sign.
type End struct{}

// End ends a key. What it signed before stays signed. Errors: ErrKey.
func (k Key) End(by fact.By, _ End) ([]fact.Event, error) {
	if err := k.mayEnd(by); err != nil {
		return nil, err
	}
	return fact.Of(forensicv1.CustodyKeyEnded{Key: k.ID, At: by.At}), nil
}

// mayEnd gives ErrKey for a key that does not count, and ErrKeyOf to another agency: everybody
// reads a public key, and its own agency ends it.
func (k Key) mayEnd(by fact.By) error {
	switch {
	case k.ID == "" || !k.Ended.IsZero():
		return ErrKey
	case by.Agency != k.Agency:
		return ErrKeyOf
	}
	return nil
}

// Evolve is the key after an event.
func (k Key) Evolve(e fact.Event) Key {
	switch d := e.Data.(type) {
	case forensicv1.CustodyKeyRegistered:
		k.Key = signed.Key{ID: d.Key, Worker: d.Worker, Agency: d.Agency, Public: d.Public, From: d.From, Until: d.Until}
	case forensicv1.CustodyKeyEnded:
		k.Ended = d.At
	}
	return k
}

// Commands says which commands a key takes.
func (Key) Commands() command.Table[Key] {
	return command.Table[Key]{"endCustodyKey": {When: Key.mayEnd}}
}

// Case is empty: a key belongs to a worker.
func (Key) Case() string { return "" }

// Visible is for everybody of the network who is asked to trust it: a public key is public.
func (k Key) Visible(fact.By) bool { return k.ID != "" }

// Closed is never: what a key signed is checked for years.
func (Key) Closed() bool { return false }

// Deadlines is empty: a key is judged at the instant of what it signs.
func (Key) Deadlines() []fact.Deadline { return nil }

// View shows it: it is public.
func (k Key) View(fact.By) any { return k.Key }

// KeysByAgency lists the keys of an agency, those that count and those that did.
var KeysByAgency = image.List[Key]{Keys: func(k Key) []string {
	if k.ID == "" {
		return nil
	}
	return []string{fact.Key(k.Agency, fact.Sortable(k.From))}
}}
