// Package custody holds the rules of the chain of custody: each exhibit has a record of its own, with
// one link for each thing that was done to it, signed by who did it. A break in the chain shows, with
// both of its neighbours. The package refuses to repair one, to hold a private key, and to know what an
// exhibit shows.
package custody

import (
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/signed"
)

// Prefix begins the identifier of every chain of custody.
const Prefix = "cust"

// ID names the chain of an exhibit or a kit: one each.
func ID(exhibit string) string { return fact.Rename(Prefix, exhibit) }

// ExhibitOf names the exhibit of a chain, as far as its name goes.
func ExhibitOf(id string) string { return fact.Rename("exh", id) }

// Custody is the chain of one exhibit.
type Custody struct {
	forensicv1.Chain
	OpenedAt time.Time
	Links    []signed.Link
	// Proposal is the next link, until it is signed.
	Proposal *signed.Link
	Holds    []hold.Hold
}

// Held reports whether a legal hold stands on the exhibit.
func (c Custody) Held(at time.Time) bool {
	return slices.ContainsFunc(c.Holds, func(h hold.Hold) bool { return h.Stands(at) })
}

// Stands is who has the exhibit, and under which seal.
func (c Custody) Stands() signed.Stands {
	is, _ := signed.Breaks(c.Links)
	return is
}

// Evolve is the chain after an event.
func (c Custody) Evolve(e fact.Event) Custody {
	switch d := e.Data.(type) {
	case forensicv1.CustodyOpened:
		c.Chain, c.OpenedAt = d.Chain, e.At
	case forensicv1.CustodyProposed:
		link, _ := e.Private.(signed.Link)
		c.Proposal = &link
	case forensicv1.CustodyLinked:
		link, _ := e.Private.(signed.Link)
		c.Links, c.Proposal = append(slices.Clip(c.Links), link), nil
	case forensicv1.CustodyHeld:
		ordered, _ := e.Private.(hold.Ordered)
		c.Holds = append(slices.Clip(c.Holds), hold.Hold{ID: d.Hold, At: e.At, Ground: d.Ground, Until: d.Until, Ordered: ordered})
	case forensicv1.CustodyHoldLifted:
		lifting, _ := e.Private.(hold.Lifting)
		c.Holds = slices.Clone(c.Holds)
		for i := range c.Holds {
			if c.Holds[i].ID == d.Hold {
				c.Holds[i].Lifted = &lifting
			}
		}
	}
	return c
}

// Case is the case of the exhibit; empty for a kit of which nobody knows whose it is.
func (c Custody) Case() string { return c.Chain.Case }

// Visible is for the agency of the exhibit, and for those of whom people stand in the chain: a
// laboratory reads what it signed.
func (c Custody) Visible(by fact.By) bool {
	return by.System() || c.OpenedAt != time.Time{} && by.Agency != "" && (by.Agency == c.Agency || slices.ContainsFunc(c.parties(), func(p signed.Party) bool { return p.Agency == by.Agency }))
}

// parties are all who stand in the chain, and in what waits for signatures.
func (c Custody) parties() (all []signed.Party) {
	links := c.Links
	if c.Proposal != nil {
		links = append(slices.Clip(links), *c.Proposal)
	}
	for _, l := range links {
		all = append(all, l.From)
		if l.To != nil {
			all = append(all, *l.To)
		}
	}
	return all
}

// Names reports whether a worker stands in the chain.
func (c Custody) Names(worker string) bool {
	return slices.ContainsFunc(c.parties(), func(p signed.Party) bool { return p.Worker != "" && p.Worker == worker })
}

// Closed is when the exhibit was destroyed.
func (c Custody) Closed() bool { return c.Stands().Over }

// Deadlines is empty: an exhibit does nothing by itself.
func (c Custody) Deadlines() []fact.Deadline { return nil }

// Has is empty: who has the exhibit is a link.
func (c Custody) Has() string { return "" }

// Frame is what everybody of the agency who reads examinations sees of a chain.
type Frame struct {
	ID          string             `json:"id"`
	Exhibit     string             `json:"exhibit"`
	Examination string             `json:"examination,omitempty"`
	Status      code.CustodyStatus `json:"status"`
	Since       time.Time          `json:"since"`
	// Broken says that the chain does not join somewhere.
	Broken bool `json:"broken"`
	// Held says that a legal hold was put on the exhibit, and nobody lifted it.
	Held bool `json:"held"`
}

// View is a chain of custody.
type View struct {
	Frame
	Holder *signed.Party  `json:"holder,omitempty"`
	Seal   string         `json:"seal,omitempty"`
	Links  []signed.Link  `json:"links,omitempty"`
	Breaks []signed.Break `json:"breaks,omitempty"`
	// Proposal is the next link, and Text what its signers sign.
	Proposal *signed.Link `json:"proposal,omitempty"`
	Text     string       `json:"text,omitempty"`
	Holds    []hold.Hold  `json:"holds,omitempty"`
}

// View is the frame.
func (c Custody) View(fact.By) any { return View{Frame: c.frame()} }

func (c Custody) frame() Frame {
	is, breaks := signed.Breaks(c.Links)
	f := Frame{ID: c.Custody, Exhibit: c.Exhibit, Examination: c.Examination, Status: code.CustodyUnderSeal, Since: c.OpenedAt, Broken: len(breaks) > 0}
	f.Held = slices.ContainsFunc(c.Holds, func(h hold.Hold) bool { return h.Lifted == nil })
	switch {
	case len(c.Links) == 0:
		f.Status = code.CustodyUnsigned
	case is.Over:
		f.Status = code.CustodyOver
	case is.Seal == "":
		f.Status = code.CustodyNoSeal
	}
	if n := len(c.Links); n > 0 {
		f.Since = c.Links[n-1].At
	}
	return f
}

// Content is what is in the chain. A person must account for what is in custody, so it does not hang
// on her consent; it says nothing of what an exhibit shows.
func (c Custody) Content() View {
	is, breaks := signed.Breaks(c.Links)
	v := View{Frame: c.frame(), Seal: is.Seal, Links: c.Links, Breaks: breaks, Proposal: c.Proposal, Holds: c.Holds}
	if len(c.Links) > 0 && !is.Over {
		v.Holder = &is.Holder
	}
	if c.Proposal != nil {
		v.Text = c.Proposal.Text(c.Exhibit)
	}
	return v
}

// Keys are the identifiers of the keys that signed the chain.
func (c Custody) Keys() (ids []string) {
	for _, l := range c.Links {
		for _, id := range l.Signers() {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Open begins the chain of an exhibit, once. Errors: ErrNoExhibit, work.ErrNotTheWorker.
func (c Custody) Open(_ fact.By, _ Open, on Given) ([]fact.Event, error) {
	if err := on.mayWrite(c); err != nil {
		return nil, err
	}
	if on.Exhibit == nil {
		return nil, ErrNoExhibit.At("/exhibit", "exists")
	}
	if !c.OpenedAt.IsZero() {
		return nil, nil
	}
	return fact.Of(forensicv1.CustodyOpened{Chain: *on.Exhibit}), nil
}

// mayOpen gives ErrOpened where there is a chain.
func (c Custody) mayOpen() error {
	if !c.OpenedAt.IsZero() {
		return ErrOpened
	}
	return nil
}

// Open is the command that begins the chain of an exhibit.
type Open struct {
	Exhibit string `json:"exhibit"`
}

// paper says whether a party signs on paper, and all that this needs is there.
func paper(p signed.Party) bool {
	return p.Worker == "" && slices.Contains(code.CustodyParties, p.Kind) && strings.TrimSpace(p.Name) != "" && p.Form != "" && p.Witness != ""
}

// mayGoOn gives the reason why nothing more is done to the exhibit.
func (c Custody) mayGoOn() error {
	if c.Closed() {
		return ErrDestroyed
	}
	return nil
}
