package grant

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// View is a grant as managers, trustees and the grantee see it.
type View struct {
	ID           string            `json:"id"`
	Application  string            `json:"application"`
	Agency       string            `json:"agency"`
	Country      code.Country      `json:"country"`
	SubProgramme code.SubProgramme `json:"sub_programme"`
	Name         string            `json:"name"`
	HiddenPlace  bool              `json:"hidden_place"`
	Services     []code.Service    `json:"services"`
	Status       code.GrantStatus  `json:"status"`
	Since        time.Time         `json:"since"`
	Draft        int               `json:"draft"`
	// SignedBy are the parts that have signed the draft.
	SignedBy []code.GrantPart `json:"signed_by"`
	Cents    int64            `json:"cents"`
	Months   int              `json:"months"`
	// From is the first day, Last the last one.
	From          string           `json:"from"`
	Last          string           `json:"last"`
	PaidCents     int64            `json:"paid_cents"`
	SpentCents    int64            `json:"spent_cents"`
	ReturnedCents int64            `json:"returned_cents"`
	OwedCents     int64            `json:"owed_cents"`
	Instalments   []InstalmentView `json:"instalments"`
	Budget        []Line           `json:"budget"`
	Papers        []vault.Content  `json:"papers"`
	Suspension    *CauseView       `json:"suspension,omitempty"`
	Ending        *EndingView      `json:"ending,omitempty"`
	AuditOpen     bool             `json:"audit_open,omitempty"`
	Audits        []AuditView      `json:"audits"`
	AskedMonths   int              `json:"asked_months,omitempty"`
	Extensions    []ExtensionView  `json:"extensions"`
	Overdue       bool             `json:"overdue,omitempty"`
}

// InstalmentView is an instalment and its report.
type InstalmentView struct {
	Instalment int                    `json:"instalment"`
	Cents      int64                  `json:"cents"`
	Ordered    bool                   `json:"ordered,omitempty"`
	Paid       bool                   `json:"paid"`
	Report     code.GrantReportStatus `json:"report"`
	// ReportDue is the last day for the report.
	ReportDue  string                `json:"report_due"`
	Narrative  []Narrated            `json:"narrative,omitempty"`
	SpentCents int64                 `json:"spent_cents"`
	Spending   []Line                `json:"spending,omitempty"`
	Papers     []string              `json:"papers,omitempty"`
	Fault      code.GrantReportFault `json:"fault,omitempty"`
	Words      string                `json:"words,omitempty"`
}

// CauseView is why a grant is suspended.
type CauseView struct {
	Cause code.GrantSuspension `json:"cause"`
	Words string               `json:"words"`
	At    time.Time            `json:"at"`
}

// EndingView is why a grant ended before its time.
type EndingView struct {
	Reason code.GrantEnding `json:"reason"`
	Words  string           `json:"words"`
}

// AuditView is what an audit found.
type AuditView struct {
	Result          code.GrantAuditResult `json:"result"`
	DisallowedCents int64                 `json:"disallowed_cents"`
	Words           string                `json:"words"`
	At              time.Time             `json:"at"`
}

// ExtensionView is what was decided on a request for more time.
type ExtensionView struct {
	Granted      bool      `json:"granted"`
	Months       int       `json:"months"`
	BeyondMonths int       `json:"beyond_months,omitempty"`
	Words        string    `json:"words"`
	At           time.Time `json:"at"`
}

// View is the same for all who may see it. It names no person.
func (g Grant) View(by fact.By) any {
	v := View{
		ID: g.ID, Application: g.Application, Agency: g.Agency, Country: g.Country, SubProgramme: g.SubProgramme, Name: g.Name,
		HiddenPlace: g.HiddenPlace, Services: g.Services, Status: g.Status, Since: g.Since, Draft: g.Draft, SignedBy: []code.GrantPart{},
		Cents: g.Cents, Months: g.Months, From: g.From, PaidCents: g.PaidCents(), SpentCents: g.spentCents(), ReturnedCents: g.ReturnedCents,
		OwedCents: g.OwedCents(), Instalments: g.instalments(), Budget: g.Budget, Papers: []vault.Content{}, AuditOpen: g.AuditOpen,
		Audits: []AuditView{}, AskedMonths: g.Asked, Extensions: []ExtensionView{}, Overdue: g.Overdue(by.At),
	}
	if !g.Exists() {
		return v
	}
	_, until := g.period()
	v.Last = vienna.Of(until.Add(-time.Nanosecond))
	if g.GranteeSigned != "" {
		v.SignedBy = append(v.SignedBy, code.GranteePart)
	}
	if g.FundSigned != "" {
		v.SignedBy = append(v.SignedBy, code.FundPart)
	}
	for _, p := range g.Papers {
		v.Papers = append(v.Papers, p.Content)
	}
	for _, a := range g.Audits {
		v.Audits = append(v.Audits, AuditView{a.Result, a.DisallowedCents, a.Words, a.At})
	}
	for _, x := range g.Extensions {
		v.Extensions = append(v.Extensions, ExtensionView{x.Granted, x.Months, x.BeyondMonths, x.Words, x.At})
	}
	if g.Status == code.GrantSuspended {
		v.Suspension = &CauseView{g.Suspended.Cause, g.Suspended.Words, g.Suspended.At}
	}
	if g.Ended.Reason != "" {
		v.Ending = &EndingView{g.Ended.Reason, g.Ended.Words}
	}
	return v
}

func (g Grant) instalments() []InstalmentView {
	all := []InstalmentView{}
	for n, i := range g.Instalments {
		r := g.Reports[n]
		one := InstalmentView{
			Instalment: n + 1, Cents: i.Cents, Ordered: n == g.Paid && g.Ordered != "", Paid: n < g.Paid, Report: r.Status,
			ReportDue: vienna.Of(r.Due.Add(-time.Nanosecond)), Narrative: r.Said.Narrative, SpentCents: r.Said.SpentCents,
			Spending: r.Said.Spending, Papers: r.Said.Papers,
		}
		if r.Status == code.ReportSentBack {
			one.Fault, one.Words = r.Judged.Fault, r.Judged.Words
		}
		all = append(all, one)
	}
	return all
}

// Paper is a file of the grant by its name.
func (g Grant) Paper(id string) (vault.File, bool) {
	i := slices.IndexFunc(g.Papers, func(p Paper) bool { return p.ID == id })
	if i < 0 {
		return vault.File{}, false
	}
	return g.Papers[i].File, true
}

var commands = command.Table[Grant]{
	"draftAgreement":   {When: Grant.mayDraft},
	"signForGrantee":   {When: Grant.maySignForGrantee},
	"signForFund":      {When: Grant.maySignForFund},
	"orderPayment":     {When: Grant.mayOrder},
	"confirmPayment":   {When: Grant.mayConfirm},
	"storeGrantPaper":  {When: Grant.mayReport},
	"submitReport":     {When: Grant.mayReport},
	"acceptReport":     {When: Grant.mayJudge},
	"sendReportBack":   {When: Grant.mayJudge},
	"orderAudit":       {When: Grant.mayOrderAudit},
	"recordAudit":      {When: Grant.mayRecordAudit},
	"askExtension":     {When: Grant.mayAsk},
	"decideExtension":  {When: Grant.mayDecide},
	"suspendGrant":     {When: Grant.maySuspend},
	"restoreGrant":     {When: Grant.mayRestore},
	"endGrantEarly":    {When: Grant.mayEnd},
	"recordGrantMoney": {When: Grant.mayReturn},
	"closeGrant":       {When: Grant.mayClose},
}

// Commands says which commands a grant takes.
func (Grant) Commands() command.Table[Grant] { return commands }

// ByParty is (party, agency, status, since): all grants for managers, and those of an agency.
var ByParty = image.List[Grant]{
	Keys: func(g Grant) []string {
		if !g.Exists() {
			return nil
		}
		since := fact.Sortable(g.Since)
		return []string{fact.Key("fund", "", string(g.Status), since), fact.Key("grantee", g.Agency, string(g.Status), since)}
	},
	Timed: true,
}

// Agreed is (name): the grants that both parts have signed, in the order of the public page.
var Agreed = image.List[Grant]{
	Keys: func(g Grant) []string {
		if !g.agreed() {
			return nil
		}
		return []string{fact.Key("", g.Name)}
	},
}

// Grants chooses all grants for managers and trustees, and those of their agency for everybody else; of these the
// ones of a status, and with overdue=true those whose report is late.
func Grants(by fact.By, q url.Values) (image.Part[Grant], error) {
	leading := []string{"grantee", by.Agency}
	if ofFund(by) {
		leading = []string{"fund", ""}
	}
	if status := q.Get("status"); status != "" {
		leading = append(leading, status)
	}
	part := ByParty.Of(leading...)
	if q.Get("overdue") == "true" {
		part = part.Where(func(g Grant) bool { return g.Overdue(by.At) })
	}
	return part, nil
}

// Public is what everybody may see of a grant: nothing of how it goes on.
type Public struct {
	ID           string
	Name         string
	HiddenPlace  bool
	Country      code.Country
	SubProgramme code.SubProgramme
	Services     []code.Service
	// Cents is what was given: what was agreed, or what was kept of it where it ended.
	Cents  int64
	Months int
}

// Public gives the public part of a grant that both parts have signed. Of a grantee whose place is
// hidden it gives the name, the money and for how long, and no more.
func (g Grant) Public() (Public, bool) {
	if !g.agreed() {
		return Public{}, false
	}
	p := Public{ID: g.ID, Name: g.Name, HiddenPlace: g.HiddenPlace, SubProgramme: g.SubProgramme, Cents: g.Cents, Months: g.Months}
	if g.Status == code.GrantEnded || g.Status == code.GrantClosed {
		p.Cents = g.PaidCents() - g.ReturnedCents
	}
	if !g.HiddenPlace {
		p.Country, p.Services = g.Country, g.Services
	}
	return p, true
}
