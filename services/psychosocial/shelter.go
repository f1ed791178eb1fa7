package psychosocial

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
	"github.com/sanad-network/sanad/services/psychosocial/internal/placement"
)

// shelter joins the stays with the plans that they belong to.
type shelter struct {
	desk  seen.Desk[domain.Plan]
	stays *record.Records[placement.Placement]
}

// placements is what the people of a shelter can ask of its stays. Everybody sees that they are
// there; who has the plan, and who covers, sees where, and changes it.
func placements(u *service.Unit, s shelter) {
	service.List(u, "GET /v1/placements", "listPlacements", access.PlanRead, s.stays, s.list)
	service.GetBy(u, "GET /v1/placements/{id}", "getPlacement", access.PlanRead, s.stays, s.read)
	service.PutOn(u, "POST /v1/placements", "startPlacement", access.PlanWrite, s.stays, placement.Start.Name, s.on, placement.Placement.Start)
	service.ChangeOn(u, "POST /v1/placements/{id}/change", "changePlacement", access.PlanWrite, s.stays, s.on, placement.Placement.Change)
	service.ChangeOn(u, "POST /v1/placements/{id}/end", "endPlacement", access.PlanWrite, s.stays, s.on, placement.Placement.End)
}

// list is that of the agency: those that go on, or the others.
func (s shelter) list(by fact.By, q url.Values) (image.Part[placement.Placement], error) {
	status := q.Get("status")
	if status == "" {
		status = string(code.PlacementOngoing)
	}
	return placement.ByAgency.Of(by.Agency, status), nil
}

// on looks up, for a decision, the plan of a stay, and who acts.
func (s shelter) on(ctx context.Context, id string, by fact.By) (on placement.On) {
	plan := fact.Rename(domain.Prefix, id)
	if on.Hands = s.desk.Hands(ctx, plan, by); on.Err != nil {
		return on
	}
	on.Plan, on.Err = s.desk.Works.Fresh(ctx, plan)
	return on
}

// read gives a stay: its dates to everybody of the agency, and where she is to who has the plan, or
// covers. That they looked is recorded first, as a look at the plan.
func (s shelter) read(ctx context.Context, id string, by fact.By) (command.Sight, error) {
	res, err := s.stays.See(ctx, id, by)
	if err != nil {
		return command.Sight{}, err
	}
	on := s.on(ctx, id, by)
	if on.Err != nil {
		return command.Sight{}, on.Err
	}
	if on.Plan.Value().Handled(on.Hands) != nil {
		return command.Sight{View: res.State.View(by), Version: res.Version, Now: res.State.Commands().Now(res.State, by, command.Anybody)}, nil //nolint:nilerr // who does not have the plan sees the frame
	}
	plan, err := s.desk.Look(ctx, res.State.Plan, by, seen.Content)
	if err != nil {
		return command.Sight{}, err
	}
	if res, err = s.stays.See(ctx, id, by); err != nil {
		return command.Sight{}, err
	}
	return command.Sight{View: res.State.Shown(plan.State.Shows()), Version: res.Version, Now: res.State.Commands().Now(res.State, by, command.Hands)}, nil
}
