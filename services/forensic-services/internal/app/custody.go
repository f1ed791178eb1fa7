package app

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/kit"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Given looks up what a decision on a chain of custody hangs on, but the keys.
func (a App) Given(ctx context.Context, id string, by fact.By) (g custody.Given) {
	g.Caller = worker.ID(by.Agency, by.Principal)
	found, err := a.Works.FreshIn(ctx, domain.ByExhibit.Of(custody.ExhibitOf(id)))
	switch {
	case err != nil:
		g.Err = err
	case len(found.Value()) > 0:
		g = a.ofExamination(ctx, found.Value()[0], custody.ExhibitOf(id), by, g)
	default:
		g = a.ofKit(ctx, fact.Rename(kit.Prefix, id), by, g)
	}
	return g
}

func (a App) ofExamination(ctx context.Context, id, exhibit string, by fact.By, g custody.Given) custody.Given {
	is, err := a.Works.Fresh(ctx, id)
	if err != nil {
		g.Err = err
		return g
	}
	x := is.Value()
	g.Agrees = x.Agrees
	if by.Agency == x.Agency {
		hands := a.Hands(ctx, id, by)
		if g.Err = hands.Err; g.Err != nil {
			return g
		}
		g.Mine = look.As(hands.Act, func(bool) bool { return x.Handled(hands) == nil })
	}
	if x.Keeps(exhibit) {
		g.Exhibit = &forensicv1.Chain{Custody: custody.ID(exhibit), Exhibit: exhibit, Agency: x.Agency, Examination: x.Examination, Referral: x.Referral, Case: x.Work.Case}
	}
	return g
}

func (a App) ofKit(ctx context.Context, id string, by fact.By, g custody.Given) custody.Given {
	is, err := a.Kits.Fresh(ctx, id)
	if err != nil {
		g.Err = err
		return g
	}
	k := is.Value()
	if k.ID == "" {
		return g
	}
	if k.Into.Examination != "" {
		g = a.ofExamination(ctx, k.Into.Examination, id, by, g)
	} else {
		g.Mine = look.As(is, func(k kit.Kit) bool { return k.Agency == by.Agency && k.By == by.Principal })
		g.KeptUntil = k.Until
	}
	g.Exhibit = &forensicv1.Chain{Custody: custody.ID(k.ID), Exhibit: k.ID, Agency: k.Agency}
	return g
}

// keyed looks up the keys that a command names.
func (a App) keyed(ctx context.Context, g custody.Given, ids []string) custody.Given {
	for _, id := range ids {
		if id == "" || g.Err != nil {
			continue
		}
		var k look.Fresh[custody.Key]
		if k, g.Err = a.Keys.Fresh(ctx, id); g.Err == nil {
			g.Keys = append(g.Keys, k)
		}
	}
	return g
}

// Proposing is Given with the keys of who gives and of who takes.
func (a App) Proposing(ctx context.Context, id string, by fact.By, cmd custody.Propose) custody.Given {
	ids := []string{cmd.From.Key}
	if cmd.To != nil {
		ids = append(ids, cmd.To.Key)
	}
	return a.keyed(ctx, a.Given(ctx, id, by), ids)
}

// Signing is Given with the keys that signed.
func (a App) Signing(ctx context.Context, id string, by fact.By, cmd custody.Sign) custody.Given {
	return a.keyed(ctx, a.Given(ctx, id, by), keysOf(cmd.Signatures))
}

func keysOf(signatures []signed.Signature) (ids []string) {
	for _, s := range signatures {
		ids = append(ids, s.Key)
	}
	return ids
}

// RegisterKey registers the key of a worker.
func (a App) RegisterKey(ctx context.Context, by fact.By, key string, cmd custody.Register) (signed.Key, error) {
	of, err := a.Workers.Fresh(ctx, cmd.Worker)
	if err != nil {
		return signed.Key{}, err
	}
	res, err := a.Keys.Create(ctx, fact.ID(custody.KeyPrefix, "registerCustodyKey/"+by.Agency+"/"+key), func(k custody.Key, by fact.By) ([]fact.Event, error) {
		return k.Register(by, cmd, of)
	})
	return res.State.Key, err
}

// ReadChain gives a chain to whom its examination is of, or who stands in it, and to others of the
// agency its frame. That they looked is recorded first.
func (a App) ReadChain(ctx context.Context, id string, by fact.By) (command.Sight, error) {
	res, err := a.Chains.See(ctx, id, by)
	if err != nil {
		return command.Sight{}, err
	}
	if !a.reads(ctx, id, by, res.State) {
		return command.Sight{View: res.State.View(by), Version: res.Version, Now: res.State.Commands().Now(res.State, by, command.Anybody)}, nil
	}
	if err := a.lookedAt(ctx, id, by, res.State); err != nil {
		return command.Sight{}, err
	}
	return command.Sight{View: res.State.Content(), Version: res.Version, Now: res.State.Commands().Now(res.State, by, command.Hands)}, nil
}

func (a App) reads(ctx context.Context, id string, by fact.By, c custody.Custody) bool {
	g := a.Given(ctx, id, by)
	return g.Err == nil && (g.Mine.Value() || c.Names(g.Caller))
}

// lookedAt records who looks, in the room of its own.
func (a App) lookedAt(ctx context.Context, id string, by fact.By, c custody.Custody) error {
	noted := fact.With(forensicv1.CustodySeen{Chain: c.Chain}, seen.Glance{By: by.Principal, Part: seen.Content})
	_, err := a.Seen.Execute(ctx, seen.ID(id), func(seen.Seen, fact.By) ([]fact.Event, error) { return noted, nil })
	return err
}

// ExportChain is the file of an exhibit, with the public keys of who signed it. Errors:
// work.ErrNotTheWorker, custody.ErrNothing where there is no link yet.
func (a App) ExportChain(ctx context.Context, by fact.By, id string, _ url.Values) (signed.Custody, error) {
	res, err := a.Chains.See(ctx, id, by)
	if err != nil {
		return signed.Custody{}, err
	}
	c := res.State
	if !a.reads(ctx, id, by, c) {
		return signed.Custody{}, work.ErrNotTheWorker
	}
	if len(c.Links) == 0 {
		return signed.Custody{}, custody.ErrUnsigned
	}
	if err := a.lookedAt(ctx, id, by, c); err != nil {
		return signed.Custody{}, err
	}
	keys, err := a.public(ctx, c.Keys())
	return signed.Export(c.Exhibit, c.Links, keys), err
}

// public are keys by their identifiers.
func (a App) public(ctx context.Context, ids []string) (keys []signed.Key, err error) {
	for _, id := range ids {
		k, err := a.Keys.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k.State.Key)
	}
	return keys, nil
}

// InCustody lists the chains of an agency, or those that do not join somewhere.
func (a App) InCustody(by fact.By, query url.Values) (image.Part[custody.Custody], error) {
	part := custody.ByAgency.Of(by.Agency)
	if query.Get("attention") == "true" {
		part = custody.Broken.Of(by.Agency)
	}
	return part, nil
}

// SigningCertificate looks up who signs a certificate, and their keys.
func (a App) SigningCertificate(ctx context.Context, id string, by fact.By, cmd domain.SignCertificate) domain.Signers {
	s := domain.Signers{Hands: a.Hands(ctx, id, by)}
	for _, key := range keysOf(cmd.Signatures) {
		if s.Err != nil {
			break
		}
		var k look.Fresh[custody.Key]
		if k, s.Err = a.Keys.Fresh(ctx, key); s.Err == nil {
			s.Keys = append(s.Keys, look.As(k, func(k custody.Key) signed.Key { return k.Key }))
		}
	}
	return s
}
