package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// View is a case. Everybody of its desk who reads cases sees its frame: that it is there,
// how far it has come, what waits, and whether somebody has it. Who has it, and who covers,
// sees what is in it.
type View struct {
	ID        string          `json:"id"`
	Reference string          `json:"reference"`
	Status    code.CaseStatus `json:"status"`
	Finished  bool            `json:"finished"`
	OpenedAt  time.Time       `json:"opened_at"`
	// OnPaper is the paper from which it was opened.
	OnPaper  *OnPaper `json:"on_paper,omitempty"`
	Assigned bool     `json:"assigned"`
	// Attention is what waits for the desk.
	Attention []code.Attention `json:"attention,omitempty"`
	// MergedInto is the case that leads.
	MergedInto  string           `json:"merged_into,omitempty"`
	Agency      string           `json:"agency,omitempty"`
	Channel     code.Channel     `json:"channel,omitempty"`
	Country     string           `json:"country,omitempty"`
	Programme   string           `json:"programme,omitempty"`
	ClosedAt    time.Time        `json:"closed_at,omitzero"`
	CloseReason code.CloseReason `json:"close_reason,omitempty"`
	// ContactClosedSince is when it became unsafe to reach her.
	ContactClosedSince time.Time `json:"contact_closed_since,omitzero"`
	Opening
	// Incidents are all that were told, the one of the opening first.
	Incidents []IncidentView `json:"incidents,omitempty"`
	// Danger is what she said about danger, each time that she was asked.
	Danger []DangerView `json:"danger,omitempty"`
	// DangerAsks are what the desk is to ask her then.
	DangerAsks []DangerFollows `json:"danger_asks,omitempty"`
	// Indicators, Identifications and Passages are what was asked and said of trafficking and
	// of smuggling, oldest first.
	Indicators      []Indicated      `json:"indicators,omitempty"`
	Identifications []Identification `json:"identifications,omitempty"`
	Passages        []Passage        `json:"passages,omitempty"`
	// ElementsMissing are the elements of trafficking that are not known.
	ElementsMissing []code.TraffickingElement `json:"elements_missing,omitempty"`
	// Reflection is the last period in which she is left in peace.
	Reflection *Reflection `json:"reflection,omitempty"`
	// Topics are what she has told, each once: never to which agency.
	Topics []TopicView `json:"topics,omitempty"`
	// ActionPlan is what was planned with her, whole.
	ActionPlan *ActionPlanView `json:"action_plan,omitempty"`
	// Onwards are what agencies found with her that she needs.
	Onwards []OnwardView `json:"onward,omitempty"`
	// Brought is news of danger that was brought to her desk.
	Brought []DangerNewsView `json:"brought_news,omitempty"`
	// Conferences are the talks about her that were planned with her.
	Conferences []ConferenceView `json:"conferences,omitempty"`
	// CentreVisits are her visits to a one-stop centre, Recordings the accounts that were recorded.
	CentreVisits []CentreVisitView `json:"centre_visits,omitempty"`
	Recordings   []RecordingView   `json:"recordings,omitempty"`
	Restricted   bool              `json:"restricted,omitempty"`
	// Reports are what was reported because a law asked for it; ReportCount is how many, for a
	// supervisor.
	Reports     []Report `json:"mandatory_reports,omitempty"`
	ReportCount int      `json:"mandatory_report_count,omitempty"`
	// Grantees are the agencies that help her and whose grant was suspended.
	Grantees []Grantee `json:"grantees,omitempty"`
	// Counting is her last answer whether she may be counted in figures.
	Counting *Counting `json:"counting,omitempty"`
	// Responses are the response teams that were asked for.
	Responses []Response `json:"responses,omitempty"`
	// Transfer is one that is open, or that the other office did not take over.
	Transfer *TransferView `json:"transfer,omitempty"`
	// Duplicates are the other cases that may be about the same person.
	Duplicates []Duplicate `json:"possible_duplicates,omitempty"`
	// Amendments are what was written before, and why it is written anew.
	Amendments []Amended `json:"amendments,omitempty"`
	// UnmetNeeds are the referrals that did not bring her what she asked for.
	UnmetNeeds []string `json:"unmet_needs,omitempty"`
	// ConsentsAnew are the consents that she is to be asked for anew.
	ConsentsAnew []string `json:"consents_anew,omitempty"`
	// In the frame, consents and referrals have an identifier and a status alone.
	Consents  []Consent  `json:"consents"`
	Referrals []Referral `json:"referrals"`
}

// View is the frame. Visible refuses other agencies.
func (c Case) View(by fact.By) any {
	v := c.frame(by)
	for i, k := range v.Consents {
		v.Consents[i] = Consent{ID: k.ID, Status: k.Status}
	}
	for i, f := range v.Referrals {
		v.Referrals[i] = Referral{ID: f.ID, Status: f.Status}
	}
	return v
}

// Content is what is in the case, for who has it, with each consent as it stands at this
// instant.
func (c Case) Content(by fact.By) any { return c.content(by) }

func (c Case) content(by fact.By) View {
	v := c.frame(by)
	v.Agency, v.Channel, v.Country, v.Programme = c.Agency, c.Channel, c.Country, c.Programme
	v.OnPaper = c.OnPaper
	v.ClosedAt, v.CloseReason, v.ContactClosedSince = c.ClosedAt, c.CloseReason, c.ContactClosed
	v.Opening, v.Amendments, v.Restricted, v.Duplicates = c.Opening, c.amendmentsShown(), c.Restricted, c.duplicates()
	v.Incidents, v.Danger, v.DangerAsks = c.incidentsShown(), c.dangerShown(), c.dangerFollows()
	v.Indicators, v.Identifications, v.Passages = c.indicated(), c.Identifications, c.Passages
	v.ElementsMissing, v.Reflection = c.elementsMissing(), c.Reflection
	if c.reflectionOver() {
		v.Attention = append(v.Attention, code.ReflectionOver)
	}
	if len(c.ActionPlan.Goals) > 0 {
		v.ActionPlan = &ActionPlanView{Review: c.ActionPlan.Review}
	}
	v.planned(c, Lies{})
	v.Transfer = c.transferShown(by.At)
	v.Responses, v.Reports, v.Counting, v.Grantees = c.Responses, c.Reports, c.Counting, c.Grantees
	if len(v.Duplicates) > 0 {
		v.Attention = append(v.Attention, code.PossibleDuplicate)
	}
	displaced := c.Displaced()
	if len(displaced) > 0 {
		v.Attention = append(v.Attention, code.AskElsewhere)
	}
	if len(c.misgiven())+len(c.given()) > 0 {
		v.Attention = append(v.Attention, code.GivenToBlocked)
	}
	if toAsk, _ := c.granteesWaiting(); len(toAsk) > 0 {
		v.Attention = append(v.Attention, code.GranteeToAsk)
	}
	if onward, _ := c.unanswered(); len(onward) > 0 {
		v.Attention = append(v.Attention, code.OnwardToAnswer)
	}
	for _, f := range append(c.Unmet(), displaced...) {
		v.UnmetNeeds = append(v.UnmetNeeds, f.ID)
	}
	for _, k := range c.anew() {
		v.ConsentsAnew = append(v.ConsentsAnew, k.ID)
	}
	return v
}

func (c Case) frame(by fact.By) View {
	v := View{
		ID: c.ID, Reference: c.Reference(), Status: c.Status(), Finished: c.Finished(), OpenedAt: c.OpenedAt, Attention: c.Waits(),
		Assigned: c.assigned(), MergedInto: c.Into, ReportCount: c.counted(by),
		Consents:  make([]Consent, len(c.Consents)),
		Referrals: append([]Referral{}, c.Referrals...),
	}
	for i, k := range c.Consents {
		v.Consents[i] = k.at(by.At)
		v.Consents[i].AnsweredAt = k.saidAt()
	}
	return v
}
