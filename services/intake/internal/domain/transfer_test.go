package domain

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// north is another office that keeps cases.
const north = "north-office"

// elsewhere is her consent that another office has the whole case.
func elsewhere(to string, categories ...code.Category) GiveConsent {
	cmd := yes(to, code.OtherService)
	cmd.Purpose, cmd.Categories = code.CaseTransfer, categories
	return cmd
}

// registered are offices of the network; the last one is suspended.
func registered(names ...string) agencies.Seen {
	seen := agencies.Seen{Known: map[string]look.Fresh[agencies.Agency]{}}
	for _, n := range names {
		seen.Known[n] = look.Made(agencies.Agency{Name: n})
	}
	return seen
}

func asking(c Case) Asking {
	return Asking{Known: Known{Hands: hands(c, true), Agencies: registered(north, legal, agency)}, Leads: look.Made(false), Rules: basis}
}

func taking() Taking {
	return Taking{Agency: registered(north, legal, agency), Leads: look.Made(false)}
}

// toNorth is the question to take the case over.
var toNorth = AskTransfer{To: north, Reason: code.SheMoves}

func asks(d *desk, cmd AskTransfer) ([]fact.Event, error) {
	return do(d, seen(Case.AskTransfer, asking(d.state)), cmd)
}

// offered is a desk with a case, with a request to a lawyer, that another office
// is asked to take over.
func offered(t tb) *desk {
	t.Helper()
	d := open(t, everything())
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(north, code.Categories...)))
	d.must(t)(asks(d, toNorth))
	return d
}

func (d *desk) transfer() Transfer { return d.state.Transfers[len(d.state.Transfers)-1] }

// of is a person of another office.
func (d *desk) of(office string) fact.By {
	by := d.by()
	by.Agency, by.Principal = office, "noor"
	return by
}

// takes is the answer of an office that takes the case over.
func (d *desk) takes(office string, k Taking) ([]fact.Event, error) {
	events, err := d.state.AcceptTransfer(d.of(office), d.transfer().ID, k)
	d.commit(events)
	return events, err
}

func takenOver(t tb) *desk {
	t.Helper()
	d := offered(t)
	d.must(t)(d.takes(north, taking()))
	return d
}

// Another office is asked only on her consent to this office and this purpose, which covers
// all that the case holds; only about a case that stands alone and asks her nothing; and
// only while no office is asked.
func TestATransferIsAskedForOnHerConsentAlone(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*desk)
		cmd    AskTransfer
		k      func(*Asking)
		want   *fault.Error
		rule   string
	}{
		"without a consent": {nil, toNorth, nil, ErrConsentMissing, "consent to case_transfer in force"},
		"on a consent to a service": {func(d *desk) {
			d.must(t)(do(d, plain(Case.GiveConsent), yes(north, code.OtherService)))
		}, toNorth, nil, ErrConsentMissing, "one for the purpose service_delivery exists"},
		"on a consent to another office": {func(d *desk) {
			d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(legal, code.Categories...)))
		}, toNorth, nil, ErrConsentMissing, "consent to case_transfer in force"},
		"on a consent to a part": {func(d *desk) {
			d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(north, code.Identity, code.Contact)))
		}, toNorth, nil, ErrConsentMissing, "consent to narrative"},
		"after her no": {func(d *desk) {
			d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(north, code.Categories...)))
			d.must(t)(do(d, Case.RefuseConsent, RefuseConsent{Recipient: north, Service: code.OtherService, Purpose: code.CaseTransfer}))
		}, toNorth, nil, ErrConsentMissing, "she said no to it"},
		"to one's own office": {nil, AskTransfer{To: agency, Reason: code.SheMoves}, nil, ErrTransfer, "another office"},
		"to nobody":           {nil, AskTransfer{To: "nort-office", Reason: code.SheMoves}, nil, ErrAgencyUnknown, "a registered agency"},
		"to a suspended office": {nil, toNorth, func(k *Asking) {
			k.Agencies.Known[north] = look.Made(agencies.Agency{Name: north, Suspended: true})
		}, ErrAgencySuspended, "an agency that is not suspended"},
		"without a reason":           {nil, AskTransfer{To: north}, nil, ErrUnknownCode, "enum"},
		"by who does not have it":    {nil, toNorth, func(k *Asking) { k.Hands.Act = look.Made(false) }, ErrNotTheOwner, ""},
		"while another case points":  {nil, toNorth, func(k *Asking) { k.Leads = look.Made(true) }, ErrTransfer, "a case that is not merged"},
		"while it points to another": {func(d *desk) { d.state.Into = "case_other" }, toNorth, nil, ErrTransfer, "a case that is not merged"},
		"while an office is asked": {func(d *desk) {
			d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(legal, code.Categories...)))
			d.must(t)(asks(d, AskTransfer{To: legal, Reason: code.SheMoves}))
		}, toNorth, nil, ErrTransfer, "no office is asked already"},
		"while a referral waits for her new consent": {func(d *desk) {
			d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
			d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
			d.now = d.state.Consents[len(d.state.Consents)-1].Expires
			d.must(t)(do(d, news[code.Lapsed], d.loop(d.state.Referrals[0].ID)))
			cmd := elsewhere(north, code.Categories...)
			cmd.Expires = d.now.AddDate(0, 1, 0)
			d.must(t)(do(d, plain(Case.GiveConsent), cmd))
		}, toNorth, nil, ErrTransfer, "no referral waits for her new consent"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, everything())
			if c.before != nil {
				c.before(d)
			}
			k := asking(d.state)
			if c.k != nil {
				c.k(&k)
			}
			events, err := do(d, seen(Case.AskTransfer, k), c.cmd)
			if f := fault.Of(err); f.Code != c.want.Code || len(events) > 0 {
				t.Fatalf("%v, %v", events, err)
			} else if text, _ := json.Marshal(f.Fields); !strings.Contains(string(text), c.rule) {
				t.Errorf("%s", text)
			}
		})
	}
}

// The other office sees a frame, and nothing of her. Who is not asked sees nothing.
func TestTheOtherOfficeSeesAFrameAlone(t *testing.T) {
	d := offered(t)
	tr := d.transfer()
	want := TransferView{
		ID: tr.ID, Reference: d.state.Reference(), From: agency, To: north, Status: code.TransferAsked, Reason: code.SheMoves,
		AskedAt: noon, Until: noon.AddDate(0, 0, 7), WaitsFor: north,
	}
	for side, office := range map[string]string{"received": north, "given": agency} {
		query := url.Values{"side": {side}, "status": {"open"}}
		got, ok := d.state.TransferFor(d.of(office), query)
		if diff := cmp.Diff(want, got); !ok || diff != "" || !TransfersOf(d.of(office), query).Holds(d.state) {
			t.Errorf("%s: %t %s", side, ok, diff)
		}
	}
	text, err := json.Marshal(d.state.ShowTransfer(tr, noon))
	if err != nil || bytes.Contains(text, []byte("canary")) || bytes.Contains(text, []byte(d.state.ID)) {
		t.Errorf("%s, %v", text, err)
	}
	if d.state.Visible(d.of(north)) {
		t.Error("the case is visible before it is taken over")
	}
	for _, office := range []string{legal, "", agency} {
		if _, asked := d.state.Asked(d.of(office), tr.ID); asked {
			t.Errorf("%q is asked", office)
		}
		events, err := d.state.AcceptTransfer(d.of(office), tr.ID, taking())
		if len(events) > 0 || err != nil {
			t.Errorf("%q takes the case over: %v", office, err)
		}
	}
	if diff := cmp.Diff([]code.Attention{code.TransferOpen}, d.state.Waits()); diff != "" {
		t.Error(diff)
	}
	if again := d.must(t)(asks(d, toNorth)); again != nil {
		t.Error("asked twice")
	}
}

// A transfer waits for nobody any more when she takes her consent back, however she says so,
// when its time is over, and when her desk takes it back. Then the other office learns
// nothing: not found, whatever the reason.
func TestATransferEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*desk)
		want code.TransferStatus
		acts string
	}{
		"her withdrawal": {func(d *desk) {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.transfer().Consent}))
		}, code.TransferConsentEnded, agency},
		"her withdrawal by the agency": {func(d *desk) {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Recipient: north, Service: code.OtherService}))
		}, code.TransferConsentEnded, agency},
		"her no": {func(d *desk) {
			d.must(t)(do(d, Case.RefuseConsent, RefuseConsent{Recipient: north, Service: code.OtherService, Purpose: code.CaseTransfer}))
		}, code.TransferConsentEnded, agency},
		"doubt": {func(d *desk) { d.commit(d.state.Doubt(d.now.Add(1))) }, code.TransferConsentEnded, agency},
		"its time": {func(d *desk) {
			d.now = d.transfer().Until
			d.commit(d.must(t)(d.state.TransferDue(d.by())))
		}, code.TransferLapsed, agency},
		"its time, not noted": {func(d *desk) { d.now = d.transfer().Until }, code.TransferLapsed, ""},
		"her desk":            {func(d *desk) { d.must(t)(do(d, Case.EndTransfer, EndTransfer{})) }, code.TransferTakenBack, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := offered(t)
			c.end(d)
			tr := d.transfer()
			if got := d.state.ShowTransfer(tr, d.now); got.Status != c.want || c.acts != "" && got.WaitsFor != c.acts {
				t.Errorf("%+v", got)
			}
			if _, asked := d.state.Asked(d.of(north), tr.ID); asked {
				t.Error("the other office is still asked")
			}
			if events, err := d.takes(north, taking()); len(events) > 0 || err != nil {
				t.Errorf("taken over: %v, %v", events, err)
			}
			if events, err := d.state.DeclineTransfer(d.of(north), tr.ID, DeclineTransfer{Reason: code.OfficeFull}); len(events) > 0 || err != nil {
				t.Errorf("declined: %v, %v", events, err)
			}
			if _, ok := d.state.TransferFor(d.of(north), url.Values{}); ok {
				t.Error("the other office lists it")
			}
			if d.state.Agency != agency {
				t.Error("the case moved")
			}
			if waits := d.state.Waits(); c.acts != "" && !slices.Contains(waits, code.TransferUntaken) {
				t.Errorf("her desk is not told: %v", waits)
			}
		})
	}
	d := offered(t)
	refused(t, nil, second(d.state.TransferDue(d.by())), ErrNotDue)
	if diff := cmp.Diff([]fact.Deadline{{Name: TransferDeadline, At: noon.AddDate(0, 0, 7)}}, d.state.Deadlines()); diff != "" {
		t.Error(diff)
	}
	d.now = d.transfer().Until
	d.commit(d.must(t)(d.state.TransferDue(d.by())))
	if diff := cmp.Diff([]code.Attention{code.TransferUntaken}, d.state.Waits()); diff != "" || d.state.Deadlines() != nil {
		t.Error(diff)
	}
	d.must(t)(do(d, Case.EndTransfer, EndTransfer{}))
	if waits := d.state.Waits(); waits != nil {
		t.Errorf("seen, and it waits: %v", waits)
	}
	if events := d.must(t)(do(d, Case.EndTransfer, EndTransfer{})); events != nil {
		t.Error("noted twice")
	}
}

func second(_ []fact.Event, err error) error { return err }

// A decline has a coded reason, which the desk that has the case sees.
func TestAnOfficeDeclines(t *testing.T) {
	d := offered(t)
	_, err := d.state.DeclineTransfer(d.of(north), d.transfer().ID, DeclineTransfer{})
	refused(t, nil, err, ErrUnknownCode, "/reason")
	d.commit(d.must(t)(d.state.DeclineTransfer(d.of(north), d.transfer().ID, DeclineTransfer{Reason: code.CannotTake})))
	got, ok := d.state.TransferFor(d.by(), url.Values{"side": {"given"}})
	if !ok || got.Status != code.TransferDeclined || got.DeclineReason != code.CannotTake || got.WaitsFor != agency {
		t.Errorf("%+v", got)
	}
	if _, ok := d.state.TransferFor(d.of(north), url.Values{}); ok || TransfersOf(d.of(north), url.Values{}).Holds(d.state) {
		t.Error("who declined keeps the reference")
	}
	if events := d.must(t)(d.state.DeclineTransfer(d.of(north), d.transfer().ID, DeclineTransfer{Reason: code.OfficeFull})); events != nil {
		t.Error("declined twice")
	}
	d.must(t)(asks(d, toNorth))
	if len(d.state.Transfers) != 2 {
		t.Error("not asked again")
	}
}

// With one commit the case is the other office's: its lists and its owner. The office that
// had it keeps one line without content.
func TestTheCaseBelongsToTheOtherOffice(t *testing.T) {
	d := offered(t)
	d.must(t)(do(d, seen(Case.Restrict, colleagues(hands(d.state, true), false)), Restrict{Restricted: true}))
	d.state.Hints = []Hint{{Other: "case_other", Both: true}}
	consents := slices.Clone(d.state.Consents)
	d.now = noon.Add(time.Hour)
	events := d.must(t)(d.takes(north, taking()))
	want := []fact.Event{{
		Data: intakev1.CaseTransferred{
			Case: d.state.ID, Transfer: d.transfer().ID, From: agency, To: north, Number: 1, Referrals: referralsOf(d.state),
		},
		Private: Owned{Owner: worker.ID(north, "noor"), Subject: "noor"},
	}}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Error(diff)
	}
	c := d.state
	if c.Agency != north || c.Owner != worker.ID(north, "noor") || !c.Restricted || c.Hints != nil || c.Visible(d.by()) || !c.Visible(d.of(north)) {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff(consents, c.Consents); diff != "" {
		t.Errorf("what she consented to changed: %s", diff)
	}
	for name, keys := range map[string][]string{
		"cases": ByAgency.Keys(c), "owners": ByOwners.Keys(c), "attention": ByAttention.Keys(c), "references": ByReference.Keys(c), "leading": ByLeading.Keys(c),
	} {
		for _, key := range keys {
			if strings.HasPrefix(key, fact.Key(agency)) {
				t.Errorf("the list of %s has it for the office that gave it away", name)
			}
		}
	}
	line := TransferView{ID: d.transfer().ID, Reference: c.Reference(), From: agency, To: north, Status: code.TransferAccepted, EndedAt: d.now}
	got, ok := c.TransferFor(d.by(), url.Values{"side": {"given"}})
	if diff := cmp.Diff(line, got); !ok || diff != "" {
		t.Errorf("%t %s", ok, diff)
	}
	if again := d.must(t)(d.takes(north, taking())); again != nil {
		t.Error("taken over twice")
	}
	// What the next office asks for, it asks for in its own name.
	by := d.of(north)
	asked, err := c.RequestServices(by, please(ask(legal, code.LegalAssistance)), basis)
	refused(t, asked, err, ErrAlreadyRequested, "/requests/0")
	given, err := c.GiveConsent(by, yes(clinic, code.ForensicExam), basis)
	d.commit(given)
	requested := d.must(t)(d.state.RequestServices(by, please(ask(clinic, code.ForensicExam)), basis))
	if r := requested[0].Data.(intakev1.ServiceRequested); err != nil || r.Sender != north || r.Transfers != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Who takes a case over works there, and the office is not suspended.
func TestWhoMayTakeACaseOver(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Taking)
		want   *fault.Error
	}{
		"a suspended office": {func(k *Taking) { k.Agency.Known[north] = look.Made(agencies.Agency{Name: north, Suspended: true}) }, ErrAgencySuspended},
		"an unknown office":  {func(k *Taking) { delete(k.Agency.Known, north) }, ErrAgencySuspended},
		"a case that leads":  {func(k *Taking) { k.Leads = look.Made(true) }, ErrTransfer},
	} {
		d := offered(t)
		k := taking()
		c.change(&k)
		events, err := d.takes(north, k)
		if len(events) > 0 || fault.Of(err).Code != c.want.Code {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
}

// While another office is asked, the case is neither closed nor merged.
func TestACaseThatIsAskedAboutStaysAsItIs(t *testing.T) {
	d := offered(t)
	_, err := d.state.Close(d.by(), Close{Reason: code.CloseLeftArea})
	refused(t, nil, err, ErrTransferOpen)
	older := open(t, everything()).state
	older.ID, older.OpenedAt = "case_older", noon.Add(-time.Hour)
	pair := func(c, into Case) Pair {
		return Pair{Hands: hands(c, true), Leading: look.Made(into), Over: hands(into, true), Leads: look.Made(false)}
	}
	_, err = d.state.Merge(d.by(), Merge{Into: older.ID}, pair(d.state, older))
	refused(t, nil, err, ErrTransferOpen)
	newer := older
	newer.ID, newer.OpenedAt = "case_newer", noon.Add(time.Hour)
	_, err = newer.Merge(d.by(), Merge{Into: d.state.ID}, pair(newer, d.state))
	refused(t, nil, err, ErrTransferOpen)
}

// The office that took the case over may be the recipient of a referral of it. What it
// called off as a recipient stays a word of an agency, and what the former desk called off
// for her stays her no, whoever has the case: it is no need, and nobody resumes it.
func TestWhoCalledOffStaysAsItWas(t *testing.T) {
	for name, c := range map[string]struct {
		by    string
		late  bool
		unmet bool
	}{
		"her desk, before":          {agency, false, false},
		"her desk, heard later":     {agency, true, false},
		"the recipient, before":     {north, false, true},
		"the recipient, heard late": {north, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, everything())
			d.must(t)(do(d, plain(Case.GiveConsent), yes(north, code.LegalAssistance)))
			d.must(t)(do(d, plain(Case.RequestServices), please(ask(north, code.LegalAssistance))))
			d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(north, code.Categories...)))
			d.must(t)(asks(d, toNorth))
			id := d.state.Referrals[0].ID
			loop := d.loop(id)
			loop.Turn = 3
			cancelled := referralv1.Cancelled{Loop: loop, By: c.by, Reason: code.SurvivorDeclined, Taken: true}
			hear := func() []fact.Event { return d.must(t)(do(d, Case.OnCancelled, cancelled)) }
			if !c.late {
				hear()
			}
			d.must(t)(d.takes(north, taking()))
			if c.late {
				hear()
			}
			f := d.state.Referrals[0]
			if got := d.state.unmet(f); got != c.unmet || f.ByDesk == c.unmet {
				t.Errorf("unmet is %t, and called off by the desk %t", got, f.ByDesk)
			}
			if withdrawn := d.state.Consents[0].Status == code.ConsentWithdrawn; withdrawn == c.unmet {
				t.Errorf("her consent to the agency ended: %t", withdrawn)
			}
			if d.state.resumable(f, d.now) != c.unmet {
				t.Error("who may be asked again has changed")
			}
			// The journal alone makes the same case again.
			var again Case
			for _, e := range d.history {
				again = again.Evolve(e)
			}
			if diff := cmp.Diff(d.state, again); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What the loop says of a referral may be older than the transfer, or newer. It is followed;
// what names an office that never had the case is not.
func TestFactsOfBothSendersAreFollowed(t *testing.T) {
	for sender, want := range map[string]error{agency: nil, north: nil, clinic: agree.Err} {
		d := takenOver(t)
		id := d.state.Referrals[0].ID
		loop := d.loop(id)
		loop.Sender, loop.Turn = sender, 2
		_, err := do(d, news[code.Accepted], loop)
		if want == nil && err != nil || want != nil && fault.Of(err).Code != "fact_disagrees" {
			t.Errorf("%s: %v", sender, err)
		}
	}
	// Before the transfer, the office that is asked is no sender.
	d := offered(t)
	loop := d.loop(d.state.Referrals[0].ID)
	loop.Sender = north
	if _, err := do(d, news[code.Accepted], loop); fault.Of(err).Code != "fact_disagrees" {
		t.Errorf("%v", err)
	}
}

// Offices, her answers and time, in any order: at each instant the case has one office; it
// moves only while a consent of hers to the new office for this purpose is in force; and no
// office sees it that does not have it.
func TestACaseHasOneOffice(t *testing.T) {
	offices := []string{agency, north, clinic}
	rapid.Check(t, func(t *rapid.T) {
		d := open(t, everything())
		t.Repeat(map[string]func(*rapid.T){
			"consent": func(t *rapid.T) {
				by := d.of(d.state.Agency)
				events, _ := d.state.GiveConsent(by, elsewhere(rapid.SampledFrom(offices).Draw(t, "to"), code.Categories...), basis)
				d.commit(events)
			},
			"withdraw": func(t *rapid.T) {
				if n := len(d.state.Consents); n > 0 {
					k := d.state.Consents[rapid.IntRange(0, n-1).Draw(t, "consent")]
					events, _ := d.state.WithdrawConsent(d.of(d.state.Agency), WithdrawConsent{Consent: k.ID})
					d.commit(events)
				}
			},
			"ask": func(t *rapid.T) {
				k := asking(d.state)
				k.Agencies = registered(offices...)
				events, _ := d.state.AskTransfer(d.of(d.state.Agency), AskTransfer{rapid.SampledFrom(offices).Draw(t, "to"), code.SheMoves}, k)
				d.commit(events)
			},
			"accept": func(t *rapid.T) {
				if len(d.state.Transfers) == 0 {
					return
				}
				by := d.of(rapid.SampledFrom(offices).Draw(t, "office"))
				k := taking()
				k.Agency = registered(offices...)
				tr := rapid.SampledFrom(d.state.Transfers).Draw(t, "transfer")
				events, _ := d.state.AcceptTransfer(by, tr.ID, k)
				if len(events) > 0 && !slices.ContainsFunc(d.state.Consents, func(c Consent) bool {
					return c.InForce(d.now) && c.covers(by.Agency, code.OtherService, code.CaseTransfer)
				}) {
					t.Fatal("the case moved without her consent")
				}
				d.commit(events)
			},
			"time": func(t *rapid.T) {
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour)
				if due := d.state.Deadlines(); len(due) > 0 && rapid.Bool().Draw(t, "told") {
					events, _ := d.state.TransferDue(d.of(d.state.Agency))
					d.commit(events)
				}
			},
			"": func(t *rapid.T) {
				open := 0
				for _, tr := range d.state.Transfers {
					if tr.Status == code.TransferAsked {
						open++
					}
				}
				if open > 1 {
					t.Fatalf("%d offices are asked", open)
				}
				for _, office := range offices {
					if d.state.Visible(d.of(office)) != (office == d.state.Agency) {
						t.Fatalf("%s sees the case of %s", office, d.state.Agency)
					}
				}
				if !d.state.wasWith(agency) {
					t.Fatal("the first office is forgotten")
				}
			},
		})
	})
}

// An office that takes a case over sees how she is reached now, and no earlier address of the
// office before. Each sees what it wrote itself, also when the case comes back.
func TestAnEarlierAddressIsForTheOfficeThatWroteIt(t *testing.T) {
	d := open(t, everything())
	moves := func(from, to string) {
		d.commit(fact.Of(intakev1.TransferAsked{Case: d.state.ID, Transfer: to, From: from, To: to}))
		d.commit(fact.With(intakev1.CaseTransferred{Case: d.state.ID, Transfer: to, From: from, To: to}, Owned{}))
	}
	writes := func(phone string) {
		o := Opening{Contact: Contact{Phone: phone}}
		d.commit(fact.With(intakev1.CaseAmended{Case: d.state.ID, Reason: code.Change, Parts: []code.CasePart{code.PartContact}}, Amendment{Opening: o}))
	}
	sees := func(want ...string) {
		t.Helper()
		var got []string
		for _, a := range d.state.Content(d.by()).(View).Amendments {
			got = append(got, a.Before.Contact.Phone)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	opened := d.state.Contact.Phone
	writes("+502 5555 0001")
	sees(opened)
	moves(agency, north)
	sees("")
	writes("+502 5555 0002")
	writes("+502 5555 0003")
	sees("", "", "+502 5555 0002")
	moves(north, agency)
	sees(opened, "+502 5555 0001", "")
}
