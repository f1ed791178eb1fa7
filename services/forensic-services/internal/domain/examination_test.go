package domain_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

type step = worktest.Step[domain.Examination]

var (
	facts = worktest.Facts[domain.Examination](code.ForensicExam)

	about = turn(worktest.AcceptedAt)
	third = fact.By{At: worktest.Dawn, Commit: worktest.Commit(3)}

	accepted  = facts[0]
	lapsed    = facts[8]
	problem   = worktest.All[domain.Examination](work.Work.ContactProblem, work.ContactProblem{})
	ends      = worktest.All[domain.Examination](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.EndWork})
	keeps     = worktest.All[domain.Examination](work.Work.AnswerEnding, work.AnswerEnding{Answer: code.KeepWork})
	given     = facts[13]
	examined  = examinedAt(worktest.Dawn)
	collected = exhibit("S-1")
	certified = worktest.Do(freely(domain.Examination.IssueCertificate), domain.IssueCertificate{Opinion: code.HighlyConsistent, Text: "what the court reads"})
	closed    = worktest.All[domain.Examination](work.Work.Close, work.Close{Outcome: code.NeedsMet})
)

// freely is a command of an examiner of whom nothing is required.
func freely[C any](decide func(domain.Examination, fact.By, C, domain.Examiner) ([]fact.Event, error)) func(domain.Examination, fact.By, C) ([]fact.Event, error) {
	return func(x domain.Examination, by fact.By, cmd C) ([]fact.Event, error) {
		return decide(x, by, cmd, domain.Examiner{})
	}
}

// begun is the first work of a round: the network is told that it has begun.
func begun(events []fact.Event) []fact.Event {
	return append(fact.Of(forensicv1.ExaminationStarted{Work: about}), events...)
}

// planned are the medical reviews after an examination.
func planned(at time.Time) []fact.Event {
	return fact.With(forensicv1.ReviewsPlanned{Work: about}, domain.Ahead{TwoWeeks: at.AddDate(0, 0, 14), ThreeMonths: at.AddDate(0, 3, 0), SixMonths: at.AddDate(0, 6, 0)})
}

// turn is the work as it stands at a turn of its referral.
func turn(n int) forensicv1.Work {
	return forensicv1.Work{
		Examination: domain.ExaminationID(worktest.Referral), Referral: worktest.Referral, Case: worktest.Case, Agency: worktest.Agency, Turn: n,
	}
}

func examinedAt(at time.Time) step {
	return worktest.Do(freely(domain.Examination.RecordExamination), domain.RecordExamination{
		ExaminedAt: at, Findings: "what was found", ExaminerCredential: "licence 7",
	})
}

func exhibit(number string) step {
	return worktest.Do(domain.Examination.CollectExhibit, domain.CollectExhibit{Kind: code.Swab, SealNumber: number, Description: "from where"})
}

func TestExamination(t *testing.T) {
	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"an accepted referral opens it": {
			When: accepted,
			Want: fact.With(
				forensicv1.ExaminationOpened{Work: about},
				work.ConsentOf(worktest.Accepted(code.ForensicExam, code.Identity, code.ForensicCertificate)),
			),
		},
		"record": {
			Given: []step{accepted},
			When:  examined,
			Want: begun(append(fact.With(
				forensicv1.ExaminationRecorded{Work: about},
				domain.Findings{ExaminedAt: worktest.Dawn, Findings: "what was found", ExaminerCredential: "licence 7"},
			), planned(worktest.Dawn)...)),
		},
		"record twice":                     {Given: []step{accepted, examined}, When: examined, Err: domain.ErrRecorded},
		"record after the consent ran out": {Given: []step{accepted}, At: worktest.Expiry, When: examined, Err: domain.ErrConsentExpired},
		"record what is yet to take place": {Given: []step{accepted}, When: examinedAt(worktest.Dawn.Add(time.Hour)), Err: domain.ErrExaminedAt},
		"record by a clock that is fast": {
			Given: []step{accepted},
			When:  examinedAt(worktest.Dawn.Add(15 * time.Minute)),
			Want: begun(append(fact.With(
				forensicv1.ExaminationRecorded{Work: about},
				domain.Findings{ExaminedAt: worktest.Dawn, Findings: "what was found", ExaminerCredential: "licence 7"},
			), planned(worktest.Dawn)...)),
		},
		"record in a mistyped year":            {Given: []step{accepted}, When: examinedAt(worktest.Dawn.AddDate(-21, 0, 0)), Err: work.ErrDate},
		"record what took place at no time":    {Given: []step{accepted}, When: examinedAt(time.Time{}), Err: domain.ErrExaminedAt},
		"record on a closed examination":       {Given: []step{accepted, closed}, When: examined, Err: work.ErrNotOpen},
		"record on an ended examination":       {Given: []step{accepted, facts[2]}, When: examined, Err: work.ErrEnded},
		"record on no examination":             {When: examined, Err: work.ErrNotOpen},
		"record at rest":                       {Given: []step{accepted, lapsed}, When: examined, Err: work.ErrResting},
		"exhibit before the record":            {Given: []step{accepted}, When: collected, Err: domain.ErrNotRecorded},
		"exhibit under a used seal":            {Given: []step{accepted, examined, collected}, When: collected, Err: domain.ErrSealUsed},
		"exhibit on a closed examination":      {Given: []step{accepted, examined, closed}, When: collected, Err: work.ErrNotOpen},
		"certificate before the record":        {Given: []step{accepted}, When: certified, Err: domain.ErrNotRecorded},
		"certificate twice":                    {Given: []step{accepted, examined, certified}, When: certified, Err: domain.ErrCertified},
		"certificate for a closed examination": {Given: []step{accepted, examined, closed}, When: certified, Err: work.ErrNotOpen},
		"exhibit": {
			Given: []step{accepted, examined},
			When:  collected,
			Want: fact.With(
				forensicv1.ExhibitCollected{Work: about, Exhibit: third.ID("exh", 0), Kind: code.Swab},
				domain.Label{SealNumber: "S-1", Description: "from where"},
			),
		},
		"exhibit after another, and after the certificate": {
			Given: []step{accepted, examined, collected, certified},
			When:  exhibit("S-2"),
			Want: fact.With(
				forensicv1.ExhibitCollected{Work: about, Exhibit: (fact.By{At: worktest.Dawn, Commit: worktest.Commit(5)}).ID("exh", 0), Kind: code.Swab},
				domain.Label{SealNumber: "S-2", Description: "from where"},
			),
		},
		"exhibit of an unknown kind": {
			Given: []step{accepted, examined},
			When:  worktest.Do(domain.Examination.CollectExhibit, domain.CollectExhibit{Kind: "relic", SealNumber: "S-1"}),
			Err:   work.ErrUnknownCode,
		},
		"certificate": {
			Given: []step{accepted, examined},
			When:  certified,
			Want: fact.With(
				forensicv1.CertificateIssued{Work: about, Certificate: third.ID("cert", 0)},
				domain.Issued{By: "worker-1", Opinion: domain.Opinion{Opinion: code.HighlyConsistent, Text: "what the court reads"}},
			),
		},
		"certificate with an unknown opinion": {
			Given: []step{accepted, examined},
			When:  worktest.Do(freely(domain.Examination.IssueCertificate), domain.IssueCertificate{Opinion: "sure"}),
			Err:   work.ErrUnknownCode,
		},
		"close without examination or certificate": {
			Given: []step{accepted}, When: closed, Want: fact.Of(forensicv1.ExaminationClosed{Work: about, Outcome: code.NeedsMet}),
		},
		"the agency completes the referral itself": {Given: []step{accepted}, When: facts[1], Want: fact.Of(forensicv1.ExaminationEnded{Work: turn(worktest.EndedAt)})},
		"the consent is withdrawn":                 {Given: []step{accepted}, When: facts[3], Want: fact.Of(forensicv1.ExaminationEnded{Work: turn(worktest.WithdrawnAt), Erasure: code.DataClosed}, forensicv1.ExaminationEndingAsked{Work: turn(worktest.WithdrawnAt)})},
		"it is taken up again": {Given: []step{accepted, closed}, When: facts[4], Want: fact.With(
			forensicv1.ExaminationReopened{Work: turn(worktest.ReopenedAt), Categories: []code.Category{code.Identity}},
			work.ConsentAgain(worktest.Reopened(code.ForensicExam, worktest.ReopenedAt)),
		)},
		"the consent ends after it was closed": {Given: []step{accepted, closed}, When: facts[7], Want: fact.Of(forensicv1.ExaminationEnded{Work: turn(worktest.RecalledAt), Erasure: code.DataClosed})},
		"the consent runs out":                 {Given: []step{accepted}, When: lapsed, Want: fact.Of(forensicv1.ExaminationRested{Work: turn(worktest.LapsedAt)})},
		"she gives a new consent": {Given: []step{accepted, lapsed}, When: facts[9], Want: fact.With(
			forensicv1.ExaminationRenewed{Work: turn(worktest.RenewedAt), Replaces: fact.ID("cons", "worktest")},
			work.ConsentRenewed(worktest.Renewed(code.ForensicExam, worktest.RenewedAt, "worktest", "renewed")),
		)},
		"she was not reached": {Given: []step{accepted}, When: problem, Want: fact.Of(forensicv1.ExaminationContactProblem{Work: about})},
		"somebody has it": {Given: []step{accepted}, When: given, Want: fact.Of(
			forensicv1.ExaminationAssigned{Work: about, Worker: worktest.First, At: worktest.Dawn.Add(time.Hour)},
		)},
		"she says to her worker that it ends": {Given: []step{accepted, given, facts[3]}, When: ends, Want: fact.Of(
			forensicv1.ExaminationEndingAnswered{Work: turn(worktest.WithdrawnAt), Answer: code.EndWork},
		)},
		"work before she is asked": {Given: []step{accepted, given, facts[3]}, When: examined, Err: work.ErrAsked},
		"kept work is closed, and nobody is told": {Given: []step{accepted, given, facts[3], keeps}, When: closed, Want: fact.Of(
			forensicv1.ExaminationKeptClosed{Work: turn(worktest.WithdrawnAt), Outcome: code.NeedsMet},
		)},
	})
}

func TestGround(t *testing.T) { worktest.Ground(t, facts, examined, closed) }

func TestForged(t *testing.T) { worktest.Forged(t, code.ForensicExam, facts, closed) }

func TestWords(t *testing.T) { worktest.Words(t, facts) }

// What an old journal says of another agency is read, and moves nothing.
func TestStill(t *testing.T) { worktest.Still(t, facts) }

func TestOrder(t *testing.T) { worktest.Order(t, facts) }

func TestAny(t *testing.T) {
	worktest.Any(t, facts, []step{examined, yes, no, stops, injured, none, told, collected, exhibit("S-2"), certified, closed, problem, pictures, stored, shot}, ends, keeps)
}

// anew certifies, and names the certificate that stands where one does.
func anew(x domain.Examination, by fact.By) ([]fact.Event, error) {
	cmd := domain.IssueCertificate{Opinion: code.Consistent}
	for _, c := range x.Certificates {
		if c.ReplacedBy == "" && c.Annulled == nil {
			cmd.Replaces, cmd.Reason = c.ID, code.Correction
		}
	}
	return x.IssueCertificate(by, cmd, domain.Examiner{})
}

func TestOffered(t *testing.T) {
	worktest.Offered(t, facts, map[string]step{
		"countersignCertificate": worktest.Do(freely(domain.Examination.CountersignCertificate), domain.CountersignCertificate{}),
		"signCertificate": func(x domain.Examination, by fact.By) ([]fact.Event, error) {
			return x.SignCertificate(by, domain.SignCertificate{Certificate: certificate(3)}, nil)
		},
		"releaseCertificate":    worktest.Do(domain.Examination.ReleaseCertificate, domain.ReleaseCertificate{Certificate: certificate(3), To: code.ToSurvivor}),
		"takeKit":               worktest.Do(domain.Examination.TakeKit, fact.ID("kit", "one")),
		"answerExaminationStep": yes, "recordFinding": injured,
		"storeExaminationFile": stored, "keepPhotograph": shot, "answerMedicalReview": agrees, "recordMedicalReview": reviewed,
		"holdExamination": held(code.HoldOnFindings), "liftExaminationHold": lifts, "tellOfHold": tells,
		"recordExamination": examined, "collectExhibit": collected, "issueCertificate": anew, "closeExamination": closed,
		"reportExaminationContactProblem": problem, "answerExaminationEnding": keeps,
		"annulCertificate": annuls(certificate(3)), "upholdCertificate": upholds(certificate(3)),
		"amendExamination": func(x domain.Examination, by fact.By) ([]fact.Event, error) {
			return x.Amend(by, domain.Amend{})
		},
	})
}

func TestUnknownCodesCannotBeRead(t *testing.T) {
	for body, into := range map[string]any{
		`{"kind":"relic"}`:            &domain.CollectExhibit{},
		`{"opinion":"sure"}`:          &domain.IssueCertificate{},
		`{"outcome":"happily after"}`: &work.Close{},
	} {
		if json.Unmarshal([]byte(body), into) == nil {
			t.Errorf("%s was read", body)
		}
	}
}

func TestShows(t *testing.T) {
	worktest.Shows(t, func(s *domain.Examination) *work.Standing {
		// One stands, as it is with everything that can be.
		last := &s.Certificates[len(s.Certificates)-1]
		last.ReplacedBy, last.Annulled, last.Rests = "", nil, domain.Basis{}
		s.Steps = []domain.Step{{Step: code.StepPhotographs, Said: domain.Said{Answer: code.StepConsented}}}
		s.Holds[0].Lifted, s.Holds[0].Untold = &hold.Lifting{By: "worker-1"}, true
		return &s.Standing
	}, []string{"duties", "exhibits", "holds", "kits"}, []string{"duties", "exhibits", "holds", "kits"})
}

func TestView(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined, collected, certified)
	got, err := json.Marshal(x.Content(fact.By{}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"` + about.Examination + `","referral":"` + about.Referral + `","status":"open","since":"2026-11-23T06:00:00Z","assigned":false,"case":"` + about.Case + `",` +
		`"consent":{"id":"` + x.Consent.ID + `","purpose":"service_delivery","categories":["identity","forensic_certificate"],"expires":"2026-11-24T06:00:00Z"},` +
		`"record":{"id":"` + fact.Rename("rec", about.Examination) + `","at":"2026-11-23T06:00:00Z","examined_at":"2026-11-23T06:00:00Z","findings":"what was found","examiner_credential":"licence 7"},` +
		`"exhibits":[{"id":"` + x.Exhibits[0].ID + `","at":"2026-11-23T06:00:00Z","kind":"swab","seal_number":"S-1","description":"from where"}],` +
		`"certificate":{"id":"` + x.Certificates[0].ID + `","at":"2026-11-23T06:00:00Z","by":"worker-1","opinion":"highly_consistent_with","text":"what the court reads"},` +
		`"reviews":[{"review":"two_weeks","due_at":"2026-12-07T06:00:00Z","status":"planned"},{"review":"three_months","due_at":"2027-02-23T06:00:00Z","status":"planned"},` +
		`{"review":"six_months","due_at":"2027-05-23T06:00:00Z","status":"planned"}],` +
		`"duties":[{"kind":"medical_review","entry":"two_weeks","due_at":"2026-12-07T06:00:00Z"},{"kind":"medical_review","entry":"three_months","due_at":"2027-02-23T06:00:00Z"},` +
		`{"kind":"medical_review","entry":"six_months","due_at":"2027-05-23T06:00:00Z"}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error("view (-want +got):\n" + diff)
	}
	if ended := worktest.Play(t, worktest.Worker(), accepted, facts[1]); ended.Content(fact.By{}).(domain.View).Consent != nil {
		t.Error("an ended examination still shows a consent")
	}
	s := worktest.Play(t, worktest.Worker(), accepted, examined, collected, certified, facts[3]).Content(fact.By{}).(domain.View)
	if s.Record.ID != "" || !s.Record.At.IsZero() || s.Record.Findings.Findings != "" || !s.Record.ExaminedAt.IsZero() || s.Certificate != nil || s.Earlier != nil || s.Consent != nil ||
		len(s.Exhibits) != 1 || s.Exhibits[0].SealNumber != "S-1" || s.Exhibits[0].Description != "" {
		t.Errorf("an examination that is closed to readers shows %+v", s)
	}
}
