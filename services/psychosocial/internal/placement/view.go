package placement

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is a stay. Everybody of the agency who reads plans sees that it is there; its worker sees
// where, with whom, and why it ended.
type View struct {
	ID     string               `json:"id"`
	Plan   string               `json:"plan"`
	Status code.PlacementStatus `json:"status"`
	// Place is the service in the directory at which it is counted.
	Place      string            `json:"place,omitempty"`
	From       time.Time         `json:"from"`
	Until      time.Time         `json:"until,omitzero"`
	EndedAt    time.Time         `json:"ended_at,omitzero"`
	Address    string            `json:"address,omitempty"`
	Dependants []Person          `json:"dependants,omitempty"`
	Reason     code.PlacementEnd `json:"reason,omitempty"`
}

// View is the frame: dates alone.
func (p Placement) View(fact.By) any { return p.frame() }

func (p Placement) frame() View {
	v := View{ID: p.ID, Plan: p.Plan, Status: code.PlacementOngoing, Place: p.Place, From: p.From, Until: p.Until, EndedAt: p.EndedAt}
	if !p.ongoing() {
		v.Status = code.PlacementOver
	}
	return v
}

// Shown is what its worker sees, as far as the work shows anything: where she stays now, while she
// does. Where she stayed before, nobody is shown.
func (p Placement) Shown(shows work.Extent) View {
	v := p.frame()
	if shows != work.Everything {
		return v
	}
	v.Dependants, v.Reason = p.Dependants, p.Reason
	if p.ongoing() {
		v.Address = p.Address
	}
	return v
}

var commands = command.Table[Placement]{
	"startPlacement":  {From: command.Hands, When: command.In(Placement.mayStart)},
	"changePlacement": {From: command.Hands, When: command.In(Placement.mustGoOn)},
	"endPlacement":    {From: command.Hands, When: command.In(Placement.mustGoOn)},
}

// mayStart gives ErrOngoing.
func (p Placement) mayStart() error {
	if p.ongoing() {
		return ErrOngoing
	}
	return nil
}

// Commands says which commands a stay takes.
func (Placement) Commands() command.Table[Placement] { return commands }

// ByAgency is (agency, status, since): the stays of an agency.
var ByAgency = image.List[Placement]{
	Keys: func(p Placement) []string {
		if !p.Exists() {
			return nil
		}
		return []string{fact.Key(p.Agency, string(p.frame().Status), fact.Sortable(p.From))}
	},
	Timed: true,
}
