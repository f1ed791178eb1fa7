package site

import (
	"net/url"
	"time"
)

// caseIncident is an incident as far as the page leads on from it. What is in it stands in
// the parts of the case.
type caseIncident struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Type     string    `json:"type"`
	Contexts []string  `json:"contexts"`
	InError  bool      `json:"entered_in_error"`
}

// caseDangerAsked is one time that she was asked about danger.
type caseDangerAsked struct {
	By  string   `json:"by"`
	New []string `json:"new"`
}

// caseDangerAsk is what the worker is to ask her.
type caseDangerAsk struct {
	Ask     string `json:"ask"`
	Urgency string `json:"urgency"`
}

// incidentWays are the commands on one incident, each with what it names.
func (v *visit) incidentWays(c caseShown, i caseIncident) (all []link) {
	for _, op := range []string{"amendIncident", "enterIncidentInError"} {
		if c.May(op) && !i.InError {
			query := url.Values{backField: {v.URL.Path}, versionField: {c.Version}, "/incident": {i.ID}}
			all = append(all, link{Path: "/desk/do/" + op + "/" + url.PathEscape(c.ID) + "?" + query.Encode(), Label: v.W.T("command." + op)})
		}
	}
	return all
}

// lists are the parts of a case of which it holds several, with the commands by which each
// was written.
var lists = map[string]string{"incidents": "recordIncident", "danger": "askDanger", "indicators": "askIndicators", "identifications": "recordIdentification", "passages": "recordPassage", "mandatory_reports": "recordMandatoryReport"}

// several is what a case holds of such a part, one thing after the other.
func (v *visit) several(k kase, part string) (all [][]row) {
	these, _ := k.parts[part].([]any)
	for _, one := range these {
		all = append(all, v.rows(v.contract().Operations[lists[part]].Body, "", one))
	}
	return all
}
