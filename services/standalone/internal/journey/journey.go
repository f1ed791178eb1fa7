// Package journey plays one survivor's way through the network, from the front
// desk to the end of the last service, through the public API and as the people
// of five agencies would. It invents everything that it says of her.
package journey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// The agencies of the demonstration.
const (
	Coordination = "network-coordination"
	FrontDesk    = "citizen-service-office"
	LegalAid     = "legal-aid-clinic"
	Counselling  = "counselling-centre"
	Forensics    = "forensic-clinic"
	// Fund is the secretariat of the trust fund, where there is one.
	Fund = "trust-fund-secretariat"
)

// Country and Programme are where the demonstration plays. Its coordinator
// coordinates them.
const (
	Country   = "GT"
	Programme = "guatemala"
)

// Roles says in which role each agency of the demonstration acts. In an agency of one
// person, who does the work registers themself and takes it: that needs another role.
var Roles = []struct {
	Agency, Role string
	Also         []string
}{
	{Coordination, "coordinator", nil},
	{FrontDesk, "caseworker", nil},
	{LegalAid, "lawyer", []string{"focal_point"}},
	{Counselling, "counsellor", []string{"focal_point"}},
	{Forensics, "examiner", []string{"focal_point"}},
}

// Subject is how tokens name the person of a role at an agency.
func Subject(role, agency string) string { return role + "@" + agency }

// Cast gives each agency its desk.
type Cast func(agency string) office.Desk

// Told is called with each step when it is done.
type Told func(agency, step string, took time.Duration)

// Story is what came of a journey.
type Story struct {
	Case, Certificate string
	// Referrals by service.
	Referrals map[string]string
}

// record is what the steps read of any answer.
type record struct {
	ID          string `json:"id"`
	Case        string `json:"case"`
	Status      string `json:"status"`
	Finished    bool   `json:"finished"`
	Certificate struct {
		ID string `json:"id"`
	} `json:"certificate"`
	Certificates []string `json:"certificates"`
	Conflict     struct {
		Standing string `json:"standing"`
	} `json:"conflict"`
	Referrals []struct {
		ID      string `json:"id"`
		Service string `json:"service"`
	} `json:"referrals"`
	Orders []struct {
		Application string `json:"application"`
	} `json:"protection_orders"`
}

type m = map[string]any

// plan is which agency gives which service, through whom, and what she lets it know.
var plan = []struct {
	agency, role, service string
	categories            []string
}{
	{Forensics, "examiner", "forensic_examination_service", []string{"identity", "incident", "health"}},
	{LegalAid, "lawyer", "legal_assistance_service", []string{"identity", "contact", "incident", "forensic_certificate"}},
	{Counselling, "counsellor", "psychosocial_service", []string{"identity", "contact", "safety_needs"}},
}

// Register puts the agencies of the demonstration into the directory.
func Register(ctx context.Context, cast Cast) error {
	for _, p := range plan {
		if err := cast(Coordination).Post(ctx, "/v1/agencies", m{"agency": p.agency, "country": Country, "services": []string{p.service}, "feed": true}, nil); err != nil {
			return err
		}
	}
	return nil
}

// player holds what the steps hand to each other.
type player struct {
	cast Cast
	told Told
	Story
}

// Play plays the journey to its end. The agencies must be registered.
func Play(ctx context.Context, cast Cast, told Told) (Story, error) {
	p := &player{cast: cast, told: told, Story: Story{Referrals: map[string]string{}}}
	for _, s := range []struct {
		agency, step string
		do           func(context.Context, office.Desk) error
	}{
		{FrontDesk, "opens a case for a survivor who came to the counter", p.open},
		{FrontDesk, "records her consent: three agencies, each for what it needs", p.consent},
		{FrontDesk, "requests three services in one visit", p.request},
		{Forensics, "receives the referral on its worklist, accepts it, and says who has it", p.accept(0)},
		{LegalAid, "receives the referral on its worklist, accepts it, and says who has it", p.accept(1)},
		{Counselling, "receives the referral on its worklist, accepts it, and says who has it", p.accept(2)},
		{Forensics, "examines her and collects an exhibit under seal", p.examine},
		{Forensics, "issues the certificate and closes the examination", p.certify},
		{LegalAid, "learns, as she allowed, that a certificate exists", p.learn},
		{LegalAid, "advises her, applies for a protection order, records it as granted, closes", p.protect},
		{Counselling, "holds a session, makes a safety plan with her, closes", p.support},
		{FrontDesk, "sees that every referral has come back, and closes the case", p.close},
	} {
		began := time.Now()
		if err := s.do(ctx, cast(s.agency)); err != nil {
			return p.Story, fmt.Errorf("%s %s: %w", s.agency, s.step, err)
		}
		told(s.agency, s.step, time.Since(began))
	}
	return p.Story, nil
}

func (p *player) open(ctx context.Context, d office.Desk) error {
	now := time.Now().UTC()
	var c record
	err := d.Post(ctx, "/v1/cases", m{
		"channel": "citizen_service_office", "country": Country, "programme": Programme,
		"incident": m{"types": []string{"physical_assault"}},
		"happened": m{
			"earliest": now.Add(-20 * time.Hour).Format(time.RFC3339),
			"latest":   now.Add(-14 * time.Hour).Format(time.RFC3339),
		},
		"survivor":  m{"sex": "female", "age_band": "18+"},
		"name":      "Journey Example",
		"contact":   m{"phone": "+000 0000 0000", "safe_note": "Call in the morning only."},
		"narrative": "An account that nobody outside this office reads.",
	}, &c)
	p.Case = c.ID
	return err
}

func (p *player) consent(ctx context.Context, d office.Desk) error {
	for _, s := range plan {
		err := d.Post(ctx, "/v1/cases/"+p.Case+"/consents", m{
			"recipient": s.agency, "service": s.service, "purpose": "service_delivery", "categories": s.categories,
			"expires": time.Now().UTC().AddDate(0, 3, 0).Format(time.RFC3339),
			"method":  "written", "given_by": "survivor", "witnessed": true,
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *player) request(ctx context.Context, d office.Desk) error {
	var requests []m
	for _, s := range plan {
		requests = append(requests, m{"recipient": s.agency, "service": s.service, "urgency": "urgent"})
	}
	var c record
	if err := d.Post(ctx, "/v1/cases/"+p.Case+"/requests", m{"requests": requests}, &c); err != nil {
		return err
	}
	// The answer to a command is the frame: it names referrals in the order in which they were
	// asked for, and no service.
	if len(c.Referrals) != len(plan) {
		return fmt.Errorf("%d referrals for %d requests", len(c.Referrals), len(plan))
	}
	for i, r := range c.Referrals {
		p.Referrals[plan[i].service] = r.ID
	}
	return nil
}

func (p *player) accept(of int) func(context.Context, office.Desk) error {
	return func(ctx context.Context, d office.Desk) error {
		id, worker := p.Referrals[plan[of].service], Subject(plan[of].role, d.Agency)
		var list struct {
			Items []record `json:"items"`
		}
		err := d.Until(ctx, "/v1/referrals?role=recipient&status=requested&limit=200", &list, func() bool {
			for _, r := range list.Items {
				if r.ID == id {
					return true
				}
			}
			return false
		})
		if err != nil {
			return err
		}
		if err := d.Post(ctx, "/v1/workers", m{"agency": d.Agency, "subject": worker}, nil); err != nil {
			return err
		}
		if err := d.Post(ctx, "/v1/referrals/"+id+"/accept", m{}, nil); err != nil {
			return err
		}
		return d.Post(ctx, "/v1/referrals/"+id+"/assign", m{"worker": worker}, nil)
	}
}

// work waits until the agency's own service has opened its record, and knows whose it is.
func (p *player) work(ctx context.Context, d office.Desk, path, prefix, service string) (string, error) {
	id := path + prefix + p.Referrals[service][len("ref"):]
	var r record
	if err := d.Until(ctx, id, &r, func() bool { return r.Status == "open" && r.Case != "" }); err != nil || r.Conflict.Standing != "not_checked" {
		return id, err
	}
	return id, Checked(ctx, d, id)
}

// Checked has the worker of a matter run its conflict check, in which nobody is found. Of other
// work there is none.
func Checked(ctx context.Context, d office.Desk, work string) error {
	if !strings.HasPrefix(work, "/v1/matters/") {
		return nil
	}
	return d.Post(ctx, work+"/conflict-check", m{"client": []string{"Somebody"}}, nil)
}

func (p *player) examine(ctx context.Context, d office.Desk) error {
	x, err := p.work(ctx, d, "/v1/examinations/", "exam", "forensic_examination_service")
	if err != nil {
		return err
	}
	err = d.Post(ctx, x+"/record", m{ //nolint:gosec // the doctor and her number are invented
		"examined_at": time.Now().UTC().Format(time.RFC3339), "findings": "Findings that stay in the clinic.",
		"examiner_credential": "GT-FM-0000",
	}, nil)
	if err != nil {
		return err
	}
	return d.Post(ctx, x+"/exhibits", m{"kind": "swab", "seal_number": "S-0001", "description": "Kept in the clinic's cold store."}, nil)
}

func (p *player) certify(ctx context.Context, d office.Desk) error {
	x, err := p.work(ctx, d, "/v1/examinations/", "exam", "forensic_examination_service")
	if err != nil {
		return err
	}
	var r record
	err = d.Post(ctx, x+"/certificate", m{"opinion": "highly_consistent_with", "text": "An opinion that stays in the clinic."}, nil)
	if err != nil {
		return err
	}
	if err := d.Get(ctx, x, &r); err != nil {
		return err
	}
	p.Certificate = r.Certificate.ID
	return d.Post(ctx, x+"/close", m{"outcome": "needs_met"}, nil)
}

func (p *player) learn(ctx context.Context, d office.Desk) error {
	id, err := p.work(ctx, d, "/v1/matters/", "mat", "legal_assistance_service")
	if err != nil {
		return err
	}
	var r record
	return d.Until(ctx, id, &r, func() bool { return len(r.Certificates) == 1 && r.Certificates[0] == p.Certificate })
}

func (p *player) protect(ctx context.Context, d office.Desk) error {
	id, err := p.work(ctx, d, "/v1/matters/", "mat", "legal_assistance_service")
	if err != nil {
		return err
	}
	if err := d.Post(ctx, id+"/advice", m{"topic": "protection", "summary": "Advice between her and her lawyer."}, nil); err != nil {
		return err
	}
	var r record
	if err := d.Post(ctx, id+"/protection-orders", m{"court": "Family court", "measures": "No contact."}, nil); err != nil {
		return err
	}
	if err := d.Get(ctx, id, &r); err != nil {
		return err
	}
	if err := d.Post(ctx, id+"/protection-orders/result", m{"application": r.Orders[0].Application, "result": "granted"}, nil); err != nil {
		return err
	}
	return d.Post(ctx, id+"/close", m{"outcome": "needs_met"}, nil)
}

func (p *player) support(ctx context.Context, d office.Desk) error {
	id, err := p.work(ctx, d, "/v1/support-plans/", "plan", "psychosocial_service")
	if err != nil {
		return err
	}
	if err := d.Post(ctx, id+"/sessions", m{"kind": "individual", "attendance": "attended", "notes": "Notes that stay with the counsellor."}, nil); err != nil {
		return err
	}
	if err := d.Post(ctx, id+"/safety-plan", m{"plan": "A plan that she keeps."}, nil); err != nil {
		return err
	}
	return d.Post(ctx, id+"/close", m{"outcome": "needs_met"}, nil)
}

func (p *player) close(ctx context.Context, d office.Desk) error {
	var c record
	if err := d.Until(ctx, "/v1/cases/"+p.Case, &c, func() bool { return c.Finished }); err != nil {
		return err
	}
	return d.Post(ctx, "/v1/cases/"+p.Case+"/close", m{"reason": "needs_met"}, nil)
}
