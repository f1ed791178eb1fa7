package domain_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

var (
	record  = fact.Rename("rec", about.Examination)
	swab    = third.ID("exh", 0)
	longAgo = worktest.Dawn.AddDate(0, 0, -3)
	found   = domain.RecordExamination{ExaminedAt: longAgo, Findings: "what is right", ExaminerCredential: "licence 8"}
	label   = domain.CollectExhibit{Kind: code.Blood, SealNumber: "S-2", Description: "from elsewhere"}
)

func amends(cmd domain.Amend) step { return worktest.Do(domain.Examination.Amend, cmd) }

func because(entry string) work.Entry { return work.Entry{Entry: entry, Reason: code.Correction} }

func inError(entry string) step {
	return amends(domain.Amend{Entry: work.Entry{Entry: entry, Reason: code.Correction, InError: true}})
}

// What was written of the record and of exhibits is put right. The steps are numbered from
// the acceptance on, which is 1: the exhibit is the third.
func TestAmend(t *testing.T) {
	anew := amends(domain.Amend{Entry: because(record), Record: &found})
	relabels := amends(domain.Amend{Entry: because(swab), Exhibit: &label})
	early, late := found, found
	early.ExaminedAt, late.ExaminedAt = worktest.Dawn.Add(time.Hour), worktest.Dawn.AddDate(-30, 0, 0)

	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"the record is written anew, also when it is closed": {
			Given: []step{accepted, examined, closed}, When: anew,
			Want: fact.With(
				forensicv1.ExaminationAmended{Work: about, Entry: record, Reason: code.Correction},
				domain.Amendment{Amender: work.Amender{By: "worker-1"}, Record: &domain.Findings{ExaminedAt: longAgo, Findings: "what is right", ExaminerCredential: "licence 8"}},
			),
		},
		"an exhibit is labelled anew": {
			Given: []step{accepted, examined, collected}, When: relabels,
			Want: fact.With(
				forensicv1.ExaminationAmended{Work: about, Entry: swab, Reason: code.Correction},
				domain.Amendment{Amender: work.Amender{By: "worker-1"}, Exhibit: &domain.Item{
					Kind: code.Blood, Label: domain.Label{SealNumber: "S-2", Description: "from elsewhere"},
				}},
			),
		},
		"a seal number of another exhibit":  {Given: []step{accepted, examined, collected, exhibit("S-2")}, When: relabels, Err: domain.ErrSealUsed},
		"nothing at rest":                   {Given: []step{accepted, examined, lapsed}, When: anew, Err: work.ErrResting},
		"nothing before she is asked":       {Given: []step{accepted, examined, given, facts[3]}, When: anew, Err: work.ErrAsked},
		"nothing that is closed to readers": {Given: []step{accepted, examined, closed, facts[7]}, When: anew, Err: work.ErrEnded},
		"no record yet":                     {Given: []step{accepted}, When: anew, Err: work.ErrEntryUnknown},
		"no such exhibit":                   {Given: []step{accepted, examined}, When: relabels, Err: work.ErrEntryUnknown},
		"the record is not taken back":      {Given: []step{accepted, examined}, When: inError(record), Err: domain.ErrRecorded},
		"an exhibit in error stays so":      {Given: []step{accepted, examined, collected, inError(swab)}, When: relabels, Err: work.ErrEntryInError},
		"an exhibit in the record's place":  {Given: []step{accepted, examined}, When: amends(domain.Amend{Entry: because(record), Exhibit: &label}), Err: work.ErrAmendment},
		"the record in an exhibit's place":  {Given: []step{accepted, examined, collected}, When: amends(domain.Amend{Entry: because(swab), Record: &found}), Err: work.ErrAmendment},
		"an examination yet to come":        {Given: []step{accepted, examined}, When: amends(domain.Amend{Entry: because(record), Record: &early}), Err: domain.ErrExaminedAt},
		"an examination in a mistyped year": {Given: []step{accepted, examined}, When: amends(domain.Amend{Entry: because(record), Record: &late}), Err: work.ErrDate},
		"an exhibit of no kind":             {Given: []step{accepted, examined, collected}, When: amends(domain.Amend{Entry: because(swab), Exhibit: &domain.CollectExhibit{}}), Err: work.ErrUnknownCode},
		"the certificate is no entry":       {Given: []step{accepted, examined, certified}, When: inError(third.ID("cert", 0)), Err: work.ErrEntryUnknown},
		"nothing new":                       {Given: []step{accepted, examined}, When: amends(domain.Amend{Entry: because(record)}), Err: work.ErrAmendment},
	})
}

// The number of a seal that was written in error is free: the bag that has it may still come.
func TestSealWrittenInError(t *testing.T) {
	for name, puts := range map[string]step{"relabelled": amends(domain.Amend{Entry: because(swab), Exhibit: &label}), "in error": inError(swab)} {
		x := worktest.Play(t, worktest.Worker(), accepted, examined, collected, puts)
		if _, err := collected(x, worktest.Worker()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The view shows the present, and each entry what it held before, who changed it, when and
// why. Closed to readers, it shows neither.
func TestAmendedView(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined, collected, amends(domain.Amend{Entry: because(record), Record: &found}), inError(swab))
	v := x.Content(worktest.Worker()).(domain.View)
	before := []work.Before[domain.Findings]{{
		At: worktest.Dawn, By: "worker-1", Reason: code.Correction,
		What: domain.Findings{ExaminedAt: worktest.Dawn, Findings: "what was found", ExaminerCredential: "licence 7"},
	}}
	if diff := cmp.Diff(domain.Record{ID: record, At: worktest.Dawn, Findings: domain.Findings{ExaminedAt: found.ExaminedAt, Findings: found.Findings, ExaminerCredential: found.ExaminerCredential}, Before: before}, v.Record); diff != "" {
		t.Error("record (-want +got):\n" + diff)
	}
	exhibits := []domain.Exhibit{{ID: swab, At: worktest.Dawn, InError: true, Before: []work.Before[domain.Item]{{
		At: worktest.Dawn, By: "worker-1", Reason: code.Correction,
		What: domain.Item{Kind: code.Swab, Label: domain.Label{SealNumber: "S-1", Description: "from where"}},
	}}}}
	if diff := cmp.Diff(exhibits, v.Exhibits); diff != "" {
		t.Error("exhibits (-want +got):\n" + diff)
	}
	shut := x.Evolve(fact.Event{Data: forensicv1.ExaminationEnded{Work: turn(worktest.RecalledAt), Erasure: code.DataClosed}}).Content(worktest.Worker()).(domain.View)
	if len(shut.Exhibits) != 1 || shut.Exhibits[0].Before != nil || shut.Record.Before != nil {
		t.Errorf("closed to readers, it shows %+v", shut)
	}
}

// Only the worker who has the examination, and who covers, puts it right; and the public
// half says nothing of what was written.
func TestAmendmentsStayPrivate(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, given, examined)
	if _, err := work.ByWorker(domain.Examination.Amend)(x, worktest.Worker(), domain.Amend{}, work.Hands{Worker: "wkr_other"}); !errors.Is(err, work.ErrNotTheWorker) {
		t.Errorf("somebody else: %v", err)
	}
	const canary = "CanaryOfTheMine"
	marked := domain.RecordExamination{ExaminedAt: longAgo, Findings: canary, ExaminerCredential: canary}
	events, err := amends(domain.Amend{Entry: because(record), Record: &marked})(x, worktest.Worker())
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	public, _ := json.Marshal(events[0].Data)
	private, _ := json.Marshal(events[0].Private)
	if strings.Contains(string(public), canary) || !strings.Contains(string(private), canary) {
		t.Errorf("%s | %s", public, private)
	}
}
