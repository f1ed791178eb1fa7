package domain_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

func orders(cmd domain.HoldExamination) step {
	return worktest.Do(domain.Examination.HoldExamination, cmd)
}

func held(part code.HoldPart) step {
	return orders(domain.HoldExamination{Part: part, Order: hold.Order{Ground: code.HoldByOrder, Name: "order 4 of the court"}})
}

// lifts and tells are of the hold that was placed last.
func lifts(x domain.Examination, by fact.By) ([]fact.Event, error) {
	return x.LiftHold(by, hold.Lift{Hold: lastHold(x), Why: "set aside"})
}

func tells(x domain.Examination, by fact.By) ([]fact.Event, error) {
	return telling(code.DutyTold)(x, by)
}

func telling(r code.LegalDutyResult) step {
	return func(x domain.Examination, by fact.By) ([]fact.Event, error) {
		return x.TellOfHold(by, domain.TellOfHold{Hold: lastHold(x), Result: r})
	}
}

func lastHold(x domain.Examination) string {
	if len(x.Holds) == 0 {
		return ""
	}
	return x.Holds[len(x.Holds)-1].ID
}

func TestLegalHold(t *testing.T) {
	ends := worktest.Dawn.AddDate(0, 1, 0)
	full := []step{accepted, yes, injured, certified}
	amends := amendsFinding(third.ID("find", 0), domain.RecordFinding{Step: code.StepGeneral, NoneFound: true})
	of := func(h domain.HoldExamination) step { return orders(h) }
	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"by an order": {
			Given: full, When: of(domain.HoldExamination{Part: code.HoldOnFindings, Order: hold.Order{Ground: code.HoldByOrder, Name: "order 4", Until: ends}}),
			Want: fact.With(
				forensicv1.ExaminationHeld{Work: about, Hold: (fact.By{At: worktest.Dawn, Commit: worktest.Commit(5)}).ID("hold", 0), Part: code.HoldOnFindings, Ground: code.HoldByOrder, Until: ends},
				hold.Ordered{Name: "order 4", By: "worker-1"},
			),
		},
		"by a wish":              {Given: full, When: of(domain.HoldExamination{Part: code.HoldOnAll, Order: hold.Order{Ground: "wish", Name: "the police"}}), Err: work.ErrUnknownCode},
		"without a name":         {Given: full, When: of(domain.HoldExamination{Part: code.HoldOnAll, Order: hold.Order{Ground: code.HoldByOrder}}), Err: hold.ErrHold},
		"that is over":           {Given: full, When: of(domain.HoldExamination{Part: code.HoldOnAll, Order: hold.Order{Ground: code.HoldByOrder, Name: "o", Until: worktest.Dawn}}), Err: hold.ErrHold},
		"on no part":             {Given: full, When: of(domain.HoldExamination{Part: "her", Order: hold.Order{Ground: code.HoldByOrder, Name: "o"}}), Err: work.ErrUnknownCode},
		"on nothing":             {When: held(code.HoldOnAll), Err: work.ErrNotOpen},
		"lifted, where none is":  {Given: full, When: lifts, Err: work.ErrEntryUnknown},
		"lifted twice":           {Given: append(full, held(code.HoldOnAll), lifts), When: lifts, Err: work.ErrEntryUnknown},
		"told twice":             {Given: append(full, held(code.HoldOnAll), tells), When: tells, Err: domain.ErrTold},
		"told by no known word":  {Given: append(full, held(code.HoldOnAll)), When: telling("letter"), Err: work.ErrUnknownCode},
		"its end, to nobody":     {Given: append(full, held(code.HoldOnAll), lifts), When: tells, Err: domain.ErrTold},
		"its end, unwanted":      {Given: append(full, held(code.HoldOnAll), telling(code.DutyNotWanted), lifts), When: tells, Err: domain.ErrTold},
		"its findings amended":   {Given: append(full, held(code.HoldOnFindings)), When: amends, Err: domain.ErrClosedByHold},
		"its findings certified": {Given: append(full, held(code.HoldOnFindings)), When: anew, Err: domain.ErrClosedByHold},
		"a certificate annulled": {Given: append(full, held(code.HoldOnAll)), When: annuls(certificate(4)), Err: domain.ErrClosedByHold},
		"a certificate released": {Given: append(full, held(code.HoldOnFindings)), When: releases(code.ToSurvivor, ""), Err: domain.ErrClosedByHold},
		"a certificate signed":   {Given: append(full, held(code.HoldOnFindings)), When: signs("worker-1"), Err: domain.ErrClosedByHold},
	})
	// What is new is still recorded, and what is not in the part goes on.
	for name, next := range map[string]step{"a finding": none, "an exhibit": exhibit("S-1"), "a step": says(code.StepSamples, code.StepConsented)} {
		if _, err := next(worktest.Play(t, worktest.Worker(), append(full, says(code.StepSamples, code.StepRefused), says(code.StepPhotographs, code.StepConsented), held(code.HoldOnFindings))...), worktest.Worker()); err != nil && !errors.Is(err, domain.ErrNoYes) {
			t.Errorf("%s: %v", name, err)
		}
	}
	x := worktest.Play(t, worktest.Worker(), append(full, held(code.HoldOnPhotographs))...)
	if _, err := amends(x, worktest.Worker()); err != nil {
		t.Errorf("a hold on photographs closes the findings: %v", err)
	}
}

// A hold closes its part to its own worker, until it is over or lifted, and never opens anything.
func TestALegalHoldClosesToReaders(t *testing.T) {
	pictured := []step{accepted, examined, says(code.StepHistory, code.StepConsented), told, yes, injured, certified, pictures, stored, shot}
	secrets := map[code.HoldPart][]string{
		code.HoldOnFindings:    {"what was found", "what the court reads", "what she told", "days, she says"},
		code.HoldOnPhotographs: {"file_one", "the photographer"},
	}
	secrets[code.HoldOnAll] = append(secrets[code.HoldOnFindings], append(secrets[code.HoldOnPhotographs], `"steps"`)...)
	shows := func(x domain.Examination, at time.Time) string {
		by := worktest.Worker()
		by.At = at
		text, err := json.Marshal(x.Content(by))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	until := worktest.Dawn.AddDate(0, 0, 3)
	open := worktest.Play(t, worktest.Worker(), pictured...)
	for part, all := range secrets {
		by := worktest.Worker()
		by.Commit = worktest.Commit(20)
		events, err := open.HoldExamination(by, domain.HoldExamination{Part: part, Order: hold.Order{Ground: code.HoldByStatute, Name: "article 7", Until: until}})
		if err != nil {
			t.Fatal(err)
		}
		x := worktest.Fold(open, events...)
		for _, secret := range all {
			if !strings.Contains(shows(open, worktest.Dawn), secret) {
				t.Fatalf("%s is not in the examination", secret)
			}
			if strings.Contains(shows(x, worktest.Dawn), secret) {
				t.Errorf("a hold on %s shows %s", part, secret)
			}
			if !strings.Contains(shows(x, until), secret) {
				t.Errorf("a hold on %s that is over still closes %s", part, secret)
			}
		}
		if !strings.Contains(shows(x, worktest.Dawn), "article 7") {
			t.Errorf("the worker does not see by what %s is held", part)
		}
		_, there := x.Picture("file_one", worktest.Dawn)
		if closed := part != code.HoldOnFindings; there == closed {
			t.Errorf("a hold on %s: a photograph is given: %v", part, there)
		}
		if legible := x.Legible(worktest.Dawn) == nil; legible != (part == code.HoldOnPhotographs) {
			t.Errorf("a hold on %s: what was found may be read: %v", part, legible)
		}
		if !x.Held(worktest.Dawn) || x.Held(until) {
			t.Errorf("a hold on %s stands at the wrong time", part)
		}
		if len(x.Told(worktest.Dawn)) > 0 && part != code.HoldOnPhotographs {
			t.Errorf("a hold on %s says when it happened", part)
		}
	}
	// Work that is over and closed to readers stays so.
	over := worktest.Play(t, worktest.Worker(), accepted, examined, facts[3], held(code.HoldOnAll), lifts)
	if strings.Contains(shows(over, worktest.Dawn), "what was found") {
		t.Error("a hold that was lifted opened what her consent had closed")
	}
}

// She hears of a hold and, if she did, of its end. It waits without a clock.
func TestSheIsToldOfAHold(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined, closed, held(code.HoldOnFindings))
	waits := func(x domain.Examination) bool {
		for _, d := range x.Duties(func(string) bool { return true }) {
			if d.Kind == code.DutyTellOfHold {
				return d.DueAt.IsZero() && d.Entry == lastHold(x)
			}
		}
		return false
	}
	if !waits(x) || x.Closed() || len(x.Deadlines()) > 0 {
		t.Errorf("it does not wait on the list: %+v", x.Holds)
	}
	for _, s := range []struct {
		step
		waits bool
	}{{telling(code.DutyBrought), false}, {lifts, true}, {tells, false}} {
		by := worktest.Worker()
		by.Commit = worktest.Commit(9)
		events, err := s.step(x, by)
		if err != nil {
			t.Fatal(err)
		}
		if x = worktest.Fold(x, events...); waits(x) != s.waits {
			t.Errorf("waits: %v", waits(x))
		}
	}
	if !x.Closed() || len(x.Holds[0].Told) != 2 {
		t.Errorf("it is not settled: %+v", x.Holds)
	}
}

var (
	pictures = says(code.StepPhotographs, code.StepConsented)
	unwanted = says(code.StepPhotographs, code.StepStopped)
	stored   = worktest.Do(domain.Examination.StoreFile, vault.File{Content: vault.Content{ID: "file_one", Type: "image/jpeg", Size: 9, SHA256: "hash-canary"}, Key: "key-canary"})
	shot     = worktest.Do(domain.Examination.KeepPhotograph, pictured)
	pictured = domain.KeepPhotograph{File: "file_one", TakenBy: "the photographer", Region: code.RegionNeck, Side: code.SideLeft, Aspect: code.AspectFront, Scale: 50}
)

func TestPhotographs(t *testing.T) {
	with := func(change func(*domain.KeepPhotograph)) step {
		cmd := pictured
		change(&cmd)
		return worktest.Do(domain.Examination.KeepPhotograph, cmd)
	}
	given := []step{accepted, pictures, stored}
	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"without her yes":                 {Given: []step{accepted}, When: stored, Err: domain.ErrNoYes},
		"on a yes to another step":        {Given: []step{accepted, yes}, When: stored, Err: domain.ErrNoYes},
		"after she took it back":          {Given: []step{accepted, pictures, unwanted}, When: stored, Err: domain.ErrNoYes},
		"after the consent ran out":       {Given: []step{accepted, pictures}, At: worktest.Expiry, When: stored, Err: domain.ErrConsentExpired},
		"recorded after the consent":      {Given: given, At: worktest.Expiry, When: shot, Err: domain.ErrConsentExpired},
		"of no file":                      {Given: []step{accepted, pictures}, When: shot, Err: work.ErrEntryUnknown},
		"of another file":                 {Given: given, When: with(func(c *domain.KeepPhotograph) { c.File = "file_two" }), Err: work.ErrEntryUnknown},
		"of a finding that is not there":  {Given: given, When: with(func(c *domain.KeepPhotograph) { c.Finding = "find_1" }), Err: work.ErrEntryUnknown},
		"of nowhere":                      {Given: given, When: with(func(c *domain.KeepPhotograph) { c.Region = "" }), Err: work.ErrUnknownCode},
		"with a scale that cannot be":     {Given: given, When: with(func(c *domain.KeepPhotograph) { c.Scale = 2001 }), Err: domain.ErrPhotograph},
		"taken before she said yes":       {Given: given, When: with(func(c *domain.KeepPhotograph) { c.TakenAt = worktest.Dawn.Add(-time.Hour) }), Err: domain.ErrNoYes},
		"taken later":                     {Given: given, When: with(func(c *domain.KeepPhotograph) { c.TakenAt = worktest.Dawn.Add(time.Hour) }), Err: work.ErrDate},
		"recorded after she took it back": {Given: append(given, unwanted), When: shot, Err: domain.ErrNoYes},
		"recorded": {
			Given: given, When: shot,
			Want: fact.With(
				forensicv1.PhotographKept{Work: about, Photograph: (fact.By{At: worktest.Dawn, Commit: worktest.Commit(4)}).ID("photo", 0)},
				domain.Shot{File: "file_one", TakenAt: worktest.Dawn, TakenBy: "the photographer", Region: code.RegionNeck, Side: code.SideLeft, Aspect: code.AspectFront, Scale: 50},
			),
		},
	})
	// A no that comes later closes those that there are, a later yes opens them again.
	x := worktest.Play(t, worktest.Worker(), append(given, shot)...)
	for _, s := range []struct {
		step
		open bool
	}{{unwanted, false}, {pictures, true}, {wrong, false}} {
		by := worktest.Worker()
		by.Commit = worktest.Commit(9)
		events, err := s.step(x, by)
		if err != nil {
			t.Fatal(err)
		}
		x = worktest.Fold(x, events...)
		if _, open := x.Picture("file_one", worktest.Dawn); open != s.open {
			t.Errorf("a photograph may be seen: %v, %+v", open, x.Photographs)
		}
	}
	// Nothing of a file leaves in the public half, and its key is shown to nobody.
	for _, events := range [][]fact.Event{played(t, given[:2], stored), played(t, given, shot)} {
		for _, e := range events {
			public, _ := json.Marshal(e.Data)
			if strings.Contains(string(public), "canary") || strings.Contains(string(public), "photographer") || strings.Contains(string(public), "neck") {
				t.Errorf("%s", public)
			}
		}
	}
	content, _ := json.Marshal(worktest.Play(t, worktest.Worker(), append(given, shot)...).Content(worktest.Worker()))
	if strings.Contains(string(content), "key-canary") {
		t.Error("the key of a file is shown")
	}
}

// wrong says that the photograph was entered in error.
func wrong(x domain.Examination, by fact.By) ([]fact.Event, error) {
	return x.Amend(by, domain.Amend{Entry: work.Entry{Entry: x.Photographs[0].ID, Reason: code.Correction, InError: true}})
}

func played(t *testing.T, given []step, next step) []fact.Event {
	t.Helper()
	events, err := next(worktest.Play(t, worktest.Worker(), given...), worktest.Worker())
	if err != nil {
		t.Fatal(err)
	}
	return events
}
