package domain_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

// certificate is the one that the nth step issued.
func certificate(n int) string {
	return (fact.By{At: worktest.Dawn, Commit: worktest.Commit(n)}).ID("cert", 0)
}

func issues(cmd domain.IssueCertificate) step {
	return worktest.Do(freely(domain.Examination.IssueCertificate), cmd)
}

func replaces(id string) step {
	return issues(domain.IssueCertificate{Opinion: code.Consistent, Text: "what is right", Replaces: id, Reason: code.Correction})
}

func annuls(id string) step {
	return worktest.Do(domain.Examination.AnnulCertificate, domain.Answer{Certificate: id, Why: "of another examination"})
}

func upholds(id string) step {
	return worktest.Do(domain.Examination.UpholdCertificate, domain.Answer{Certificate: id, Why: "a slip of the pen"})
}

// The steps are numbered from the acceptance on, which is 1: the first certificate is the
// third.
func TestCertificate(t *testing.T) {
	anew := amends(domain.Amend{Entry: because(record), Record: &found})
	first := []step{accepted, examined, certified}
	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"a new version names the old": {
			Given: first, When: replaces(certificate(3)),
			Want: fact.With(
				forensicv1.CertificateIssued{Work: about, Certificate: certificate(4), Replaces: certificate(3)},
				domain.Issued{By: "worker-1", Reason: code.Correction, Opinion: domain.Opinion{Opinion: code.Consistent, Text: "what is right"}},
			),
		},
		"a new version of a closed examination": {
			Given: append(first, closed), When: replaces(certificate(3)),
			Want: fact.With(
				forensicv1.CertificateIssued{Work: about, Certificate: certificate(5), Replaces: certificate(3)},
				domain.Issued{By: "worker-1", Reason: code.Correction, Opinion: domain.Opinion{Opinion: code.Consistent, Text: "what is right"}},
			),
		},
		"another one beside it":              {Given: first, When: certified, Err: domain.ErrCertified},
		"a fork":                             {Given: append(first, replaces(certificate(3))), When: replaces(certificate(3)), Err: domain.ErrNotTheCertificate},
		"of one that was never issued":       {Given: first, When: replaces(certificate(9)), Err: work.ErrEntryUnknown},
		"of one before there is any":         {Given: []step{accepted, examined}, When: replaces(certificate(9)), Err: work.ErrEntryUnknown},
		"of one that was annulled":           {Given: append(first, annuls(certificate(3))), When: replaces(certificate(3)), Err: work.ErrEntryInError},
		"for no reason":                      {Given: first, When: issues(domain.IssueCertificate{Opinion: code.Consistent, Replaces: certificate(3)}), Err: work.ErrUnknownCode},
		"a reason that corrects nothing":     {Given: []step{accepted, examined}, When: issues(domain.IssueCertificate{Opinion: code.Consistent, Reason: code.Change}), Err: work.ErrAmendment},
		"with an unknown opinion":            {Given: first, When: issues(domain.IssueCertificate{Opinion: "sure", Replaces: certificate(3), Reason: code.Change}), Err: work.ErrUnknownCode},
		"of an examination at rest":          {Given: append(first, lapsed), When: replaces(certificate(3)), Err: work.ErrResting},
		"of one that is closed to readers":   {Given: append(first, closed, facts[7]), When: replaces(certificate(3)), Err: work.ErrEnded},
		"of no examination":                  {When: replaces(certificate(3)), Err: work.ErrNotOpen},
		"annulled on a closed examination":   {Given: append(first, closed), When: annuls(certificate(3)), Want: annulled(certificate(3))},
		"annulled, without a successor":      {Given: first, When: annuls(certificate(3)), Want: annulled(certificate(3))},
		"annulled twice":                     {Given: append(first, annuls(certificate(3))), When: annuls(certificate(3)), Err: work.ErrEntryInError},
		"annulled after it was replaced":     {Given: append(first, replaces(certificate(3))), When: annuls(certificate(3)), Err: domain.ErrNotTheCertificate},
		"annulled at rest":                   {Given: append(first, lapsed), When: annuls(certificate(3)), Err: work.ErrResting},
		"annulled, and it was never issued":  {Given: []step{accepted, examined}, When: annuls(certificate(3)), Err: work.ErrEntryUnknown},
		"upheld, and nothing was amended":    {Given: first, When: upholds(certificate(3)), Err: work.ErrUnchanged},
		"upheld twice":                       {Given: append(first, anew, upholds(certificate(3))), When: upholds(certificate(3)), Err: work.ErrUnchanged},
		"upheld after it was replaced":       {Given: append(first, anew, replaces(certificate(3))), When: upholds(certificate(3)), Err: domain.ErrNotTheCertificate},
		"upheld at rest":                     {Given: append(first, anew, lapsed), When: upholds(certificate(3)), Err: work.ErrResting},
		"upheld, and it was never issued":    {Given: append(first, anew), When: upholds(certificate(9)), Err: work.ErrEntryUnknown},
		"upheld after it was annulled":       {Given: append(first, anew, annuls(certificate(3))), When: upholds(certificate(3)), Err: work.ErrEntryInError},
		"another one after it was annulled":  {Given: append(first, annuls(certificate(3))), When: certified, Want: newlyIssued(certificate(5))},
		"the first on a closed examination":  {Given: []step{accepted, examined, closed}, When: certified, Err: work.ErrNotOpen},
		"upheld after findings were amended": {Given: append(first, anew), When: upholds(certificate(3)), Want: fact.With(forensicv1.CertificateUpheld{Work: about, Certificate: certificate(3)}, domain.Word{By: "worker-1", Why: "a slip of the pen"})},
	})
}

func annulled(id string) []fact.Event {
	return fact.With(forensicv1.CertificateAnnulled{Work: about, Certificate: id}, domain.Word{By: "worker-1", Why: "of another examination"})
}

func newlyIssued(id string) []fact.Event {
	return fact.With(
		forensicv1.CertificateIssued{Work: about, Certificate: id},
		domain.Issued{By: "worker-1", Opinion: domain.Opinion{Opinion: code.HighlyConsistent, Text: "what the court reads"}},
	)
}

// Who goes on from a version that does not stand is told which one does.
func TestTheCertificateThatStandsIsNamed(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined, certified, replaces(certificate(3)), replaces(certificate(4)))
	for name, step := range map[string]step{"a fork": replaces(certificate(3)), "another one": certified, "annulled": annuls(certificate(4))} {
		_, err := step(x, worktest.Worker())
		if diff := cmp.Diff([]string{certificate(5)}, fault.Of(err).Near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	_, err := annuls(certificate(3))(worktest.Play(t, worktest.Worker(), accepted, examined, certified, replaces(certificate(3)), annuls(certificate(4))), worktest.Worker())
	if f := fault.Of(err); f.Code != domain.ErrNotTheCertificate.Code || f.Near != nil {
		t.Errorf("none stands, and it names %q: %v", f.Near, err)
	}
}

// The view shows the version that stands, and each of those before: what it said, what
// replaced it and when.
func TestCertificatesView(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined, collected, certified,
		amends(domain.Amend{Entry: because(record), Record: &found}), replaces(certificate(4)), annuls(certificate(6)), certified)
	v := x.Content(worktest.Worker()).(domain.View)
	rests := domain.Basis{Exhibits: 1, Amendments: 1}
	want := []domain.Certificate{
		{
			ID: certificate(4), At: worktest.Dawn, ReplacedBy: certificate(6), ReplacedAt: worktest.Dawn, Rests: domain.Basis{Exhibits: 1},
			Issued: domain.Issued{By: "worker-1", Opinion: domain.Opinion{Opinion: code.HighlyConsistent, Text: "what the court reads"}},
		},
		{
			ID: certificate(6), At: worktest.Dawn, Replaces: certificate(4), Rests: rests,
			Issued:   domain.Issued{By: "worker-1", Reason: code.Correction, Opinion: domain.Opinion{Opinion: code.Consistent, Text: "what is right"}},
			Annulled: &domain.Spoken{At: worktest.Dawn, Word: domain.Word{By: "worker-1", Why: "of another examination"}},
		},
	}
	if diff := cmp.Diff(want, v.Earlier); diff != "" {
		t.Error("earlier (-want +got):\n" + diff)
	}
	if v.Certificate == nil || v.Certificate.ID != certificate(8) || v.Certificate.FindingsChanged {
		t.Errorf("it shows %+v", v.Certificate)
	}
	shut := x.Evolve(fact.Event{Data: forensicv1.ExaminationEnded{Work: turn(worktest.RecalledAt), Erasure: code.DataClosed}})
	if s := shut.Content(worktest.Worker()).(domain.View); s.Certificate != nil || s.Earlier != nil {
		t.Errorf("closed to readers, it shows %+v %+v", s.Certificate, s.Earlier)
	}
}

// A certificate whose findings were amended waits for its examiner until a person answers for
// it.
func TestFindingsChanged(t *testing.T) {
	anew := amends(domain.Amend{Entry: because(record), Record: &found})
	relabels := amends(domain.Amend{Entry: because(swab), Exhibit: &label})
	first := []step{accepted, examined, collected, certified}
	for name, c := range map[string]struct {
		given []step
		waits bool
	}{
		"nothing was amended":                         {first, false},
		"amended before it was issued":                {[]step{accepted, examined, anew, certified}, false},
		"amended without a certificate":               {[]step{accepted, examined, anew}, false},
		"the record was amended":                      {append(first, anew), true},
		"an exhibit was labelled anew":                {append(first, relabels), true},
		"an exhibit was entered in error":             {append(first, inError(swab)), true},
		"an exhibit came":                             {append(first, exhibit("S-9")), false},
		"an exhibit that came later was in error":     {append(first, exhibit("S-9"), inError((fact.By{At: worktest.Dawn, Commit: worktest.Commit(5)}).ID("exh", 0))), false},
		"amended after it was closed":                 {append(first, closed, anew), true},
		"a new version was issued":                    {append(first, anew, replaces(certificate(4))), false},
		"amended after the new version":               {append(first, replaces(certificate(4)), anew), true},
		"a person said that it stands":                {append(first, anew, upholds(certificate(4))), false},
		"amended again after a person said so":        {append(first, anew, upholds(certificate(4)), anew), true},
		"annulled":                                    {append(first, anew, annuls(certificate(4))), false},
		"amended after it was annulled":               {append(first, annuls(certificate(4)), anew), false},
		"at rest nobody can answer":                   {append(first, anew, lapsed), false},
		"closed to readers nobody can answer":         {append(first, anew, closed, facts[7]), false},
		"amended, and it goes on after it had rested": {append(first, anew, lapsed, facts[9]), true},
	} {
		x := worktest.Play(t, worktest.Worker(), c.given...)
		if x.Waits() != c.waits || (len(domain.Waiting.Keys(x)) > 0) != c.waits {
			t.Errorf("%s: it waits: %t", name, x.Waits())
		}
		v := x.Content(worktest.Worker()).(domain.View).Certificate
		if changed := v != nil && v.FindingsChanged; changed != c.waits {
			t.Errorf("%s: the certificate says %t", name, changed)
		}
	}
}

// Whatever is done with certificates, in whatever order: none is lost or changes what it says,
// each is replaced by one at most and by one that is there, and at most one stands. None
// stands only where none was issued, or the last one was annulled.
func TestTheChainOfCertificates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := worktest.Fold(domain.Examination{}, must(t, accepted, domain.Examination{}, 1)...)
		x = worktest.Fold(x, must(t, examined, x, 2)...)
		said := map[string]string{}
		var last string
		none, changed := true, false
		for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
			by := worktest.Worker()
			by.Commit = worktest.Commit(n + 3)
			id := rapid.SampledFrom(append([]string{"", certificate(99)}, ids(x)...)).Draw(t, "certificate")
			text := by.Commit
			do := rapid.SampledFrom([]string{"issue", "annul", "uphold", "amend", "close"}).Draw(t, "do")
			wanted := map[string]step{
				"issue": issues(domain.IssueCertificate{Opinion: code.Consistent, Text: text, Replaces: id, Reason: reason(id)}),
				"annul": annuls(id), "uphold": upholds(id), "amend": amends(domain.Amend{Entry: because(record), Record: &found}), "close": closed,
			}[do]
			events, err := wanted(x, by)
			if x = worktest.Fold(x, events...); err == nil {
				switch do {
				case "issue":
					last, none, changed = by.ID("cert", 0), false, false
					said[last] = text
				case "annul":
					none = true
				case "uphold":
					changed = false
				case "amend":
					changed = true
				}
			}
			v := x.Content(by).(domain.View)
			all := slices.Clone(v.Earlier)
			if v.Certificate != nil {
				all = append(all, *v.Certificate)
			}
			if (v.Certificate == nil) != none || !none && v.Certificate.ID != last {
				t.Fatalf("%q is to stand, and not: %t; it shows %+v", last, none, v.Certificate)
			}
			if x.Waits() != (changed && !none) {
				t.Fatalf("it waits: %t", x.Waits())
			}
			successors := map[string]string{}
			is := map[string]string{}
			for _, c := range all {
				is[c.ID] = c.Text
				if c.Replaces == "" {
					continue
				}
				if successors[c.Replaces] != "" {
					t.Fatalf("two replace %s", c.Replaces)
				}
				successors[c.Replaces] = c.ID
			}
			for _, c := range all {
				if c.ReplacedBy != successors[c.ID] || (c.ReplacedBy != "" && is[c.ReplacedBy] == "") {
					t.Fatalf("%s is replaced by %q, and %q says so", c.ID, c.ReplacedBy, successors[c.ID])
				}
			}
			if diff := cmp.Diff(said, is); diff != "" {
				t.Fatal("what the certificates say (-want +got):\n" + diff)
			}
		}
	})
}

func must(t interface {
	Helper()
	Fatal(...any)
}, s step, x domain.Examination, n int,
) []fact.Event {
	by := worktest.Worker()
	by.Commit = worktest.Commit(n)
	events, err := s(x, by)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func reason(replaced string) code.AmendReason {
	if replaced == "" {
		return ""
	}
	return code.Change
}

func ids(x domain.Examination) (all []string) {
	for _, c := range x.Certificates {
		all = append(all, c.ID)
	}
	return all
}

// A certificate of before there were versions stands, and can be replaced, annulled and upheld.
func TestAnOldCertificate(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined)
	x = x.Evolve(fact.Event{At: worktest.Dawn, Data: forensicv1.CertificateIssued{Work: about, Certificate: certificate(3)}, Private: domain.Issued{Opinion: domain.Opinion{Opinion: code.Consistent, Text: "old"}}})
	for name, step := range map[string]step{"replaced": replaces(certificate(3)), "annulled": annuls(certificate(3))} {
		if _, err := step(x, worktest.Worker()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Only the worker who has the examination, and who covers, answers for its certificate; and
// the public half says nothing of why.
func TestAnswersStayPrivate(t *testing.T) {
	const canary = "CanaryOfTheMine"
	x := worktest.Play(t, worktest.Worker(), accepted, given, examined, certified, amends(domain.Amend{Entry: because(record), Record: &found}))
	answer := domain.Answer{Certificate: certificate(4), Why: canary}
	version := domain.IssueCertificate{Opinion: code.Consistent, Text: canary, Replaces: certificate(4), Reason: code.Change}
	for name, c := range map[string]struct {
		do  func(work.Hands) error
		say step
	}{
		"annulled": {func(h work.Hands) error {
			_, err := work.ByWorker(domain.Examination.AnnulCertificate)(x, worktest.Worker(), answer, h)
			return err
		}, worktest.Do(domain.Examination.AnnulCertificate, answer)},
		"upheld": {func(h work.Hands) error {
			_, err := work.ByWorker(domain.Examination.UpholdCertificate)(x, worktest.Worker(), answer, h)
			return err
		}, worktest.Do(domain.Examination.UpholdCertificate, answer)},
		"replaced": {func(h work.Hands) error {
			_, err := work.ByWorker(freely(domain.Examination.IssueCertificate))(x, worktest.Worker(), version, h)
			return err
		}, issues(version)},
	} {
		if err := c.do(work.Hands{Worker: "wkr_other"}); !errors.Is(err, work.ErrNotTheWorker) {
			t.Errorf("%s by somebody else: %v", name, err)
		}
		events, err := c.say(x, fact.By{Principal: "worker-1", Agency: worktest.Agency, At: worktest.Dawn.Add(time.Hour), Commit: worktest.Commit(9)})
		if err != nil || len(events) != 1 {
			t.Fatal(name, events, err)
		}
		public, _ := json.Marshal(events[0].Data)
		private, _ := json.Marshal(events[0].Private)
		if strings.Contains(string(public), canary) || !strings.Contains(string(private), canary) {
			t.Errorf("%s: %s | %s", name, public, private)
		}
	}
}

// Nobody outside hears of a certificate of work that continues on her own word, unless it
// takes the place of one that somebody outside may rely on.
func TestACertificateOnHerOwnWordStaysInTheRoom(t *testing.T) {
	stays := func(events []fact.Event) bool {
		t.Helper()
		_, confined := events[0].Data.(interface{ ConfinedToAddressees() })
		return confined
	}
	x := worktest.Play(t, worktest.Worker(), accepted, given, examined, facts[3], keeps)
	first := must(t, certified, x, 5)
	x = worktest.Fold(x, first...)
	version := must(t, replaces(certificate(5)), x, 6)
	x = worktest.Fold(x, version...)
	if !stays(first) || !stays(version) || !stays(must(t, annuls(certificate(6)), x, 7)) {
		t.Error("a certificate on her own word is told")
	}
	if v := x.Content(worktest.Worker()).(domain.View); v.Certificate == nil || v.Certificate.ID != certificate(6) || len(v.Earlier) != 1 {
		t.Errorf("%+v", v)
	}
	known := worktest.Play(t, worktest.Worker(), accepted, given, examined, certified, facts[3], keeps)
	if stays(must(t, replaces(certificate(4)), known, 8)) || stays(must(t, annuls(certificate(4)), known, 8)) {
		t.Error("who relies on an old version is not told")
	}
}
