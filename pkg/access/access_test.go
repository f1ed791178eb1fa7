package access_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/access"
)

var permissions = []access.Permission{
	access.CaseOpen, access.CaseRead, access.CaseWrite, access.ConsentRecord, access.ServiceRequest,
	access.AgencyWrite, access.AgencyRead, access.ReferralRead, access.ReferralAnswer, access.ReferralSend, access.ReferralCancel,
	access.ReferralReview, access.ReferralAssign, access.ReferralReport,
	access.MatterRead, access.MatterWrite, access.PlanRead, access.PlanWrite,
	access.ExaminationRead, access.ExaminationWrite, access.CertificateIssue,
	access.DirectoryWrite, access.DisclosureRead, access.EscalationRead,
}

// The whole matrix, written out a second time: a role that gains or loses a
// permission must say so here.
func TestMatrix(t *testing.T) {
	want := map[access.Role][]access.Permission{
		access.Caseworker:  {"agency:read", "case:open", "case:read", "case:write", "consent:record", "referral:cancel", "referral:read", "referral:report", "referral:send", "service:request"},
		access.FocalPoint:  {"agency:read", "agency:write", "disclosure:read", "referral:answer", "referral:assign", "referral:cancel", "referral:read", "referral:report", "referral:send"},
		access.Lawyer:      {"agency:read", "disclosure:read", "matter:read", "matter:write", "referral:answer", "referral:assign", "referral:cancel", "referral:read", "referral:report"},
		access.Counsellor:  {"agency:read", "disclosure:read", "plan:read", "plan:write", "referral:answer", "referral:assign", "referral:cancel", "referral:read", "referral:report"},
		access.Examiner:    {"agency:read", "certificate:issue", "disclosure:read", "examination:read", "examination:write", "referral:answer", "referral:assign", "referral:cancel", "referral:read", "referral:report"},
		access.Supervisor:  {"agency:read", "case:read", "examination:read", "matter:read", "plan:read", "referral:assign", "referral:read", "referral:review"},
		access.Coordinator: {"agency:read", "agency:write", "directory:write", "escalation:read"},
		access.Operator:    nil,
	}
	got := make(map[access.Role][]access.Permission)
	for _, role := range access.Roles() {
		got[role] = nil
		for _, p := range permissions {
			if access.May([]string{string(role)}, p) {
				got[role] = append(got[role], p)
			}
		}
		slices.Sort(got[role])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryPermissionCanBeHeld(t *testing.T) {
	for _, p := range permissions {
		if !access.Known(p) {
			t.Errorf("nobody can hold %s", p)
		}
	}
	for _, p := range []access.Permission{"", "system", access.Public, access.Welcome, "case:burn", "Case:Open"} {
		if access.Known(p) {
			t.Errorf("somebody holds %q", p)
		}
	}
}

func TestRolesAdd(t *testing.T) {
	both := []string{"lawyer", "examiner"}
	if !access.May(both, access.MatterWrite) || !access.May(both, access.ExaminationWrite) {
		t.Error("two roles hold less than each")
	}
	for _, roles := range [][]string{nil, {}, {""}, {"admin"}, {"Lawyer"}, {"operator"}} {
		for _, p := range permissions {
			if access.May(roles, p) {
				t.Errorf("%q may %s", roles, p)
			}
		}
	}
}
