package domain_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

func private(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func publicKey(name string) signed.Key {
	return signed.Key{
		ID: fact.ID("ckey", name), Worker: worker.ID(worktest.Agency, name), Agency: worktest.Agency, From: worktest.Dawn.AddDate(0, -1, 0), Until: worktest.Dawn.AddDate(1, 0, 0),
		Public: base64.StdEncoding.EncodeToString(private(name).Public().(ed25519.PublicKey)),
	}
}

// signs has people sign the certificate that stands, in their order.
func signs(names ...string) step {
	return func(x domain.Examination, by fact.By) ([]fact.Event, error) {
		last := x.Certificates[len(x.Certificates)-1]
		file, _ := x.File(last.ID)
		cmd, keys := domain.SignCertificate{Certificate: last.ID}, []look.Fresh[signed.Key]{}
		for _, n := range names {
			cmd.Signatures = append(cmd.Signatures, signed.Sign(fact.ID("ckey", n), private(n), file.Signed()))
			keys = append(keys, look.Made(publicKey(n)))
		}
		return x.SignCertificate(by, cmd, keys)
	}
}

func releases(to code.CertificateTo, name string) step {
	return func(x domain.Examination, by fact.By) ([]fact.Event, error) {
		last := x.Certificates[len(x.Certificates)-1]
		return x.ReleaseCertificate(by, domain.ReleaseCertificate{Certificate: last.ID, To: to, Name: name})
	}
}

// countersigns is the word of somebody for the draft that waits.
func countersigns(name string) step {
	return func(x domain.Examination, by fact.By) ([]fact.Event, error) {
		by.Principal = name
		id := "cert_none"
		if x.Draft != nil {
			id = x.Draft.ID
		}
		return x.CountersignCertificate(by, domain.CountersignCertificate{Certificate: id}, domain.Examiner{})
	}
}

var drafts = worktest.Do(freely(domain.Examination.IssueCertificate), domain.IssueCertificate{Opinion: code.Consistent, Text: "x", Supervisor: worker.ID(worktest.Agency, "senior")})

// A certificate of an examiner in training is none before the supervisor whom it names says so.
func TestASupervisorCountersigns(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, yes, injured, drafts)
	if len(x.Certificates) != 0 || x.Draft == nil || !x.Supervises(worker.ID(worktest.Agency, "senior")) || x.Supervises(worktest.First) {
		t.Fatalf("%+v", x.Draft)
	}
	for name, want := range map[string]error{"worker-1": domain.ErrSupervisor, "somebody": domain.ErrSupervisor} {
		if _, err := countersigns(name)(x, worktest.Worker()); err != nil && err.Error() != want.Error() || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	events, err := countersigns("senior")(x, worktest.Worker())
	if err != nil || len(events) != 1 {
		t.Fatal(err)
	}
	if e, ok := events[0].Data.(forensicv1.CertificateIssued); !ok || e.Certificate != x.Draft.ID {
		t.Errorf("%+v", events)
	}
	x = worktest.Fold(x, events...)
	if x.Draft != nil || len(x.Certificates) != 1 || x.Certificates[0].Supervisor == "" || x.Certificates[0].By != "worker-1" {
		t.Errorf("%+v", x.Certificates)
	}
}

func TestSignAndRelease(t *testing.T) {
	ready := []step{accepted, yes, injured, certified}
	with := func(more ...step) []step { return append(append([]step{}, ready...), more...) }
	for name, c := range map[string]struct {
		given []step
		when  step
		err   error
	}{
		"signed by its examiner":                {ready, signs("worker-1"), nil},
		"signed by somebody else":               {ready, signs("worker-2"), domain.ErrUnsigned},
		"signed by nobody":                      {ready, signs(), domain.ErrUnsigned},
		"signed twice":                          {with(signs("worker-1")), signs("worker-1"), domain.ErrSignedAlready},
		"countersigned, signed by one":          {[]step{accepted, yes, injured, drafts, countersigns("senior")}, signs("worker-1"), domain.ErrUnsigned},
		"countersigned, signed by both":         {[]step{accepted, yes, injured, drafts, countersigns("senior")}, signs("worker-1", "senior"), nil},
		"countersigned, in another order":       {[]step{accepted, yes, injured, drafts, countersigns("senior")}, signs("senior", "worker-1"), domain.ErrUnsigned},
		"given away unsigned":                   {ready, releases(code.ToSurvivor, ""), domain.ErrUnsigned},
		"given to her":                          {with(signs("worker-1")), releases(code.ToSurvivor, ""), nil},
		"kept for her":                          {with(signs("worker-1")), releases(code.KeptForHer, ""), nil},
		"to the police without her yes":         {with(signs("worker-1")), releases(code.ToPolice, "An officer"), domain.ErrNoYes},
		"to the police on her yes to a lawyer":  {with(signs("worker-1"), says(code.StepLawyerRelease, code.StepConsented)), releases(code.ToPolice, "An officer"), domain.ErrNoYes},
		"to the police on her yes":              {with(signs("worker-1"), says(code.StepPoliceRelease, code.StepConsented)), releases(code.ToPolice, "An officer"), nil},
		"to the police, to nobody":              {with(signs("worker-1"), says(code.StepPoliceRelease, code.StepConsented)), releases(code.ToPolice, ""), domain.ErrReleased},
		"to the police, when she took it back":  {with(signs("worker-1"), says(code.StepPoliceRelease, code.StepConsented), says(code.StepPoliceRelease, code.StepStopped)), releases(code.ToPolice, "An officer"), domain.ErrNoYes},
		"to a prosecutor on her yes":            {with(signs("worker-1"), says(code.StepProsecutorRelease, code.StepConsented)), releases(code.ToProsecutor, "A name"), nil},
		"a new version is signed anew":          {with(signs("worker-1"), anew), releases(code.ToSurvivor, ""), domain.ErrUnsigned},
		"nothing is given away when it is over": {[]step{accepted, given, yes, injured, certified, signs("worker-1"), facts[3]}, releases(code.ToSurvivor, ""), work.ErrAsked},
	} {
		t.Run(name, func(t *testing.T) {
			x := worktest.Play(t, worktest.Worker(), c.given...)
			by := worktest.Worker()
			by.Commit = worktest.Commit(len(c.given) + 1)
			events, err := c.when(x, by)
			if (err == nil) != (len(events) == 1) || err != nil && (c.err == nil || err.Error() != c.err.Error()) || err == nil && c.err != nil {
				t.Errorf("got %v, want %v", err, c.err)
			}
		})
	}
}

// What was released stays as it was signed, whatever is found, amended or replaced later.
func TestAReleasedCertificateStaysVerifiable(t *testing.T) {
	steps := []step{accepted, yes, injured, certified, signs("worker-1"), releases(code.ToSurvivor, "")}
	x := worktest.Play(t, worktest.Worker(), steps...)
	file, stands, err := x.Given("", worktest.Dawn)
	if err != nil || !stands {
		t.Fatal(err)
	}
	known := []signed.Key{publicKey("worker-1")}
	file.Keys = known
	later := worktest.Play(t, worktest.Worker(), append(steps, none, amendsFinding(third.ID("find", 0), domain.RecordFinding{Step: code.StepGeneral, NoneFound: true}), anew)...)
	again, stands, err := later.Given(file.Certificate, worktest.Dawn)
	if again.Keys = known; err != nil || stands {
		t.Fatal(stands, err)
	}
	if err := again.Verify(known); err != nil || again.Signed() != file.Signed() {
		t.Errorf("the old version was changed: %v\n%s\n%s", err, file.Signed(), again.Signed())
	}
	if newer, _, err := later.Given("", worktest.Dawn); err != nil || newer.Replaces != file.Certificate || strings.Contains(strings.Join(newer.Findings, " "), "bruise") {
		t.Errorf("the new version rests on %v: %v", newer.Findings, err)
	}
}
