package signed_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/signed"
)

var dawn = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// private is the key of a person of the tests.
func private(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func key(name string) signed.Key {
	return signed.Key{
		ID: "ckey_" + name, Worker: "worker_" + name, Agency: "haya-centre", From: dawn.AddDate(0, -1, 0), Until: dawn.AddDate(1, 0, 0),
		Public: base64.StdEncoding.EncodeToString(private(name).Public().(ed25519.PublicKey)),
	}
}

func party(name string) signed.Party {
	return signed.Party{Worker: "worker_" + name, Agency: "haya-centre", Key: "ckey_" + name}
}

var known = []signed.Key{key("doctor"), key("nurse"), key("laboratory")}

const exhibit = "exh_1"

// chain signs links one after another: who has it acts, until it is handed over.
func chain(links ...signed.Link) (all []signed.Link) {
	for i, l := range links {
		l.Number, l.At, l.Previous = i+1, dawn.Add(time.Duration(i)*time.Hour), signed.First
		if i > 0 {
			l.Previous = all[i-1].Hash(exhibit)
		}
		for _, id := range l.Signers() {
			l.Signatures = append(l.Signatures, signed.Sign(id, private(strings.TrimPrefix(id, "ckey_")), l.Text(exhibit)))
		}
		all = append(all, l)
	}
	return all
}

func to(name string) *signed.Party {
	p := party(name)
	return &p
}

var courier = signed.Party{Kind: code.PartyCourier, Name: "A courier", Form: "form 7", Witness: "a porter"}

// whole is a chain from the collection to the return.
func whole() []signed.Link {
	return chain(
		signed.Link{Act: code.CustodyCollected, From: party("doctor"), Container: code.SwabBox},
		signed.Link{Act: code.CustodySealPut, From: party("doctor"), Seal: "S-1"},
		signed.Link{Act: code.CustodyHandedOver, From: party("doctor"), To: to("nurse"), Seal: "S-1"},
		signed.Link{Act: code.CustodyHandedOver, From: party("nurse"), To: &courier, Seal: "S-1"},
		signed.Link{Act: code.CustodyReceived, From: courier, To: to("laboratory"), Seal: "S-1"},
		signed.Link{Act: code.CustodyOpened, From: party("laboratory"), Seal: "S-1"},
		signed.Link{Act: code.CustodyTested, From: party("laboratory"), Note: "as \"agreed\"\nin a line: of its own"},
		signed.Link{Act: code.CustodySealAnew, From: party("laboratory"), Seal: "S-2"},
		signed.Link{Act: code.CustodyReturned, From: party("laboratory"), To: to("doctor"), Seal: "S-2"},
	)
}

func TestAChainIsVerified(t *testing.T) {
	is, breaks, err := signed.Export(exhibit, whole(), known).Verify(known)
	if err != nil || len(breaks) > 0 {
		t.Fatal(err, breaks)
	}
	if d := cmp.Diff(signed.Stands{Holder: party("doctor"), Seal: "S-2"}, is); d != "" {
		t.Error(d)
	}
}

// What was done to a file is found, and the reason says what.
func TestAFileThatWasChangedIsRefused(t *testing.T) {
	ended := func(name string, change func(*signed.Key)) []signed.Key {
		keys := slices.Clone(known)
		for i := range keys {
			if keys[i].ID == "ckey_"+name {
				change(&keys[i])
			}
		}
		return keys
	}
	for name, c := range map[string]struct {
		change func(*signed.Custody)
		known  []signed.Key
		link   int
		err    error
	}{
		"a hand-over is missing": {change: func(c *signed.Custody) { c.Links = slices.Delete(c.Links, 2, 3) }, link: 3, err: signed.ErrPrevious},
		"a hand-over is doubled": {change: func(c *signed.Custody) { c.Links = slices.Insert(c.Links, 3, c.Links[2]) }, link: 4, err: signed.ErrPrevious},
		"two are out of order":   {change: func(c *signed.Custody) { c.Links[2], c.Links[3] = c.Links[3], c.Links[2] }, link: 3, err: signed.ErrPrevious},
		"the first is missing":   {change: func(c *signed.Custody) { c.Links = c.Links[1:] }, link: 1, err: signed.ErrPrevious},
		"the last is missing":    {change: func(c *signed.Custody) { c.Links = c.Links[:8] }, err: signed.ErrEnd},
		"another exhibit":        {change: func(c *signed.Custody) { c.Exhibit = "exh_2" }, link: 1, err: signed.ErrSignature},
		"another format":         {change: func(c *signed.Custody) { c.Format = "sanad custody 2" }, err: signed.ErrFormat},
		"a seal is changed":      {change: func(c *signed.Custody) { c.Links[1].Seal = "S-9" }, link: 2, err: signed.ErrSignature},
		"a name is changed": {change: func(c *signed.Custody) {
			p := *c.Links[3].To
			p.Name = "B courier"
			c.Links[3].To = &p
		}, link: 4, err: signed.ErrSignature},
		"a number is changed": {change: func(c *signed.Custody) { c.Links[3].Number = 9 }, link: 4, err: signed.ErrExhibit},
		"signed by another key": {change: func(c *signed.Custody) {
			c.Links[2].Signatures[1] = signed.Sign("ckey_nurse", private("doctor"), c.Links[2].Text(exhibit))
		}, link: 3, err: signed.ErrSignature},
		"signed by one of two": {change: func(c *signed.Custody) { c.Links[2].Signatures = c.Links[2].Signatures[:1] }, link: 3, err: signed.ErrSigner},
		"signed by another person": {change: func(c *signed.Custody) {
			c.Links[2].Signatures[1] = signed.Sign("ckey_laboratory", private("laboratory"), c.Links[2].Text(exhibit))
		}, link: 3, err: signed.ErrSigner},
		"signed by nobody": {change: func(c *signed.Custody) { c.Links[3].From.Key, c.Links[3].Signatures = "", nil }, link: 4, err: signed.ErrNobody},
		"a key of the file is false": {change: func(c *signed.Custody) {
			c.Keys = ended("nurse", func(k *signed.Key) { k.Public = key("forger").Public })
		}, err: signed.ErrKeyDiffers},
		"a key that nobody knows":     {known: known[:1], err: signed.ErrKeyUnknown},
		"a credential had expired":    {known: ended("nurse", func(k *signed.Key) { k.Until = dawn.Add(3 * time.Hour) }), link: 4, err: signed.ErrKeyOver},
		"a credential had been ended": {known: ended("nurse", func(k *signed.Key) { k.Ended = dawn.Add(2 * time.Hour) }), link: 3, err: signed.ErrKeyOver},
		"a credential came later":     {known: ended("doctor", func(k *signed.Key) { k.From = dawn.Add(time.Minute) }), link: 1, err: signed.ErrKeyOver},
	} {
		t.Run(name, func(t *testing.T) {
			file := signed.Export(exhibit, whole(), slices.Clone(known))
			if c.change != nil {
				c.change(&file)
			}
			if c.known == nil {
				c.known = known
			}
			_, _, err := file.Verify(c.known)
			var wrong signed.Wrong
			if !errors.Is(err, c.err) || !errors.As(err, &wrong) || wrong.Link != c.link {
				t.Errorf("got %v, want %v at link %d", err, c.err, c.link)
			}
		})
	}
}

// Each byte of each link counts: one that is changed has the file refused, or is not read at all, or
// reads as the same.
func TestEachByteCounts(t *testing.T) {
	file := signed.Export(exhibit, whole()[:4], known)
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		changed := slices.Clone(text)
		changed[i] ^= 1
		var is signed.Custody
		if json.Unmarshal(changed, &is) != nil || cmp.Equal(file, is) {
			continue
		}
		// What the file says of when a key counts is compared with nothing: the checker's own keys count.
		if is.Keys = file.Keys; cmp.Equal(file, is) {
			continue
		}
		if _, _, err := is.Verify(known); err == nil {
			t.Fatalf("byte %d, %q: taken", i, text[max(0, i-20):min(len(text), i+20)])
		}
	}
}

// A break is no forgery: the file is true, and shows where the chain does not join, with both
// neighbours.
func TestABreakShows(t *testing.T) {
	links := chain(
		signed.Link{Act: code.CustodyCollected, From: party("doctor"), Container: code.SwabBox},
		signed.Link{Act: code.CustodySealPut, From: party("doctor"), Seal: "S-1"},
		signed.Link{Act: code.CustodyReceived, From: courier, To: to("laboratory"), Seal: "S-1"},
		signed.Link{Act: code.CustodyReturned, From: party("laboratory"), To: to("nurse"), Seal: "S-3"},
		signed.Link{Act: code.CustodyOpened, From: party("nurse"), Seal: "S-3", Broken: true},
	)
	_, breaks, err := signed.Export(exhibit, links, known).Verify(known)
	if err != nil {
		t.Fatal(err)
	}
	want := []signed.Break{
		{After: 2, Before: 3, What: code.BreakOfHolder, Expected: party("doctor"), Found: courier},
		{After: 3, Before: 4, What: code.BreakOfSeal, Expected: party("laboratory"), Found: party("laboratory")},
		{After: 4, Before: 5, What: code.BreakOfSeal, Expected: party("nurse"), Found: party("nurse")},
	}
	if d := cmp.Diff(want, breaks); d != "" {
		t.Error(d)
	}
}

// What a person writes cannot look like what the text says next.
func TestATextHasOneMeaning(t *testing.T) {
	one := signed.Link{Act: code.CustodyTested, From: party("doctor"), Seal: "S\"\nnote: \"x", Note: ""}
	other := signed.Link{Act: code.CustodyTested, From: party("doctor"), Seal: "S", Note: "x"}
	if one.Text(exhibit) == other.Text(exhibit) || strings.Count(one.Text(exhibit), "\n") != strings.Count(other.Text(exhibit), "\n")-1 {
		t.Errorf("%s\n%s", one.Text(exhibit), other.Text(exhibit))
	}
}

func certificate() signed.Certificate {
	c := signed.Certificate{
		Certificate: "cert_1", Examination: "exam_1", At: dawn, Opinion: code.Consistent, Text: "what the court reads",
		Findings: []string{"none found"}, Examiner: "worker_nurse", Supervisor: "worker_doctor", Keys: known,
	}.Named()
	for _, name := range []string{"nurse", "doctor"} {
		c.Signatures = append(c.Signatures, signed.Sign("ckey_"+name, private(name), c.Signed()))
	}
	return c
}

func TestACertificateIsVerified(t *testing.T) {
	if err := certificate().Verify(known); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		change func(*signed.Certificate)
		err    error
	}{
		"its text is changed":         {func(c *signed.Certificate) { c.Text += "." }, signed.ErrSignature},
		"a finding is added":          {func(c *signed.Certificate) { c.Findings = append(c.Findings, "a bruise") }, signed.ErrSignature},
		"its supervisor is taken off": {func(c *signed.Certificate) { c.Supervisor, c.Signatures = "", c.Signatures[:1] }, signed.ErrSignature},
		"one signature is missing":    {func(c *signed.Certificate) { c.Signatures = c.Signatures[:1] }, signed.ErrSigner},
		"the two are exchanged":       {func(c *signed.Certificate) { c.Signatures[0], c.Signatures[1] = c.Signatures[1], c.Signatures[0] }, signed.ErrSigner},
		"a key had expired":           {func(c *signed.Certificate) { c.At = dawn.AddDate(2, 0, 0) }, signed.ErrSignature},
		"another format":              {func(c *signed.Certificate) { c.Format = "" }, signed.ErrFormat},
	} {
		is := certificate()
		if c.change(&is); !errors.Is(is.Verify(known), c.err) {
			t.Errorf("%s: %v", name, is.Verify(known))
		}
	}
	late := certificate()
	late.At, late.Signatures = dawn.AddDate(2, 0, 0), nil
	for _, name := range []string{"nurse", "doctor"} {
		late.Signatures = append(late.Signatures, signed.Sign("ckey_"+name, private(name), late.Signed()))
	}
	if err := late.Verify(known); !errors.Is(err, signed.ErrKeyOver) {
		t.Errorf("signed after the credential had expired: %v", err)
	}
}
