package app_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// Versions of a certificate, an annulment and the matter come in any order, again, and across
// restarts: the matter is the same at the end. The newest version stands, those before it are
// replaced, and what was annulled is marked and stays.
func TestVersionsComeInAnyOrder(t *testing.T) {
	issued := func(id, replaces string) forensicv1.CertificateIssued {
		return forensicv1.CertificateIssued{Work: forensicv1.Work{Case: "case_1"}, Certificate: id, Replaces: replaces}
	}
	loop := referralv1.Loop{Referral: "ref_1", Case: "case_1", Recipient: office, Service: code.LegalAssistance, Turn: 2}
	outdated := func(id string, annulled bool, by string) domain.EarlierCertificate {
		return domain.EarlierCertificate{ID: id, OutdatedAt: morning, Annulled: annulled, ReplacedBy: by}
	}
	want := domain.View{Certificates: []string{"cert_3", "cert_5"}, Earlier: []domain.EarlierCertificate{
		outdated("cert_1", false, "cert_2"), outdated("cert_2", false, "cert_3"), outdated("cert_4", true, ""),
	}}
	rapid.Check(t, func(r *rapid.T) {
		j := &recordtest.Journal{}
		var a app.App
		restart := func() {
			b := record.NewBook(event.NewCatalogue(
				event.Private[legalaidv1.MatterOpened, work.Consent](), event.Type[legalaidv1.CertificateNoted](), event.Type[legalaidv1.CertificateOutdated](),
				event.Type[legalaidv1.CertificateFiled](), event.Type[legalaidv1.AnnulmentFiled](),
			), func() time.Time { return morning })
			a = app.New(b)
			if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
				r.Fatal(err)
			}
		}
		restart()
		facts := []func(app.App, record.Command) error{
			func(a app.App, c record.Command) error {
				return a.OnReferralAccepted(record.With(t.Context(), c), referralv1.Accepted{
					Loop: loop, Consent: "cons_1", Purpose: code.ServiceDelivery, Urgency: code.Urgent,
					Categories: []code.Category{code.ForensicCertificate}, ConsentExpires: morning.AddDate(0, 1, 0),
				})
			},
			func(a app.App, c record.Command) error {
				return a.OnCertificateAnnulled(record.With(t.Context(), c), forensicv1.CertificateAnnulled{Work: forensicv1.Work{Case: "case_1"}, Certificate: "cert_4"})
			},
		}
		// The first three are a chain; the fourth was annulled; the fifth is of another examination.
		for _, e := range []forensicv1.CertificateIssued{issued("cert_1", ""), issued("cert_2", "cert_1"), issued("cert_3", "cert_2"), issued("cert_4", ""), issued("cert_5", "")} {
			facts = append(facts, func(a app.App, c record.Command) error { return a.OnCertificateIssued(record.With(t.Context(), c), e) })
		}
		each := make([]int, len(facts))
		for i := range each {
			each[i] = i
		}
		again := rapid.SliceOfN(rapid.IntRange(0, len(facts)-1), 0, len(facts)).Draw(r, "again")
		for _, i := range rapid.Permutation(slices.Concat(each, again)).Draw(r, "order") {
			if rapid.Bool().Draw(r, "restart") {
				restart()
			}
			if err := facts[i](a, record.Command{Op: "hear", Cause: fmt.Sprintf("fact/%d/0", i)}); err != nil {
				r.Fatal(err)
			}
		}
		restart()
		m, err := a.Works.Get(t.Context(), domain.MatterID("ref_1"))
		if err != nil {
			r.Fatal(err)
		}
		m.State.Conflict = conflict.Check{} // what is shown before the check, others try
		v := m.State.Content(fact.By{At: morning}).(domain.View)
		got := domain.View{Certificates: slices.Sorted(slices.Values(v.Certificates)), Earlier: slices.SortedFunc(slices.Values(v.Earlier), func(x, y domain.EarlierCertificate) int {
			return strings.Compare(x.ID, y.ID)
		})}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatal("the matter (-want +got):\n" + diff)
		}
		if !m.State.Waits() {
			r.Fatal("the lawyer is told nothing")
		}
	})
}

// The matter is on the list of the lawyer who relies on a certificate that was annulled, and of
// those who lead the agency, until the lawyer has taken note. Nobody else is told.
func TestTheLawyerIsToTakeNote(t *testing.T) {
	c := opened(t)
	head, bob := person("head", "supervisor"), person("bob")
	lists := func(by fact.By, query url.Values) int {
		t.Helper()
		part, err := c.Worklist(by, query)
		if err != nil {
			t.Fatal(err)
		}
		page, _, err := c.Works.Page(t.Context(), part, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(page)
	}
	waits := url.Values{"attention": {"true"}}
	counts := func() []int { return []int{lists(person("ana"), waits), lists(head, waits), lists(bob, waits)} }

	work := forensicv1.Work{Case: "case_1"}
	if err := c.OnCertificateIssued(c.network("issued"), forensicv1.CertificateIssued{Work: work, Certificate: "cert_1"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{0, 0, 0}, counts()); diff != "" {
		t.Error("it stands (-want +got):\n" + diff)
	}
	if err := c.OnCertificateAnnulled(c.network("annulled"), forensicv1.CertificateAnnulled{Work: work, Certificate: "cert_1"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 1, 0}, counts()); diff != "" {
		t.Error("it was annulled (-want +got):\n" + diff)
	}
	if n := lists(person("ana"), url.Values{"attention": {"true"}, "status": {"closed"}}); n != 0 {
		t.Errorf("%d of the closed matters wait", n)
	}
	if n := lists(person("ana"), url.Values{"attention": {"false"}}); n != 1 {
		t.Errorf("the lawyer has %d matters", n)
	}
	if _, err := c.Works.Change(c.as("ana"), c.matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.SettleCertificate(by, domain.SettleCertificate{Certificate: "cert_1"})
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{0, 0, 0}, counts()); diff != "" {
		t.Error("the lawyer took note (-want +got):\n" + diff)
	}
}
