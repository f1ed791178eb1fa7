package guarantees_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// roomPage is where the work of a role stands at the desk.
var roomPage = map[string]string{"lawyer": "/desk/matters", "counsellor": "/desk/plans", "examiner": "/desk/examinations"}

// takes has an agency accept a referral, and gives it to its worker: the page of the work,
// its path in the API, and the referral.
func (w *world) takes(r room) (page, path, referral string) {
	w.t.Helper()
	ctx := w.t.Context()
	front, worker := w.desk(journey.FrontDesk, "caseworker"), w.desk(r.agency, r.role)
	referral = request(ctx, w.t, front, openCase(ctx, w.t, front, r.agency, r.service), r.agency, r.service)
	w.offered(worker, referral)
	if err := worker.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
		w.t.Fatal(err)
	}
	path = r.work + referral[len("ref"):]
	w.gives(worker, r.role, referral, path)
	return roomPage[r.role] + path[strings.LastIndex(path, "/"):], path, referral
}

// registered is a network with the agencies of the journey.
func (w *world) registered() {
	w.t.Helper()
	if err := journey.Register(w.t.Context(), w.cast()); err != nil {
		w.t.Fatal(err)
	}
}

// worker is the one of a room.
func (w *world) worker(r room) *browser { return w.browser(network.Seat(r.agency, r.role)) }

// roomOf is the one of a role.
func roomOf(role string) room {
	all := roomsWith(canary)
	return all[slices.IndexFunc(all, func(r room) bool { return r.role == role })]
}

// People who work for her do so by pages.
func TestTheRoomsAtTheDesk(t *testing.T) {
	w := begin(t)
	w.registered()
	t.Run("a lawyer", func(t *testing.T) { lawyerAtTheDesk(t, w.in(t)) })
	t.Run("a counsellor", func(t *testing.T) { counsellorAtTheDesk(t, w.in(t)) })
	t.Run("an examiner", func(t *testing.T) { examinerAtTheDesk(t, w.in(t)) })
}

// A lawyer records by forms, with what a form is about filled in. What was corrected keeps
// what it held, and what was entered in error is shown no more.
func lawyerAtTheDesk(t *testing.T, w *world) {
	r := roomOf("lawyer")
	page, _, referral := w.takes(r)
	b := w.worker(r)
	b.outlined("room-home")
	b.follow("Matters")
	b.outlined("room-list")
	b.open("/desk/referrals/" + referral)
	b.follow("Go to the matter")
	if path, _, _ := strings.Cut(b.path(), "?"); path != page {
		t.Fatalf("the referral leads to %s, the work is at %s", path, page)
	}
	b.outlined("matter")

	b.command("giveAdvice")
	b.outlined("matter-advice")
	b.submitMain(values{"Topic": "Family law", "What was advised": "The first words."})
	b.must("The advice is on record.")
	b.command("applyProtectionOrder")
	b.submitMain(values{"Court": "Family court", "What was asked of the court": "No contact."})
	b.command("recordOrderResult")
	b.outlined("matter-answer")
	b.submitMain(values{"What the court answered": "Granted for now"})
	b.must("Granted for now · In force")
	b.follow("Correct the answer of the court")
	b.outlined("matter-answer-corrected")
	b.submitMain(values{"What the court answered": "Granted", "Why an earlier answer is corrected": "It was never right"})
	b.must("· Granted · In force", "What the court answered before", "Granted for now")

	b.follow("· Family law")
	b.outlined("matter-amend")
	b.submit("Write it", values{"Reason": "It was never right", "Advice › What was advised": "The second words.", "Advice › Given on": "2031-01-01T10:00"})
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("advice from the future is taken: %d", b.status)
	}
	b.must("The second words.")
	b.submit("Write it", values{"Advice › Given on": ""})
	b.must("The entry was put right.", "The second words.", "The first words.", "It was never right")
	b.outlined("matter-written")

	b.follow("· Family law")
	b.must("The second words.")
	b.submit("It was entered in error", values{"Reason": "It was never right"})
	b.must("It was entered in error")
	if b.leads("· Family law") {
		t.Error("what was entered in error can be written anew")
	}
	b.follow("The answer was entered in error")
	b.outlined("matter-answer-in-error")
	b.submitMain(values{"Reason": "It was never right"})
	b.mustNot("In force")
	b.open(page + "/history")
	b.must("Advice was recorded", "The court answered", "An entry was corrected")
	b.outlined("matter-history")
	b.open(page + "/looks")
	b.outlined("matter-looks")
	b.must("lawyer@" + r.agency)

	// What is to come stands on one list: when and of which matter, and not where.
	b.open(page)
	b.command("planHearing")
	b.outlined("matter-hearing")
	b.submitMain(values{"What the hearing is for": "First hearing", "Court": "The court of the next street", "Begins": "2031-01-01T10:00"})
	b.must("The hearing is on record.")
	b.open("/desk/agenda")
	b.must("Dates and duties", "Hearing")
	b.mustNot("The court of the next street")
	b.outlined("agenda")
	if !b.leadsTo(page) {
		t.Error("the agenda does not lead to the matter")
	}
}

// A counsellor writes after each hour, and the next session needs one choice less.
func counsellorAtTheDesk(t *testing.T, w *world) {
	r := roomOf("counsellor")
	page, _, _ := w.takes(r)
	b := w.worker(r)
	b.open(page)
	b.command("recordSession")
	b.outlined("plan-session")
	b.submitMain(values{"Kind": "Alone with her", "Did she come?": "She came", "Notes": "The first hour."})
	b.must("The session is on record.", "The first hour.")
	b.command("recordSession")
	b.submitMain(values{"Did she come?": "She did not come"})
	b.must("Alone with her · She did not come")
	b.command("makeSafetyPlan")
	b.submitMain(values{"Safety plan": "Where she goes."})
	b.command("makeSafetyPlan")
	b.submitMain(values{"Safety plan": "Where she goes now."})
	b.must("Where she goes now.")
	b.follow("· Alone with her · She came")
	b.outlined("plan-amend")
	b.submit("Write it", values{"Reason": "It was not known before", "Session › Notes": "The first hour, and more."})
	b.must("The first hour, and more.", "It was not known before")
	b.outlined("plan-written")
	b.open(page + "/history")
	b.outlined("plan-history")
	b.open(page + "/looks")
	b.outlined("plan-looks")
	b.open("/desk/plans")
	b.outlined("plan-list")
	b.open("/desk/plans?status=closed&mine=true")
	b.must("There is nothing on this list.")
	b.open(page)
	b.command("closeSupportPlan")
	b.submitMain(values{"Outcome": "Her needs were met"})
	b.must("The support plan is closed.", "Her needs were met")
	if b.offers("recordSession") {
		t.Error("a closed plan takes a session")
	}
}

// An examiner has a minute: the time is filled in, and a credential is written once.
func examinerAtTheDesk(t *testing.T, w *world) {
	r := roomOf("examiner")
	page, _, _ := w.takes(r)
	b := w.worker(r)
	b.open(page)
	b.command("recordExamination")
	b.outlined("examination-record")
	b.submitMain(values{"Findings": "The first findings.", "Credential of the examiner": "GT-FM-0000"})
	b.must("The examination is on record.", "The first findings.")
	b.command("collectExhibit")
	b.submitMain(values{"Kind": "Swab", "Seal number of the bag": "S-1", "Description": "In the cold store."})
	b.must("Swab · S-1")
	b.command("issueCertificate")
	b.mustNot("The certificate that it replaces")
	b.submitMain(values{"How the findings fit what she said": "Consistent with what she said", "Text": "The first version."})
	b.must("The certificate was issued.", "The first version.")
	b.follow("Change")
	b.mustNot("It was entered in error") // a record is written anew, and never taken away
	b.outlined("examination-amend")
	b.submit("Write it", values{"Reason": "It was not known before", "Record of the examination › Findings": "The second findings."})
	b.must("The findings were amended since then", "The first findings.", "The second findings.")
	b.open("/desk/")
	b.follow("The findings under a certificate were changed")
	b.must("Examination ")
	b.open(page)
	b.follow("Issue a new version")
	b.outlined("examination-version")
	b.submitMain(values{
		"How the findings fit what she said": "Typical of what she said", "Text": "The second version.", "Why it replaces another one": "It was not known before",
	})
	b.must("The first version.", "The second version.")
	b.outlined("examination-written")
	b.follow("Annul the certificate")
	b.submitMain(values{"Why": "Another woman's."})
	b.must("Another woman's.")
	if b.offers("annulCertificate") {
		t.Error("what was annulled can be annulled")
	}
	b.open(page + "/history")
	b.outlined("examination-history")
	b.open(page + "/looks")
	b.outlined("examination-looks")
	b.open("/desk/examinations")
	b.outlined("examination-list")

	next, _, _ := w.takes(r)
	b.open(next)
	b.command("recordExamination")
	b.submitMain(values{"Findings": "Of the next one."})
	b.must("GT-FM-0000")
}

// Each person sees of work what the API shows: its worker what is in it, the others of the
// agency that it is there, and everybody else nothing.
func TestWorkIsShownAsFarAsTheAPIShowsIt(t *testing.T) {
	w := begin(t)
	w.registered()
	for _, r := range roomsWith(canary) {
		t.Run(r.role, func(t *testing.T) {
			page, path, referral := w.takes(r)
			for _, s := range r.writes {
				if a := post(t.Context(), t, w.desk(r.agency, r.role), path+s.path, uuid.NewString(), s.body); a.Status != http.StatusOK {
					t.Fatalf("%s: %d %s", s.path, a.Status, a.Body)
				}
			}
			list, id := path[:strings.LastIndex(path, "/")], path[strings.LastIndex(path, "/")+1:]
			other := identity.Principal{Subject: "another", Agency: r.agency, Roles: []string{r.role}}
			people := []identity.Principal{
				network.Seat(r.agency, r.role), other, network.Seat(r.agency, "supervisor"), network.Seat(r.agency, "focal_point"), network.Seat(r.agency, "caseworker"),
				network.Seat(journey.FrontDesk, "caseworker"), network.Seat(journey.FrontDesk, "supervisor"), network.Seat(journey.Coordination, "coordinator"),
			}
			for _, far := range roomsWith(canary) {
				if far.agency != r.agency {
					people = append(people, network.Seat(far.agency, far.role), network.Seat(far.agency, "supervisor"))
				}
			}
			contents, frames, nothing := 0, 0, 0
			for _, who := range people {
				b := w.browser(who)
				b.t = t
				for _, one := range []struct{ page, path string }{
					{page, path},
					{roomPage[r.role], list + "?status=open"},
					{roomPage[r.role] + "?status=open&mine=true", list + "?status=open&mine=true"},
					{page + "/history", path + "/history"},
					{page + "/looks", path + "/looks"},
				} {
					status, body := readOf(one.path)(t.Context(), w, who)
					b.open(one.page)
					if b.status != status {
						t.Errorf("%s at %s, %s: the page answers %d, the API %d", who.Subject, who.Agency, one.page, b.status, status)
						continue
					}
					if on, may := bytes.Contains(b.body, []byte(canary)), bytes.Contains(body, []byte(canary)); on != may {
						t.Errorf("%s at %s, %s: the page shows what was written: %t, the API: %t", who.Subject, who.Agency, one.page, on, may)
					}
					if status == http.StatusOK && strings.HasPrefix(one.path, list+"?") && bytes.Contains(b.body, []byte(`/`+id+`"`)) != bytes.Contains(body, []byte(id)) {
						t.Errorf("%s at %s, %s: the list is not as the API has it:\n%s", who.Subject, who.Agency, one.page, b.outline())
					}
					for _, operation := range b.commands() {
						if !bytes.Contains(body, []byte(`"`+operation+`"`)) {
							t.Errorf("%s at %s is offered %s, which the API does not name", who.Subject, who.Agency, operation)
						}
					}
					if one.path == path {
						switch {
						case status != http.StatusOK:
							nothing++
						case bytes.Contains(b.body, []byte(canary)):
							contents++
						default:
							frames++
						}
					}
				}
				if who.Agency != r.agency || who.Subject != network.Seat(r.agency, r.role).Subject {
					b.open(page)
					if b.shows("Change") || len(b.commands()) > 0 {
						t.Errorf("%s at %s may change the work:\n%s", who.Subject, who.Agency, b.outline())
					}
				}
				b.open("/desk/referrals/" + referral)
				if leads := b.leadsTo(page); leads && who.Agency != r.agency {
					t.Errorf("%s at %s is led to work of another agency", who.Subject, who.Agency)
				}
			}
			if contents != 1 || frames < 3 || nothing < 3 {
				t.Errorf("%d see what is in it, %d that it is there, %d nothing: the test found nothing", contents, frames, nothing)
			}
		})
	}
}

// leads says whether the page has a link of these words.
func (b *browser) leads(words string) bool {
	for n := range elements(b.doc, "a") {
		if strings.Contains(text(n), words) {
			return true
		}
	}
	return false
}

// leadsTo says whether the page has a link.
func (b *browser) leadsTo(path string) bool {
	for n := range elements(b.doc, "a") {
		if attribute(n, "href") == path {
			return true
		}
	}
	return false
}

// What a worker writes of her stands on the page of its work, and in no address, title,
// header, log, span or metric; nor does what was refused.
func TestTheRoomsAtTheDeskTellNothingOfHer(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	w.registered()
	for _, r := range roomsWith(canary) {
		page, _, _ := w.takes(r)
		b := w.worker(r)
		filled := 0
		for range 2 { // some commands are there only after others
			b.open(page)
			for _, operation := range b.commands() {
				b.open(page)
				if b.offers(operation) && operation != "holdExamination" {
					b.command(operation)
					filled += b.scrawl()
				}
			}
		}
		b.open(page)
		b.must(canary)
		entries := b.doc
		for n := range elements(entries, "a") { // an entry without a text can only be one in error
			if href := attribute(n, "href"); strings.Contains(href, "/amend/") && b.rewrites(href, canary+" again") {
				break
			}
		}
		b.open(page)
		b.must(canary + " again")
		if b.offers("holdExamination") { // it comes last: it may close all the rest
			b.command("holdExamination")
			filled += b.scrawl()
		}
		if filled < 3 {
			t.Errorf("%s: %d texts were written", r.role, filled)
		}
		for _, path := range []string{
			roomPage[r.role] + "/" + canary, roomPage[r.role] + "?status=" + canary, roomPage[r.role] + "?worker=" + canary + "&cursor=" + canary,
			page + "/amend/" + canary,
		} {
			b.open(path)
		}
		b.submit("Leave", nil)
		for _, seen := range b.trail {
			for name, values := range seen.header {
				if strings.Contains(strings.Join(values, " "), canary) {
					t.Errorf("%s: the header %s tells of her", seen, name)
				}
			}
			if m := title.FindSubmatch(seen.body); m != nil && string(m[1]) != "Desk" {
				t.Errorf("%s: the title is %q", seen, m[1])
			}
			for _, link := range addressed.FindAll(seen.body, -1) {
				if bytes.Contains(link, []byte(canary)) && !strings.Contains(seen.address, canary) {
					t.Errorf("%s: an address tells of her: %s", seen, link)
				}
			}
		}
	}
	for place, text := range w.left(spans) {
		if i := bytes.Index(text, []byte(canary)); i >= 0 {
			t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// rewrites writes the first long text of an entry anew, and says whether it has one.
func (b *browser) rewrites(entry, words string) bool {
	b.t.Helper()
	b.open(entry)
	for d := range elements(b.doc, "textarea") {
		b.submit("Write it", values{attribute(d, "name"): words, "/reason": "correction"})
		return true
	}
	return false
}

// A room that does not answer says so, and the rest of home works. Work is shown also where
// nobody says what became of its referral.
func TestARoomThatDoesNotAnswer(t *testing.T) {
	w := begin(t)
	w.registered()
	r := roomOf("counsellor")
	page, path, _ := w.takes(r)
	if a := post(t.Context(), t, w.desk(r.agency, r.role), path+r.writes[0].path, uuid.NewString(), r.writes[0].body); a.Status != http.StatusOK {
		t.Fatal(a.Status)
	}
	for down, want := range map[string]int{"psychosocial": http.StatusServiceUnavailable, "referral": http.StatusOK, "legal-aid": http.StatusOK} {
		t.Run(down, func(t *testing.T) {
			routes, err := desk.Routes(desk.Config{
				Audience: network.Audience, Logger: w.config.Telemetry.Logger,
				Base: func(service string) string {
					if service == down {
						return "http://127.0.0.1:1" // nobody listens there
					}
					return w.Base()
				},
				Code: func(_ context.Context, _ string) (string, error) { return w.desk(r.agency, r.role).Token, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(routed(routes))
			defer server.Close()
			b := w.stranger()
			b.t, b.base = t, server.URL
			b.open("/desk/sign-in")
			b.submitMain(values{"code": "any"})
			b.follow("Continue")
			if away := b.shows("This part does not answer now. The rest works."); b.status != http.StatusOK || away != (down != "legal-aid") {
				t.Errorf("home: %d, and a part is away: %t\n%s", b.status, away, b.outline())
			}
			for _, at := range []string{"/desk/plans", page} {
				b.open(at)
				if b.status != want {
					t.Errorf("%s: %d, want %d", at, b.status, want)
				}
				switch down {
				case "psychosocial":
					b.must("This part does not answer", "Try again")
				case "referral":
					b.must("This part does not answer now. The rest works.", "upport plan ")
				default:
					b.mustNot("does not answer")
				}
			}
			if down == "referral" {
				b.must(canary)
			}
		})
	}
}
