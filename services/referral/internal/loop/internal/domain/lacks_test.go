package domain

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Who lacks what bars them gets no work, and the refusal names nobody. Medical care and safety
// are given all the same, what was missing is on record, and the supervisor's list has it.
func TestAssignAsksForCredentials(t *testing.T) {
	asked := map[code.WorkerRole]bool{}
	requiring := func(bars bool) worker.Seen {
		seen := staffed("ana")
		seen.Requires = func(_ credential.Place, role code.WorkerRole) credential.Requirement {
			asked[role] = true
			return credential.Requirement{{Scope: code.MayRespond, Bars: bars}}
		}
		return seen
	}
	lacks := func(bars bool) []credential.Lack {
		return []credential.Lack{{Scope: code.MayRespond, Reason: code.NeverRecorded, Bars: bars}}
	}
	at := func(s code.Service) Referral {
		r := in(t, code.Accepted)
		r.Service = s
		return r
	}
	for name, c := range map[string]struct {
		service code.Service
		seen    worker.Seen
		role    code.WorkerRole
		want    []credential.Lack
		err     error
	}{
		"a lawyer who is barred":      {code.LegalAssistance, requiring(true), code.WorksAsLawyer, nil, credential.ErrMissing},
		"a lawyer who is limited":     {code.LegalAssistance, requiring(false), code.WorksAsLawyer, lacks(false), nil},
		"a doctor who is barred":      {code.HealthMedical, requiring(true), code.WorksAsCaseworker, lacks(true), nil},
		"an examiner who is barred":   {code.ForensicExam, requiring(true), code.ForensicExaminer, lacks(true), nil},
		"a shelter, by who is barred": {code.SafeHouse, requiring(true), code.WorksAsCaseworker, lacks(true), nil},
		"a counsellor who is barred":  {code.Psychosocial, requiring(true), code.WorksAsCounsellor, nil, credential.ErrMissing},
		"until a programme says it":   {code.LegalAssistance, staffed("ana"), "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			clear(asked)
			r := at(c.service)
			events, err := r.Assign(lead, Assign{Worker: "ana"}, c.seen)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("refused with %v, want %v", err, c.err)
			}
			if c.role != "" && !asked[c.role] {
				t.Errorf("asked for %v, want %s", asked, c.role)
			}
			if c.err != nil {
				if d := cmp.Diff([]fault.Field{{Pointer: "/worker", Rule: "in force: scope respond"}}, fault.Of(err).Fields); d != "" {
					t.Error(d)
				}
				return
			}
			r = fold(r, later, first(t)(events, nil))
			if d := cmp.Diff(c.want, r.View(lead).(ReferralView).Hands[0].Lacks); d != "" {
				t.Error(d)
			}
			if listed := len(Lacking.Keys(r)) == 1; listed != (c.want != nil) {
				t.Errorf("on the list: %t", listed)
			}
			if v := r.View(lead).(ReferralView); v.Hands == nil {
				t.Error("the recipient does not see its own people")
			}
		})
	}
}
