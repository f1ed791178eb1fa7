package domain

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// avoids writes whom she must not meet into a case.
func avoids(t tb, d *desk, b Blocks) []fact.Event {
	t.Helper()
	return d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Addition, Opening: Opening{Blocks: &b}}))
}

func agenciesOf(names ...string) Blocks { return Blocks{Agencies: names} }

func personOf(agency, subject string) Blocks {
	return Blocks{Persons: []string{agency + "/" + subject}}
}

// owning is a command of who has the case, in a network where all are registered.
func owning[C interface{ Names() []Named }](d *desk, decide func(Case, fact.By, C) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return seen(OwnerNaming(decide), Known{Hands: hands(d.state, true), Agencies: registered(legal, clinic, other, north, agency)})
}

// Each way to somebody whom she must not meet. Who has the case is told so, at the field
// that names them; what the network does by itself passes them over, and nobody else can
// tell that from another cause.
func TestABlockBinds(t *testing.T) {
	toOwner := func(want *fault.Error, pointer string, events []fact.Event, err error) func(*testing.T) {
		return func(t *testing.T) { refused(t, events, err, want, pointer) }
	}
	for name, way := range map[string]func(*testing.T) func(*testing.T){
		"matching": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{Blocks: &Blocks{Agencies: []string{legal}}})
			return func(t *testing.T) {
				if diff := cmp.Diff([]string{clinic, other}, d.state.Askable([]string{clinic, legal, other})); diff != "" {
					t.Error(diff)
				}
			}
		},
		"consent": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{Blocks: &Blocks{Agencies: []string{legal}}})
			events, err := do(d, owning(d, plain(Case.GiveConsent)), yes(legal, code.LegalAssistance))
			return toOwner(ErrBlocked, "/recipient", events, err)
		},
		"request": func(t *testing.T) func(*testing.T) {
			d := consented(t)
			avoids(t, d, agenciesOf(legal))
			events, err := do(d, owning(d, plain(Case.RequestServices)), please(ask(clinic, code.ForensicExam), ask(legal, code.LegalAssistance)))
			return toOwner(ErrBlocked, "/requests/1/recipient", events, err)
		},
		"broadcast": func(t *testing.T) func(*testing.T) {
			d := agreed(t)
			avoids(t, d, agenciesOf(other))
			events, err := do(d, owning(d, plain(Case.RequestServices)), please(several(code.Broadcast)))
			return toOwner(ErrBlocked, "/requests/0/candidates/1/recipient", events, err)
		},
		"then, by a command": func(t *testing.T) func(*testing.T) {
			d := agreed(t)
			avoids(t, d, agenciesOf(other))
			r := ask(legal, code.LegalAssistance)
			r.Then = []Choice{{Recipient: other}}
			events, err := do(d, owning(d, plain(Case.RequestServices)), please(r))
			return toOwner(ErrBlocked, "/requests/0/then/0/recipient", events, err)
		},
		"then, by the network": func(t *testing.T) func(*testing.T) {
			d := agreed(t)
			d.must(t)(do(d, plain(Case.GiveConsent), yes(clinic, code.LegalAssistance)))
			r := ask(legal, code.LegalAssistance)
			r.Then = []Choice{{Recipient: other}, {Recipient: clinic}}
			d.must(t)(do(d, plain(Case.RequestServices), please(r)))
			avoids(t, d, agenciesOf(other))
			d.state.Consents[1].Status = code.ConsentGiven // by the block alone, and not by its consent
			d.must(t)(do(d, news[code.Declined], d.loop(d.state.Referrals[0].ID)))
			return func(t *testing.T) {
				if n := len(d.state.Referrals); n != 2 || d.state.Referrals[1].Recipient != clinic {
					t.Errorf("asked next: %+v", d.state.Referrals[1:])
				}
			}
		},
		"reroute": func(t *testing.T) func(*testing.T) {
			d := requested(t)
			id := d.state.Referrals[0].ID
			d.must(t)(do(d, news[code.Declined], d.loop(id)))
			avoids(t, d, agenciesOf(other))
			events, err := do(d, owning(d, plain(Case.Reroute)), Reroute{Referral: id, Recipient: other})
			return toOwner(ErrBlocked, "/recipient", events, err)
		},
		"resume": func(t *testing.T) func(*testing.T) {
			d, id := accepted(t)
			d.must(t)(complete(code.NeedsMet)(d, turned(d, id, 3)))
			avoids(t, d, agenciesOf(legal))
			events, err := do(d, plain(Case.Resume), Resume{Referral: id})
			return toOwner(ErrBlocked, "/referral", events, err)
		},
		"transfer": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{})
			avoids(t, d, agenciesOf(north))
			events, err := asks(d, toNorth)
			return toOwner(ErrBlocked, "/to", events, err)
		},
		"a transfer that is open": func(t *testing.T) func(*testing.T) {
			d := offered(t)
			avoids(t, d, agenciesOf(north))
			return func(t *testing.T) {
				if got := d.transfer().Status; got != code.TransferConsentEnded {
					t.Errorf("the transfer is %s", got)
				}
			}
		},
		"who takes a transfer over": func(t *testing.T) func(*testing.T) {
			d := offered(t)
			avoids(t, d, personOf(north, "noor"))
			events, err := d.takes(north, taking())
			return toOwner(ErrTransfer, "/status", events, err)
		},
		"hand-over by who has the case": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{})
			avoids(t, d, personOf(agency, "eva-osmonova"))
			events, err := do(d, seen(Case.HandOver, colleagues(hands(d.state, true), false)), HandOver{To: "eva-osmonova"})
			return toOwner(ErrBlocked, "/to", events, err)
		},
		"hand-over by a supervisor": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{})
			avoids(t, d, personOf(agency, "eva-osmonova"))
			events, err := do(d, seen(Case.HandOver, colleagues(hands(d.state, false), true)), HandOver{To: "eva-osmonova"})
			return func(t *testing.T) {
				refused(t, events, err, worker.ErrUnknown, "/to")
				if slices.Contains(fault.Of(err).Near, "eva-osmonova") {
					t.Error("the refusal names her all the same")
				}
			}
		},
		"cover": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{})
			me, away := present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, AbsentUntil: noon.AddDate(1, 0, 0), Cover: eva})
			before := Owns(d.state, d.as(agency, "eva-osmonova"), me, away)
			avoids(t, d, personOf(agency, "eva-osmonova"))
			return func(t *testing.T) {
				if !before || Owns(d.state, d.as(agency, "eva-osmonova"), me, away) {
					t.Error("whom she must not meet covers")
				}
			}
		},
		"duty": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{})
			d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
			me := present(staff.Worker{ID: eva, DutyFrom: noon.Add(-time.Hour), DutyUntil: noon.Add(time.Hour)})
			before := Sees(d.state, d.as(agency, "eva-osmonova"), me, worker.Present{})
			avoids(t, d, personOf(agency, "eva-osmonova"))
			return func(t *testing.T) {
				if !before || Sees(d.state, d.as(agency, "eva-osmonova"), me, worker.Present{}) {
					t.Error("whom she must not meet sees the case")
				}
			}
		},
		"who has the case": func(t *testing.T) func(*testing.T) {
			d := open(t, Opening{})
			avoids(t, d, personOf(agency, "worker-1"))
			return func(t *testing.T) {
				if Owns(d.state, d.by(), present(staff.Worker{ID: ana}), present(staff.Worker{ID: ana})) {
					t.Error("whom she must not meet has the case")
				}
				if diff := cmp.Diff([]code.Attention{code.WithoutOwner}, d.state.Waits()); diff != "" {
					t.Errorf("a supervisor is not asked for somebody else (-want +got):\n%s", diff)
				}
			}
		},
		"hint": func(t *testing.T) func(*testing.T) {
			older, newer := open(t, named("Ana")), another(t, "2", "eva-osmonova", named("Ana"))
			hint := func() int {
				events, err := older.state.Hinted(older.by(), look.Made(newer.state))
				return len(older.must(t)(events, err))
			}
			before := hint()
			newer.state.Blocks = &Blocks{Persons: []string{agency + "/worker-1"}}
			return func(t *testing.T) {
				if before != 1 || hint() != 0 {
					t.Error("whom she must not meet is told that she has a case")
				}
			}
		},
		"disclosure to an agency": func(t *testing.T) func(*testing.T) {
			d, id := accepted(t)
			avoids(t, d, agenciesOf(legal))
			d.state.Consents[0].Status = code.ConsentGiven // by the block alone, and not by its consent
			return func(t *testing.T) {
				if by := d.as(legal, "ana"); d.state.Knows(by, id) {
					t.Error("the agency knows of the referral")
				}
				if events, err := disclose(d, legal, id); len(events) > 0 || err != nil {
					t.Errorf("%v, %v", events, err)
				}
			}
		},
		"disclosure to a person": func(t *testing.T) func(*testing.T) {
			d, id := accepted(t)
			avoids(t, d, personOf(legal, "ana"))
			return func(t *testing.T) {
				events, err := discloseTo(d, d.as(legal, "ana"), id, nil) // nobody has it
				refused(t, events, err, work.ErrNotTheWorker)
				d.must(t)(discloseTo(d, d.as(legal, "eva"), id, nil))
				d.must(t)(do(d, Case.OnAssigned, d.assigned(id, "ana", 1, 0)))
				events, err = discloseTo(d, d.as(legal, "ana"), id, nil) // it was given to them
				refused(t, events, err, work.ErrNotTheWorker)
				if v := d.state.Content(d.by()).(View); !slices.Contains(v.Attention, code.GivenToBlocked) {
					t.Errorf("who has the case is not told: %v", v.Attention)
				}
				if v := d.state.View(d.by()).(View); len(v.Attention) > 0 {
					t.Errorf("everybody of the desk is told: %v", v.Attention)
				}
			}
		},
		"work at an agency": func(t *testing.T) func(*testing.T) {
			d, id := accepted(t)
			avoids(t, d, personOf(legal, "kin"))
			return func(t *testing.T) {
				c := drawn(t, d, id)
				if !c.Has(worker.ID(legal, "ana")) || c.Has(worker.ID(legal, "kin")) || c.Has(worker.ID(legal, "new")) {
					t.Errorf("may work on it: %v", c.Workers)
				}
			}
		},
		"a notice to who is on duty": func(t *testing.T) func(*testing.T) {
			d, id := accepted(t)
			avoids(t, d, personOf(agency, "eva-osmonova"))
			return func(t *testing.T) {
				if c := drawn(t, d, id); !c.Has(ana) || c.Has(eva) {
					t.Errorf("may be told: %v", c.Workers)
				}
			}
		},
		"a rung of the ladder": func(t *testing.T) func(*testing.T) {
			// A rung is for who is asked: it is asked no more, and its rungs go with that.
			d := requested(t)
			events := avoids(t, d, agenciesOf(legal))
			return func(t *testing.T) {
				w, is := events[0].Data.(intakev1.ConsentWithdrawn)
				if !is || w.Recipient != legal {
					t.Errorf("the agency is still asked: %+v", events)
				}
			}
		},
		"a merged case": func(t *testing.T) func(*testing.T) {
			leading, follower := open(t, Opening{Blocks: &Blocks{Agencies: []string{legal}}}), another(t, "2", "worker-1", Opening{Blocks: &Blocks{Agencies: []string{clinic}}})
			both := leading.state.Blocks.And(follower.state.Blocks)
			for _, d := range []*desk{leading, follower} {
				d.commit(d.must(t)(d.state.Blocked(d.by(), both, basis)))
			}
			return func(t *testing.T) {
				for _, d := range []*desk{leading, follower} {
					if diff := cmp.Diff([]string{other}, d.state.Askable([]string{legal, clinic, other})); diff != "" {
						t.Error(diff)
					}
					if again := d.must(t)(d.state.Blocked(d.by(), both, basis)); len(again) > 0 {
						t.Errorf("written twice: %+v", again)
					}
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) { way(t)(t) })
	}
}

// drawn is the circle of a referral, and that nothing is said twice, nor of a case without
// such a person, and that everybody may again once she may meet all.
func drawn(t *testing.T, d *desk, referral string) circle.Circle {
	t.Helper()
	register := map[string]worker.Present{}
	for _, subject := range []string{"ana", "kin"} {
		id := worker.ID(legal, subject)
		register[id] = worker.Present{Worker: staff.Worker{ID: id, Agency: legal, Turn: 1}}
	}
	register[ana], register[eva] = present(staff.Worker{ID: ana}), present(staff.Worker{ID: eva})
	draw := func(c Case, now circle.Circle) circle.Circle {
		for _, of := range c.Circling() {
			if of.Referral != referral {
				continue
			}
			for _, e := range c.Draw(now, of, register) {
				now = now.Evolve(e)
			}
		}
		return now
	}
	c := draw(d.state, circle.Circle{})
	if again := draw(d.state, c); !cmp.Equal(again, c) {
		t.Errorf("said twice: %+v", again)
	}
	free := d.state
	free.Blocks = nil
	if said := draw(free, circle.Circle{}); said.Turn != 0 {
		t.Errorf("said of a case without a block: %+v", said)
	}
	if back := draw(free, c); back.Drawn() || !back.Has(worker.ID(legal, "kin")) || back.Turn != c.Turn+1 {
		t.Errorf("taken back: %+v", back)
	}
	return c
}

// A block in an open referral ends her consents to the agency, in events that are those of
// any withdrawal. The need that it leaves is shown to who has the case, and to nobody else.
func TestABlockInAnOpenReferralIsAWithdrawal(t *testing.T) {
	blocked, id := accepted(t)
	plainly, same := accepted(t)
	first := avoids(t, blocked, agenciesOf(legal))
	second := plainly.must(t)(do(plainly, Case.WithdrawConsent, WithdrawConsent{Recipient: legal, Service: code.LegalAssistance}))
	told := func(events []fact.Event) (out []fact.Data) {
		for _, e := range events {
			if _, confined := e.Data.(interface{ ConfinedToAddressees() }); !confined {
				out = append(out, e.Data)
			}
		}
		return out
	}
	if diff := cmp.Diff(second[0].Data, first[0].Data); diff != "" {
		t.Errorf("another place in the commit:\n%s", diff)
	}
	if diff := cmp.Diff(told(second), told(first)); diff != "" {
		t.Errorf("the network is told otherwise (-withdrawn +blocked):\n%s", diff)
	}
	for d, referral := range map[*desk]string{blocked: id, plainly: same} {
		l := turned(d, referral, 9)
		d.must(t)(do(d, Case.OnWithdrawn, referralv1.Withdrawn{Loop: l, Consent: on(d.state, l)}))
	}
	colleague := blocked.as(agency, "eva-osmonova")
	if diff := cmp.Diff(plainly.state.View(colleague), blocked.state.View(colleague), cmpopts.IgnoreFields(View{}, "ID", "Reference")); diff != "" {
		t.Errorf("a colleague sees a difference (-withdrawn +blocked):\n%s", diff)
	}
	if len(blocked.state.Unmet()) > 0 || blocked.state.Finished() != plainly.state.Finished() {
		t.Error("a list of the desk shows it")
	}
	v := blocked.state.Content(blocked.by()).(View)
	if !slices.Contains(v.Attention, code.AskElsewhere) || !slices.Contains(v.UnmetNeeds, id) {
		t.Errorf("who has the case is not told: %v, %v", v.Attention, v.UnmetNeeds)
	}
	keys := ByAttention.Keys(blocked.state)
	want := fact.Key(agency, string(code.AskElsewhere), ana, fact.Sortable(blocked.now))
	if !slices.Contains(keys, want) || len(keys) != 1 {
		t.Errorf("waits as %q", keys)
	}
	events, err := do(blocked, Case.Close, Close{Reason: code.CloseNeedsMet})
	refused(t, events, err, ErrUnmetNeeds)

	settled := *blocked
	events = settled.must(t)(do(&settled, Case.SettleNeed, SettleNeed{Referral: id, Settlement: code.MetElsewhere}))
	if len(told(events)) > 0 {
		t.Errorf("the network is told that a need was settled: %v", events)
	}
	settled.must(t)(do(&settled, Case.Close, Close{Reason: code.CloseNeedsMet}))

	blocked.must(t)(do(blocked, plain(Case.GiveConsent), yes(other, code.LegalAssistance)))
	blocked.must(t)(do(blocked, plain(Case.RequestServices), please(ask(other, code.LegalAssistance))))
	if len(blocked.state.Displaced()) > 0 {
		t.Error("another agency was asked, and it still waits")
	}
}

// One of several who are asked is taken out, and the others go on.
func TestABlockTakesOutACandidate(t *testing.T) {
	d := agreed(t)
	d.must(t)(do(d, plain(Case.RequestServices), please(several(code.Broadcast))))
	id := d.state.Referrals[0].ID
	events := avoids(t, d, agenciesOf(legal))
	if w, ok := events[0].Data.(intakev1.ConsentWithdrawn); len(events) != 2 || !ok || w.Recipient != legal {
		t.Fatalf("%+v", events)
	}
	d.must(t)(do(d, news[code.Withdrawn], turned(d, id, 2)))
	if len(d.state.Displaced()) > 0 {
		t.Error("somebody else was asked as well: the block did not end it")
	}
}

// What is taken back binds nobody any more, and gives nothing back by itself.
func TestABlockIsTakenBack(t *testing.T) {
	d := consented(t)
	avoids(t, d, agenciesOf(legal))
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Change, Remove: []code.CasePart{code.PartMustNotMeet}}))
	events, err := do(d, owning(d, plain(Case.RequestServices)), please(ask(legal, code.LegalAssistance)))
	refused(t, events, err, ErrConsentMissing, "/requests/0")
	d.must(t)(do(d, owning(d, plain(Case.GiveConsent)), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, owning(d, plain(Case.RequestServices)), please(ask(legal, code.LegalAssistance))))
}

// What names nobody is refused, at the opening and later.
func TestBlocksAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		blocks Blocks
		want   *fault.Error
		at     string
	}{
		"no slug":             {Blocks{Agencies: []string{legal, "Law Society"}}, ErrSlug, "/must_not_meet/agencies/1"},
		"her own desk":        {Blocks{Agencies: []string{agency}}, ErrOwnDesk, "/must_not_meet/agencies/0"},
		"nobody of an agency": {Blocks{Persons: []string{legal + "/ "}}, ErrSlug, "/must_not_meet/persons/0"},
		"somebody of none":    {Blocks{Persons: []string{"ana"}}, ErrSlug, "/must_not_meet/persons/0"},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := do(newDesk(), Case.Open, opening(Opening{Blocks: &c.blocks}))
			refused(t, events, err, c.want, c.at)
			d := open(t, Opening{})
			events, err = do(d, plain(Case.Amend), Amend{Reason: code.Addition, Opening: Opening{Blocks: &c.blocks}})
			refused(t, events, err, c.want, c.at)
		})
	}
}

// Nobody but who has the case sees whom she must not meet.
func TestTheFrameHoldsNoBlock(t *testing.T) {
	d := open(t, everything())
	if v := d.state.View(d.as(agency, "eva-osmonova")).(View); v.Blocks != nil {
		t.Error("a colleague sees it")
	}
	if v := d.state.Content(d.by()).(View); v.Blocks == nil {
		t.Error("who has the case does not see it")
	}
}
