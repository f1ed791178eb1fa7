package guarantees_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// words are what somebody wrote. An answer that holds them shows what was written.
const (
	wordsOfDesk       = "words-at-the-desk"
	wordsOfCounsel    = "words-of-counsel"
	wordsOfCounsellor = "words-of-the-counsellor"
	wordsOfExaminer   = "words-of-the-examiner"
)

// theCourt is the court at which a room is booked.
const theCourt = "court-at-the-square"

// workday is a case with a matter, a plan, a stay, an examination and a booking, and beside it the
// matter of another client and the plan of another participant of her group.
type workday struct {
	harmed
	askers []asker
	// desks of who works, by what the matrix calls them.
	by map[string]office.Desk
	// caseOf and the referrals, and records by the prefix of their path.
	of, legal, care, exam string
	records               map[string][]named
	// queries are what a view must be asked with, by operation.
	queries map[string]string
}

// named is a record, and what it is called in the matrix.
type named struct{ name, path string }

// asker is somebody who asks each view.
type asker struct {
	name string
	desk office.Desk
}

// people are who asks, in the order of the matrix. Nobody of another agency is asked about more
// than once: one person has every role there.
func (d *workday) people() {
	seat := func(agency, subject string, roles ...string) identity.Principal {
		p := network.Seat(agency, roles[0], roles[1:]...)
		if subject != "" {
			p.Subject = subject
		}
		return p
	}
	for _, one := range []struct {
		name string
		is   identity.Principal
	}{
		{"counsel", seat(journey.LegalAid, "", "lawyer")},
		{"counsel of another client", seat(journey.LegalAid, "another-counsel", "lawyer")},
		{"cover of counsel (away)", seat(journey.LegalAid, "cover-of-counsel", "lawyer")},
		{"supervisor of counsel", seat(journey.LegalAid, "", "supervisor")},
		{"focal point of counsel", seat(journey.LegalAid, "", "focal_point")},
		{"conflicts officer", seat(journey.LegalAid, "", "conflicts_officer")},
		{"counsellor", seat(shelterSlug, "", "counsellor")},
		{"counsellor of another of her group", seat(shelterSlug, "another-counsellor", "counsellor")},
		{"cover of the counsellor (at work)", seat(shelterSlug, "cover-of-counsellor", "counsellor")},
		{"supervisor of the counsellor", seat(shelterSlug, "", "supervisor")},
		{"focal point of the shelter", seat(shelterSlug, "", "focal_point")},
		{"examiner", seat(journey.Forensics, "", "examiner")},
		{"trainee of the clinic", seat(journey.Forensics, "trainee", "examiner")},
		{"supervisor of the clinic", seat(journey.Forensics, "", "supervisor")},
		{"her desk", seat(journey.FrontDesk, "", "caseworker")},
		{"colleague at her desk", seat(journey.FrontDesk, "colleague-at-the-desk", "caseworker")},
		{"supervisor of her desk", seat(journey.FrontDesk, "", "supervisor")},
		{"usher", seat(theCourt, "", "usher")},
		{"registrar", seat(theCourt, "", "court_registrar")},
		{"court security", seat(theCourt, "", "court_security")},
		{"court staff elsewhere", seat("court-at-the-river", "", "usher", "court_registrar", "court_security")},
		{"another agency (all roles)", seat(
			journey.Counselling, "somebody-else", "lawyer", "counsellor", "examiner",
			"caseworker", "focal_point", "supervisor", "conflicts_officer",
		)},
		{"coordinator", seat(journey.Coordination, "", "coordinator")},
		{"operator", seat("machine-room", "", "operator")},
	} {
		desk := d.deskOf(one.is)
		d.by[one.name] = desk
		d.askers = append(d.askers, asker{one.name, desk})
	}
	d.askers = append(d.askers, asker{"nobody (no token)", office.Desk{Base: d.Base(), HTTP: d.world.http}})
}

// aWorkday plays it.
func aWorkday(w *world) *workday {
	w.t.Helper()
	w.listed()
	d := &workday{harmed: harmed{w, w.desk(journey.FrontDesk, "caseworker")}, by: map[string]office.Desk{}, records: map[string][]named{}, queries: map[string]string{}}
	d.people()
	d.does(d.by["focal point of the shelter"], "/v1/places", rooms(2, 2))
	d.of = d.opens(m{"name": wordsOfDesk, "narrative": wordsOfDesk, "contact": m{"phone": "+000 0000 0000", "safe_note": wordsOfDesk}})
	another := d.opens(m{"name": "Somebody Else"})
	for _, agency := range []struct {
		head    string
		workers []string
	}{
		{"supervisor of counsel", []string{"another-counsel", "cover-of-counsel"}},
		{"supervisor of the counsellor", []string{"another-counsellor", "cover-of-counsellor"}},
		{"supervisor of the clinic", []string{"trainee"}},
	} {
		d.staffed(d.by[agency.head], agency.workers...)
	}
	d.is("/v1/cases/{id}", "", d.of)
	d.theMatter(another)
	d.thePlan(another)
	d.theExamination()
	d.theRoom()
	d.covered("supervisor of counsel", journey.Subject("lawyer", journey.LegalAid), "cover-of-counsel", true)
	d.covered("supervisor of the counsellor", journey.Subject("counsellor", shelterSlug), "cover-of-counsellor", false)
	d.covered("supervisor of the clinic", journey.Subject("examiner", journey.Forensics), "trainee", false)
	d.idle()
	return d
}

// is notes a record under the path of its views.
func (d *workday) is(under, name, path string) {
	d.records[under] = append(d.records[under], named{name, path})
}

// given has an agency take a referral of a case, which its work is for; the worker is called as in
// the matrix.
func (d *workday) given(of, agency, service, head, who, subject, work string) (referral, path string) {
	d.t.Helper()
	wide := consent(agency, service)
	wide["categories"] = []string{"identity", "contact", "incident", "narrative", "safety_needs", "health", "appointments"}
	d.does(d.front, of+"/consents", wide)
	referral = request(d.t.Context(), d.t, d.front, of[len("/v1/cases/"):], agency, service)
	d.takes(d.by[who], referral)
	d.staffed(d.by[head], subject)
	d.does(d.by[who], "/v1/referrals/"+referral+"/assign", m{"worker": subject})
	path = work + referral[len("ref"):]
	d.becomes(d.by[who], path, func(v view) bool { return v.Status == "open" && v.Case != "" })
	return referral, path
}

// covered names who covers for a worker, who is away or not.
func (d *workday) covered(head, subject, cover string, away bool) {
	d.t.Helper()
	d.does(d.by[head], "/v1/workers", m{"agency": d.by[head].Agency, "subject": subject, "cover": cover})
	if away {
		d.does(d.by[head], "/v1/workers/"+worker.ID(d.by[head].Agency, subject)+"/absent", m{"until": d.in(24 * 30 * time.Hour)})
	}
}

func (d *workday) in(after time.Duration) string {
	return time.Now().Add(after).UTC().Format(time.RFC3339)
}

// written is one of a list in a record.
type written struct{ ID, Application, Group string }

// last is the newest entry of a list in a record.
func (d *workday) last(who, path, list string) written {
	d.t.Helper()
	var all map[string]json.RawMessage
	var entries []written
	if err := d.by[who].Get(d.t.Context(), path, &all); err != nil || json.Unmarshal(all[list], &entries) != nil || len(entries) == 0 {
		d.t.Fatalf("%s of %s: %v, %s", list, path, err, all[list])
	}
	return entries[len(entries)-1]
}

// theMatter is advice, an order, a prosecution, a hearing and a paper; and a conflict of another's.
func (d *workday) theMatter(another string) {
	d.t.Helper()
	counsel, as := d.by["counsel"], "counsel"
	referral, matter := d.given(d.of, journey.LegalAid, "legal_assistance_service", "supervisor of counsel", as, journey.Subject("lawyer", journey.LegalAid), "/v1/matters/mat")
	d.legal = referral
	d.does(counsel, matter+"/conflict-check", m{"client": []string{"Maria Example"}})
	d.does(counsel, matter+"/advice", m{"topic": "protection", "summary": wordsOfCounsel})
	d.does(counsel, matter+"/eligibility", m{"ground": "survivor_of_violence", "her_means": "not_needed"})
	d.does(counsel, matter+"/options", m{"options": []string{"protection_order", "criminal_complaint"}, "notes": wordsOfCounsel})
	d.does(counsel, matter+"/options/choose", m{"options": []string{"protection_order"}})
	d.does(counsel, matter+"/protection-orders", m{"court": wordsOfCounsel, "measures": wordsOfCounsel, "protected": []string{wordsOfCounsel}, "respondents": []string{wordsOfCounsel}})
	order := d.last(as, matter, "protection_orders").Application
	d.does(counsel, matter+"/protection-orders/result", m{"application": order, "result": "granted", "valid_until": d.in(400 * 24 * time.Hour)})
	d.does(counsel, matter+"/protection-orders/service", m{"application": order, "planned_for": d.in(72 * time.Hour)})
	d.does(counsel, matter+"/following", m{"follow": "yes"})
	d.does(counsel, matter+"/proceedings", m{"authority": wordsOfCounsel, "docket_number": wordsOfCounsel})
	proceeding := d.last(as, matter, "proceedings").ID
	d.does(counsel, matter+"/proceedings/step", m{"proceeding": proceeding, "step": "charged", "notes": wordsOfCounsel})
	d.does(counsel, matter+"/hearings", m{"about": proceeding, "kind": "trial", "starts_at": d.in(48 * time.Hour), "court": wordsOfCounsel})
	file := d.gave(as, matter, "application/pdf", "%PDF-1.7 "+wordsOfCounsel)
	d.does(counsel, matter+"/documents", m{"title": wordsOfCounsel, "kind": "court_document", "file": file})
	d.is("/v1/matters/{id}", "", matter)
	d.queries["getMatterFile"] = "?file=" + file

	_, other := d.given(another, journey.LegalAid, "legal_assistance_service", "supervisor of counsel", "counsel of another client", "another-counsel", "/v1/matters/mat")
	d.does(d.by["counsel of another client"], other+"/conflict-check", m{"client": []string{"Somebody Else"}, "opponents": []string{"Maria Example"}})
	d.is("/v1/conflicts/{id}", "the other client's, whose opponent has her name", "/v1/conflicts"+strings.TrimPrefix(other, "/v1/matters"))
}

// gave gives a file to a record, and names it.
func (d *workday) gave(as, record, media, content string) string {
	d.t.Helper()
	sent := http.Header{"Idempotency-Key": {uuid.NewString()}, "Content-Type": {media}}
	if a, err := d.by[as].Do(d.t.Context(), http.MethodPost, record+"/files", []byte(content), sent); err != nil || a.Status != http.StatusOK {
		d.t.Fatalf("a file: %d %s %v", a.Status, a.Body, err)
	}
	return d.last(as, record, "files").ID
}

// thePlan is sessions in a group, a safety plan, an answer that waits, a goal, a follow-up and a stay;
// and the plan of another participant of her group.
func (d *workday) thePlan(another string) {
	d.t.Helper()
	as := "counsellor"
	referral, plan := d.given(d.of, shelterSlug, "safehouse_service", "supervisor of the counsellor", as, journey.Subject("counsellor", shelterSlug), "/v1/support-plans/plan")
	d.care = referral
	_, other := d.given(another, shelterSlug, "psychosocial_service", "supervisor of the counsellor", "counsellor of another of her group", "another-counsellor", "/v1/support-plans/plan")
	hers := d.by[as]
	d.does(hers, plan+"/sessions", m{"kind": "group", "attendance": "attended", "notes": wordsOfCounsellor, "next_at": d.in(7 * 24 * time.Hour)})
	d.does(d.by["counsellor of another of her group"], other+"/sessions", m{"kind": "group", "attendance": "no_show", "group": d.last(as, plan, "sessions").Group})
	d.does(hers, plan+"/safety-plan", m{"plan": wordsOfCounsellor, "shared": "read_with_her"})
	d.does(hers, plan+"/instruments", m{"instrument": "phq_9", "items": m{"item_9": 1}})
	d.does(hers, plan+"/goals", m{"text": wordsOfCounsellor})
	d.does(hers, plan+"/follow-ups", m{"due_at": d.in(30 * 24 * time.Hour)})
	d.does(hers, "/v1/placements", m{"plan": strings.TrimPrefix(plan, "/v1/support-plans/"), "place": shelter, "address": wordsOfCounsellor, "dependants": []m{{"kind": "infant", "count": 1}}})
	d.is("/v1/support-plans/{id}", "hers", plan)
	d.is("/v1/support-plans/{id}", "of another of her group", other)
	d.is("/v1/placements/{id}", "", "/v1/placements/stay"+referral[len("ref"):])
	d.is("/v1/places/{id}", "", placePath)
}

// theExamination is steps, findings, an exhibit in custody, a certificate and a kit of nobody.
func (d *workday) theExamination() {
	d.t.Helper()
	examiner, as := d.by["examiner"], "examiner"
	referral, exam := d.given(d.of, journey.Forensics, "forensic_examination_service", "supervisor of the clinic", as, journey.Subject("examiner", journey.Forensics), "/v1/examinations/exam")
	d.exam = referral
	d.does(examiner, exam+"/record", m{"examined_at": d.in(0), "findings": wordsOfExaminer, "examiner_credential": "GT-FM-0000"})
	d.does(examiner, exam+"/steps", m{"step": "history", "answer": "consented"})
	d.does(examiner, exam+"/steps", m{"step": "general_examination", "answer": "consented"})
	d.does(examiner, exam+"/steps", m{"step": "photographs", "answer": "consented"})
	d.does(examiner, exam+"/steps", m{"step": "samples", "answer": "consented"})
	d.does(examiner, exam+"/steps", m{"step": "storage", "answer": "consented"})
	d.does(examiner, exam+"/findings", m{"step": "general_examination", "text": wordsOfExaminer, "none_found": true})
	file := d.gave(as, exam, "image/jpeg", "\xff\xd8\xff"+wordsOfExaminer)
	d.does(examiner, exam+"/photographs", m{"file": file, "region": "neck", "side": "left", "aspect": "front"})
	d.queries["getExaminationFile"] = "?file=" + file
	d.does(examiner, exam+"/exhibits", m{"kind": "swab", "seal_number": "S-1", "description": wordsOfExaminer})
	exhibit := d.last(as, exam, "exhibits").ID
	var chain struct{ ID string }
	if err := json.Unmarshal(d.does(examiner, "/v1/custody", m{"exhibit": exhibit}), &chain); err != nil {
		d.t.Fatal(err)
	}
	d.does(examiner, exam+"/certificate", m{"opinion": "consistent_with", "text": wordsOfExaminer})
	d.does(d.by["supervisor of the clinic"], "/v1/workers/"+worker.ID(journey.Forensics, journey.Subject("examiner", journey.Forensics))+"/credentials", m{
		"issuer": "a university", "name": "residency", "course": "forensic_medicine_residency",
		"scope": []string{"examine", "collect", "certify"}, "valid_from": "2024-01-01T00:00:00Z",
	})
	d.idle()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	var key struct{ ID string }
	if err := json.Unmarshal(d.does(d.by["supervisor of the clinic"], "/v1/custody-keys", m{
		"worker": worker.ID(journey.Forensics, journey.Subject("examiner", journey.Forensics)),
		"public": base64.StdEncoding.EncodeToString(public), "until": d.in(365 * 24 * time.Hour),
	}), &key); err != nil {
		d.t.Fatal(err)
	}
	custody := "/v1/custody/" + chain.ID
	var proposed struct{ Text string }
	d.does(examiner, custody+"/proposal", m{"act": "collected", "from": m{"key": key.ID}, "container": "swab_box"})
	if err := examiner.Get(d.t.Context(), custody, &proposed); err != nil {
		d.t.Fatal(err)
	}
	d.does(examiner, custody+"/link", m{"signatures": []m{{
		"key": key.ID, "signature": base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(proposed.Text))),
	}}})
	d.does(examiner, "/v1/kits", m{})
	d.is("/v1/examinations/{id}", "", exam)
	d.is("/v1/custody/{id}", "", custody)
	d.is("/v1/custody-keys/{id}", "", "/v1/custody-keys/"+key.ID)
}

// theRoom is a protected room that her lawyer books at a court, and an alarm there.
func (d *workday) theRoom() {
	d.t.Helper()
	var court, booking struct{ ID string }
	days := make([]m, 7)
	for i := range days {
		days[i] = m{"weekday": i + 1, "from": "00:01", "until": "23:59"}
	}
	if err := json.Unmarshal(d.does(d.by["registrar"], "/v1/courts", m{
		"name": "The court at the square", "zone": "Africa/Cairo", "opens": days, "margin_minutes": 30,
		"entrances": []m{{"number": 1, "name": "North"}, {"number": 2, "name": "South"}},
		"rooms":     []m{{"number": 1, "name": "Blue", "capacity": 2, "entrances": []int{1}}},
	}), &court); err != nil {
		d.t.Fatal(err)
	}
	tomorrow := time.Now().UTC().AddDate(0, 0, 1).Truncate(24 * time.Hour)
	at := func(hour int) string { return tomorrow.Add(time.Duration(hour) * time.Hour).Format(time.RFC3339) }
	date := tomorrow.Format(time.DateOnly)
	d.does(d.by["registrar"], "/v1/courts/"+court.ID+"/opposing", m{"date": date, "entrance": 2, "from": at(14), "until": at(15)})
	matter := d.records["/v1/matters/{id}"][0].path
	if err := json.Unmarshal(d.does(d.by["counsel"], "/v1/bookings", m{
		"matter": strings.TrimPrefix(matter, "/v1/matters/"), "court": court.ID, "for": "survivor", "persons": 2,
		"code_word": "jacaranda", "accompanied_by": wordsOfCounsel, "hearing": d.last("counsel", matter, "hearings").ID,
		"room": 1, "entrance": 1, "from": at(9), "until": at(10),
	}), &booking); err != nil {
		d.t.Fatal(err)
	}
	d.does(d.by["usher"], "/v1/alarms", m{"court": court.ID, "room": 1})
	d.is("/v1/courts/{id}", "", "/v1/courts/"+court.ID)
	d.is("/v1/bookings/{id}", "", "/v1/bookings/"+booking.ID)
	d.queries["getCourtDay"], d.queries["listExpected"] = "?date="+date, "?date="+date
}
