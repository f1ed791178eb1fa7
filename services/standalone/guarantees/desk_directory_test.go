package guarantees_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// refugeHSDS is an agency with a place that counts two things, and one that is closed for now.
var refugeHSDS = `{
  "id": "` + shelterOrg + `", "name": "Casa Amiga", "description": "Help for women and girls.",
  "organization_identifiers": [{"id": "11111111-0000-4000-8000-000000000002", "identifier_scheme": "sanad-agency", "identifier_type": "slug", "identifier": "` + shelterSlug + `"}],
  "services": [
    {"id": "` + shelter + `", "name": "Refuge", "status": "active", "description": "Women and their children.", "minimum_age": 18,
     "attributes": [` + term(1, "sanad-service", "safehouse_service") + `,` + term(2, "sanad-area", "GT-16") + `,` + term(7, "sanad-accessibility", "wheelchair") + `],
     "phones": [{"id": "11111111-0000-4000-8000-000000000003", "number": "+502 2222 1500", "description": "Day and night"}],
     "languages": [{"id": "11111111-0000-4000-8000-000000000004", "code": "es", "name": "Spanish"}],
     "schedules": [{"id": "11111111-0000-4000-8000-000000000005", "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "08:00", "closes_at": "16:30"},
       {"id": "11111111-0000-4000-8000-000000000006", "freq": "MONTHLY", "byday": "1SU", "opens_at": "22:00", "closes_at": "06:00"}],
     "capacities": [
       {"id": "11111111-0000-4000-8000-000000000015", "unit": {"id": "11111111-0000-4000-8000-000000000016", "name": "bed"}, "available": 4, "maximum": 5, "updated": "2026-01-20T08:00:00Z"},
       {"id": "11111111-0000-4000-8000-000000000018", "unit": {"id": "11111111-0000-4000-8000-000000000019", "name": "family room"}, "available": 0, "updated": "2026-01-20T08:00:00Z"}]},
    {"id": "` + clinic + `", "name": "Talks at Coban", "status": "temporarily closed",
     "attributes": [` + term(3, "sanad-service", "psychosocial_service") + `],
     "service_areas": [{"id": "11111111-0000-4000-8000-000000000041", "name": "Alta Verapaz"}]}
  ]
}`

// refuge is a person of the agency that has the places.
func refuge(subject string, roles ...string) identity.Principal {
	return identity.Principal{Subject: subject, Agency: shelterSlug, Roles: roles}
}

// listed registers an agency, and hands its places in.
func (w *world) listed() {
	w.t.Helper()
	if err := journey.Register(w.t.Context(), w.cast()); err != nil {
		w.t.Fatal(err)
	}
	coordinator := w.desk(journey.Coordination, "coordinator")
	registration := map[string]any{"agency": shelterSlug, "country": journey.Country, "services": []string{"safehouse_service", "psychosocial_service"}}
	if err := coordinator.Post(w.t.Context(), "/v1/agencies", registration, nil); err != nil {
		w.t.Fatal(err)
	}
	if err := coordinator.Post(w.t.Context(), "/v1/directory/import", map[string]any{"documents": []json.RawMessage{json.RawMessage(refugeHSDS)}}, nil); err != nil {
		w.t.Fatal(err)
	}
}

// Who works at a shelter says each morning how many beds are free: two touches from home, and
// a form that is sent twice has one effect.
func TestFreePlacesAreSaidWithTwoTouches(t *testing.T) {
	w := begin(t)
	w.listed()
	night, day := w.browser(refuge("nora", "focal_point")), w.browser(refuge("dina", "focal_point"))
	night.follow("Free places")
	night.must("bed", "Free now: 4 of 5", "Nobody has said it today.", "Nothing is free.")
	night.outlined("free")

	day.open("/desk/free")
	night.submit("− One less: 3", nil)
	night.must("Done. The count is on record.", "Free now: 3 of 5")
	if night.path() != "/desk/free?done=reportCapacity" {
		t.Errorf("after a count one is at %s", night.path())
	}
	day.submit("+ One more: 5", nil)
	day.must("Somebody said another number meanwhile.", "Free now: 3 of 5")
	if day.status != http.StatusConflict {
		t.Errorf("what was not seen is said over: %d", day.status)
	}
	day.outlined("free-moved")
	day.open("/desk/free")
	day.submit("Still 3", nil)
	day.must("Free now: 3 of 5")

	// The same form again, as a thumb that shakes sends it.
	sent := day.form("− One less: 2")
	for range 2 {
		day.open("/desk/free")
		day.visit(http.MethodPost, "/desk/places/"+shelter+"/free", sent)
		day.must("Done.", "Free now: 2 of 5")
	}

	day.open("/desk/places/" + shelter)
	day.number("bed", "9")
	day.must("There cannot be more free than there are at most.", "Free now: 2 of 5")
	if n := day.filledNumber("bed"); n != "9" {
		t.Errorf("what was refused is %q now", n)
	}
	day.outlined("free-refused")
	day.number("bed", "many")
	day.must("a whole number", "Free now: 2 of 5")
	day.number("bed", "5")
	day.must("Free now: 5 of 5")
	day.submit("Still 5", nil)
	day.follow("Count something else")
	day.submitMain(values{"What is counted": "cot", "Free now": "1"})
	day.must("cot", "Free now: 1")
}

// form is what a form sends whose button has these words.
func (b *browser) form(button string) (sent url.Values) {
	b.t.Helper()
	for pressed := range elements(b.doc, "button") {
		if text(pressed) == button {
			form := above(pressed, "form")
			sent = b.filled(form, nil, true)
			sent.Set(attribute(pressed, "name"), attribute(pressed, "value"))
			return sent
		}
	}
	b.t.Fatalf("%s has no button %q:\n%s", b.path(), button, b.outline())
	return nil
}

// numbered is the form and the field in which another number of a unit is written.
func (b *browser) numbered(unit string) (form, field *html.Node) {
	b.t.Helper()
	for form := range elements(b.doc, "form") {
		for n := range elements(form, "input") {
			if b.name(n) == "How many are free ("+unit+")" {
				return form, n
			}
		}
	}
	b.t.Fatalf("%s has no number of %q:\n%s", b.path(), unit, b.outline())
	return nil, nil
}

// number says another number of a unit.
func (b *browser) number(unit, wanted string) {
	b.t.Helper()
	form, field := b.numbered(unit)
	b.visit(http.MethodPost, attribute(form, "action"), b.filled(form, values{b.name(field): wanted}, true))
}

// filledNumber is what stands there.
func (b *browser) filledNumber(unit string) string {
	b.t.Helper()
	_, field := b.numbered(unit)
	return attribute(field, "value")
}

// The directory is for everybody, and who keeps it has more.
func TestTheDirectoryAtTheDesk(t *testing.T) {
	w := begin(t)
	w.listed()
	t.Run("a place is found", func(t *testing.T) { placeIsFound(t, w.in(t)) })
	t.Run("settings", func(t *testing.T) { settingsAreForWhoKeepsThem(t, w.in(t)) })
	t.Run("workers", func(t *testing.T) { workersAreSeenByTheirOwnAgency(t, w.in(t)) })
}

// A place is found by what it gives, where, and by its words. What cannot be used says so.
func placeIsFound(t *testing.T, w *world) {
	ana := w.browser(at("ana", "caseworker"))
	ana.follow("Directory")
	ana.outlined("directory")
	look := func(fill values, finds, misses []string) {
		t.Helper()
		ana.open("/desk/directory")
		ana.submit("Find", fill)
		ana.must(finds...)
		ana.mustNot(misses...)
		if ana.path() != "/desk/directory" {
			t.Errorf("what was looked for stands in an address: %s", ana.path())
		}
	}
	look(values{"Kind of help": "Safe house"}, []string{"Refuge", "Free now: 4 of 5", "family room: Nothing is free."}, []string{"Talks"})
	ana.outlined("directory-found")
	look(values{"Area": "alta verapaz"}, []string{"Talks at Coban", "Closed for now"}, []string{"Refuge"})
	look(values{"Name or words": "amiga", "Kind of help": "Psychosocial support"}, []string{"Talks at Coban"}, []string{"Refuge", journey.Counselling})
	look(values{"Kind of help": "Legal help"}, []string{"No place was found.", "More agencies", journey.LegalAid}, []string{journey.Counselling})
	look(values{"Name or words": "nowhere"}, []string{"No place was found."}, []string{"Refuge", journey.LegalAid})

	look(nil, []string{"Found: 2"}, nil)
	ana.follow("Refuge")
	ana.must("Monday to Friday", "08:00 to 16:30", "First Sunday of the month", "22:00 to 06:00 on the next day", "from 18", "GT-16", "+502 2222 1500", "No address is shown.")
	ana.outlined("place")
	ana.follow("Talks at Coban")
	ana.must("This place cannot be used now: Closed for now.")
	ana.follow("Casa Amiga")
	ana.outlined("agency")
}

// A coordinator who is told that an agency closed stops new referrals to it in a minute, and
// everybody sees it. She lets it take them again, with all that it gave.
func TestACoordinatorClosesAnAgency(t *testing.T) {
	w := begin(t)
	w.listed()
	head, ana := w.browser(network.Seat(journey.Coordination, "coordinator")), w.browser(at("ana", "caseworker"))
	head.follow("Directory")
	head.follow(shelterSlug)
	head.outlined("agency-coordinator")
	head.command("suspendAgency")
	head.submitMain(nil)
	head.must("Done. The agency takes no new referrals.", "This agency takes no new referrals now. What it has accepted goes on.")
	if head.offers("suspendAgency") {
		t.Error("what is closed can be closed")
	}
	ana.open("/desk/directory")
	ana.must("Takes no new referrals")
	ana.submit("Find", values{"Kind of help": "Safe house"})
	ana.must("Refuge", "Takes no new referrals")
	ana.follow("Refuge")
	ana.must("This agency takes no new referrals now.")

	head.follow("Let it take referrals again")
	head.outlined("agency-again")
	head.submitMain(nil)
	head.must("Takes referrals", "Safe house, Psychosocial support")
	head.mustNot("takes no new referrals")

	// Where its notices go stands in no list and no address. One that is emptied is gone.
	head.follow("Change where it gets notices")
	head.submit("Add one more", nil)
	head.submitMain(values{
		"Where notices are sent 1 › Kind": "E-mail", "Where notices are sent 1 › Address": "first@example.org",
		"Where notices are sent 2 › Kind": "E-mail", "Where notices are sent 2 › Address": "second@example.org",
	})
	head.must("first@example.org", "second@example.org")
	head.follow("Change where it gets notices")
	head.outlined("agency-channels")
	head.submitMain(values{"Where notices are sent 1 › Kind": "", "Where notices are sent 1 › Address": ""})
	head.must("second@example.org")
	head.mustNot("first@example.org")
	head.follow("Change where it gets notices")
	head.submitMain(values{"Where notices are sent 1 › Kind": "", "Where notices are sent 1 › Address": ""})
	head.must("The agency gets no notices.")
	for _, page := range head.trail {
		if strings.Contains(page.address, "example") {
			t.Errorf("an address is in an address: %s", page)
		}
	}

	head.open("/desk/directory")
	head.follow("Register an agency")
	head.submitMain(values{"Agency": "new-house", "Country": "Guatemala", "Services › Food": "yes"})
	head.must("Done. The agency is registered.", "new-house")
}

// Settings are for who keeps them. Everybody else reads.
func settingsAreForWhoKeepsThem(t *testing.T, w *world) {
	other := network.Seat(journey.Coordination, "coordinator")
	other.Country = "MX"
	for _, c := range []struct {
		who      identity.Principal
		settings bool
	}{
		{at("ana", "caseworker"), false},
		{refuge("ana", "caseworker"), false},
		{refuge("head", "supervisor"), false},
		{at("fay", "focal_point"), false},
		{other, false},
		{refuge("fay", "focal_point"), true},
		{network.Seat(journey.Coordination, "coordinator"), true},
	} {
		b := w.browser(c.who)
		b.open("/desk/agencies/" + shelterSlug)
		b.must("Casa Amiga", "Refuge")
		offered := b.offers("suspendAgency") || b.offers("registerAgency") || b.offers("setAgencyChannels") || b.shows("Where notices are sent")
		if offered != c.settings {
			t.Errorf("%s of %s has settings: %t", c.who.Roles, c.who.Agency, offered)
		}
		b.open("/desk/places/" + shelter)
		if counts := b.shows("Still 4"); counts != c.settings {
			t.Errorf("%s of %s counts: %t", c.who.Roles, c.who.Agency, counts)
		}
		// Nor by an address that somebody types.
		if b.open("/desk/do/setAgencyChannels/" + shelterSlug); slices.Contains(c.who.Roles, "caseworker") && b.status != http.StatusForbidden {
			t.Errorf("%s of %s has the form of the channels: %d", c.who.Roles, c.who.Agency, b.status)
		}
	}
}

// Who works at an agency is seen there and nowhere else, and is kept by its supervisor.
// credentialsAreOnThePage has what a worker learned and may do recorded, suspended and corrected,
// on the page of the worker.
func credentialsAreOnThePage(t *testing.T, head *browser) {
	t.Helper()
	head.command("describeWorker")
	head.outlined("worker-profile")
	head.submitMain(values{"Who supervises": "ana", "What the person does here › Counsellor": "yes"})
	head.must("Who supervises", "ana", "Counsellor")
	head.command("recordCredential")
	head.outlined("worker-credential")
	head.submitMain(values{"Who issued it": "the college", "Course": "Counselling", "What it permits › To counsel": "yes", "Valid from": "2024-01-01T10:00"})
	head.must("Trainings and credentials", "the college", "In force", "To counsel", "Valid from 1 January 2024, 10:00")
	head.outlined("worker-credentials")
	head.command("suspendCredential")
	head.submitMain(values{"Training or credential": "Counselling, the college, 1 January 2024, 10:00", "Reason": "The paper is in doubt"})
	head.must("Suspended", "The paper is in doubt")
	head.command("reinstateCredential")
	head.submitMain(values{"Training or credential": "Counselling, the college, 1 January 2024, 10:00"})
	head.must("In force")
	head.command("revokeCredential")
	head.submitMain(values{"Training or credential": "Counselling, the college, 1 January 2024, 10:00"})
	head.must("Revoked")
	if head.offers("revokeCredential") || head.offers("correctCredential") {
		t.Error("what is revoked is offered to be changed")
	}
}

func workersAreSeenByTheirOwnAgency(t *testing.T, w *world) {
	head, stranger := w.browser(refuge("head", "supervisor")), w.browser(at("head", "supervisor"))
	head.follow("Workers")
	head.must("There is nothing on this list.")
	for _, name := range []string{"ana", "berta"} {
		head.open("/desk/workers")
		head.follow("Register a person")
		head.submitMain(values{"Name for signing in": name})
		head.must("Done. The person is registered.", name)
	}
	head.follow("berta")
	path, _, _ := strings.Cut(head.path(), "?")
	head.outlined("worker")
	head.command("registerWorker")
	head.outlined("worker-cover")
	head.submitMain(values{"Who covers": "ana"})
	head.must("Who covers", "ana")
	head.command("setWorkerAbsent")
	head.submitMain(values{"Until": "2031-01-01T10:00"})
	head.must("Away until 1 January 2031, 10:00")
	head.command("setWorkerBack")
	head.submitMain(nil)
	head.mustNot("Away until")
	if head.offers("setWorkerBack") {
		t.Error("who is not away can be said to be back")
	}
	head.command("setWorkerDuty")
	head.submitMain(values{"From": "2031-01-01T10:00", "Until": "2031-01-05T10:00"})
	head.must("48 hours")
	head.submitMain(values{"Until": "2031-01-02T10:00"})
	head.must("On duty from 1 January 2031, 10:00 until 2 January 2031, 10:00")
	credentialsAreOnThePage(t, head)
	head.command("removeWorker")
	head.submitMain(nil)
	head.must("The person works here no more.")
	head.open("/desk/workers")
	head.mustNot("berta")
	head.outlined("workers")
	head.follow("Who has left")
	head.must("berta")
	head.follow("berta")
	head.follow("Register the person again")
	head.submitMain(nil)
	head.must("Say why they are registered again.")
	head.submitMain(values{"Why the person is registered again": "The person came back"})
	head.mustNot("works here no more")

	stranger.open("/desk/workers")
	stranger.mustNot("ana", "berta")
	stranger.open(path)
	if stranger.status != http.StatusNotFound {
		t.Errorf("another agency's supervisor sees a worker: %d", stranger.status)
	}
	ana := w.browser(refuge("ana", "caseworker"))
	if ana.shows("Workers") {
		t.Error("who keeps no register is led to it")
	}
	ana.open(path)
	if len(ana.commands()) > 0 {
		t.Errorf("who keeps no register is offered %v", ana.commands())
	}
	for _, page := range head.trail {
		if strings.Contains(page.address, "berta") {
			t.Errorf("an address names a person: %s", page)
		}
	}
}
