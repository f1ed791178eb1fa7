package domain

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// tells is what a room tells of a referral.
type tells struct {
	started, closed, notReached func(work) wish
	ended                       func(work, code.Erasure) wish
}

// rooms tell of referrals to their service.
var rooms = map[code.Service]tells{
	code.LegalAssistance: {
		func(w work) wish {
			return with(Referral.OnMatterStarted, legalaidv1.MatterStarted{Work: ofMatter(w)})
		},
		func(w work) wish {
			return with(Referral.OnMatterClosed, legalaidv1.MatterClosed{Work: ofMatter(w), Outcome: code.NeedsMet})
		},
		func(w work) wish {
			return with(Referral.OnMatterContactProblem, legalaidv1.MatterContactProblem{Work: ofMatter(w)})
		},
		func(w work, e code.Erasure) wish {
			return with(Referral.OnMatterEnded, legalaidv1.MatterEnded{Work: ofMatter(w), Erasure: e})
		},
	},
	code.Psychosocial: {
		func(w work) wish {
			return with(Referral.OnPlanStarted, psychosocialv1.PlanStarted{Work: ofPlan(w)})
		},
		func(w work) wish {
			return with(Referral.OnPlanClosed, psychosocialv1.PlanClosed{Work: ofPlan(w), Outcome: code.NeedsMet})
		},
		func(w work) wish {
			return with(Referral.OnPlanContactProblem, psychosocialv1.PlanContactProblem{Work: ofPlan(w)})
		},
		func(w work, e code.Erasure) wish {
			return with(Referral.OnPlanEnded, psychosocialv1.PlanEnded{Work: ofPlan(w), Erasure: e})
		},
	},
	code.ForensicExam: {
		func(w work) wish {
			return with(Referral.OnExaminationStarted, forensicv1.ExaminationStarted{Work: ofExamination(w)})
		},
		func(w work) wish {
			return with(Referral.OnExaminationClosed, forensicv1.ExaminationClosed{Work: ofExamination(w), Outcome: code.NeedsMet})
		},
		func(w work) wish {
			return with(Referral.OnExaminationContactProblem, forensicv1.ExaminationContactProblem{Work: ofExamination(w)})
		},
		func(w work, e code.Erasure) wish {
			return with(Referral.OnExaminationEnded, forensicv1.ExaminationEnded{Work: ofExamination(w), Erasure: e})
		},
	},
}

// told is what the room with the work says of a referral, at a turn.
func told(r Referral, turn int) work {
	return work{referral: r.Referral, caseID: r.Case(), agency: r.Recipient, service: r.Service, turn: turn}
}

func ofMatter(w work) legalaidv1.Work {
	return legalaidv1.Work{Matter: "mat_1", Referral: w.referral, Case: w.caseID, Agency: w.agency, Turn: w.turn}
}

func ofPlan(w work) psychosocialv1.Work {
	return psychosocialv1.Work{Plan: "plan_1", Referral: w.referral, Case: w.caseID, Agency: w.agency, Turn: w.turn}
}

func ofExamination(w work) forensicv1.Work {
	return forensicv1.Work{Examination: "exam_1", Referral: w.referral, Case: w.caseID, Agency: w.agency, Turn: w.turn}
}

func matter(r Referral) legalaidv1.Work { return ofMatter(told(r, r.Turn)) }

// lies are what a room can say of a referral that is not so; the service is that
// of the room.
var lies = map[string]func(*work){
	"another referral": func(w *work) { w.referral = "ref_other" },
	"another case":     func(w *work) { w.caseID = "case_other" },
	"no case":          func(w *work) { w.caseID = "" },
	"another agency":   func(w *work) { w.agency = stranger },
	"its sender":       func(w *work) { w.agency = police },
	"no agency":        func(w *work) { w.agency = "" },
	"another service": func(w *work) {
		others := slices.DeleteFunc(slices.Sorted(maps.Keys(rooms)), func(s code.Service) bool { return s == w.service })
		w.service = others[0]
	},
}

// all are the facts that a room tells of its work.
func (t tells) all(w work) map[string]wish {
	return map[string]wish{
		"started": t.started(w), "not reached": t.notReached(w), "closed": t.closed(w), "ended": t.ended(w, ""), "closed to readers": t.ended(w, code.DataClosed),
	}
}

// What a room says of a referral that is not its own, or not as it says, is
// refused in every status.
func TestARoomSpeaksForItsOwnWork(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		for service := range rooms {
			r.Service = service
			for lie, of := range lies {
				w := told(r, r.Turn)
				of(&w)
				for name, tell := range rooms[w.service].all(w) {
					if events, err := tell(r, system(later)); !errors.Is(err, agree.Err) || len(events) > 0 {
						t.Errorf("%s, %s hears %s, with %s: %v, %v", service, s, name, lie, events, err)
					}
				}
			}
		}
	}
	asked, _ := broadcast(t, code.Broadcast, 2)
	for state, r := range map[string]Referral{"unknown": {}, "asked of several": asked} {
		w := told(asked, 9)
		w.agency = "agency-0"
		for name, tell := range rooms[code.LegalAssistance].all(w) {
			if events, err := tell(r, system(later)); !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("%s, hears %s: %v, %v", state, name, events, err)
			}
		}
	}
}

// changed are requests that differ in one field each, by the field's name.
func changed(t testing.TB, e intakev1.ServiceRequested) map[string]intakev1.ServiceRequested {
	t.Helper()
	all := map[string]intakev1.ServiceRequested{}
	for i := range reflect.TypeFor[intakev1.ServiceRequested]().NumField() {
		other := e
		name := reflect.TypeOf(e).Field(i).Name
		switch v := reflect.ValueOf(&other).Elem().Field(i); v.Interface().(type) {
		case time.Time:
			v.Set(reflect.ValueOf(e.ConsentExpires.Add(time.Hour)))
		case intakev1.Needs:
			other.Needs.ConflictCheck = !other.Needs.ConflictCheck
		case []code.Category:
			v.Set(reflect.ValueOf(append(slices.Clip(e.Categories), code.Narrative)))
		case []intakev1.Further:
			v.Set(reflect.ValueOf(append(slices.Clip(e.Further), furtherOf(9))))
		case int:
			v.SetInt(v.Int() + 1)
		case []intakev1.Candidate:
			v.Set(reflect.ValueOf(append(slices.Clip(e.Candidates), candidateOf(9))))
		default:
			v.SetString(v.String() + "x")
		}
		all[name] = other
	}
	return all
}

// The same request again is nothing new, whatever became of the referral; another
// one under its name is refused.
func TestARequestIsMadeOnce(t *testing.T) {
	several := serviceRequested()
	several.Recipient, several.Consent, several.Categories, several.ConsentExpires = "", "", nil, time.Time{}
	several.Mode, several.Candidates = code.Broadcast, []intakev1.Candidate{candidateOf(0), candidateOf(1)}
	asked, _ := broadcast(t, code.Broadcast, 2)
	first := at("agency-0", later)
	for name, c := range map[string]struct {
		r Referral
		e intakev1.ServiceRequested
	}{
		"requested":               {requested(t), serviceRequested()},
		"accepted":                {in(t, code.Accepted), serviceRequested()},
		"completed":               {in(t, code.Completed), serviceRequested()},
		"of another office now":   {moved(t, in(t, code.Accepted)), serviceRequested()},
		"withdrawn":               {in(t, code.Withdrawn), serviceRequested()},
		"asked of several":        {asked, several},
		"one of several has left": {after(t, asked, first, "decline"), several},
		"one of several took it":  {after(t, asked, first, "accept"), several},
	} {
		if events, err := c.r.OnServiceRequested(system(later), c.e, only(clinic()), shipped); len(events) > 0 || err != nil {
			t.Errorf("%s, the same again: %v, %v", name, events, err)
		}
		for field, e := range changed(t, c.e) {
			if events, err := c.r.OnServiceRequested(system(later), e, only(clinic()), shipped); !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("%s, another %s: %v, %v", name, field, events, err)
			}
		}
	}
}

// Who asks instead asks for the same case, for the same sender and service.
func TestOnlyTheSameIsRerouted(t *testing.T) {
	for name, lie := range map[string]func(*intakev1.ServiceRequested){
		"case":    func(e *intakev1.ServiceRequested) { e.Case = "case_other" },
		"sender":  func(e *intakev1.ServiceRequested) { e.Sender = stranger },
		"service": func(e *intakev1.ServiceRequested) { e.Service = code.Police },
		"replace": func(e *intakev1.ServiceRequested) { e.Replaces = "ref_other" },
	} {
		e := instead()
		lie(&e)
		for _, s := range code.ReferralStatuses {
			if events, err := in(t, s).Reroute(e); !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("%s, another %s: %v, %v", s, name, events, err)
			}
		}
		if _, err := (Referral{}).Reroute(instead()); !errors.Is(err, agree.Err) {
			t.Errorf("what does not exist is replaced: %v", err)
		}
	}
}

// withdrawals that do not agree with the referral whose consent they name.
var withdrawals = map[string]func(*intakev1.ConsentWithdrawn){
	"case":    func(e *intakev1.ConsentWithdrawn) { e.Case = "case_other" },
	"agency":  func(e *intakev1.ConsentWithdrawn) { e.Recipient = stranger },
	"service": func(e *intakev1.ConsentWithdrawn) { e.Service = code.Police },
}

// withdrawal is the end of the consent on which an agency was asked.
func withdrawal(r Referral, agency, consent string) intakev1.ConsentWithdrawn {
	return intakev1.ConsentWithdrawn{Case: r.Case(), Consent: consent, Recipient: agency, Service: r.Service}
}

func TestAWithdrawalIsOfItsCase(t *testing.T) {
	asked, _ := broadcast(t, code.Broadcast, 2)
	for name, c := range map[string]struct {
		r               Referral
		agency, consent string
		moves           bool
	}{
		"requested":        {requested(t), counsel, "cons_1", true},
		"accepted":         {in(t, code.Accepted), counsel, "cons_1", true},
		"completed":        {in(t, code.Completed), counsel, "cons_1", true},
		"asked of several": {asked, "agency-1", "cons_1", true},
	} {
		e := withdrawal(c.r, c.agency, c.consent)
		if events := first(t)(c.r.OnConsentWithdrawn(system(later), e)); len(events) == 0 {
			t.Errorf("%s: a withdrawal does nothing", name)
		}
		for field, lie := range withdrawals {
			forged := e
			lie(&forged)
			if events, err := c.r.OnConsentWithdrawn(system(later), forged); !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("%s, another %s: %v, %v", name, field, events, err)
			}
		}
	}

	hers := intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1"}
	ended := fold(Consent{}, noon, first(t)(Consent{}.OnConsentWithdrawn(system(noon), hers)))
	if events, err := ended.OnConsentWithdrawn(system(later), hers); len(events) > 0 || err != nil {
		t.Errorf("withdrawn again: %v, %v", events, err)
	}
	hers.Case = "case_other"
	if events, err := ended.OnConsentWithdrawn(system(later), hers); !errors.Is(err, agree.Err) || len(events) > 0 {
		t.Errorf("withdrawn again for another case: %v, %v", events, err)
	}
}

// forged lets somebody tell of the referral what is not so. It is refused, and
// nothing happens.
func (n *room) forged(t *rapid.T) {
	r := n.referral
	if !r.Exists() {
		return
	}
	w := told(r, rapid.IntRange(0, r.Turn+1).Draw(t, "turn"))
	lies[rapid.SampledFrom(slices.Sorted(maps.Keys(lies))).Draw(t, "lie")](&w)
	if w.agency == "" && r.Recipient == "" { // nobody is nobody, and yet there is no work
		w.agency = stranger
	}
	facts := rooms[w.service].all(w)
	e := n.request
	e.Urgency += "x"
	facts["requested"] = func(r Referral, by fact.By) ([]fact.Event, error) { return r.OnServiceRequested(by, e, n.agencies, shipped) }
	taken := withdrawal(r, r.Recipient, r.Consent)
	withdrawals[rapid.SampledFrom(slices.Sorted(maps.Keys(withdrawals))).Draw(t, "withdrawal")](&taken)
	if r.Consent != "" {
		facts["withdrawn"] = with(Referral.OnConsentWithdrawn, taken)
	}
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(facts))).Draw(t, "fact")
	if err := n.decide(facts[name], fact.By{}); !errors.Is(err, agree.Err) {
		t.Fatalf("%s was not refused: %v", name, err)
	}
}
