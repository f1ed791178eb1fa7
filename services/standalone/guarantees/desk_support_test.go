package guarantees_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A counsellor of a shelter finds what waits, how much she has, and where somebody stays; a
// supervisor what nobody has. Where somebody stays is drawn for who has the plan.
func TestASupportPlanAtTheDesk(t *testing.T) {
	w := begin(t, func(w *world) { w.config.Service.Programmes = installing(t) })
	w.listed()
	ctx := t.Context()
	front, her, house := w.desk(journey.FrontDesk, "caseworker"), w.desk(shelterSlug, "counsellor"), w.desk(shelterSlug, "focal_point")
	referral := request(ctx, t, front, openCase(ctx, t, front, shelterSlug, "safehouse_service"), shelterSlug, "safehouse_service")
	w.offered(house, referral)
	if err := house.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	plan := "plan" + strings.TrimPrefix(referral, "ref")
	w.becomes(her, "/v1/support-plans/"+plan, func(v view) bool { return v.Status == "open" })
	head := w.browser(network.Seat(shelterSlug, "supervisor"))
	head.open("/desk/waiting")
	head.outlined("plan-waiting")
	w.gives(her, "counsellor", referral, "/v1/support-plans/"+plan)
	for path, body := range map[string]m{
		"/v1/support-plans/" + plan + "/instruments": {"instrument": "phq_9", "items": m{"item_9": 1}},
		"/v1/placements": {"plan": plan, "address": "the blue house", "dependants": []m{{"kind": "child", "count": 2}}},
	} {
		if err := her.Post(ctx, path, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	b := w.browser(network.Seat(shelterSlug, "counsellor"))
	b.open("/desk/duties")
	b.outlined("plan-duties")
	b.open("/desk/caseload")
	b.outlined("plan-caseload")
	b.open("/desk/placements")
	b.outlined("stays")
	b.open("/desk/plans/" + plan)
	b.outlined("plan-shelter")
	stay := "/desk/placements/stay" + strings.TrimPrefix(referral, "ref")
	b.open(stay)
	b.outlined("stay")
	b.must("the blue house")
	head.open(stay)
	head.mustNot("the blue house")

	// Of an instrument whose texts the programme installed the form asks by them, and of the others by
	// their numbers; and it asks for no item that the instrument does not have.
	form := "/desk/do/answerInstrument/" + plan
	b.open(form)
	b.must("Item 20")
	b.follow("PHQ-9")
	b.must("Item 9")
	b.mustNot("Item 10", "A question")
	b.open(form)
	b.follow("GAD-7")
	b.must("7. A question, 7")
	b.mustNot("Item")
	b.submitMain(values{"/items/item_2": "3"})
	if a := w.get(her, "/v1/support-plans/"+plan); !bytes.Contains(a.Body, []byte(`"gad_7"`)) || !bytes.Contains(a.Body, []byte(`"item_2":3`)) {
		t.Errorf("what was answered by the texts: %s", a.Body)
	}
}

// installing are the programmes of an office in which one may print the texts of GAD-7. These are
// none of them.
func installing(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text, err := fs.ReadFile(files.Shipped(), "guatemala/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var items []string
	for i := range 7 {
		items = append(items, fmt.Sprintf(`{en: "A question, %d"}`, i+1))
	}
	own := strings.Replace(string(text), "pcl_5_change: 10}", "pcl_5_change: 10, texts: {gad_7: ["+strings.Join(items, ", ")+"]}}", 1)
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "guatemala"), 0o700), os.WriteFile(filepath.Join(dir, "guatemala", "1.yaml"), []byte(own), 0o600)); err != nil {
		t.Fatal(err)
	}
	return dir
}
