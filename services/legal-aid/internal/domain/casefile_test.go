package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

func TestCaseFile(t *testing.T) {
	issued := forensicv1.CertificateIssued{
		Work: forensicv1.Work{Case: worktest.Case, Agency: "forensic-clinic"}, Certificate: certificate,
	}
	var file domain.CaseFile
	if file.Exists() {
		t.Error("an empty file exists")
	}
	got, err := file.OnCertificateIssued(fact.By{}, issued)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fact.Of(filed), got); diff != "" {
		t.Fatal("events (-want +got):\n" + diff)
	}
	file = file.Evolve(got[0])
	if !file.Exists() || file.Case() != worktest.Case || file.Closed() {
		t.Errorf("not a file of the case: %+v", file)
	}
	if file.Visible(worktest.Worker()) || !file.Visible(fact.By{}) {
		t.Error("a case file is for the network alone")
	}
	if again, err := file.OnCertificateIssued(fact.By{}, issued); len(again) > 0 || err != nil {
		t.Errorf("filed again: %v, %v", again, err)
	}
}
