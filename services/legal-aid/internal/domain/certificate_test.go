package domain_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

var newer = fact.ID("cert", "newer")

// hearsOf is what the file of the case tells of a certificate that nothing replaced.
func hearsOf(c domain.Filed) step {
	return worktest.Do(domain.Matter.OnCertificate, domain.OnFile{Case: worktest.Case, Filed: c})
}

var (
	replaced = worktest.Do(domain.Matter.OnCertificate, domain.OnFile{Case: worktest.Case, Filed: domain.Filed{Certificate: certificate, Issued: true}, Replaced: true})
	version  = hearsOf(domain.Filed{Certificate: newer, Replaces: certificate, Issued: true})
	annulled = hearsOf(domain.Filed{Certificate: certificate, Issued: true, Annulled: true})
	settles  = worktest.Do(domain.Matter.SettleCertificate, domain.SettleCertificate{Certificate: certificate})
)

// Who relied on a certificate learns that it does not stand any more, whatever has become of
// the work; and what she did not allow stays unnamed.
func TestOutdatedCertificates(t *testing.T) {
	uncovered := worktest.All[domain.Matter](work.Work.OnAccepted, worktest.Accepted(code.LegalAssistance, code.Identity))
	outdated := func(turn legalaidv1.Work, annulled bool) legalaidv1.CertificateOutdated {
		return legalaidv1.CertificateOutdated{Work: turn, Certificate: certificate, Annulled: annulled}
	}
	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"a new version":                         {Given: []step{accepted, noted}, When: version, Want: fact.Of(legalaidv1.CertificateNoted{Work: about, Certificate: newer, Replaces: certificate})},
		"the old one is replaced":               {Given: []step{accepted, noted}, When: replaced, Want: fact.Of(outdated(about, false))},
		"replaced, again":                       {Given: []step{accepted, noted, replaced}, When: replaced},
		"replaced before the matter knew it":    {Given: []step{accepted}, When: replaced, Want: fact.Of(legalaidv1.CertificateNoted{Work: about, Certificate: certificate}, outdated(about, false))},
		"replaced, after the matter was closed": {Given: []step{accepted, noted, closed}, When: replaced, Want: fact.Of(outdated(about, false))},
		"replaced at rest":                      {Given: []step{accepted, noted, lapsed}, When: replaced, Want: fact.Of(outdated(turn(worktest.LapsedAt), false))},
		"replaced after her consent ran out":    {Given: []step{accepted, noted}, When: replaced, At: worktest.Expiry, Want: fact.Of(outdated(about, false))},
		"a version after her consent ran out":   {Given: []step{accepted, noted}, When: version, At: worktest.Expiry},
		"a version for a closed matter":         {Given: []step{accepted, noted, closed}, When: version},
		"replaced, and she did not allow it":    {Given: []step{uncovered}, When: replaced},
		"annulled":                              {Given: []step{accepted, noted}, When: annulled, Want: fact.Of(outdated(about, true))},
		"annulled, again":                       {Given: []step{accepted, noted, annulled}, When: annulled},
		"annulled after it was replaced":        {Given: []step{accepted, noted, replaced}, When: annulled, Want: fact.Of(outdated(about, true))},
		"annulled before it was issued":         {Given: []step{accepted}, When: hearsOf(domain.Filed{Certificate: certificate, Annulled: true})},
		"annulled for a closed matter":          {Given: []step{accepted, noted, closed}, When: annulled, Want: fact.Of(outdated(about, true))},

		"the lawyer takes note":                   {Given: []step{accepted, noted, replaced}, When: settles, Want: fact.Of(legalaidv1.CertificateSettled{Work: about, Certificate: certificate})},
		"takes note on a closed matter":           {Given: []step{accepted, noted, closed, annulled}, When: settles, Want: fact.Of(legalaidv1.CertificateSettled{Work: about, Certificate: certificate})},
		"takes note twice":                        {Given: []step{accepted, noted, replaced, settles}, When: settles, Err: work.ErrUnchanged},
		"takes note of one that stands":           {Given: []step{accepted, noted}, When: settles, Err: work.ErrUnchanged},
		"takes note of one that nobody told of":   {Given: []step{accepted}, When: settles, Err: work.ErrEntryUnknown},
		"takes note at rest":                      {Given: []step{accepted, noted, replaced, lapsed}, When: settles, Err: work.ErrResting},
		"takes note of what is closed to readers": {Given: []step{accepted, noted, replaced, closed, facts[7]}, When: settles, Err: work.ErrEnded},
	})
}

// The lawyer sees what stands, and what does not any more, until they have taken note; at rest
// and closed to readers nobody is sent to what nobody may read.
func TestEarlierCertificates(t *testing.T) {
	old := domain.EarlierCertificate{ID: certificate, OutdatedAt: worktest.Dawn}
	with := func(change func(*domain.EarlierCertificate)) []domain.EarlierCertificate {
		c := old
		change(&c)
		return []domain.EarlierCertificate{c}
	}
	for name, c := range map[string]struct {
		given   []step
		stand   []string
		earlier []domain.EarlierCertificate
		waits   bool
	}{
		"one stands":        {[]step{accepted, noted}, []string{certificate}, nil, false},
		"a new version":     {[]step{accepted, noted, version, replaced}, []string{newer}, with(func(c *domain.EarlierCertificate) { c.ReplacedBy = newer }), true},
		"the newer first":   {[]step{accepted, version, replaced}, []string{newer}, with(func(c *domain.EarlierCertificate) { c.ReplacedBy = newer }), true},
		"not allowed":       {[]step{accepted, noted, replaced}, nil, with(func(*domain.EarlierCertificate) {}), true},
		"annulled":          {[]step{accepted, noted, annulled}, nil, with(func(c *domain.EarlierCertificate) { c.Annulled = true }), true},
		"on a closed one":   {[]step{accepted, noted, closed, annulled}, nil, with(func(c *domain.EarlierCertificate) { c.Annulled = true }), true},
		"taken note of":     {[]step{accepted, noted, replaced, settles}, nil, with(func(c *domain.EarlierCertificate) { c.Settled = true }), false},
		"annulled after":    {[]step{accepted, noted, replaced, settles, annulled}, nil, with(func(c *domain.EarlierCertificate) { c.Annulled = true }), true},
		"at rest":           {[]step{accepted, noted, replaced, lapsed}, nil, nil, false},
		"goes on":           {[]step{accepted, noted, lapsed, replaced, facts[9]}, nil, with(func(*domain.EarlierCertificate) {}), true},
		"closed to readers": {[]step{accepted, noted, closed, facts[7], replaced}, nil, nil, false},
	} {
		m := worktest.Play(t, worktest.Worker(), c.given...)
		v := m.Content(worktest.Worker()).(domain.View)
		if diff := cmp.Diff(c.stand, v.Certificates); diff != "" {
			t.Errorf("%s: what stands (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(c.earlier, v.Earlier); diff != "" {
			t.Errorf("%s: what does not (-want +got):\n%s", name, diff)
		}
		if m.Waits() != c.waits || (len(domain.Waiting.Keys(m)) > 0) != c.waits {
			t.Errorf("%s: it waits: %t", name, m.Waits())
		}
	}
}

// What a file was told of a certificate does not change: a fact that says otherwise is refused.
func TestWhatReplacesWhatIsFixed(t *testing.T) {
	issued := forensicv1.CertificateIssued{Work: forensicv1.Work{Case: worktest.Case}, Certificate: newer, Replaces: certificate}
	events, err := domain.CaseFile{}.OnCertificateIssued(fact.By{}, issued)
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	file := domain.CaseFile{}.Evolve(events[0])
	if again, err := file.OnCertificateIssued(fact.By{}, issued); len(again) > 0 || err != nil {
		t.Errorf("again: %v, %v", again, err)
	}
	for name, says := range map[string]struct {
		domain.CaseFile
		certificate, replaces string
	}{
		"another one": {file, newer, fact.ID("cert", "other")},
		"none":        {file, newer, ""},
		"itself":      {domain.CaseFile{}, newer, newer},
	} {
		other := issued
		other.Certificate, other.Replaces = says.certificate, says.replaces
		if events, err := says.OnCertificateIssued(fact.By{}, other); !errors.Is(err, agree.Err) || len(events) > 0 {
			t.Errorf("it replaces %s: %v, %v", name, events, err)
		}
	}
}

// A file of before there were versions is read, and what it holds stands.
func TestAnOldFile(t *testing.T) {
	file := domain.CaseFile{}.Evolve(fact.Event{Data: filed})
	want := []domain.OnFile{{Case: worktest.Case, Filed: domain.Filed{Certificate: certificate, Issued: true}}}
	if diff := cmp.Diff(want, file.Tells()); diff != "" {
		t.Error(diff)
	}
}
