package guarantees_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// inVienna is a minute as a call of the fund names it.
func inVienna(at time.Time) string {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		panic(err)
	}
	return at.In(vienna).Format("2006-01-02T15:04")
}

// callsFor publishes a call that closes at the end of a minute.
func callsFor(ctx context.Context, manager office.Desk, closes time.Time) (id string, err error) {
	text := []m{{"language": "en", "text": "Help"}}
	var call struct{ ID string }
	err = manager.Post(ctx, "/v1/calls", m{
		"number": "load", "title": text, "sub_programme": "short_term", "least_cents": grantCents, "most_cents": grantCents, "least_months": 3, "most_months": 9,
		"languages": []string{"en"}, "questions": []m{{"id": "need", "text": text, "most_letters": 100}}, "criteria": []m{{"id": "need", "text": text, "weight": 100}},
		"papers": []string{"proposal"}, "opens": "2020-01-01T09:00", "closes": inVienna(closes),
		"registered_by": "2023-12-01", "direct_since": "2024-11-30", "differ_points": 15,
	}, &call)
	if err != nil {
		return "", err
	}
	return call.ID, manager.Post(ctx, "/v1/calls/"+call.ID+"/publish", m{}, nil)
}

// prepares has an agency write an application that is complete, and not submitted.
func prepares(ctx context.Context, d office.Desk, call string) (id string, err error) {
	var is struct {
		ID    string
		Files []struct{ ID string }
	}
	if err := d.Post(ctx, "/v1/applications", m{"call": call}, &is); err != nil {
		return "", err
	}
	path := "/v1/applications/" + is.ID
	_, err = d.Do(ctx, http.MethodPost, path+"/files", fmt.Appendf(nil, "%%PDF-1.7 proposal of %s", d.Agency), http.Header{"Content-Type": {"application/pdf"}, "Idempotency-Key": {uuid.NewString()}})
	if err != nil {
		return "", err
	}
	if err := d.Get(ctx, path, &is); err != nil || len(is.Files) != 1 {
		return "", fmt.Errorf("%d files: %w", len(is.Files), err)
	}
	if err := d.Post(ctx, path+"/papers", m{"paper": "proposal", "file": is.Files[0].ID}, nil); err != nil {
		return "", err
	}
	return is.ID, d.Post(ctx, path+"/draft", m{
		"organisation": m{"name": d.Agency, "registered_on": "2019-04-02", "direct_since": "2020-01-01"}, "country": "GT", "language": "en", "months": 6,
		"requested_cents": grantCents, "budget": []m{{"category": "staff", "description": "one person", "unit_cents": grantCents / 6, "quantity": 1, "months": 6}},
	}, nil)
}

// judges is a whole judgement of eligibility.
func judges() m {
	var findings []m
	for _, rule := range []string{"non_profit", "own_bank_account", "own_responsibility", "measures_against_sexual_exploitation", "papers_genuine"} {
		findings = append(findings, m{"rule": rule, "met": true, "reason": "seen"})
	}
	return m{"findings": findings}
}

// A call closes later. The fund sees nothing of what was submitted before the old deadline until the new
// one; the agency is offered its commands again, and submits anew. Only then the fund sees it.
func TestACallClosesLater(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	ctx := t.Context()
	mara, nora := w.desk(journey.Fund, "fund_manager"), w.desk("an-ngo", "fund_applicant")
	first := clock.now().Add(time.Hour)
	call, err := callsFor(ctx, mara, first)
	if err != nil {
		t.Fatal(err)
	}
	id, err := prepares(ctx, nora, call)
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/applications/" + id
	type application struct {
		Status   string
		Receipt  struct{ Number string }
		Commands []string
	}
	var is application
	if err := nora.Post(ctx, path+"/submit", m{}, &is); err != nil {
		t.Fatal(err)
	}
	if err := mara.Post(ctx, "/v1/calls/"+call+"/extend", m{"closes": inVienna(first.Add(3 * time.Hour)), "reason": "a holiday"}, nil); err != nil {
		t.Fatal(err)
	}

	// theFund is what the secretariat lists, and whether it can read and judge the application.
	theFund := func() (listed []string) {
		t.Helper()
		for _, list := range []string{"/v1/fund/applications?call=" + call, "/v1/fund/applications"} {
			var page struct{ Items []struct{ ID string } }
			if err := mara.Get(ctx, list, &page); err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				listed = append(listed, item.ID)
			}
		}
		for _, of := range []string{path, path + "/history"} {
			if a, err := mara.Do(ctx, http.MethodGet, of, nil, nil); err != nil || (a.Status == http.StatusOK) != (listed != nil) {
				t.Errorf("the fund lists %v, and reads %s with %d, %v", listed, of, a.Status, err)
			}
		}
		return listed
	}
	offered := func() []string {
		t.Helper()
		is = application{}
		if err := nora.Get(ctx, path, &is); err != nil {
			t.Fatal(err)
		}
		return is.Commands
	}
	writes := []string{"nameApplicationPaper", "saveApplication", "storeApplicationFile", "submitApplication", "takeBackApplication"}

	clock.ahead(2 * time.Hour)
	if listed := theFund(); listed != nil {
		t.Errorf("before the new deadline the fund sees %v", listed)
	}
	if err := mara.Post(ctx, path+"/eligibility", judges(), nil); err == nil || unless(err, "not_found") != nil {
		t.Errorf("before the new deadline it is judged: %v", err)
	}
	if diff := cmp.Diff(writes, offered()); diff != "" {
		t.Errorf("after the old deadline the agency is offered (-want +got):\n%s", diff)
	}
	before := is.Receipt.Number
	if err := nora.Post(ctx, path+"/submit", m{}, &is); err != nil || is.Receipt.Number == before || !slices.Equal(is.Commands, writes) {
		t.Errorf("submitted again: %v, %+v", err, is)
	}

	clock.ahead(3 * time.Hour)
	if diff := cmp.Diff([]string{id, id}, theFund()); diff != "" {
		t.Errorf("after the new deadline the fund sees (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{}, offered(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("after the new deadline the agency is offered (-want +got):\n%s", diff)
	}
	w.refuses(nora, path+"/submit", `{}`, http.StatusConflict, "call_closed")
	if err := mara.Post(ctx, path+"/eligibility", judges(), nil); err != nil {
		t.Errorf("after the new deadline it is not judged: %v", err)
	}
}
