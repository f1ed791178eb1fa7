package custody

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Given is what a decision knows of other records.
type Given struct {
	// Err is why it could not be looked up.
	Err error
	// Mine says that the caller acts for who has the examination, or registered the kit.
	Mine look.Fresh[bool]
	// Caller is the caller in the register of workers.
	Caller string
	// Exhibit is the exhibit as its examination, or its kit, has it; nil for none.
	Exhibit *forensicv1.Chain
	// Keys are those that the command names.
	Keys []look.Fresh[Key]
	// Agrees says whether she had said yes to a step at an instant; nil for a kit, which is made
	// for what follows.
	Agrees func(code.ExaminationStep, time.Time) bool
	// KeptUntil is how long a kit is held of which nobody knows whose it is; zero for anything else.
	KeptUntil time.Time
}

// Actor says how near to the chain the caller is.
func (g Given) Actor() command.Actor {
	if g.Err == nil && g.Mine.Value() {
		return command.Hands
	}
	return command.Anybody
}

// mayWrite refuses whom neither the exhibit is of, nor a link names.
func (g Given) mayWrite(c Custody) error {
	switch {
	case g.Err != nil:
		return g.Err
	case g.Mine.Value(), c.Names(g.Caller):
		return nil
	default:
		return work.ErrNotTheWorker
	}
}

// key is a key that was looked up.
func (g Given) key(id string) (Key, bool) {
	for _, k := range g.Keys {
		if k.Value().ID == id && id != "" {
			return k.Value(), true
		}
	}
	return Key{}, false
}

// known are the keys, as a check takes them.
func (g Given) known() (all []signed.Key) {
	for _, k := range g.Keys {
		all = append(all, k.Value().Key)
	}
	return all
}

// Propose is the command that writes the next link, before it is signed.
type Propose struct {
	Act code.CustodyAct `json:"act"`
	// At is when it was done; now where it is left out.
	At   time.Time `json:"at,omitzero"`
	From Named     `json:"from"`
	To   *Named    `json:"to,omitempty"`
	// Seal is the number that was put on, or seen.
	Seal      string         `json:"seal,omitempty"`
	Broken    bool           `json:"seal_broken,omitempty"`
	Container code.Container `json:"container,omitempty"`
	Storage   code.Storage   `json:"storage,omitempty"`
	Note      string         `json:"note,omitempty"`
	// Break says that the writer knows that the chain does not join here.
	Break bool `json:"break,omitempty"`
}

// Named is a party of a link: by a key, or on paper.
type Named struct {
	Key     string            `json:"key,omitempty"`
	Kind    code.CustodyParty `json:"kind,omitempty"`
	Name    string            `json:"name,omitempty"`
	Form    string            `json:"form,omitempty"`
	Witness string            `json:"witness,omitempty"`
}

// two are the acts in which an exhibit changes hands.
var two = []code.CustodyAct{code.CustodyHandedOver, code.CustodyReceived, code.CustodyReturned}

// Propose writes the next link of the chain. It refuses what cannot be next: what follows a
// destruction (ErrDestroyed), a date before the last link, a hand-over without who takes it, a seal
// that an act needs and does not name (ErrLink); a key that is not known or not in force then
// (ErrKey); what she did not agree to
// (domain.ErrNoYes); a destruction under a legal hold (ErrHeld), or of a kit before its time (ErrPromised). Where the
// chain does not join, the writer says that they know it (ErrBreak): it is recorded, and shows.
// Errors also: work.ErrDate, work.ErrUnknownCode, work.ErrNotTheWorker.
func (c Custody) Propose(by fact.By, cmd Propose, on Given) ([]fact.Event, error) {
	if err := on.mayWrite(c); err != nil {
		return nil, err
	}
	if err := c.mayGoOn(); err != nil {
		return nil, err
	}
	link, err := c.link(by, cmd, on)
	if err != nil {
		return nil, err
	}
	if err := c.allowed(link, on); err != nil {
		return nil, err
	}
	_, before := signed.Breaks(c.Links)
	_, after := signed.Breaks(append(slices.Clip(c.Links), link))
	if joins := len(after) == len(before); !joins && !cmd.Break {
		return nil, ErrBreak.At("/break", "required")
	} else if joins && cmd.Break {
		return nil, ErrLink.At("/break", "is not allowed here")
	}
	return fact.With(forensicv1.CustodyProposed{Chain: c.Chain}, link), nil
}

// link is the next link as a command says it.
func (c Custody) link(by fact.By, cmd Propose, on Given) (signed.Link, error) {
	if err := work.Known("/act", cmd.Act, code.CustodyActs); err != nil {
		return signed.Link{}, err
	}
	at, err := work.Took("/at", cmd.At, by.At)
	if err != nil {
		return signed.Link{}, err
	}
	link := signed.Link{
		Number: len(c.Links) + 1, Previous: signed.First, Act: cmd.Act, At: at.UTC().Truncate(time.Second),
		Seal: cmd.Seal, Broken: cmd.Broken, Container: cmd.Container, Storage: cmd.Storage, Note: cmd.Note,
	}
	if n := len(c.Links); n > 0 {
		last := c.Links[n-1]
		link.Previous = last.Hash(c.Exhibit)
		if link.At.Before(last.At) {
			if last.At.Sub(link.At) > time.Second {
				return signed.Link{}, work.ErrDate.At("/at", "not before the last one")
			}
			link.At = last.At
		}
	}
	if err := c.shape(cmd); err != nil {
		return signed.Link{}, err
	}
	if link.From, err = on.party("/from", cmd.From, link.At); err != nil {
		return signed.Link{}, err
	}
	if cmd.To != nil {
		to, err := on.party("/to", *cmd.To, link.At)
		if err != nil {
			return signed.Link{}, err
		}
		if to.Same(link.From) {
			return signed.Link{}, ErrLink.At("/to", "somebody else")
		}
		link.To = &to
	}
	if len(link.Signers()) == 0 {
		return signed.Link{}, ErrLink.At("/from/key", "a key, or a paper with name, form and witness")
	}
	return link, nil
}

// shape refuses an act without what it needs.
func (c Custody) shape(cmd Propose) error {
	first := len(c.Links) == 0
	seals := cmd.Act == code.CustodySealPut || cmd.Act == code.CustodySealAnew
	switch changes := slices.Contains(two, cmd.Act); {
	case first != (cmd.Act == code.CustodyCollected):
		return ErrLink.At("/act", "the collection first, and once")
	case changes != (cmd.To != nil):
		return ErrLink.At("/to", "required")
	case (seals || changes || cmd.Act == code.CustodyOpened) && cmd.Seal == "" && !cmd.Broken:
		return ErrLink.At("/seal", "required")
	case first && cmd.Container == "":
		return ErrLink.At("/container", "required")
	case cmd.Act == code.CustodyStored && cmd.Storage == "":
		return ErrLink.At("/storage", "required")
	case (cmd.Act == code.CustodyTested || cmd.Act == code.CustodyDestroyed) && cmd.Note == "":
		return ErrLink.At("/note", "required")
	}
	return nil
}

// party is a party of a link. A worker has a key that is in force at the instant; anybody else signs
// a paper before a witness.
func (g Given) party(pointer string, n Named, at time.Time) (signed.Party, error) {
	if n.Key == "" {
		p := signed.Party{Kind: n.Kind, Name: n.Name, Form: n.Form, Witness: n.Witness}
		if !paper(p) {
			return signed.Party{}, ErrLink.At(pointer, "a key, or a paper with name, form and witness")
		}
		return p, nil
	}
	k, known := g.key(n.Key)
	if !known || !k.Holds(at) {
		return signed.Party{}, ErrKey.At(pointer+"/key", "in force")
	}
	if n.Kind != "" || n.Name != "" || n.Form != "" || n.Witness != "" {
		return signed.Party{}, ErrLink.At(pointer, "a key, or a paper with name, form and witness")
	}
	return signed.Party{Worker: k.Worker, Agency: k.Agency, Key: k.ID}, nil
}

// allowed refuses what she did not say yes to, and what a legal hold, or the time of a kit, forbids. A link
// names its instant to the second: what she said within that second counts.
func (c Custody) allowed(l signed.Link, on Given) error {
	if l.Act == code.CustodyDestroyed {
		switch {
		case c.Held(l.At):
			return ErrHeld
		case l.At.Before(on.KeptUntil):
			return ErrPromised
		}
	}
	said := l.At.Add(time.Second - time.Nanosecond)
	var needs code.ExaminationStep
	switch {
	case l.Act == code.CustodyStored:
		needs = code.StepStorage
	case l.Act == code.CustodyTested || l.To != nil && l.To.Kind == code.PartyLaboratory:
		needs = code.StepTesting
	case l.To != nil && l.To.Kind == code.PartyPolice:
		needs = code.StepPoliceRelease
	}
	if needs != "" && on.Agrees != nil && !on.Agrees(needs, said) {
		return domain.ErrNoYes.At("/act", "her yes to the step")
	}
	return nil
}

// Sign is the command that adds the proposed link to the chain.
type Sign struct {
	// Signatures are those of who gives and of who takes, as far as they have a key.
	Signatures []signed.Signature `json:"signatures"`
}

// Sign adds the link that waits, once all who must have signed its text. A hold that was put on the
// exhibit meanwhile counts, and so does a step that she refused meanwhile, and a key that ended.
// Errors: ErrNothing, ErrSignature, ErrKey, ErrHeld, ErrPromised, domain.ErrNoYes, work.ErrNotTheWorker.
func (c Custody) Sign(by fact.By, cmd Sign, on Given) ([]fact.Event, error) {
	if err := on.mayWrite(c); err != nil {
		return nil, err
	}
	if err := c.maySign(); err != nil {
		return nil, err
	}
	link := *c.Proposal
	if err := c.allowed(link, on); err != nil {
		return nil, err
	}
	for _, id := range link.Signers() {
		if k, known := on.key(id); known && !k.Holds(by.At) {
			return nil, ErrKey.At("/signatures", "in force")
		}
	}
	link.Signatures = cmd.Signatures
	switch err := link.Check(c.Exhibit, c.Links, on.known()); {
	case errors.Is(err, signed.ErrKeyUnknown), errors.Is(err, signed.ErrKeyOver):
		return nil, ErrKey.At("/signatures", "in force")
	case err != nil:
		return nil, ErrSignature
	}
	return fact.With(forensicv1.CustodyLinked{Chain: c.Chain}, link), nil
}

func (c Custody) maySign() error {
	if c.Proposal == nil {
		return ErrNothing
	}
	return c.mayGoOn()
}

// Order puts a legal hold on the exhibit: it is not destroyed while the hold stands. It opens the
// exhibit to nobody. Errors: those of hold.Order.
func (c Custody) Order(by fact.By, cmd hold.Order, on Given) ([]fact.Event, error) {
	if err := on.mayWrite(c); err != nil {
		return nil, err
	}
	if err := cmp.Or(c.mayGoOn(), cmd.Check(by.At)); err != nil {
		return nil, err
	}
	return fact.With(forensicv1.CustodyHeld{Chain: c.Chain, Hold: by.ID("hold", 0), Ground: cmd.Ground, Until: cmd.Until}, cmd.Ordered(by)), nil
}

// Lift ends a legal hold. Errors: work.ErrEntryUnknown for one that does not stand.
func (c Custody) Lift(by fact.By, cmd hold.Lift, on Given) ([]fact.Event, error) {
	if err := on.mayWrite(c); err != nil {
		return nil, err
	}
	if cmd.Hold == "" || hold.Unlifted(c.Holds, cmd.Hold) < 0 {
		return nil, work.ErrEntryUnknown.At("/hold", "exists")
	}
	return fact.With(forensicv1.CustodyHoldLifted{Chain: c.Chain, Hold: cmd.Hold}, cmd.Lifting(by)), nil
}

func (c Custody) mayLift() error {
	if hold.Unlifted(c.Holds, "") < 0 {
		return work.ErrEntryUnknown.At("/hold", "exists")
	}
	return nil
}

// Commands says which commands a chain takes.
func (Custody) Commands() command.Table[Custody] {
	return command.Table[Custody]{
		"openCustody":        {When: command.In(Custody.mayOpen)},
		"proposeCustodyLink": {From: command.Hands, When: command.In(Custody.mayGoOn)},
		"signCustodyLink":    {From: command.Hands, When: command.In(Custody.maySign)},
		"holdExhibit":        {From: command.Hands, When: command.In(Custody.mayGoOn)},
		"liftExhibitHold":    {From: command.Hands, When: command.In(Custody.mayLift)},
	}
}
