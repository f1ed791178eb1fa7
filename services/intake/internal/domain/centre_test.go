package domain

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
	"github.com/sanad-network/sanad/services/intake/internal/onestop"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// reception is a desk in a house with her lawyer and her clinic.
type reception struct {
	*desk
	house          centre.Centre
	lawyers, exams string
}

func receive(t tb) *reception {
	t.Helper()
	d, lawyers, exams := helped(t)
	r := &reception{desk: d, lawyers: lawyers, exams: exams}
	by := d.by()
	by.Commit = fact.ID("centre", "house") + "/1"
	r.settle(t)(centre.Centre{}.Open(by, centre.Open{House: centre.House{
		Name: "secret house", HoldMinutes: 10, InHouse: []string{legal, clinic},
		Rooms: []intakev1.CentreRoom{{Room: "exam-1", Use: code.RoomExamination, Capacity: 1}, {Room: "talk-1", Use: code.RoomTalking, Capacity: 1}},
	}}))
	return r
}

// settle has the house take what was decided about it.
func (r *reception) settle(t tb) func([]fact.Event, error) {
	return func(events []fact.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		for _, e := range events {
			e.At = r.now
			r.house = r.house.Evolve(e)
		}
	}
}

func (r *reception) in() House {
	return House{Hands: work.Hands{Worker: r.state.Owner, Act: look.Made(true)}, Centre: look.Made(r.house)}
}

// doIn does it as the operation does: the rooms follow.
func doIn[C any](r *reception, decide func(Case, fact.By, C, House) ([]fact.Event, error), cmd C) ([]fact.Event, error) {
	events, err := InHouse(decide)(r.state, r.by(), cmd, r.in())
	r.commit(events)
	if name, in, left := r.state.InRooms(); err == nil {
		followed, err := r.house.Follow(r.by(), name, in, left)
		if err != nil {
			return nil, err
		}
		for _, e := range followed {
			e.At = r.now
			r.house = r.house.Evolve(e)
		}
	}
	return events, err
}

func moving(c Case, by fact.By, cmd MoveVisitStep, h House) ([]fact.Event, error) {
	return c.MoveVisitStep(by, cmd, h, basis)
}

func (r *reception) leave(t tb) {
	t.Helper()
	_, err := doIn(r, func(c Case, by fact.By, cmd LeaveVisit, h House) ([]fact.Event, error) {
		return c.LeaveVisit(by, cmd, h.Hands)
	}, LeaveVisit{})
	if err != nil {
		t.Fatal(err)
	}
}

func (r *reception) came(t tb, cmd BeginVisit) onestop.Visit {
	t.Helper()
	cmd.Centre = r.house.ID
	r.must(t)(doIn(r, Case.BeginVisit, cmd))
	v, _ := r.state.here()
	return v
}

// step is the name of a step of the last visit.
func (r *reception) step(kind code.VisitStepKind, referral string) string {
	for _, s := range r.state.CentreVisits[len(r.state.CentreVisits)-1].Steps {
		if s.Kind == kind && s.Referral == referral {
			return s.ID
		}
	}
	return ""
}

func to(step string, status code.VisitStepStatus, room string) MoveVisitStep {
	return MoveVisitStep{Moved: Moved{Step: step, Status: status, Room: room}}
}

func (r *reception) waiting(agency string) []VisitWaits {
	by, _ := r.from(agency)
	return r.state.VisitsWaiting(by, basis)
}

// One visit: who sees her next, in which room, and what each sees of it.
func TestAVisitShowsEachItsOwnStep(t *testing.T) {
	r := receive(t)
	v := r.came(t, BeginVisit{Referrals: []string{r.lawyers, r.exams}, Also: []code.VisitStepKind{code.RestStep, code.ChildCareStep}})
	name := onestop.CodeOf(v.ID)
	if ref := r.state.Reference(); len(name) != 5 || ref[:4] == name[:4] {
		t.Errorf("the code %s beside the reference %s", name, ref)
	}
	for agency, next := range map[string]bool{legal: true, clinic: false} {
		got := r.waiting(agency)
		if len(got) != 1 || got[0].Code != name || got[0].Next != next || got[0].Room != "" {
			t.Errorf("%s sees %+v", agency, got)
		}
	}
	if got := r.waiting("somebody-else"); len(got) > 0 {
		t.Errorf("an agency without a referral sees %+v", got)
	}
	// A room is hers only while it is held.
	legals := r.step(code.ServiceStep, r.lawyers)
	events, err := doIn(r, moving, to(legals, code.VisitCalled, "talk-1"))
	refused(t, events, err, centre.ErrRoom, "/centre_room")
	r.settle(t)(r.house.Hold(r.by(), centre.HoldRoom{Room: "talk-1", Visit: name}, true))
	r.must(t)(doIn(r, moving, to(legals, code.VisitCalled, "talk-1")))
	if got := r.waiting(legal); got[0].Room != "talk-1" || got[0].With {
		t.Errorf("called: %+v", got)
	}
	r.must(t)(doIn(r, moving, to(legals, code.VisitWithHer, "")))
	if h, held := r.house.Held("talk-1", name, r.now.Add(time.Hour)); !held || !h.Taken {
		t.Error("she is in the room, and it falls back")
	}
	if got := r.waiting(clinic); len(got) != 1 || got[0].Next {
		t.Errorf("while she is with her lawyer the clinic sees %+v", got)
	}
	events, err = doIn(r, moving, to(r.step(code.ServiceStep, r.exams), code.VisitCalled, ""))
	refused(t, events, err, onestop.ErrStep, "/visit_step")
	seen, ok := r.state.VisitHere(r.by(), r.house, basis)
	if !ok || seen.Now.Agency != legal || seen.Now.Room != "talk-1" || seen.Next.Agency != clinic || seen.Child != code.VisitWaiting || len(seen.Rooms) != 1 {
		t.Errorf("the reception sees %+v", seen)
	}
	r.must(t)(doIn(r, moving, to(legals, code.VisitDone, "")))
	if len(r.house.Of(name, r.now)) > 0 {
		t.Error("the room is not given back")
	}
	// The code stands with the share of the referral: that look is recorded.
	if p, _ := shareOf(t, r.desk, clinic, r.exams); p.Visit != name {
		t.Errorf("the share says %q", p.Visit)
	}
	if p, _ := shareOf(t, r.desk, legal, r.lawyers); p.Visit != "" {
		t.Errorf("the share of what is done says %q", p.Visit)
	}
}

// She leaves while somebody is with her, and comes again: with a new code, and where she stopped.
func TestSheLeavesAtAnyStepAndComesAgain(t *testing.T) {
	r := receive(t)
	v := r.came(t, BeginVisit{Referrals: []string{r.exams, r.lawyers}, Also: []code.VisitStepKind{code.AccountStep, code.SafetyTalk}})
	name := onestop.CodeOf(v.ID)
	safety := r.step(code.SafetyTalk, "")
	if v.Steps[0].ID != safety {
		t.Errorf("her safety is not first: %+v", v.Steps)
	}
	events, err := doIn(r, moving, to(r.step(code.AccountStep, ""), code.VisitCalled, ""))
	refused(t, events, err, onestop.ErrOrder, "/visit_step")
	r.must(t)(doIn(r, moving, to(safety, code.VisitWithHer, "")))
	r.must(t)(doIn(r, moving, to(safety, code.VisitDone, "")))
	r.must(t)(doIn(r, moving, to(r.step(code.AccountStep, ""), code.VisitSkipped, "")))
	r.settle(t)(r.house.Hold(r.by(), centre.HoldRoom{Room: "exam-1", Visit: name}, true))
	r.must(t)(doIn(r, moving, to(r.step(code.ServiceStep, r.exams), code.VisitWithHer, "exam-1")))
	r.leave(t)
	if len(r.house.Of(name, r.now)) > 0 || len(r.waiting(clinic))+len(r.waiting(legal)) > 0 {
		t.Error("after she left a room is held, or somebody waits for her")
	}
	if len(r.state.Waits()) > 0 || slices.ContainsFunc(r.state.Deadlines(), func(l fact.Deadline) bool { return l.At.Before(r.now.AddDate(0, 0, 7)) }) {
		t.Errorf("something presses: %v %v", r.state.Waits(), r.state.Deadlines())
	}
	r.now = r.now.AddDate(0, 0, 3)
	again := r.came(t, BeginVisit{})
	if onestop.CodeOf(again.ID) == name {
		t.Error("the code is that of the visit before")
	}
	var kinds []code.VisitStepKind
	for _, s := range again.Steps {
		kinds = append(kinds, s.Kind)
	}
	if !slices.Equal(kinds, []code.VisitStepKind{code.ServiceStep, code.ServiceStep}) || again.Steps[0].Referral != r.exams {
		t.Errorf("what goes on: %+v", again.Steps)
	}
}

// What happens to the case while she is in the house holds at once.
func TestWhatEndsMeanwhileEndsInTheHouse(t *testing.T) {
	for name, end := range map[string]struct {
		do   func(t *testing.T, r *reception)
		want *fault.Error
	}{
		"she takes her consent back": {func(t *testing.T, r *reception) {
			r.must(t)(do(r.desk, Case.RefuseConsent, no(clinic, code.ForensicExam)))
		}, onestop.ErrStep},
		"her consent runs out": {func(_ *testing.T, r *reception) { r.now = r.now.AddDate(0, 2, 0) }, onestop.ErrStep},
		"she must not meet the agency": {func(_ *testing.T, r *reception) {
			r.state.Blocks = &Blocks{Agencies: []string{clinic}}
		}, ErrBlocked},
		"she must not meet the examiner": {func(_ *testing.T, r *reception) {
			id := worker.ID(clinic, "worker-of-"+clinic)
			r.state.Blocks = &Blocks{Persons: []string{clinic + "/worker-of-" + clinic}}
			r.state.Referrals = handed(r.state.Referrals, intakev1.ReferralAssigned{Referral: r.exams, Recipient: clinic, Worker: id})
		}, ErrBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t)
			r.came(t, BeginVisit{Referrals: []string{r.exams}, Also: []code.VisitStepKind{code.RestStep}})
			end.do(t, r)
			by, hands := r.from(clinic)
			for _, v := range r.state.VisitsWaiting(by, basis) {
				if r.state.HandedTo(by, v.Referral, hands) == nil {
					t.Errorf("the agency sees %+v", v)
				}
			}
			events, err := doIn(r, moving, to(r.step(code.ServiceStep, r.exams), code.VisitCalled, ""))
			refused(t, events, err, end.want, "/visit_step")
			// It holds nothing else up, and the next visit does not begin with it.
			if seen, _ := r.state.VisitHere(r.by(), r.house, basis); seen.Next == nil || seen.Next.Kind != code.RestStep {
				t.Errorf("next is %+v", seen.Next)
			}
			r.leave(t)
			if steps := r.state.left(r.now, r.in()); slices.ContainsFunc(steps, func(s onestop.Step) bool { return s.Referral == r.exams && errors.Is(end.want, ErrBlocked) }) {
				t.Errorf("the next visit begins with %+v", steps)
			}
		})
	}
}

func TestWhoHasTheCaseAlonePlansAVisit(t *testing.T) {
	r := receive(t)
	foreign := r.in()
	foreign.Hands = work.Hands{Worker: "worker_other", Act: look.Made(true)}
	events, err := InHouse(Case.BeginVisit)(r.state, r.by(), BeginVisit{Centre: r.house.ID}, foreign)
	refused(t, events, err, ErrNotTheOwner)
	elsewhere := r.in()
	other := r.house
	other.Agency = "another-desk"
	elsewhere.Centre = look.Made(other)
	events, err = InHouse(Case.BeginVisit)(r.state, r.by(), BeginVisit{Centre: r.house.ID}, elsewhere)
	refused(t, events, err, onestop.ErrStep, "/centre")
	out := r.house
	out.InHouse = []string{legal}
	elsewhere.Centre = look.Made(out)
	events, err = InHouse(Case.BeginVisit)(r.state, r.by(), BeginVisit{Centre: r.house.ID, Referrals: []string{r.exams}}, elsewhere)
	refused(t, events, err, onestop.ErrStep, "/visit_referrals/0")
	events, err = doIn(r, Case.BeginVisit, BeginVisit{Centre: r.house.ID})
	refused(t, events, err, onestop.ErrStep, "/visit_referrals")
	events, err = doIn(r, Case.BeginVisit, BeginVisit{Centre: r.house.ID, Also: []code.VisitStepKind{code.ServiceStep}})
	refused(t, events, err, onestop.ErrStep, "/visit_also/0")
	r.came(t, BeginVisit{Referrals: []string{r.exams}})
	events, err = doIn(r, Case.BeginVisit, BeginVisit{Centre: r.house.ID, Also: []code.VisitStepKind{code.RestStep}})
	refused(t, events, err, ErrVisitOpen)
	events, err = doIn(r, Case.PlanVisitStep, PlanVisitStep{Kind: code.ServiceStep, Referral: r.exams})
	refused(t, events, err, onestop.ErrStep, "/referral")
	r.must(t)(doIn(r, Case.PlanVisitStep, PlanVisitStep{Kind: code.ServiceStep, Referral: r.lawyers}))

	// A colleague whom she must not meet does not see the visit, and a case that went to another office is
	// not on the list of this one.
	barred := r.state
	barred.Blocks = &Blocks{Persons: []string{agency + "/worker-1"}}
	if _, seen := barred.VisitHere(r.by(), r.house, basis); seen {
		t.Error("whom she must not meet sees the visit")
	}
	gone := r.state
	gone.Agency = "another-office"
	if _, seen := gone.VisitHere(r.by(), r.house, basis); seen {
		t.Error("the office that had the case sees the visit")
	}
	// Contact that is closed is about reaching her: she is here, and the visit goes on. A merge moves nothing.
	r.must(t)(do(r.desk, Case.SuspendContact, SuspendContact{}))
	if len(r.waiting(legal)) != 1 {
		t.Error("her lawyer in the house does not see that she waits")
	}
	merged := r.state
	merged.Into = fact.ID("case", "leading")
	if _, seen := merged.VisitHere(r.by(), r.house, basis); !seen {
		t.Error("after a merge the visit is not on the list")
	}
	wrong := r.state
	wrong.InError = true
	if _, seen := wrong.VisitHere(r.by(), r.house, basis); seen || len(ByHouse.Keys(wrong)) > 0 {
		t.Error("a case that was entered in error is on the list")
	}
}

// A case is not closed, and not entered in error, while she is in the house; afterwards it may be.
func TestACaseStaysOpenWhileSheIsInTheHouse(t *testing.T) {
	r := receive(t)
	r.desk = open(t, Opening{})
	r.came(t, BeginVisit{Also: []code.VisitStepKind{code.RestStep}})
	if err := cmp.Or(r.state.mayEnterInError(), r.state.waits()); !errors.Is(err, ErrVisitOpen) || !errors.Is(r.state.waits(), ErrVisitOpen) {
		t.Error(err, r.state.waits())
	}
	r.leave(t)
	if err := cmp.Or(r.state.mayEnterInError(), r.state.waits()); err != nil {
		t.Error(err)
	}
}

// She tells once: who may hear it again is a consent to each, and a second account is seen before it is asked.
func TestARecordedAccountIsHeardByConsent(t *testing.T) {
	r := receive(t)
	record := RecordAccount{AccountTaken{Form: code.RecordedOnVideo, By: "the interviewer", Kept: "tape 7"}}
	events, err := do(r.desk, plain(Case.HearAccount), HearAccount{Recording: "recording_1", Hearer: Hearer{legal, code.LegalAssistance}})
	refused(t, events, err, ErrRecording, "/recording")
	late := record
	late.RecordedAt = r.now.Add(time.Hour)
	events, err = do(r.desk, Case.RecordAccount, late)
	refused(t, events, err, ErrRecording, "/recorded_at")
	r.must(t)(do(r.desk, Case.RecordAccount, record))
	hear := HearAccount{Recording: r.state.Recordings[0].ID, Hearer: Hearer{legal, code.LegalAssistance}}
	events, err = do(r.desk, plain(Case.HearAccount), hear)
	refused(t, events, err, ErrConsentMissing, "/agency")
	for _, to := range []Hearer{{legal, code.LegalAssistance}, {clinic, code.ForensicExam}} {
		k := yes(to.Agency, to.Service)
		k.Purpose = code.HearAccount
		r.must(t)(do(r.desk, plain(Case.GiveConsent), k))
	}
	r.must(t)(do(r.desk, plain(Case.HearAccount), hear))
	shown := r.state.recordingsShown(r.by(), basis, Lies{})
	if len(shown) != 1 || len(shown[0].MayHear) != 2 || len(shown[0].Heard) != 1 {
		t.Errorf("%+v", shown)
	}
	// Her no to one closes it to that one alone, at once; a service that it gives her goes on.
	refuse := no(legal, code.LegalAssistance)
	refuse.Purpose = code.HearAccount
	r.must(t)(do(r.desk, Case.RefuseConsent, refuse))
	events, err = do(r.desk, plain(Case.HearAccount), hear)
	refused(t, events, err, ErrConsentMissing, "/agency")
	shown = r.state.recordingsShown(r.by(), basis, Lies{})
	if len(shown[0].MayHear) != 1 || shown[0].MayHear[0].Agency != clinic {
		t.Errorf("after her no: %+v", shown[0].MayHear)
	}
	if by, _ := r.from(legal); !r.state.Knows(by, r.lawyers) {
		t.Error("her lawyer does not know of the referral any more")
	}
	r.state.Blocks = &Blocks{Agencies: []string{clinic}}
	events, err = do(r.desk, plain(Case.HearAccount), HearAccount{Recording: hear.Recording, Hearer: Hearer{clinic, code.ForensicExam}})
	refused(t, events, err, ErrBlocked, "/agency")
	r.state.Blocks = nil
	// A second one is asked of her only by who has seen that she told already: it is no bar.
	r.came(t, BeginVisit{Also: []code.VisitStepKind{code.AccountStep}})
	if v := r.state.visitsShown(r.by(), basis, Lies{}); !v[0].Steps[0].ToldBefore {
		t.Error("nobody is told that she has told already")
	}
	r.must(t)(doIn(r, moving, to(r.step(code.AccountStep, ""), code.VisitWithHer, "")))
}
