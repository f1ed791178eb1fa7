package app

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/kit"
	"github.com/sanad-network/sanad/services/internal/typed"
	"github.com/sanad-network/sanad/services/internal/work"
)

// askedAfter is how long the answer to a number and a secret takes at least, right or wrong.
const askedAfter = 250 * time.Millisecond

// MadeKit is a new kit with its secret, which is shown this once.
type MadeKit struct {
	kit.View
	Secret string `json:"secret"`
}

// MakeKit registers a kit. Of which programme she is, nobody asks: the base of the network says how
// long it is held at least. Errors: kit.ErrShown for a request that comes again, because the secret is
// stored nowhere.
func (a App) MakeKit(ctx context.Context, by fact.By, key string, cmd kit.Make) (MadeKit, error) {
	var number [kit.NumberEntropy]byte
	var secret [kit.SecretEntropy]byte
	_, _ = rand.Read(number[:]) // it never fails
	_, _ = rand.Read(secret[:])
	c, made := kit.NewCode(number, secret), false
	res, err := a.Kits.Create(ctx, fact.ID(kit.Prefix, "makeKit/"+by.Agency+"/"+key), func(k kit.Kit, by fact.By) ([]fact.Event, error) {
		made = true
		return k.Make(by, cmd, c, a.programmes.Base().Kits)
	})
	if err == nil && !made {
		err = kit.ErrShown
	}
	if err != nil {
		return MadeKit{}, err
	}
	return MadeKit{View: res.State.View(by).(kit.View), Secret: typed.Shown(c.Secret)}, nil
}

// OfKit is what a person reads from the paper of a kit.
type OfKit struct {
	Number string `json:"number"`
	Secret string `json:"secret"`
}

// KitStands is how a kit stands.
type KitStands struct {
	Status code.KitStatus `json:"status"`
	// Until is how long it is held; left out where that does not matter any more.
	Until time.Time `json:"until,omitzero"`
}

// KitStatus tells who holds the number and the secret of a kit how it stands. A wrong one is answered
// in the same form and after the same time. While kits are in quarantine none is known to be wrong.
// Errors: record.ErrQuarantined.
func (a App) KitStatus(ctx context.Context, of OfKit) (KitStands, error) {
	even := time.NewTimer(askedAfter)
	defer even.Stop()
	stands, err := a.kitStands(ctx, of)
	select {
	case <-even.C:
	case <-ctx.Done():
	}
	return stands, err
}

func (a App) kitStands(ctx context.Context, of OfKit) (KitStands, error) {
	if !a.Kits.Complete() {
		return KitStands{}, record.ErrQuarantined
	}
	is, err := a.kit(ctx, of)
	if err != nil || is.Value().ID == "" {
		return KitStands{Status: code.KitUnknown}, err
	}
	k := is.Value()
	chain, err := a.Chains.Get(ctx, custody.ID(k.ID))
	if err != nil {
		return KitStands{}, err
	}
	stands := KitStands{Status: k.Status(a.clock(), chain.State.Closed())}
	if stands.Status == code.KitHeld || stands.Status == code.KitOver {
		stands.Until = k.Until
	}
	return stands, nil
}

// kit is the kit of a number and a secret; the zero value for none.
func (a App) kit(ctx context.Context, of OfKit) (none look.Fresh[kit.Kit], err error) {
	c, ok := kit.ReadCode(of.Number, of.Secret)
	if !ok {
		return none, nil
	}
	found, err := a.Kits.FreshIn(ctx, kit.ByNumber.Of(c.Number))
	if err != nil {
		return none, err
	}
	for _, id := range found.Value() {
		k, err := a.Kits.Fresh(ctx, id)
		if err != nil || k.Value().Opens(c) {
			return k, err
		}
	}
	return none, nil
}

// TakesKit is what a decision to take a kit knows: who takes it, and the kit of the number and the
// secret.
type TakesKit struct {
	work.Hands
	Kit look.Fresh[kit.Kit]
}

// TakesKit looks that up.
func (a App) TakesKit(ctx context.Context, id string, by fact.By, cmd OfKit) TakesKit {
	t := TakesKit{Hands: a.Hands(ctx, id, by)}
	if t.Err == nil {
		t.Kit, t.Err = a.kit(ctx, cmd)
	}
	return t
}

// TakeKit makes a kit part of an examination, for who has it and is given the secret.
func TakeKit(x domain.Examination, by fact.By, cmd OfKit, on TakesKit) ([]fact.Event, error) {
	if err := x.Handled(on.Hands); err != nil {
		return nil, err
	}
	k := on.Kit.Value()
	c, _ := kit.ReadCode(cmd.Number, cmd.Secret)
	if err := k.May(c, x.Agency, x.Examination); err != nil {
		return nil, err
	}
	return x.TakeKit(by, k.ID)
}

// Converted has each kit of an examination know that it is part of it.
func (a App) Converted(ctx context.Context, id string) error {
	x, err := a.Works.Get(ctx, id)
	if err != nil {
		return err
	}
	for _, k := range x.State.Kits {
		into := kit.Conversion{Examination: x.State.Examination, Case: x.State.Case()}
		if _, err := a.Kits.Execute(ctx, k, func(k kit.Kit, by fact.By) ([]fact.Event, error) { return k.Convert(by, into) }); err != nil {
			return err
		}
	}
	return nil
}
