package grant

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// Evolve is the grant after an event.
func (g Grant) Evolve(e fact.Event) Grant {
	was := g.Status
	switch d := e.Data.(type) {
	case trustfundv1.AgreementDrafted:
		terms, _ := e.Private.(Terms)
		g = drafted(d.Grant, terms, g.Draft+1)
	case trustfundv1.AgreementSigned:
		signed, _ := e.Private.(Signed)
		if d.Part == code.GranteePart {
			g.GranteeSigned = signed.By
		} else {
			g.FundSigned = signed.By
		}
	case trustfundv1.GrantAgreed:
		g.Turn, g.Status = d.Turn, code.GrantInForce
	case trustfundv1.GrantSuspended:
		g.Turn, g.Status = d.Turn, code.GrantSuspended
		g.Suspended, _ = e.Private.(Suspension)
	case trustfundv1.GrantRestored:
		g = g.restored(d, e)
	case trustfundv1.GrantClosed:
		g.Turn = d.Turn
	case trustfundv1.GrantEnded:
		g.Ended, _ = e.Private.(Ending)
		g.Status, g.Ordered, g.Asked = code.GrantEnded, "", 0
	case trustfundv1.GrantSettled:
		g.Status, g.Asked = code.GrantClosed, 0
	case trustfundv1.MoneyReturned:
		g.ReturnedCents += d.Cents
	case trustfundv1.GrantAuditOrdered:
		g.AuditOpen = true
	case trustfundv1.GrantAuditRecorded:
		found, _ := e.Private.(Audit)
		g.AuditOpen, g.Audits = false, append(slices.Clip(g.Audits), found)
	case trustfundv1.GrantExtensionAsked:
		wish, _ := e.Private.(Wish)
		g.Asked = wish.Months
	case trustfundv1.GrantExtensionDecided:
		g = g.extended(e)
	default:
		g = g.reporting(e)
	}
	if g.Status != was {
		g.Since = e.At
	}
	return g
}

// drafted is a grant of which only a draft is there.
func drafted(id string, terms Terms, draft int) Grant {
	g := Grant{ID: id, Terms: terms, Draft: draft, Status: code.GrantDrafted}
	for _, i := range terms.Instalments {
		last, _ := vienna.Day(i.ReportDue) // what is no day was refused
		g.Reports = append(g.Reports, Report{Status: code.ReportNotExpected, Due: vienna.After(last, 0, 0, 1)})
	}
	return g
}

// restored gives each report that is not accepted the days of the suspension.
func (g Grant) restored(d trustfundv1.GrantRestored, e fact.Event) Grant {
	said, _ := e.Private.(Restored)
	g.Turn, g.Status, g.Suspended, g.Reports = d.Turn, code.GrantInForce, Suspension{}, slices.Clone(g.Reports)
	for i, r := range g.Reports {
		if r.Status != code.ReportAccepted {
			g.Reports[i] = r.later(0, said.Days)
		}
	}
	return g
}

// extended gives the grant the months that were granted, and its last report as well.
func (g Grant) extended(e fact.Event) Grant {
	decided, _ := e.Private.(Extension)
	g.Asked, g.Extensions = 0, append(slices.Clip(g.Extensions), decided)
	last := len(g.Reports) - 1
	if decided.Granted && last >= 0 {
		g.Months += decided.Months
		if g.Reports[last].Status != code.ReportAccepted {
			g.Reports = slices.Clone(g.Reports)
			g.Reports[last] = g.Reports[last].later(decided.Months, 0)
		}
	}
	return g
}

// reporting is the grant after what happened to a payment or a report.
func (g Grant) reporting(e fact.Event) Grant {
	change := func(instalment int, so func(*Report)) {
		if instalment < 1 || instalment > len(g.Reports) {
			return
		}
		g.Reports = slices.Clone(g.Reports)
		so(&g.Reports[instalment-1])
	}
	switch d := e.Data.(type) {
	case trustfundv1.PaymentOrdered:
		order, _ := e.Private.(Order)
		g.Ordered = order.By
	case trustfundv1.InstalmentPaid:
		confirmed, _ := e.Private.(Confirmed)
		g.Paid, g.Ordered = d.Instalment, ""
		change(d.Instalment, func(r *Report) { r.Status, r.Due = code.ReportExpected, confirmed.Due })
	case trustfundv1.GrantPaperStored:
		file, _ := e.Private.(vault.File)
		g.Papers = append(slices.Clip(g.Papers), Paper{file, e.At})
	case trustfundv1.GrantReportSubmitted:
		said, _ := e.Private.(Said)
		change(d.Instalment, func(r *Report) { r.Status, r.Said, r.Late = code.ReportSubmitted, said, false })
	case trustfundv1.GrantReportAccepted:
		judged, _ := e.Private.(Judged)
		change(d.Instalment, func(r *Report) { r.Status, r.Judged = code.ReportAccepted, judged })
	case trustfundv1.GrantReportSentBack:
		judged, _ := e.Private.(Judged)
		change(d.Instalment, func(r *Report) { r.Status, r.Judged, r.Due = code.ReportSentBack, judged, judged.Due })
	case trustfundv1.GrantReportOverdue:
		change(d.Instalment, func(r *Report) { r.Late = true })
	}
	return g
}
