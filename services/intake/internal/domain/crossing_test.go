package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
)

// overThere is an agency of another country.
const overThere = "shelter-bishkek"

// around are agencies here and abroad.
func around() agencies.Seen {
	seen := agencies.Seen{Known: map[string]look.Fresh[agencies.Agency]{}}
	for name, country := range map[string]code.Country{overThere: "KG", legal: "GT", clinic: ""} {
		seen.Known[name] = look.Made(agencies.Agency{Name: name, Country: country})
	}
	return seen
}

func asksAround[C interface{ Names() []Named }](d *desk, decide func(Case, fact.By, C, Rules) ([]fact.Event, error), cmd C) ([]fact.Event, error) {
	return do(d, func(c Case, by fact.By, cmd C) ([]fact.Event, error) {
		return OwnerNaming(Under(basis, decide))(c, by, cmd, Known{Hands: hands(c, true), Agencies: around()})
	}, cmd)
}

// An agency of another country is asked only with her consent to the service and to the
// crossing; by every way.
func TestACrossingNeedsAConsentOfItsOwn(t *testing.T) {
	d := open(t, everything())
	for _, agency := range []string{overThere, legal, clinic} {
		d.must(t)(do(d, plain(Case.GiveConsent), yes(agency, code.SafeHouse)))
	}
	events, err := asksAround(d, Case.RequestServices, please(ask(overThere, code.SafeHouse)))
	refused(t, events, err, ErrConsentMissing, "/requests/0")
	events, err = asksAround(d, Case.RequestServices, please(Request{
		Service: code.SafeHouse, Urgency: code.Urgent, Mode: code.Broadcast, Candidates: []Choice{{Recipient: clinic}, {Recipient: overThere}},
	}))
	refused(t, events, err, ErrConsentMissing, "/requests/0/candidates/1")
	// At home, and where nobody knows the country, nothing more is needed.
	d.must(t)(asksAround(d, Case.RequestServices, please(ask(clinic, code.SafeHouse))))
	// Next on a list.
	r := ask(legal, code.SafeHouse)
	r.Then = []Choice{{Recipient: overThere}}
	d.must(t)(asksAround(d, Case.RequestServices, please(r)))
	last := d.state.Referrals[len(d.state.Referrals)-1]
	if diff := cmp.Diff([]string{overThere}, last.Abroad); diff != "" {
		t.Fatal(diff)
	}
	if events := d.must(t)(do(d, Under(basis, Case.OnDeclined), referralv1.Declined{Loop: d.loop(last.ID)})); len(events) != 1 {
		t.Errorf("the next one was asked: %v", data(events))
	}
	events, err = asksAround(d, Case.Reroute, Reroute{Referral: last.ID, Recipient: overThere})
	refused(t, events, err, ErrConsentMissing, "/recipient")

	crossing := yes(overThere, code.SafeHouse)
	crossing.Purpose = code.ProgrammeCrossing
	d.must(t)(do(d, plain(Case.GiveConsent), crossing))
	events = d.must(t)(asksAround(d, Case.Reroute, Reroute{Referral: last.ID, Recipient: overThere}))
	asked := events[0].Data.(intakev1.ServiceRequested)
	if len(asked.Further) != 1 || asked.Further[0].Purpose != code.ProgrammeCrossing {
		t.Errorf("it stands on %v", asked.Further)
	}
	// Her no to the crossing ends it, as that of any other consent.
	d.must(t)(do(d, Case.RefuseConsent, RefuseConsent{Recipient: overThere, Service: code.SafeHouse, Purpose: code.ProgrammeCrossing}))
	if by := (fact.By{Agency: overThere, At: d.now}); d.state.Knows(by, asked.Referral) {
		t.Error("it goes on without the crossing")
	}
}

// While she is left in peace, she crosses only by a consent of this time.
func TestNoReturnInAPeriod(t *testing.T) {
	d := open(t, Opening{})
	crossing := yes(overThere, code.SafeHouse)
	crossing.Purpose = code.ProgrammeCrossing
	d.must(t)(do(d, plain(Case.GiveConsent), yes(overThere, code.SafeHouse)))
	d.must(t)(do(d, plain(Case.GiveConsent), crossing))
	d.must(t)(identify(d, code.Presumed))
	events, err := asksAround(d, Case.RequestServices, please(ask(overThere, code.SafeHouse)))
	refused(t, events, err, ErrConsentMissing, "/requests/0")
	crossing.DuringReflection = true
	d.must(t)(do(d, plain(Case.GiveConsent), crossing))
	d.must(t)(asksAround(d, Case.RequestServices, please(ask(overThere, code.SafeHouse))))
}

// The packet travels once; what changes here afterwards is not shown there. At home it is
// shown as often as it is asked for.
func TestThePacketOfACrossingTravelsOnce(t *testing.T) {
	for agency, again := range map[string]bool{overThere: false, legal: true} {
		d := open(t, everything())
		k := yes(agency, code.SafeHouse)
		d.must(t)(do(d, plain(Case.GiveConsent), k))
		k.Purpose = code.ProgrammeCrossing
		d.must(t)(do(d, plain(Case.GiveConsent), k))
		d.must(t)(asksAround(d, Case.RequestServices, please(ask(agency, code.SafeHouse))))
		ref := d.state.Referrals[0]
		d.must(t)(do(d, news[code.Accepted], d.loop(ref.ID)))
		if events, err := disclose(d, agency, ref.ID); err != nil || len(events) != 1 {
			t.Fatal(events, err)
		}
		events, err := disclose(d, agency, ref.ID)
		if again {
			if err != nil || len(events) != 1 {
				t.Error(events, err)
			}
			continue
		}
		refused(t, events, err, ErrPacketOnce)
	}
}

// A case is not given to an office of another country.
func TestACaseDoesNotCross(t *testing.T) {
	d := open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(overThere, code.Categories...)))
	k := asking(d.state)
	k.Agencies = around()
	events, err := d.state.AskTransfer(d.by(), AskTransfer{To: overThere, Reason: code.SheMoves}, k)
	refused(t, events, err, ErrTransfer, "/to")
}
