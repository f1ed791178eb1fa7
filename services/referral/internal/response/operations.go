package response

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/response/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/response/internal/domain"
)

// Operations is what agencies can do with their teams, members with an alert to which they
// were asked, and a coordinator with one that nobody answered.
func Operations(u *service.Unit, a app.App) {
	service.Create(u, "POST /v1/teams", "describeTeam", access.WorkerWrite, a.Teams, domain.Team.Describe)
	service.List(u, "GET /v1/teams", "listTeams", access.WorkerRead, a.Teams, domain.Teams)
	service.Get(u, "GET /v1/teams/{id}", "getTeam", access.WorkerRead, a.Teams)
	service.ChangeNaming(u, "POST /v1/teams/{id}/change", "changeTeam", access.WorkerWrite, a.Teams, a.Changed, domain.Team.Change)
	service.ChangeOn(u, "POST /v1/teams/{id}/rota", "publishRota", access.WorkerWrite, a.Teams, a.Members, domain.Team.Publish)
	service.ChangeOn(u, "POST /v1/teams/{id}/hand-over", "handOverShift", access.ReferralReport, a.Teams, a.Members, domain.Team.HandOver)

	service.List(u, "GET /v1/alerts", "listAlerts", access.AgencyRead, a.Alerts, domain.Alerts)
	service.Get(u, "GET /v1/alerts/{id}", "getAlert", access.AgencyRead, a.Alerts)
	service.ChangeOn(u, "POST /v1/alerts/{id}/acknowledge", "acknowledgeAlert", access.ReferralReport, a.Alerts, a.Rule, domain.Alert.Acknowledge)
	service.ChangeOn(u, "POST /v1/alerts/{id}/pass", "passAlert", access.ReferralReport, a.Alerts, a.LadderOf, domain.Alert.Pass)
	service.ChangeOn(u, "POST /v1/alerts/{id}/leave", "leaveForAlert", access.ReferralReport, a.Alerts, a.Rule, domain.Alert.Leave)
	service.Change(u, "POST /v1/alerts/{id}/arrive", "arriveAtAlert", access.ReferralReport, a.Alerts, domain.Alert.Arrive)
	service.Change(u, "POST /v1/alerts/{id}/options", "showOptions", access.ReferralReport, a.Alerts, domain.Alert.Show)
	service.Change(u, "POST /v1/alerts/{id}/stand-down", "standDownAlert", access.ReferralReport, a.Alerts, domain.Alert.StandDown)
	service.Change(u, "POST /v1/alerts/{id}/sign", "signAlert", access.EscalationRead, a.Alerts, domain.Alert.Sign)
}

// Reactions is what happens to alerts by what desks ask, and by time.
func Reactions(u *service.Unit, a app.App) {
	service.OnFunc(u, "onResponseAsked", a.OnAsked)
	service.On(u, "onResponseCalledOff", a.Alerts, app.Called, domain.Alert.CallOff)
	service.OnFunc(u, "onResponseAlerted", a.OnAlerted)
	service.OnFunc(u, "onResponseEnded", a.OnEnded)
	service.DueOn(u, "alert", "onAlertDue", a.Alerts, a.Ladder, domain.Alert.Escalate)
}
