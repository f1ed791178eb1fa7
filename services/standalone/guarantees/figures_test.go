package guarantees_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// countingInPublic is the programme of Guatemala, where everybody may read how many cases there were.
func countingInPublic(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text, err := fs.ReadFile(files.Shipped(), "guatemala/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	anew := bytes.Replace(text, []byte("- name: cases\n      for: coordination"), []byte("- name: cases\n      for: public"), 1)
	if bytes.Equal(text, anew) {
		t.Fatal("the programme of Guatemala has no such table")
	}
	err = errors.Join(os.Mkdir(filepath.Join(dir, "guatemala"), 0o700), os.WriteFile(filepath.Join(dir, "guatemala", "1.yaml"), anew, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A period is counted once it has settled, by one person, and released by another one, each table
// once. Only who said yes is counted, and what changes afterwards changes nothing. A table that is not
// released, not for the reader, or not there is answered alike. Nothing of her stands in what is
// released, and no number that may not be.
func TestFiguresPointAtNobody(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) {
		w.config.Clock = clock.now
		w.config.Service.Programmes = countingInPublic(t)
	})
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	refused := func(err error, code string) {
		t.Helper()
		var r *office.Refused
		if !errors.As(err, &r) || !bytes.Contains(r.Body, []byte(`"`+code+`"`)) {
			t.Errorf("want %s: %v", code, err)
		}
	}
	yes := m{"answer": "yes", "method": "oral", "given_by": "survivor"}
	var cases []string
	for n := range 27 {
		var c struct{ ID string }
		err := front.Post(ctx, "/v1/cases", m{
			"channel": "hotline", "country": "GT", "programme": "guatemala", "name": fmt.Sprint("canary-name-", n), "narrative": fmt.Sprint("canary-narrative-", n),
			"incident": m{"types": []string{"physical_assault"}}, "survivor": m{"sex": "female", "age_band": "18+"},
		}, &c)
		if err == nil && n != 24 {
			err = front.Post(ctx, "/v1/cases/"+c.ID+"/counting", yes, nil)
		}
		if err == nil && n < 3 { // what she tells beside what is counted
			err = errors.Join(
				front.Post(ctx, "/v1/cases/"+c.ID+"/incidents", m{
					"answers": m{"physical": "yes"}, "area": "GT-CANARY",
					"perpetrators": m{"number": 1, "relationships": []string{"intimate_partner_former_partner"}, "occupation": "canary-nameless-work"},
				}, nil),
				front.Post(ctx, "/v1/cases/"+c.ID+"/amend", m{"reason": "addition", "contact": m{"phone": "+000 0000 0001", "safe_note": "canary-note"}}, nil),
			)
		}
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c.ID)
	}
	if err := errors.Join(
		front.Post(ctx, "/v1/cases/"+cases[25]+"/counting", m{"answer": "no"}, nil),
		w.desk(journey.FrontDesk, "supervisor", "caseworker").Post(ctx, "/v1/cases/"+cases[26]+"/restrict", m{"restricted": true}, nil),
	); err != nil {
		t.Fatal(err)
	}
	one, two := coordinatorOf("GT", "guatemala"), coordinatorOf("GT", "guatemala")
	two.Subject = "another-coordinator"
	zone, err := time.LoadLocation("America/Guatemala")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().In(zone)
	period := m{"programme": "guatemala", "period": fmt.Sprintf("%d-Q%d", at.Year(), (at.Month()+2)/3)}
	refused(w.deskOf(one).Post(ctx, "/v1/figures", period, nil), "period_not_settled")
	w.idle()
	clock.ahead(nextQuarter(t) + 61*24*time.Hour)
	w.restart(nil)

	closer, releaser, front := w.deskOf(one), w.deskOf(two), w.desk(journey.FrontDesk, "caseworker")
	var due struct {
		Close   []struct{ Period string }
		Release []struct {
			Figures, Table string
			Another        bool `json:"another_person"`
		}
	}
	if err := releaser.Get(ctx, "/v1/figures/due", &due); err != nil || !slices.ContainsFunc(due.Close, func(d struct{ Period string }) bool { return d.Period == period["period"] }) {
		t.Fatalf("%v: %+v", err, due)
	}
	refused(w.deskOf(coordinatorOf("KG", "kyrgyzstan")).Post(ctx, "/v1/figures", period, nil), "figures_invalid")
	var closed struct {
		ID      string
		Waiting []struct{ Table, For string }
	}
	if err := closer.Post(ctx, "/v1/figures", period, &closed); err != nil || len(closed.Waiting) < 4 {
		t.Fatalf("%v: %+v", err, closed)
	}
	refused(releaser.Post(ctx, "/v1/figures", period, nil), "period_closed")
	path := "/v1/figures/" + closed.ID
	// What she takes back now changes nothing, and neither does what is found to be wrong.
	for _, id := range cases[:20] {
		if err := front.Post(ctx, "/v1/cases/"+id+"/counting", m{"answer": "no"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	refused(closer.Post(ctx, path+"/releases", m{"table": "cases"}, nil), "figures_second_person")
	nobody := office.Desk{Base: front.Base, HTTP: front.HTTP}
	manager := w.deskOf(identity.Principal{Subject: "secretariat", Agency: "trust-fund", Roles: []string{"fund_manager"}})
	// alike looks that a table is not there for somebody, in every form.
	alike := func(d office.Desk, table string) {
		t.Helper()
		a, b := look(ctx, t, d, path+"/table?table="+table), look(ctx, t, d, path+"/table?table=nothing_of_the_kind")
		if a.Status != http.StatusNotFound || b.Status != a.Status || len(a.Body) != len(b.Body) {
			t.Errorf("%s: %d %s, and of one that is not there %d %s", table, a.Status, a.Body, b.Status, b.Body)
		}
		if c := look(ctx, t, d, path+"/table.csv?table="+table); c.Status != http.StatusNotFound {
			t.Errorf("%s as CSV: %d", table, c.Status)
		}
	}
	alike(nobody, "cases")
	alike(closer, "cases")
	for _, table := range closed.Waiting {
		if err := releaser.Post(ctx, path+"/releases", m{"table": table.Table}, nil); err != nil {
			t.Fatal(table, err)
		}
	}
	refused(releaser.Post(ctx, path+"/releases", m{"table": "cases"}, nil), "table_released")
	var cell struct {
		K, Version int
		Rows       []struct{ Total int }
	}
	if err := nobody.Get(ctx, path+"/table?table=cases", &cell); err != nil || len(cell.Rows) != 1 || cell.Rows[0].Total != 24 || cell.K != 11 || cell.Version != 1 {
		t.Errorf("%v: %+v", err, cell)
	}
	shown := map[string]office.Answer{"page": look(ctx, t, nobody, path+"/table.html?table=cases"), "csv": look(ctx, t, nobody, path+"/table.csv?table=cases")}
	for _, table := range closed.Waiting {
		for name, d := range map[string]office.Desk{"nobody": nobody, "caseworker": front, "coordinator": closer, "fund": manager} {
			may := table.For == "public" || name == "coordinator" || table.For == "fund" && name == "fund"
			if !may {
				alike(d, table.Table)
				continue
			}
			a := look(ctx, t, d, path+"/table?table="+table.Table)
			if shown[table.Table+" "+name] = a; a.Status != http.StatusOK {
				t.Errorf("%s for %s: %d", table.Table, name, a.Status)
			}
		}
		if table.For != "public" {
			if a := look(ctx, t, nobody, path+"/table.html?table="+table.Table); a.Status != http.StatusNotFound {
				t.Errorf("the page of %s: %d", table.Table, a.Status)
			}
		}
	}
	for name, a := range shown {
		if a.Status != http.StatusOK || bytes.Contains(bytes.ToLower(a.Body), []byte("canary")) || bytes.Contains(a.Body, []byte("case_")) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if page := string(shown["page"].Body); !strings.Contains(page, "<svg") || !strings.Contains(page, "24") {
		t.Errorf("the page: %s", page)
	}
	w.idle()
	told := 0
	for _, stream := range []string{bus.Events, bus.Inside} {
		for _, one := range stored(t, w.Bus, stream) {
			msg := fmt.Sprint(one.Subject, one.Header, string(one.Data))
			if strings.Contains(msg, "table_released") {
				told++
			}
			if strings.Contains(msg, "canary-n") || strings.Contains(msg, "CANARY") || strings.Contains(msg, "counting_answered") || strings.Contains(msg, "period_closed") || stream == bus.Events && strings.Contains(msg, "table_released") {
				t.Errorf("on %s: %s", stream, msg)
			}
		}
	}
	if told != len(closed.Waiting) {
		t.Errorf("%d tables were told to the services", told)
	}
}
