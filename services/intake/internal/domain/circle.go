package domain

import (
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// circleMost bounds the workers of a circle, so that a message can hold them. Who is beyond
// it is outside: a circle that could not be sent would let everybody in.
const circleMost = 1500

// Circling is what the circle of a referral hangs on.
type Circling struct {
	Referral string
	// Agencies have the referral or are asked, or meet her for it.
	Agencies []string
	// Needed says that she must not meet somebody who works at one of them.
	Needed bool
}

// Circling are the referrals of a case that are, or may become, somebody's work.
func (c Case) Circling() []Circling {
	var all []Circling
	for _, f := range c.Referrals {
		if !f.open() && !f.Taken {
			continue
		}
		// Her desk is told at night what is found about a referral: not by whom she must not meet.
		agencies := append(f.asked(), c.Agency)
		if f.Service == code.LegalAssistance {
			// Her lawyer takes her to a court, and somebody there may be whom she must not meet.
			agencies = c.Blocks.with(agencies)
		}
		all = append(all, Circling{f.ID, agencies, slices.ContainsFunc(agencies, c.avoidsSomebodyAt)})
	}
	return all
}

// asked are the agencies whose work a referral is or may become.
func (f Referral) asked() []string {
	if f.Recipient != "" {
		return []string{f.Recipient}
	}
	var agencies []string
	for _, to := range f.Candidates {
		agencies = append(agencies, to.Recipient)
	}
	return agencies
}

// with are agencies, and those where somebody works whom she must not meet.
func (b *Blocks) with(agencies []string) []string {
	if b == nil {
		return agencies
	}
	for _, p := range b.Persons {
		if agency, _, ok := strings.Cut(p, "/"); ok && !slices.Contains(agencies, agency) {
			agencies = append(agencies, agency)
		}
	}
	return agencies
}

func (c Case) avoidsSomebodyAt(agency string) bool {
	b := c.Blocks
	return b != nil && slices.ContainsFunc(b.Persons, func(p string) bool { return strings.HasPrefix(p, agency+"/") })
}

// Draw says who may work on a referral: those on the registers of its agencies whom she may
// meet. Nothing is said where nothing was and everybody may, nor where nothing has changed.
func (c Case) Draw(now circle.Circle, of Circling, register map[string]worker.Present) []fact.Event {
	if !of.Needed && !now.Drawn() {
		return nil
	}
	var may []string
	for id, p := range register {
		if of.Needed && !p.Left && slices.Contains(of.Agencies, p.Agency) && !c.Blocks.Person(id) {
			may = append(may, id)
		}
	}
	return c.drawn(now, of.Referral, of.Needed, of.Agencies, may)
}

// Call says who may go on an alert. See Draw.
func (c Case) Call(now circle.Circle, of Calling) []fact.Event {
	if !of.Needed && !now.Drawn() {
		return nil
	}
	return c.drawn(now, of.Alert, of.Needed, nil, of.Workers)
}

func (c Case) drawn(now circle.Circle, of string, needed bool, agencies, may []string) []fact.Event {
	next := staff.Circle{Referral: of, Case: c.ID, Turn: now.Turn + 1, Open: !needed, Workers: []string{}}
	if needed {
		next.Workers = append(next.Workers, may...)
		next.Agencies = slices.Compact(slices.Sorted(slices.Values(agencies)))
	}
	slices.Sort(next.Workers)
	next.Workers = next.Workers[:min(len(next.Workers), circleMost)]
	if now.Turn > 0 && now.Open == next.Open && slices.Equal(now.Workers, next.Workers) && slices.Equal(now.Agencies, next.Agencies) {
		return nil
	}
	return fact.Of(intakev1.CircleDrawn{Circle: next})
}

// ByCircle is (agency): the cases of which a referral to the agency has a circle, so that a
// change of its register is followed.
var ByCircle = image.List[Case]{Keys: func(c Case) []string {
	if c.Blocks == nil || len(c.Blocks.Persons) == 0 {
		return nil
	}
	var keys []string
	for _, of := range c.Circling() {
		for _, agency := range of.Agencies {
			if key := fact.Key(agency); of.Needed && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}}
