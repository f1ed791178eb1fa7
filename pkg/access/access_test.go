package access_test

import (
	"testing"

	"github.com/sanad-network/sanad/pkg/access"
)

var permissions = []access.Permission{
	access.CaseOpen, access.CaseRead, access.CaseWrite, access.ConsentRecord, access.ServiceRequest,
	access.AgencyWrite, access.AgencyRead, access.ReferralRead, access.ReferralAnswer, access.ReferralSend, access.ReferralCancel,
	access.ReferralReview, access.ReferralAssign, access.ReferralReport,
	access.MatterRead, access.MatterWrite, access.PlanRead, access.PlanWrite,
	access.ExaminationRead, access.ExaminationWrite, access.CertificateIssue,
	access.DirectoryWrite, access.DisclosureRead, access.EscalationRead, access.Operate,
}

func TestEveryPermissionCanBeHeld(t *testing.T) {
	for _, p := range permissions {
		if len(access.Holders(p)) == 0 {
			t.Errorf("nobody can hold %s", p)
		}
	}
	for _, p := range []access.Permission{"", "system", access.Public, access.Welcome, "case:burn", "Case:Open"} {
		if len(access.Holders(p)) > 0 {
			t.Errorf("somebody holds %q", p)
		}
	}
}

func TestRolesAdd(t *testing.T) {
	both := []string{"lawyer", "examiner"}
	if !access.May(both, access.MatterWrite) || !access.May(both, access.ExaminationWrite) {
		t.Error("two roles hold less than each")
	}
	for _, roles := range [][]string{nil, {}, {""}, {"admin"}, {"Lawyer"}, {"Operator"}} {
		for _, p := range permissions {
			if access.May(roles, p) {
				t.Errorf("%q may %s", roles, p)
			}
		}
	}
}
