package domain

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

// recorded are the columns that the Incident Recorder has, as its minimum data set lists them.
// This list is by itself, so that a changed order of the fields is seen.
const recorded = "incident_id,survivor_code,case_manager_code,date_of_interview,date_of_incident,date_of_birth,sex,ethnicity," +
	"country_of_origin,marital_status,displacement_status,disability,unaccompanied_separated,stage_of_displacement,time_of_day," +
	"location_type,county,district,camp_town,gbv_type,harmful_traditional_practice,goods_money_exchanged,abduction_type," +
	"previously_reported,previous_gbv_incidents,number_of_primary_perpetrators,perpetrator_sex,former_perpetrator," +
	"perpetrator_age_group,relationship,occupation,referred_from,safehouse,medical,psychosocial,wants_legal_action,legal,police," +
	"livelihoods,child_protection_education,consent_given,agency_code"

var shipped = Rules{Programmes: programmetest.Shipped()}

func export() Export {
	return Export{Recipient: "gbv-data", From: noon.Add(-24 * time.Hour), To: noon.Add(24 * time.Hour), Reason: code.ReportDue}
}

// statistics gives her consent to statistics of the recipient.
func (d *desk) statistics(t tb, categories ...code.Category) string {
	t.Helper()
	d.must(t)(do(d, plain(Case.GiveConsent), GiveConsent{
		Recipient: "gbv-data", Service: code.OtherService, Purpose: code.Statistics, Categories: categories,
		Expires: d.now.AddDate(0, 6, 0), Evidence: Evidence{Method: code.Oral, GivenBy: code.BySurvivor},
	}))
	return d.state.Consents[len(d.state.Consents)-1].ID
}

func TestRowsOfTheIncidentRecorder(t *testing.T) {
	d := open(t, everything())
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{
		Answers:         Answers{Penetration: code.No, SexualContact: code.No, Physical: code.Yes},
		HarmfulPractice: code.No, Exchange: code.No, Abduction: code.NoAbduction, Previous: code.Yes,
		Circumstances: Circumstances{TimeOfDay: code.DayTimes[2], Area: "GT-01-05", Perpetrators: &Perpetrators{
			Number: 5, Former: code.No, Relationships: []code.Relationship{code.IntimatePartner}, Occupation: "farmer",
		}},
	}}))
	d.statistics(t, code.Incident, code.Identity)
	got, err := CSV(d.state.Rows(d.by(), export(), shipped), false)
	if err != nil {
		t.Fatal(err)
	}
	first, second := d.state.incidents()[0].ID, d.state.incidents()[1].ID
	who := d.state.Reference() + "," + d.state.Owner
	want := recorded + "\r\n" +
		first + "," + who + ",2026-03-14,2026-03-13,,female,,,single,idp,,,,,,,,,rape,,,,,,,,,,,,,,,,,,,,,yes," + agency + "\r\n" +
		second + "," + who + ",2026-03-14,,,female,,,single,idp,,,,evening_night,,GT-01,GT-01-05,,physical_assault,no,no,none,,yes,more_than_3,,no,,intimate_partner_former_partner,farmer,,,,,,,,,,yes," + agency + "\r\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	// The record of her case keeps the true number.
	if n := d.state.Told[0].Perpetrators.Number; n != 5 {
		t.Errorf("%d perpetrators", n)
	}
}

// What she did not agree to is in no row, and neither is what was taken back, of another
// time, restricted, or written down in error.
func TestRowsNeedHerConsent(t *testing.T) {
	for name, c := range map[string]struct {
		given func(t *testing.T, d *desk) Export
		want  int
	}{
		"she consents": {func(t *testing.T, d *desk) Export { d.statistics(t, code.Incident); return export() }, 1},
		"nobody asked": {func(*testing.T, *desk) Export { return export() }, 0},
		"another recipient": {func(t *testing.T, d *desk) Export {
			d.statistics(t, code.Incident)
			x := export()
			x.Recipient = "night-shelter"
			return x
		}, 0},
		"not to the incident": {func(t *testing.T, d *desk) Export { d.statistics(t, code.Identity); return export() }, 0},
		"another purpose": {func(t *testing.T, d *desk) Export {
			d.must(t)(do(d, plain(Case.GiveConsent), GiveConsent{
				Recipient: "gbv-data", Service: code.OtherService, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Incident},
				Expires: d.now.AddDate(0, 6, 0), Evidence: Evidence{Method: code.Oral, GivenBy: code.BySurvivor},
			}))
			return export()
		}, 0},
		"withdrawn": {func(t *testing.T, d *desk) Export {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.statistics(t, code.Incident)}))
			return export()
		}, 0},
		"expired": {func(t *testing.T, d *desk) Export {
			d.statistics(t, code.Incident)
			d.now = d.now.AddDate(0, 6, 0)
			return export()
		}, 0},
		"the period ends when she was spoken with": {func(t *testing.T, d *desk) Export {
			d.statistics(t, code.Incident)
			x := export()
			x.To = noon
			return x
		}, 0},
		"the period begins when she was spoken with": {func(t *testing.T, d *desk) Export {
			d.statistics(t, code.Incident)
			x := export()
			x.From = noon
			return x
		}, 1},
		"restricted": {func(t *testing.T, d *desk) Export {
			d.statistics(t, code.Incident)
			d.state.Restricted = true
			return export()
		}, 0},
		"in error": {func(t *testing.T, d *desk) Export {
			d.statistics(t, code.Incident)
			d.must(t)(do(d, Case.EnterIncidentInError, EnterIncidentInError{Incident: d.state.first()}))
			return export()
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, everything())
			x := c.given(t, d)
			if got := d.state.Rows(d.by(), x, shipped); len(got) != c.want {
				t.Errorf("%d rows: %+v", len(got), got)
			}
		})
	}
}

// A case of which nothing is known gives empty cells. No cell of a person is filled by a
// consent to the incident alone.
func TestUnknownStaysEmpty(t *testing.T) {
	d := open(t, everything())
	d.statistics(t, code.Incident)
	r := d.state.Rows(d.by(), export(), shipped)[0]
	if r.Sex+r.MaritalStatus+r.DisplacementStatus+r.Disability+r.Unaccompanied != "" {
		t.Errorf("of her: %+v", r)
	}
	d.statistics(t, code.HealthData, code.SafetyNeeds)
	r = d.state.Rows(d.by(), export(), shipped)[0]
	if r.Disability == "" || r.Unaccompanied == "" || r.Sex != "" {
		t.Errorf("with health and safety: %+v", r)
	}
	for _, known := range []*string{
		&r.IncidentID, &r.SurvivorCode, &r.CaseManagerCode, &r.DateOfInterview, &r.DateOfIncident, &r.Disability, &r.Unaccompanied,
		&r.GBVType, &r.ConsentGiven, &r.AgencyCode,
	} {
		*known = ""
	}
	r.taken = time.Time{}
	if diff := cmp.Diff(Row{}, r, cmp.AllowUnexported(Row{})); diff != "" {
		t.Errorf("filled from nothing:\n%s", diff)
	}
}

// In training each row says that it is not real, and the columns before are as always.
func TestRowsOfATraining(t *testing.T) {
	rows := []Row{{Occupation: "farmer"}, {}}
	plain, err := CSV(rows, false)
	if err != nil {
		t.Fatal(err)
	}
	marked, err := CSV(rows, true)
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for i, line := range strings.SplitAfter(plain, "\r\n") {
		switch {
		case line == "":
		case i == 0:
			want += strings.TrimSuffix(line, "\r\n") + ",training\r\n"
		default:
			want += strings.TrimSuffix(line, "\r\n") + ",not real\r\n"
		}
	}
	if diff := cmp.Diff(want, marked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// No cell begins a formula, and each is read again as it was.
func TestNoCellIsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.StringMatching(`[=+\-@\t]?[a-z",\n=+@-]{0,6}`).Draw(t, "cell")
		text, err := CSV([]Row{{Occupation: said}}, false)
		if err != nil {
			t.Fatal(err)
		}
		read, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(read) != 2 {
			t.Fatalf("%q: %v", text, err)
		}
		cell := read[1][30]
		if cell != "" && strings.Contains("=+-@\t\r\n", cell[:1]) {
			t.Fatalf("%q is a formula", cell)
		}
		if got := strings.TrimPrefix(cell, "'"); got != said {
			t.Fatalf("%q was written for %q", cell, said)
		}
	})
}

func TestExportRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Export)
		at    string
	}{
		"no begin":     {func(x *Export) { x.From = time.Time{} }, "/from"},
		"no time":      {func(x *Export) { x.To = x.From }, "/to"},
		"too long":     {func(x *Export) { x.To = x.From.AddDate(1, 0, 1) }, "/to"},
		"nobody":       {func(x *Export) { x.Recipient = "" }, "/recipient"},
		"no reason":    {func(x *Export) { x.Reason = "" }, "/reason"},
		"other reason": {func(x *Export) { x.Reason = "curious" }, "/reason"},
	} {
		t.Run(name, func(t *testing.T) {
			x := export()
			c.spoil(&x)
			if got := fault.Of(x.Check()).Fields; len(got) != 1 || got[0].Pointer != c.at {
				t.Errorf("%v", got)
			}
		})
	}
	if err := export().Check(); err != nil {
		t.Error(err)
	}
}

// That she said no is her word alone: not what her desk called off for another reason, and not
// what an agency says of her.
func TestARowPutsNoNoInHerMouth(t *testing.T) {
	ended := func(why code.CancelReason, byDesk bool) (f Referral) {
		f.Status, f.CancelReason, f.ByDesk = code.Cancelled, why, byDesk
		return f
	}
	for name, c := range map[string]struct {
		f    Referral
		want string
	}{
		"taken back":             {Referral{Status: code.Withdrawn}, "referral_declined_by_survivor"},
		"her no at the desk":     {ended(code.SurvivorDeclined, true), "referral_declined_by_survivor"},
		"said by an agency":      {ended(code.SurvivorDeclined, false), "service_unavailable"},
		"called off by the desk": {ended(code.NoLongerNeeded, true), ""},
		"made in error":          {Referral{Status: code.EnteredInError}, ""},
		"nobody took it":         {Referral{Status: code.Declined}, "service_unavailable"},
		"under way":              {Referral{Status: code.Accepted}, "referred"},
	} {
		c.f.Service = code.Food
		if got := (Case{Referrals: []Referral{c.f}}).askedFor(code.Food); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
