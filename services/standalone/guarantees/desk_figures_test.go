package guarantees_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// countingLately is countingInPublic where the programme begins with the latest quarter that has settled,
// so that it alone is due; and how long ago its second day was.
func countingLately(t *testing.T) (dir string, ago time.Duration) {
	t.Helper()
	now := time.Now()
	begins := now.Add(nextQuarter(t)).AddDate(0, 0, -1)
	for begins.AddDate(0, 3, 61).After(now) {
		begins = begins.AddDate(0, -3, 0)
	}
	dir = countingInPublic(t)
	path := filepath.Join(dir, "guatemala", "1.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	anew := regexp.MustCompile(`(?m)^from: .*$`).ReplaceAllString(string(text), "from: "+begins.Format(time.DateOnly))
	if err := os.WriteFile(path, []byte(anew), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, now.Sub(begins.AddDate(0, 0, 1))
}

// She is asked whether she may be counted, one person closes the period, and another one releases its tables.
// Each sees on the desk what the service lets them see, and what it refuses in words.
func TestFiguresAreOnTheDesk(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) {
		dir, ago := countingLately(t)
		clock.ahead(-ago)
		w.config.Clock, w.config.Service.Programmes = clock.now, dir
	})
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	var c struct{ ID string }
	for n := range 13 {
		err := front.Post(ctx, "/v1/cases", m{
			"channel": "hotline", "country": "GT", "programme": "guatemala", "name": fmt.Sprint("canary-name-", n),
			"incident": m{"types": []string{"physical_assault"}}, "survivor": m{"sex": "female", "age_band": "18+"},
		}, &c)
		if err == nil && n < 12 {
			err = front.Post(ctx, "/v1/cases/"+c.ID+"/counting", m{"answer": "yes", "method": "oral", "given_by": "survivor"}, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.open("/desk/cases/" + c.ID)
	b.must("She has not been asked.")
	b.command("answerCounting")
	b.must("It costs you nothing")
	b.outlined("case-counting")
	b.submitMain(values{"/answer": "yes"})
	b.must("Choose one from the list.")
	b.submitMain(values{"/answer": "yes", "/method": "oral", "/given_by": "survivor"})
	b.must("Her answer was written down.", "She said yes", "By word of mouth", "She herself")
	b.mustNot("She has not been asked.")
	w.idle()
	clock.by.Store(0)
	w.restart(nil)

	one, two := network.Seat(journey.Coordination, "coordinator"), network.Seat(journey.Coordination, "coordinator")
	two.Subject = "another-coordinator"
	closer, releaser := w.browser(one), w.browser(two)
	closer.follow("1 Periods that can be closed")
	closer.must("Each of the two is done once")
	closer.command("closePeriod")
	closer.must("cannot be undone")
	closer.outlined("figures-close")
	closer.submitMain(nil)
	closer.must("The period is closed.", "You closed this period. Another person releases its tables.")
	closer.outlined("figures-due-closed")
	if closer.offers("releaseTable") {
		t.Error("who closed the period is offered to release its tables")
	}
	closer.open("/desk/figures")
	closer.must(one.Subject, "6 tables wait for their release")

	releaser.open("/desk/figures/due")
	releaser.outlined("figures-due")
	for n := range elements(releaser.doc, "a") {
		if form := attribute(n, "href"); strings.HasPrefix(form, "/desk/do/releaseTable/") {
			// Who closed it types the address.
			closer.open(form)
			closer.submitMain(nil)
			closer.must("You closed this period. Another person releases its tables.")
			break
		}
	}
	releaser.command("releaseTable")
	releaser.must("cannot be undone", "Cases opened", "For whom: Everybody")
	releaser.outlined("figures-release")
	for releaser.submitMain(nil); releaser.offers("releaseTable"); releaser.submitMain(nil) {
		releaser.must("The table is released.")
		releaser.command("releaseTable")
	}
	releaser.open("/desk/figures")
	releaser.must("The other cases, by month", one.Subject, two.Subject)
	releaser.outlined("figures")
	released := releaser.path()
	for n := range elements(releaser.doc, "a") {
		if path := attribute(n, "href"); strings.HasSuffix(path, "/cases") && path != "/desk/cases" {
			releaser.open(path)
			break
		}
	}
	releaser.must("Total", "13", "Cases are counted, and not persons")
	if !strings.Contains(string(releaser.body), "<svg") {
		t.Error("a table without a chart")
	}
	releaser.open(released)
	for n := range elements(releaser.doc, "a") {
		if path := attribute(n, "href"); strings.HasSuffix(path, "/cases_by_funding") {
			releaser.open(path)
			break
		}
	}
	// The fund paid for none of them, so the row tells nothing but its total.
	releaser.must("Withheld", "13", "Nobody is told which.", "version 1", two.Subject)
	releaser.mustNot("Physical", "canary")
	releaser.outlined("figure")
	path := releaser.path()
	status, header, body := releaser.fetch(ctx, http.MethodGet, path+"/csv", nil, nil)
	if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/csv") || !strings.Contains(string(body), "cases_not_persons") ||
		!strings.Contains(header.Get("Content-Disposition"), "cases_by_funding-") {
		t.Errorf("%d %v %s", status, header, body)
	}

	// Everybody else sees what is for them, and of the rest nothing, not even that it is there.
	other := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	other.open("/desk/figures")
	other.must("Cases opened")
	other.mustNot("whether the fund paid", one.Subject, two.Subject)
	other.open(path)
	if other.status != http.StatusNotFound {
		t.Errorf("%s for another: %d", path, other.status)
	}
	other.open("/desk/figures?programme=" + strings.Repeat("x", 200))
	if other.status >= http.StatusInternalServerError || other.status == http.StatusOK {
		t.Errorf("a programme that is none: %d", other.status)
	}
}

// said has the trust fund tell the network something of a grant.
func (w *world) said(what, grant string, turn int, agency string) {
	w.t.Helper()
	js, leave := as(w.t, w.Bus, "trust-fund")
	defer leave()
	now := time.Now().UTC()
	f := forgery{typ: "trust-fund.grant_" + what + ".v1", record: grant, data: map[string]any{"grant": grant, "agency": agency, "turn": turn}}
	if what == "agreed" {
		f.data["country"], f.data["from"], f.data["until"] = "GT", now.Add(-day), now.Add(300*day)
	}
	if _, err := js.PublishMsg(w.t.Context(), f.msg(w.t)); err != nil {
		w.t.Fatal(err)
	}
}

// Where the grant of an agency that helps her is suspended, her desk is led to the question, asks her in plain
// words, and writes down what she wants. Nothing moves.
func TestTheDeskAsksHerWhenAGrantIsSuspended(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	p.accept(t.Context())
	const grant = "grant_01jrd2k9m4qf8w1x5c3b6h0tz7"
	w.said("agreed", grant, 1, p.lawyer.Agency)
	w.idle()
	w.said("suspended", grant, 2, p.lawyer.Agency)
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.until("the question waits", func() bool { b.open("/desk/"); return b.shows("A grant is suspended: ask her") })
	b.follow("1 A grant is suspended: ask her")
	b.must("She may stay with her worker.")
	b.open("/desk/cases/" + p.id)
	b.must("Agencies with a suspended grant", p.lawyer.Agency, "nothing of hers moves by itself", "To be answered until")
	b.outlined("case-grantee")
	b.command("askedGrantee")
	b.must("She may stay with her worker.", "Nothing of hers moves")
	b.outlined("case-grantee-asked")
	b.submitMain(values{"/answer": "stays"})
	b.must("What she wants was written down.", "She stays with her worker")
	b.mustNot("To be answered until")
	b.open("/desk/referrals/" + p.referral)
	b.must("Accepted")
	b.open("/desk/")
	b.mustNot("A grant is suspended: ask her")
}
