package custody_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

var (
	dawn    = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	exhibit = fact.ID("exh", "one")
	chain   = forensicv1.Chain{Custody: custody.ID(exhibit), Exhibit: exhibit, Agency: "haya-centre", Examination: fact.ID("exam", "one"), Case: fact.ID("case", "one")}
)

func private(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func key(name string) custody.Key {
	return custody.Key{Key: signed.Key{
		ID: fact.ID("ckey", name), Worker: fact.ID("worker", name), Agency: "haya-centre", From: dawn.AddDate(0, -1, 0), Until: dawn.AddDate(1, 0, 0),
		Public: base64.StdEncoding.EncodeToString(private(name).Public().(ed25519.PublicKey)),
	}}
}

// names are those of the keys that are looked up.
var names = []string{"doctor", "nurse", "laboratory"}

// given is what is known of other records, for a caller who has the examination.
func given(change ...func(*custody.Given)) custody.Given {
	g := custody.Given{Mine: look.Made(true), Exhibit: &chain, Caller: fact.ID("worker", "doctor"), Agrees: func(code.ExaminationStep, time.Time) bool { return true }}
	for _, n := range names {
		g.Keys = append(g.Keys, look.Made(key(n)))
	}
	for _, c := range change {
		c(&g)
	}
	return g
}

func by(hour int) fact.By {
	return fact.By{Principal: "doctor", Agency: "haya-centre", At: dawn.Add(time.Duration(hour) * time.Hour), Commit: fmt.Sprintf("%s/%d", chain.Custody, hour+1)}
}

func named(name string) custody.Named { return custody.Named{Key: fact.ID("ckey", name)} }

var (
	courier = custody.Named{Kind: code.PartyCourier, Name: "A courier", Form: "form 7", Witness: "a porter"}
	police  = custody.Named{Kind: code.PartyPolice, Name: "An officer", Form: "form 8", Witness: "a nurse"}

	collects = custody.Propose{Act: code.CustodyCollected, From: named("doctor"), Container: code.SwabBox}
	seals    = custody.Propose{Act: code.CustodySealPut, From: named("doctor"), Seal: "S-1"}
	hands    = custody.Propose{Act: code.CustodyHandedOver, From: named("doctor"), To: new(named("nurse")), Seal: "S-1"}
	sends    = custody.Propose{Act: code.CustodyHandedOver, From: named("nurse"), To: &courier, Seal: "S-1"}
	arrives  = custody.Propose{Act: code.CustodyReceived, From: courier, To: new(named("laboratory")), Seal: "S-1"}
	destroys = custody.Propose{Act: code.CustodyDestroyed, From: named("doctor"), Note: "she asked for it"}
)

func fold(c custody.Custody, at time.Time, events []fact.Event) custody.Custody {
	for _, e := range events {
		e.At = at
		c = c.Evolve(e)
	}
	return c
}

// signs are the signatures of a link that waits.
func signs(c custody.Custody) custody.Sign {
	var all []signed.Signature
	for _, id := range c.Proposal.Signers() {
		for _, n := range names {
			if fact.ID("ckey", n) == id {
				all = append(all, signed.Sign(id, private(n), c.Proposal.Text(c.Exhibit)))
			}
		}
	}
	return custody.Sign{Signatures: all}
}

// play adds links, each proposed and signed.
func play(tb testing.TB, links ...custody.Propose) custody.Custody {
	tb.Helper()
	c := fold(custody.Custody{}, dawn, fact.Of(forensicv1.CustodyOpened{Chain: chain}))
	for n, l := range links {
		events, err := c.Propose(by(n), l, given())
		if err != nil {
			tb.Fatalf("link %d: %v", n+1, err)
		}
		c = fold(c, by(n).At, events)
		if events, err = c.Sign(by(n), signs(c), given()); err != nil {
			tb.Fatalf("link %d: %v", n+1, err)
		}
		c = fold(c, by(n).At, events)
	}
	return c
}

func TestPropose(t *testing.T) {
	change := func(l custody.Propose, f func(*custody.Propose)) custody.Propose { f(&l); return l }
	no := func(step code.ExaminationStep) func(*custody.Given) {
		return func(g *custody.Given) {
			g.Agrees = func(s code.ExaminationStep, _ time.Time) bool { return s != step }
		}
	}
	for name, c := range map[string]struct {
		done  []custody.Propose
		when  custody.Propose
		given func(*custody.Given)
		err   error
	}{
		"the collection":                {when: collects},
		"nothing before the collection": {when: seals, err: custody.ErrLink},
		"no second collection":          {done: []custody.Propose{collects}, when: collects, err: custody.ErrLink},
		"without a container":           {when: change(collects, func(l *custody.Propose) { l.Container = "" }), err: custody.ErrLink},
		"an unknown act":                {when: custody.Propose{Act: "lost"}, err: work.ErrUnknownCode},
		"a seal without a number":       {done: []custody.Propose{collects}, when: change(seals, func(l *custody.Propose) { l.Seal = "" }), err: custody.ErrLink},
		"to nobody":                     {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.To = nil }), err: custody.ErrLink},
		"to oneself":                    {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.To = new(named("doctor")) }), err: custody.ErrLink},
		"a hand-over":                   {done: []custody.Propose{collects, seals}, when: hands},
		"a paper without a witness":     {done: []custody.Propose{collects, seals, hands}, when: change(sends, func(l *custody.Propose) { p := courier; p.Witness = ""; l.To = &p }), err: custody.ErrLink},
		"two papers":                    {done: []custody.Propose{collects, seals, hands, sends}, when: change(arrives, func(l *custody.Propose) { l.To = &police }), err: custody.ErrLink},
		"a paper and a key at once":     {when: change(collects, func(l *custody.Propose) { l.From.Name = "x" }), err: custody.ErrLink},
		"a key that nobody registered":  {when: change(collects, func(l *custody.Propose) { l.From = named("stranger") }), err: custody.ErrKey},
		"a key that had expired":        {when: collects, given: func(g *custody.Given) { k := key("doctor"); k.Until = dawn; g.Keys[0] = look.Made(k) }, err: custody.ErrKey},
		"dated before the last":         {done: []custody.Propose{collects}, when: change(seals, func(l *custody.Propose) { l.At = dawn.Add(-time.Hour) }), err: work.ErrDate},
		"by who does not have it":       {done: []custody.Propose{collects, seals}, when: sends, err: custody.ErrBreak},
		"by who does not, and says so":  {done: []custody.Propose{collects, seals}, when: change(sends, func(l *custody.Propose) { l.Break = true })},
		"a break that is none":          {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.Break = true }), err: custody.ErrLink},
		"under another seal":            {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.Seal = "S-2" }), err: custody.ErrBreak},
		"under a broken seal":           {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.Broken = true }), err: custody.ErrBreak},
		"to the police, without a yes":  {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.To = &police }), given: no(code.StepPoliceRelease), err: domain.ErrNoYes},
		"to the police":                 {done: []custody.Propose{collects, seals}, when: change(hands, func(l *custody.Propose) { l.To = &police }), given: no(code.StepTesting)},
		"tested, without a yes":         {done: []custody.Propose{collects}, when: custody.Propose{Act: code.CustodyTested, From: named("doctor"), Note: "x"}, given: no(code.StepTesting), err: domain.ErrNoYes},
		"stored, without a yes":         {done: []custody.Propose{collects}, when: custody.Propose{Act: code.CustodyStored, From: named("doctor"), Storage: code.Frozen}, given: no(code.StepStorage), err: domain.ErrNoYes},
		"a kit needs none of these":     {done: []custody.Propose{collects}, when: custody.Propose{Act: code.CustodyStored, From: named("doctor"), Storage: code.Frozen}, given: func(g *custody.Given) { g.Agrees = nil }},
		"a kit before its time":         {done: []custody.Propose{collects}, when: destroys, given: func(g *custody.Given) { g.KeptUntil = dawn.AddDate(1, 0, 0) }, err: custody.ErrPromised},
		"after its destruction":         {done: []custody.Propose{collects, seals, destroys}, when: hands, err: custody.ErrDestroyed},
		"by somebody else":              {when: collects, given: func(g *custody.Given) { g.Mine = look.Made(false) }, err: work.ErrNotTheWorker},
		"by who stands in the chain":    {done: []custody.Propose{collects, seals}, when: hands, given: func(g *custody.Given) { g.Mine = look.Made(false) }},
	} {
		t.Run(name, func(t *testing.T) {
			g := given()
			if c.given != nil {
				c.given(&g)
			}
			chain := play(t, c.done...)
			events, err := chain.Propose(by(len(c.done)), c.when, g)
			if !errors.Is(err, c.err) || (err == nil) != (len(events) == 1) {
				t.Errorf("got %v, want %v", err, c.err)
			}
		})
	}
}

func TestSign(t *testing.T) {
	waits := func(t *testing.T) custody.Custody {
		c := play(t, collects, seals)
		events, err := c.Propose(by(2), hands, given())
		if err != nil {
			t.Fatal(err)
		}
		return fold(c, by(2).At, events)
	}
	for name, c := range map[string]struct {
		sign  func(custody.Custody, *custody.Sign)
		given func(*custody.Given)
		err   error
	}{
		"by both": {},
		"by one":  {sign: func(_ custody.Custody, s *custody.Sign) { s.Signatures = s.Signatures[:1] }, err: custody.ErrSignature},
		"by both, in another order": {sign: func(_ custody.Custody, s *custody.Sign) {
			s.Signatures[0], s.Signatures[1] = s.Signatures[1], s.Signatures[0]
		}, err: custody.ErrSignature},
		"of another text": {sign: func(_ custody.Custody, s *custody.Sign) {
			s.Signatures[0] = signed.Sign(s.Signatures[0].Key, private("doctor"), "x")
		}, err: custody.ErrSignature},
		"with the key of another": {sign: func(c custody.Custody, s *custody.Sign) {
			s.Signatures[1] = signed.Sign(s.Signatures[1].Key, private("doctor"), c.Proposal.Text(c.Exhibit))
		}, err: custody.ErrSignature},
		"with a key that was ended meanwhile": {given: func(g *custody.Given) { k := key("nurse"); k.Ended = dawn.Add(time.Hour); g.Keys[1] = look.Made(k) }, err: custody.ErrKey},
		"with a key that nobody registered":   {given: func(g *custody.Given) { g.Keys = g.Keys[:1] }, err: custody.ErrKey},
		"by somebody else":                    {given: func(g *custody.Given) { g.Mine, g.Caller = look.Made(false), fact.ID("worker", "x") }, err: work.ErrNotTheWorker},
	} {
		t.Run(name, func(t *testing.T) {
			is, g := waits(t), given()
			s := signs(is)
			if c.sign != nil {
				c.sign(is, &s)
			}
			if c.given != nil {
				c.given(&g)
			}
			events, err := is.Sign(by(2), s, g)
			if !errors.Is(err, c.err) || (err == nil) != (len(events) == 1) {
				t.Errorf("got %v, want %v", err, c.err)
			}
		})
	}
	if _, err := play(t, collects).Sign(by(1), custody.Sign{}, given()); !errors.Is(err, custody.ErrNothing) {
		t.Errorf("nothing waits: %v", err)
	}
}

// What is exported is verified, whatever was done; and what is in the chain is what is exported.
func TestTheExportIsVerified(t *testing.T) {
	c := play(t, collects, seals, hands, sends, arrives)
	var known []signed.Key
	for _, n := range names {
		known = append(known, key(n).Key)
	}
	is, breaks, err := signed.Export(c.Exhibit, c.Links, known).Verify(known)
	if err != nil || len(breaks) > 0 || is.Holder.Key != fact.ID("ckey", "laboratory") {
		t.Error(is, breaks, err)
	}
}

// A legal hold keeps an exhibit from being destroyed while it stands, also where the destruction
// waits for its signatures. It stands on a name, opens nothing, and ends by its time or by somebody.
func TestHold(t *testing.T) {
	c := play(t, collects, seals)
	events, err := c.Propose(by(2), destroys, given())
	if err != nil {
		t.Fatal(err)
	}
	c = fold(c, by(2).At, events)
	for name, cmd := range map[string]hold.Order{"no name": {Ground: code.HoldByOrder}, "over": {Ground: code.HoldByOrder, Name: "order 4", Until: by(2).At}} {
		if _, err := c.Order(by(3), cmd, given()); !errors.Is(err, hold.ErrHold) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Order(by(3), hold.Order{Ground: "wish", Name: "of the police"}, given()); !errors.Is(err, work.ErrUnknownCode) {
		t.Error(err)
	}
	events, err = c.Order(by(3), hold.Order{Ground: code.HoldByOrder, Name: "order 4", Until: by(9).At}, given())
	if err != nil {
		t.Fatal(err)
	}
	held := fold(c, by(3).At, events)
	if !held.Held(by(8).At) || held.Held(by(9).At) {
		t.Error("the hold does not stand until its end")
	}
	if v := held.View(by(4)).(custody.View); v.Holds != nil || !v.Held {
		t.Error("the frame shows what the hold is, or not that it is there")
	}
	id := held.Holds[0].ID
	if events, err = held.Lift(by(5), hold.Lift{Hold: id, Why: "set aside"}, given()); err != nil {
		t.Fatal(err)
	}
	if lifted := fold(held, by(5).At, events); lifted.Held(by(6).At) || lifted.Holds[0].Lifted.By != "doctor" {
		t.Error("the hold was not lifted")
	}
	// The destruction was proposed at the second hour, before the hold.
	c = held
	c.Proposal.At = by(4).At
	if _, err := c.Sign(by(4), signs(c), given()); !errors.Is(err, custody.ErrHeld) {
		t.Errorf("destroyed under a hold: %v", err)
	}
}

// Whatever is written, a chain that the service took is verified by its export; each break that it has
// was known to who wrote it; and what was destroyed stays so.
func TestAnyChain(t *testing.T) {
	var known []signed.Key
	for _, n := range names {
		known = append(known, key(n).Key)
	}
	parties := []custody.Named{named("doctor"), named("nurse"), named("laboratory"), courier, police}
	rapid.Check(t, func(t *rapid.T) {
		c := fold(custody.Custody{}, dawn, fact.Of(forensicv1.CustodyOpened{Chain: chain}))
		said := 0
		for n := range rapid.IntRange(1, 12).Draw(t, "links") {
			cmd := custody.Propose{
				Act: rapid.SampledFrom(code.CustodyActs).Draw(t, "act"), From: rapid.SampledFrom(parties).Draw(t, "from"),
				Seal: rapid.SampledFrom([]string{"", "S-1", "S-2"}).Draw(t, "seal"), Broken: rapid.Bool().Draw(t, "broken"),
				Container: code.KitBox, Storage: code.Frozen, Note: "x", Break: rapid.Bool().Draw(t, "break"),
			}
			if len(c.Links) == 0 {
				cmd.Act = code.CustodyCollected
			}
			if rapid.Bool().Draw(t, "to") {
				cmd.To = new(rapid.SampledFrom(parties).Draw(t, "whom"))
			}
			events, err := c.Propose(by(n), cmd, given())
			if err != nil {
				continue
			}
			over := c.Closed()
			c = fold(c, by(n).At, events)
			events, err = c.Sign(by(n), signs(c), given())
			if err != nil {
				t.Fatalf("what was proposed cannot be signed: %v", err)
			}
			if over {
				t.Fatal("something was done to what is no more")
			}
			if c = fold(c, by(n).At, events); cmd.Break {
				said++
			}
		}
		if len(c.Links) == 0 {
			return
		}
		_, breaks, err := signed.Export(c.Exhibit, c.Links, known).Verify(known)
		if err != nil {
			t.Fatal(err)
		}
		at := map[int]bool{}
		for _, b := range breaks {
			at[b.Before] = true
		}
		if len(at) != said {
			t.Fatalf("%d links do not join, and %d were said to", len(at), said)
		}
	})
}

func TestRegister(t *testing.T) {
	with := func(scope code.CredentialScope, from, until time.Time) look.Fresh[worker.Copy] {
		return look.Made(worker.Copy{Present: worker.Present{
			Worker:      staff.Worker{ID: fact.ID("worker", "nurse"), Agency: "haya-centre"},
			Credentials: credential.Held{{ID: "cred_1", Scope: []code.CredentialScope{scope}, ValidFrom: from, ValidUntil: until}},
		}})
	}
	cmd := custody.Register{Worker: fact.ID("worker", "nurse"), Public: key("nurse").Public, Until: dawn.AddDate(1, 0, 0)}
	at := fact.By{Principal: "lead", Agency: "haya-centre", At: dawn, Commit: fact.ID("ckey", "new") + "/1"}
	events, err := custody.Key{}.Register(at, cmd, with(code.MayCollect, dawn.AddDate(-1, 0, 0), dawn.AddDate(0, 3, 0)))
	if err != nil {
		t.Fatal(err)
	}
	want := fact.Of(forensicv1.CustodyKeyRegistered{
		Key: fact.ID("ckey", "new"), Worker: cmd.Worker, Agency: "haya-centre", Public: cmd.Public, From: dawn, Until: dawn.AddDate(0, 3, 0),
	})
	if d := cmp.Diff(want, events); d != "" {
		t.Error("a key counts no longer than its credential:\n" + d)
	}
	odd := func(f func(*custody.Register)) custody.Register { c := cmd; f(&c); return c }
	whole := with(code.MayCollect, dawn.AddDate(-1, 0, 0), time.Time{})
	for name, c := range map[string]struct {
		cmd custody.Register
		of  look.Fresh[worker.Copy]
		err error
	}{
		"of nobody":                  {cmd, look.Made(worker.Copy{}), custody.ErrKeyOf},
		"of somebody else":           {odd(func(c *custody.Register) { c.Worker = fact.ID("worker", "x") }), whole, custody.ErrKeyOf},
		"that is none":               {odd(func(c *custody.Register) { c.Public = "x" }), whole, custody.ErrKeyOf},
		"of who may not":             {cmd, with(code.MayCounsel, dawn.AddDate(-1, 0, 0), time.Time{}), credential.ErrMissing},
		"of who may no more":         {cmd, with(code.MayCollect, dawn.AddDate(-1, 0, 0), dawn), credential.ErrMissing},
		"for no time":                {odd(func(c *custody.Register) { c.Until = dawn }), whole, custody.ErrKeyTime},
		"for ever":                   {odd(func(c *custody.Register) { c.Until = dawn.AddDate(9, 0, 0) }), whole, custody.ErrKeyTime},
		"with a credential for ever": {cmd, whole, nil},
	} {
		if _, err := (custody.Key{}).Register(at, c.cmd, c.of); !errors.Is(err, c.err) {
			t.Errorf("%s: got %v, want %v", name, err, c.err)
		}
	}
}
