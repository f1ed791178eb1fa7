package places

import (
	"context"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/domain"
)

// Operations is what agencies can do with places: their own they count, those of others they
// hold.
func Operations(u *service.Unit, a app.App) {
	service.PutOn(u, "POST /v1/places", "describePlace", access.AgencyWrite, a.Places, domain.Describe.Name, a.Listing, domain.Place.Describe)
	service.List(u, "GET /v1/places", "listPlaces", access.AgencyRead, a.Places, domain.Places)
	service.Get(u, "GET /v1/places/{id}", "getPlace", access.AgencyRead, a.Places)
	service.Change(u, "POST /v1/places/{id}/count", "countPlace", access.AgencyWrite, a.Places, domain.Place.Count)
	service.ChangeNaming(u, "POST /v1/places/{id}/hold", "holdPlace", access.ReferralSend, a.Places, a.Asked, a.Reserve)
	service.ChangeNaming(u, "POST /v1/places/{id}/tie", "tieHold", access.ReferralSend, a.Places, a.Tied, domain.Place.Tie)
	service.ChangeOn(u, "POST /v1/places/{id}/renew", "renewHold", access.ReferralSend, a.Places, a.Listing, a.Renew)
	service.Change(u, "POST /v1/places/{id}/end-hold", "endHold", access.ReferralCancel, a.Places, domain.Place.End)
	service.Change(u, "POST /v1/places/{id}/leave", "leavePlace", access.ReferralReport, a.Places, domain.Place.Leave)
}

// Reactions is what happens to places by what agencies answer, and by time.
func Reactions(u *service.Unit, a app.App) {
	service.OnFunc(u, "onReferralAccepted", func(ctx context.Context, e referralv1.Accepted) error { return a.OnAccepted(ctx, e.Loop) })
	service.OnFunc(u, "onReferralReopened", func(ctx context.Context, e referralv1.Reopened) error { return a.OnAccepted(ctx, e.Loop) })
	service.OnFunc(u, "onReferralCompleted", func(ctx context.Context, e referralv1.Completed) error { return a.OnEnded(ctx, e.Referral) })
	service.OnFunc(u, "onReferralCancelled", func(ctx context.Context, e referralv1.Cancelled) error { return a.OnEnded(ctx, e.Referral) })
	service.OnFunc(u, "onReferralEnteredInError", func(ctx context.Context, e referralv1.EnteredInError) error { return a.OnEnded(ctx, e.Referral) })
	service.OnFunc(u, "onPlacementStarted", a.OnPlacementStarted)
	service.OnFunc(u, "onPlacementEnded", a.OnPlacementEnded)
	service.DueOn(u, "hold", "onHoldDue", a.Places, a.Took, domain.Place.HoldDue)
	service.DueOn(u, "stay", "onStayDue", a.Places, a.Took, domain.Place.StayDue)
}
