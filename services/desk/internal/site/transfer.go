package site

import (
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"
)

func (s *Site) transferPages() {
	s.page("GET /desk/transfers", s.transfers)
}

// transferred is a case that goes to another office: a frame, with nothing of her. A test
// holds its names against the contract.
type transferred struct {
	ID            string    `json:"id"`
	Reference     string    `json:"reference"`
	From          string    `json:"from"`
	To            string    `json:"to"`
	Status        string    `json:"status"`
	Reason        string    `json:"reason"`
	AskedAt       time.Time `json:"asked_at"`
	Until         time.Time `json:"until"`
	EndedAt       time.Time `json:"ended_at"`
	DeclineReason string    `json:"decline_reason"`
	WaitsFor      string    `json:"waits_for"`
}

// Open says that the office that is asked may still answer.
func (t transferred) Open() bool { return t.Status == "open" }

// Answers are what the person may say for the office that is asked. Only who opens cases
// takes one over; a supervisor may decline.
func (t transferred) Answers(v *visit) (all []button) {
	if !t.Open() || t.To != v.S.Agency {
		return nil
	}
	for _, one := range []struct {
		op   string
		only func(*visit) bool
	}{{"acceptTransfer", anyOf("caseworker")}, {"declineTransfer", anyOf("caseworker", "supervisor")}} {
		if o := v.contract().Operations[one.op]; one.only(v) {
			query := url.Values{backField: {v.URL.Path}}
			all = append(all, button{o, v.W.T("command." + o.ID), sheet{Op: o, ID: t.ID}.Action() + "?" + query.Encode()})
		}
	}
	return all
}

// Leads is where who asked finds the case: no list of transfers names it.
func (t transferred) Leads(v *visit) string {
	switch {
	case t.From != v.S.Agency:
	case t.Open():
		return "/desk/cases?attention=transfer_open"
	case t.WaitsFor == v.S.Agency:
		return "/desk/cases?attention=transfer_untaken"
	}
	return ""
}

// The two sides of a transfer.
const (
	received = "received"
	given    = "given"
)

// transfers are the cases about which this office is asked, or asked another one.
func (s *Site) transfers(v *visit) (templ.Component, error) {
	query := v.query("side", "status")
	if query.Get("side") == "" {
		query.Set("side", received)
	}
	var page struct {
		Items []transferred `json:"items"`
	}
	next, err := v.leaf("listTransfers", "", query, &page)
	if err != nil {
		return nil, err
	}
	// What waits for somebody stands first.
	slices.SortStableFunc(page.Items, func(a, b transferred) int {
		return waits(a) - waits(b)
	})
	return transfersPage(v, query.Get("side"), page.Items, next), nil
}

func waits(t transferred) int {
	if t.WaitsFor != "" {
		return 0
	}
	return 1
}

// askedOver puts on home how many cases this office is asked to take over.
func (v *visit) askedOver(to *side) error {
	return to.count(v, "listTransfers", url.Values{"side": {received}, "status": {"open"}}, heap{Path: "/desk/transfers?status=open", Label: v.W.T("transfer.asked")})
}

// Ends is the command that ends a transfer, where the case takes it.
func (c caseShown) Ends() []string {
	if c.May("endTransfer") {
		return []string{"endTransfer"}
	}
	return nil
}
