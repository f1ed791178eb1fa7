package domain_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

// An examination never waits for a paper: it is recorded, with what was missing. The certificate
// waits for somebody who may certify.
func TestCredentialsLimitTheCertificateAlone(t *testing.T) {
	requires := func(of credential.Place, role code.WorkerRole) credential.Requirement {
		if role != code.ForensicExaminer || of.Country != worktest.Place.Country || of.Programme != worktest.Place.Programme || of.At.IsZero() {
			t.Errorf("asked for %s of %+v", role, of)
		}
		return credential.Requirement{{Scope: code.MayExamine, Bars: true}, {Scope: code.MayCertify}}
	}
	holding := func(scopes ...code.CredentialScope) domain.Examiner {
		c := worker.Copy{}
		c.Credentials = credential.Held{staff.Credential{ID: "cred_1", Turn: 1, Scope: scopes, ValidFrom: worktest.Dawn}}
		return domain.Examiner{Is: look.Made(c), Requires: requires}
	}
	certify := domain.IssueCertificate{Opinion: code.HighlyConsistent, Text: "what the court reads"}
	record := domain.RecordExamination{ExaminedAt: worktest.Dawn, Findings: "what was found", ExaminerCredential: "licence 7"}
	for name, c := range map[string]struct {
		who   domain.Examiner
		lacks []credential.Lack
		want  []fault.Field
	}{
		"who holds both": {holding(code.MayExamine, code.MayCertify), nil, nil},
		"who may examine": {
			holding(code.MayExamine),
			[]credential.Lack{{Scope: code.MayCertify, Reason: code.NeverRecorded}},
			[]fault.Field{{Pointer: "/opinion", Rule: "in force: scope certify"}},
		},
		"who may certify": {
			holding(code.MayCertify),
			[]credential.Lack{{Scope: code.MayExamine, Reason: code.NeverRecorded, Bars: true}},
			[]fault.Field{{Pointer: "/opinion", Rule: "in force: scope examine"}},
		},
		"of whom nothing is required": {domain.Examiner{}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			recorded := func(x domain.Examination, by fact.By) ([]fact.Event, error) {
				return x.RecordExamination(by, record, c.who)
			}
			x := worktest.Play(t, worktest.Worker(), accepted, recorded)
			if d := cmp.Diff(c.lacks, x.Record.Lacks); d != "" {
				t.Error(d)
			}
			if listed := len(domain.Lacking.Keys(x)) == 1; listed != (c.lacks != nil) {
				t.Errorf("on the list: %t", listed)
			}
			events, err := x.IssueCertificate(worktest.Worker(), certify, c.who)
			if c.want == nil {
				if err != nil || len(events) == 0 {
					t.Errorf("not certified: %v", err)
				}
				return
			}
			if !errors.Is(err, credential.ErrMissing) || events != nil {
				t.Fatalf("certified: %v", err)
			}
			if d := cmp.Diff(c.want, fault.Of(err).Fields); d != "" {
				t.Error(d)
			}
		})
	}
}
