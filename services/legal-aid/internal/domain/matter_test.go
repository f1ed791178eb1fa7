package domain_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

type step = worktest.Step[domain.Matter]

// rules are those of no programme: nothing comes due by itself.
var rules domain.Rules

var (
	facts = worktest.Facts[domain.Matter](code.LegalAssistance)

	about       = turn(worktest.AcceptedAt)
	application = (fact.By{At: worktest.Dawn, Commit: worktest.Commit(2)}).ID("app", 0)
	certificate = fact.ID("cert", "test")
	until       = worktest.Dawn.AddDate(1, 0, 0)

	accepted = facts[0]
	lapsed   = facts[8]
	problem  = worktest.All[domain.Matter](work.Work.ContactProblem, work.ContactProblem{})
	ends     = worktest.All[domain.Matter](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.EndWork})
	keeps    = worktest.All[domain.Matter](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.KeepWork})
	given    = facts[13]
	advised  = worktest.Do(domain.Matter.GiveAdvice, domain.GiveAdvice{Topic: code.TopicProtection, Summary: "what she can do"})
	applied  = worktest.Do(domain.Matter.ApplyProtectionOrder, domain.ApplyProtectionOrder{Court: "a court", Measures: "distance"})
	interim  = decided(code.OrderInterim)
	granted  = decided(code.OrderGranted)
	checks   = worktest.Do(domain.Matter.CheckConflicts, domain.CheckConflicts{Names: conflict.Names{Client: []string{"Ana Lopez"}}})
	closed   = worktest.Do(domain.Matter.Close, work.Close{Outcome: code.NeedsMet})
	filed    = legalaidv1.CertificateFiled{Case: worktest.Case, Certificate: certificate}
	noted    = hearsOf(domain.Filed{Certificate: certificate, Issued: true})
)

// begun is the first work of a round: the network is told that it has begun.
func begun(events []fact.Event) []fact.Event {
	return append(fact.Of(legalaidv1.MatterStarted{Work: about}), events...)
}

// turn is the work as it stands at a turn of its referral.
func turn(n int) legalaidv1.Work {
	return legalaidv1.Work{
		Matter: domain.MatterID(worktest.Referral), Referral: worktest.Referral, Case: worktest.Case, Agency: worktest.Agency, Turn: n,
	}
}

// longAgo is on paper.
var longAgo = worktest.Dawn.AddDate(-6, 0, 0)

// result is a grant that the writer dates.
func result(decided, until time.Time) step {
	return worktest.Do(domain.Ruled(rules, domain.Matter.RecordOrderResult), domain.RecordOrderResult{
		Application: application, Result: code.OrderGranted, DecidedAt: decided, ValidUntil: until,
	})
}

func decided(result code.OrderResult) step {
	return worktest.Do(domain.Ruled(rules, domain.Matter.RecordOrderResult), domain.RecordOrderResult{Application: application, Result: result, ValidUntil: until})
}

func TestMatter(t *testing.T) {
	uncovered := worktest.All[domain.Matter](work.Work.OnAccepted, worktest.Accepted(code.LegalAssistance, code.Identity))
	ruling := domain.Decision{By: worktest.Worker().Principal, Decided: domain.Decided{DecidedAt: worktest.Dawn, Ruling: domain.Ruling{ValidUntil: until}}}

	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"an accepted referral opens it": {
			When: accepted,
			Want: fact.With(
				legalaidv1.MatterOpened{Work: about, Categories: []code.Category{code.Identity, code.ForensicCertificate}},
				work.ConsentOf(worktest.Accepted(code.LegalAssistance, code.Identity, code.ForensicCertificate)),
			),
		},
		"advice": {
			Given: []step{accepted},
			When:  advised,
			Want:  begun(fact.With(legalaidv1.AdviceGiven{Work: about, Advice: adviceID(2), Topic: code.TopicProtection}, domain.Told{GivenAt: worktest.Dawn, Advice: domain.Advice{Summary: "what she can do"}})),
		},
		"advice from paper": {
			Given: []step{accepted, applied},
			When:  worktest.Do(domain.Matter.GiveAdvice, domain.GiveAdvice{Topic: code.TopicProtection, Summary: "what she can do", GivenAt: longAgo}),
			Want:  fact.With(legalaidv1.AdviceGiven{Work: about, Advice: adviceID(3), Topic: code.TopicProtection}, domain.Told{GivenAt: longAgo, Advice: domain.Advice{Summary: "what she can do"}}),
		},
		"advice yet to come": {
			Given: []step{accepted}, When: worktest.Do(domain.Matter.GiveAdvice, domain.GiveAdvice{Topic: code.TopicProtection, GivenAt: worktest.Dawn.Add(time.Hour)}), Err: work.ErrDate,
		},
		"application yet to come": {
			Given: []step{accepted}, When: worktest.Do(domain.Matter.ApplyProtectionOrder, domain.ApplyProtectionOrder{AppliedAt: worktest.Dawn.Add(time.Hour)}), Err: work.ErrDate,
		},
		"result from paper, of an order that is over": {
			Given: []step{accepted, applied},
			When:  result(longAgo, longAgo.AddDate(1, 0, 0)),
			Want: fact.With(
				legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted, Ruling: id("rul", 3)},
				domain.Decision{By: worktest.Worker().Principal, Decided: domain.Decided{DecidedAt: longAgo, Ruling: domain.Ruling{ValidUntil: longAgo.AddDate(1, 0, 0)}}},
			),
		},
		"result yet to come":                    {Given: []step{accepted, applied}, When: result(worktest.Dawn.Add(time.Hour), until), Err: work.ErrDate},
		"order that ends before it was decided": {Given: []step{accepted, applied}, When: result(longAgo, longAgo.Add(-time.Hour)), Err: domain.ErrValidity},
		"order until 2020 that is decided now":  {Given: []step{accepted, applied}, When: result(time.Time{}, longAgo), Err: domain.ErrValidity},
		"order without an end": {Given: []step{accepted, applied}, When: result(longAgo, time.Time{}), Want: fact.With(
			legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted, Ruling: id("rul", 3)}, domain.Decision{By: worktest.Worker().Principal, Decided: domain.Decided{DecidedAt: longAgo}},
		)},
		"advice on an unknown topic": {
			Given: []step{accepted}, When: worktest.Do(domain.Matter.GiveAdvice, domain.GiveAdvice{Topic: "astrology"}), Err: work.ErrUnknownCode,
		},
		"advice on a closed matter": {Given: []step{accepted, closed}, When: advised, Err: work.ErrNotOpen},
		"advice on an ended matter": {Given: []step{accepted, facts[2]}, When: advised, Err: work.ErrEnded},
		"advice on no matter":       {When: advised, Err: work.ErrNotOpen},
		"application": {
			Given: []step{accepted},
			When:  applied,
			Want: begun(fact.With(
				legalaidv1.ProtectionOrderApplied{Work: about, Application: application},
				domain.Applied{AppliedAt: worktest.Dawn, Petition: domain.Petition{Court: "a court", Measures: "distance"}},
			)),
		},
		"advice after work has begun": {
			Given: []step{accepted, applied},
			When:  advised,
			Want:  fact.With(legalaidv1.AdviceGiven{Work: about, Advice: adviceID(3), Topic: code.TopicProtection}, domain.Told{GivenAt: worktest.Dawn, Advice: domain.Advice{Summary: "what she can do"}}),
		},
		"advice in the next round": {
			Given: []step{accepted, advised, facts[1], facts[4]},
			When:  advised,
			Want: append(
				fact.Of(legalaidv1.MatterStarted{Work: turn(worktest.ReopenedAt)}),
				fact.With(legalaidv1.AdviceGiven{Work: turn(worktest.ReopenedAt), Advice: adviceID(5), Topic: code.TopicProtection}, domain.Told{GivenAt: worktest.Dawn, Advice: domain.Advice{Summary: "what she can do"}})...,
			),
		},
		"advice at rest": {Given: []step{accepted, lapsed}, When: advised, Err: work.ErrResting},
		"result at rest": {
			Given: []step{accepted, applied, lapsed},
			When:  granted,
			Want:  fact.With(legalaidv1.ProtectionOrderDecided{Work: turn(worktest.LapsedAt), Application: application, Result: code.OrderGranted, Ruling: id("rul", 4)}, ruling),
		},
		"application on a closed matter": {Given: []step{accepted, closed}, When: applied, Err: work.ErrNotOpen},
		"result": {
			Given: []step{accepted, applied},
			When:  granted,
			Want:  fact.With(legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted, Ruling: id("rul", 3)}, ruling),
		},
		"result after an interim order": {
			Given: []step{accepted, applied, interim},
			When:  granted,
			Want:  fact.With(legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted, Ruling: id("rul", 4)}, ruling),
		},
		"result of an unknown application": {Given: []step{accepted}, When: granted, Err: domain.ErrUnknownApplication},
		"result after a grant":             {Given: []step{accepted, applied, granted}, When: interim, Err: domain.ErrDecided},
		"result after a refusal":           {Given: []step{accepted, applied, decided(code.OrderRefused)}, When: granted, Err: domain.ErrDecided},
		"result that no court gives":       {Given: []step{accepted, applied}, When: decided("perhaps"), Err: work.ErrUnknownCode},
		"result on a closed matter":        {Given: []step{accepted, closed}, When: granted, Err: work.ErrNotOpen},
		"close": {
			Given: []step{accepted}, When: closed, Want: fact.Of(legalaidv1.MatterClosed{Work: about, Outcome: code.NeedsMet}),
		},
		"close with an interim order": {
			Given: []step{accepted, applied, interim}, When: closed, Want: fact.Of(legalaidv1.MatterClosed{Work: about, Outcome: code.NeedsMet}),
		},
		"close while a court has yet to answer": {Given: []step{accepted, applied}, When: closed, Err: domain.ErrUndecided},
		"close without an outcome":              {Given: []step{accepted}, When: worktest.Do(domain.Matter.Close, work.Close{}), Err: work.ErrUnknownCode},
		"close twice":                           {Given: []step{accepted, closed}, When: closed, Err: work.ErrNotOpen},
		"certificate": {
			Given: []step{accepted}, When: noted, Want: fact.Of(legalaidv1.CertificateNoted{Work: about, Certificate: certificate}),
		},
		"certificate again":                        {Given: []step{accepted, noted}, When: noted},
		"certificate without consent for it":       {Given: []step{uncovered}, When: noted},
		"certificate after the consent ran out":    {Given: []step{accepted}, At: worktest.Expiry, When: noted},
		"certificate for a closed matter":          {Given: []step{accepted, closed}, When: noted},
		"certificate for an ended matter":          {Given: []step{accepted, facts[3]}, When: noted},
		"certificate before there is a matter":     {When: noted},
		"certificate of another case":              {Given: []step{accepted}, When: worktest.Do(domain.Matter.OnCertificate, domain.OnFile{Case: fact.ID("case", "other"), Filed: domain.Filed{Certificate: certificate, Issued: true}})},
		"the agency completes the referral itself": {Given: []step{accepted}, When: facts[1], Want: fact.Of(legalaidv1.MatterEnded{Work: turn(worktest.EndedAt)})},
		"the consent is withdrawn":                 {Given: []step{accepted}, When: facts[3], Want: fact.Of(legalaidv1.MatterEnded{Work: turn(worktest.WithdrawnAt), Erasure: code.DataClosed}, legalaidv1.MatterEndingAsked{Work: turn(worktest.WithdrawnAt)})},
		"it is taken up again": {Given: []step{accepted, closed}, When: facts[4], Want: fact.With(
			legalaidv1.MatterReopened{Work: turn(worktest.ReopenedAt), Categories: []code.Category{code.Identity}},
			work.ConsentAgain(worktest.Reopened(code.LegalAssistance, worktest.ReopenedAt)),
		)},
		"the consent ends after it was closed": {Given: []step{accepted, closed}, When: facts[7], Want: fact.Of(legalaidv1.MatterEnded{Work: turn(worktest.RecalledAt), Erasure: code.DataClosed})},
		"the consent runs out":                 {Given: []step{accepted}, When: lapsed, Want: fact.Of(legalaidv1.MatterRested{Work: turn(worktest.LapsedAt)})},
		"she gives a new consent": {Given: []step{accepted, lapsed}, When: facts[9], Want: fact.With(
			legalaidv1.MatterRenewed{Work: turn(worktest.RenewedAt), Replaces: fact.ID("cons", "worktest")},
			work.ConsentRenewed(worktest.Renewed(code.LegalAssistance, worktest.RenewedAt, "worktest", "renewed")),
		)},
		"she was not reached": {Given: []step{accepted}, When: problem, Want: fact.Of(legalaidv1.MatterContactProblem{Work: about})},
		"somebody has it": {Given: []step{accepted}, When: given, Want: fact.Of(
			legalaidv1.MatterAssigned{Work: about, Worker: worktest.First, At: worktest.Dawn.Add(time.Hour)},
		)},
		"she says to her worker that it ends": {Given: []step{accepted, given, facts[3]}, When: ends, Want: fact.Of(
			legalaidv1.MatterEndingAnswered{Work: turn(worktest.WithdrawnAt), Answer: code.EndWork},
		)},
		"work before she is asked": {Given: []step{accepted, given, facts[3]}, When: advised, Err: work.ErrAsked},
		"kept work is closed, and nobody is told": {Given: []step{accepted, given, facts[3], keeps}, When: closed, Want: fact.Of(
			legalaidv1.MatterKeptClosed{Work: turn(worktest.WithdrawnAt), Outcome: code.NeedsMet},
		)},
	})
}

// An order whose end is past does not protect her: it is shown as expired, by the clock of
// who reads it, and its dates are those of the paper.
func TestExpiredOrder(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted,
		worktest.Do(domain.Matter.ApplyProtectionOrder, domain.ApplyProtectionOrder{Court: "a court", AppliedAt: longAgo}),
		result(longAgo.AddDate(0, 1, 0), until))
	for at, want := range map[time.Time]code.OrderStanding{
		worktest.Dawn: code.OrderInForce, until: code.OrderInForce, until.Add(time.Second): code.OrderExpired,
	} {
		for name, m := range map[string]domain.Matter{"open": m, "at rest": m.Evolve(fact.Event{Data: legalaidv1.MatterRested{Work: turn(worktest.LapsedAt)}})} {
			o := m.Content(fact.By{At: at}).(domain.View).Orders[0]
			if o.Standing != want || !o.AppliedAt.Equal(longAgo) || !o.DecidedAt.Equal(longAgo.AddDate(0, 1, 0)) {
				t.Errorf("%s, at %s: %+v, want %s", name, at, o, want)
			}
		}
	}
	refused := worktest.Play(t, worktest.Worker(), accepted, applied, decided(code.OrderRefused))
	if o := refused.Content(worktest.Worker()).(domain.View).Orders[0]; o.Standing != "" {
		t.Errorf("an order that was refused is %s", o.Standing)
	}
}

// What was written before there were dates of the writer is shown at its commit.
func TestOldDates(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted)
	for _, e := range slices.Concat(
		fact.With(legalaidv1.AdviceGiven{Work: about}, domain.Told{}),
		fact.With(legalaidv1.ProtectionOrderApplied{Work: about, Application: application}, domain.Applied{}),
		fact.With(legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted}, domain.Decision{}),
	) {
		e.At = longAgo
		m = m.Evolve(e)
	}
	for _, at := range []time.Time{m.Advice[0].At, m.Orders[0].AppliedAt, m.Orders[0].DecidedAt} {
		if !at.Equal(longAgo) {
			t.Errorf("shown at %s", at)
		}
	}
}

func TestGround(t *testing.T) { worktest.Ground(t, facts, advised, closed) }

func TestForged(t *testing.T) { worktest.Forged(t, code.LegalAssistance, facts, closed) }

func TestWords(t *testing.T) { worktest.Words(t, facts) }

// What an old journal says of another agency is read, and moves nothing.
func TestStill(t *testing.T) { worktest.Still(t, facts) }

func TestOrder(t *testing.T) { worktest.Order(t, facts) }

func TestAny(t *testing.T) {
	worktest.Any(t, facts, []step{advised, applied, closed, problem, follows, reports, assessed, explained, waits, kept}, plans, serves, extends, sets, moves, holds, released, interim, granted, lastDecided, ends, keeps)
}

func TestOffered(t *testing.T) {
	worktest.Offered(t, facts, map[string]step{
		"giveAdvice": advised, "applyProtectionOrder": applied, "recordOrderResult": lastCorrected, "closeMatter": closed,
		"reportMatterContactProblem": problem, "answerMatterEnding": keeps, "settleCertificate": settles, "checkConflicts": checks,
		"planOrderService": plans, "recordOrderServed": serves, "recordOrderChange": extends, "settleLegalDuty": tells,
		"answerFollowing": refuses, "openProceeding": reports, "recordProceedingStep": released, "planHearing": sets, "moveHearing": moves,
		"settleHearing": holds, "assessEligibility": assessed, "explainLegalOptions": explained, "chooseLegalOptions": waits, "keepDocument": kept, "storeMatterFile": stores,
		"amendMatter": func(m domain.Matter, by fact.By) ([]fact.Event, error) {
			return m.Amend(by, domain.Amend{})
		},
	})
}

// lastCorrected decides an application, or corrects what was decided.
func lastCorrected(m domain.Matter, by fact.By) ([]fact.Event, error) {
	cmd := domain.RecordOrderResult{Result: code.OrderInterim}
	for _, o := range m.Orders {
		if cmd.Application, cmd.Replaces = o.Application, ""; o.Result != "" {
			cmd.Replaces, cmd.Reason = o.Answer.ID, code.AmendReasons[0]
			break
		}
	}
	return m.RecordOrderResult(by, cmd, rules)
}

// lastDecided decides whatever application was made last.
func lastDecided(m domain.Matter, by fact.By) ([]fact.Event, error) {
	if len(m.Orders) == 0 {
		return m.RecordOrderResult(by, domain.RecordOrderResult{Result: code.OrderInterim}, rules)
	}
	last := m.Orders[len(m.Orders)-1].Application
	return m.RecordOrderResult(by, domain.RecordOrderResult{Application: last, Result: code.OrderRefused}, rules)
}

func TestUnknownCodesCannotBeRead(t *testing.T) {
	for body, into := range map[string]any{
		`{"topic":"astrology"}`:       &domain.GiveAdvice{},
		`{"result":"perhaps"}`:        &domain.RecordOrderResult{},
		`{"outcome":"happily after"}`: &work.Close{},
	} {
		if json.Unmarshal([]byte(body), into) == nil {
			t.Errorf("%s was read", body)
		}
	}
}

func TestShows(t *testing.T) {
	worktest.Shows(t, func(s *domain.Matter) *work.Standing {
		s.Certificates[0].OutdatedAt = time.Time{} // one stands
		s.Conflict.Answer = code.ConflictCleared
		s.Orders[0].Result, s.Orders[0].InError = code.OrderGranted, false
		return &s.Standing
	}, []string{"duties", "hearings", "order_changes", "order_services", "protection_orders"}, nil)
}

func TestView(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted, applied, advised, granted, noted)
	got, err := json.Marshal(m.Content(fact.By{}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"` + about.Matter + `","referral":"` + about.Referral + `","status":"open","since":"2026-11-23T06:00:00Z","assigned":false,"case":"` + about.Case + `",` +
		`"consent":{"id":"` + m.Consent.ID + `","purpose":"service_delivery","categories":["identity","forensic_certificate"],"expires":"2026-11-24T06:00:00Z"},` +
		`"advice":[{"id":"` + adviceID(3) + `","at":"2026-11-23T06:00:00Z","topic":"protection","summary":"what she can do"}],` +
		`"protection_orders":[{"application":"` + application + `","applied_at":"2026-11-23T06:00:00Z","court":"a court","measures":"distance",` +
		`"ruling":"` + id("rul", 4) + `","result":"granted","decided_at":"2026-11-23T06:00:00Z","valid_until":"2027-11-23T06:00:00Z","standing":"in_force"}],` +
		`"certificates":["` + certificate + `"]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error("view (-want +got):\n" + diff)
	}
	if ended := worktest.Play(t, worktest.Worker(), accepted, facts[1]); ended.Content(fact.By{}).(domain.View).Consent != nil {
		t.Error("an ended matter still shows a consent")
	}
	shut := worktest.Play(t, worktest.Worker(), accepted, applied, advised, granted, noted, facts[3]).Content(fact.By{}).(domain.View)
	if len(shut.Advice)+len(shut.Orders)+len(shut.Certificates) > 0 || shut.Consent != nil || shut.Outcome != "" {
		t.Errorf("a matter that is closed to readers shows %+v", shut)
	}
}
