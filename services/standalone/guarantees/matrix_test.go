package guarantees_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// rooms of which every view is in the matrix.
var matrixRooms = []string{"legal-aid", "psychosocial", "forensic-services"}

// ofHerCase are the views of intake and referral on her case and on what became of it. What else
// these two show is in apart, with the reason.
var (
	ofHerCase = []string{
		"listCases", "getCase", "listCaseLooks", "getTimeline", "getCasePlan", "listDisclosures", "listShares",
		"listReferrals", "countReferrals", "getReferral", "getReferralHistory", "listInvitations", "listEscalations", "getFlow", "listPlaces", "getPlace",
	}
	apart = map[string]string{
		"listSearches": "searches", "listCards": "cards", "getCards": "cards", "listCentres": "a centre", "getCentre": "a centre", "listVisits": "a centre",
		"listEnquiries": "before there is a case", "getEnquiry": "before there is a case", "listProgrammes": "programmes", "listTransfers": "a transfer",
		"listAgencies": "the directory", "getAgency": "the directory", "getAgencyChannels": "an agency's own", "listWorkers": "an agency's own", "getWorker": "an agency's own",
		"listFigures": "figures", "getFigures": "figures", "listFiguresDue": "figures", "getFigureTable": "figures", "getFigureTableAsCSV": "figures", "getFigureTablePage": "figures",
		"listEndingCredentials": "an agency's own", "getAnswerPage": "without a token, by a code", "listTeams": "a team", "getTeam": "a team", "listAlerts": "a team", "getAlert": "a team",
		"getEssentialServices": "figures", "getOwnAnswers": "figures", "listStandards": "figures", "listAssessments": "figures", "getAssessment": "figures",
	}
	// byCommand are views that a command gives, because each look is recorded.
	byCommand = []struct{ id, path, body string }{
		{"disclose", "/v1/disclosures", `{"referral":"%s"}`},
		{"showShare", "/v1/disclosures/%s/share", `{}`},
	}
)

// Who sees what of a case and of the work on it: each view of the three rooms, and what intake and
// referral show of the case, asked by everybody; then again after she took back her consent at the
// desk; and each event with its readers. It is held against testdata/who_sees_what.txt, which names
// fields and no value. A view that is new has no line there, and one that needs a record of a new
// kind fails here.
func TestWhoSeesWhat(t *testing.T) {
	w := begin(t)
	d := aWorkday(w)
	var told strings.Builder
	told.WriteString(matrixHead)
	working := d.ask()
	for _, v := range working {
		told.WriteString(v.text())
	}
	for agency, service := range map[string]string{
		journey.LegalAid: "legal_assistance_service", shelterSlug: "safehouse_service", journey.Forensics: "forensic_examination_service",
	} {
		d.does(d.front, d.of+"/consents/withdraw", m{"recipient": agency, "service": service})
	}
	for who, under := range map[string]string{"counsel": "/v1/matters/{id}", "counsellor": "/v1/support-plans/{id}", "examiner": "/v1/examinations/{id}"} {
		d.becomes(d.by[who], d.records[under][0].path, status("asked"))
	}
	d.idle()
	told.WriteString(matrixAfter)
	for i, v := range d.ask() {
		if before := working[i]; v.text() != before.text() {
			told.WriteString(v.text())
		}
	}
	told.WriteString(d.readers())

	path := filepath.Join("testdata", "who_sees_what.txt")
	if *writeOutlines {
		if err := os.WriteFile(path, []byte(told.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with -outlines, and read it as her lawyer would", err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(told.String(), "\n")); diff != "" {
		t.Errorf("it is not as testdata/who_sees_what.txt says (-want +got):\n%s", diff)
	}
}

const (
	matrixHead = `# Who sees what

Each view of the rooms, and what each asker is shown of one case. "all" is every field that anybody is
shown there. Fields are named, and no value stands here. "words of" says whose written words are in
the answer. This file is written by TestWhoSeesWhat with -outlines, and is read by people.

# While the work goes on

`
	matrixAfter = `# After she took back her consent at her desk, and before she answered whether the work ends

Only the views that differ.

`
)

// cell is what one asker is shown by one view.
type cell struct {
	refused string // status and code
	fields  []string
	words   []string
	file    string
	empty   bool
}

// seenBy is a view, and what each asker is shown, in the order of the askers.
type seenBy struct {
	title  string
	askers []string
	cells  []cell
}

// text is the view as a person reads it: askers who are shown the same stand together.
func (v seenBy) text() string {
	union := map[string]bool{}
	for _, c := range v.cells {
		for _, f := range c.fields {
			union[f] = true
		}
	}
	all := slices.Sorted(maps.Keys(union))
	var order []string
	who := map[string][]string{}
	for i, c := range v.cells {
		said := c.text(all)
		if who[said] == nil {
			order = append(order, said)
		}
		who[said] = append(who[said], v.askers[i])
	}
	// What shows most stands first, and what shows nothing last.
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	var s strings.Builder
	s.WriteString("## " + v.title + "\n")
	if len(all) > 0 {
		s.WriteString(folded("all = ", all))
	}
	for _, said := range order {
		s.WriteString(folded("  ", who[said]) + said)
	}
	return s.String() + "\n"
}

func rank(said string) int {
	return slices.IndexFunc([]string{"all", "a file", "some", "an empty list", "nothing"}, func(p string) bool { return strings.HasPrefix(strings.TrimSpace(said), p) })
}

func (c cell) text(all []string) string {
	words := ""
	if len(c.words) > 0 {
		words = "; words of: " + strings.Join(c.words, ", ")
	}
	switch {
	case c.refused != "":
		return "      nothing: " + c.refused + "\n"
	case c.empty:
		return "      an empty list\n"
	case c.file != "":
		return "      a file: " + c.file + words + "\n"
	case slices.Equal(c.fields, all):
		return "      all" + words + "\n"
	}
	return folded("      some: ", c.fields, words)
}

// folded is a list in lines that fit a page.
func folded(head string, items []string, tail ...string) string {
	var s strings.Builder
	s.WriteString(head)
	at, indent := len(head), strings.Repeat(" ", len(head))
	for i, item := range items {
		if i < len(items)-1 {
			item += ", "
		}
		if at+len(item) > 118 && at > len(indent) {
			s.WriteString("\n" + indent)
			at = len(indent)
		}
		s.WriteString(item)
		at += len(item)
	}
	lines := strings.Split(s.String()+strings.Join(tail, ""), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// ask has everybody ask every view.
func (d *workday) ask() (all []seenBy) {
	d.t.Helper()
	views := d.views()
	for _, v := range views {
		one := seenBy{title: v.title}
		for _, a := range d.askers {
			one.askers = append(one.askers, a.name)
			one.cells = append(one.cells, d.shown(a.desk, v))
		}
		all = append(all, one)
	}
	return all
}

// asking is one view of one record.
type asking struct{ title, method, path, body string }

// views are those of the contracts, in order.
func (d *workday) views() (all []asking) {
	d.t.Helper()
	d.records["/v1/referrals/{id}"] = []named{{"to her counsel", "/v1/referrals/" + d.legal}, {"to the shelter", "/v1/referrals/" + d.care}}
	for _, o := range operations(d.t) {
		room := roomOfPath(d.t, o)
		_, left := apart[o.id]
		switch {
		case o.method != http.MethodGet, left, strings.HasPrefix(o.path, "/hsds"), room == network.Fund: // it knows no case
			continue
		case !slices.Contains(matrixRooms, room) && !slices.Contains(ofHerCase, o.id):
			d.t.Errorf("%s is a view of %s, and stands neither in the matrix nor apart from it", o.id, room)
			continue
		}
		head, tail, of := strings.Cut(o.path, "/{id}")
		records := []named{{"", head}}
		if of {
			if records = d.records[head+"/{id}"]; len(records) == 0 {
				d.t.Errorf("%s needs a record, and the story has none of %s", o.id, head)
			}
		}
		for _, r := range records {
			title := fmt.Sprintf("%s: %s %s (%s)", room, o.method, o.path, o.id)
			if r.name != "" {
				title += ", " + r.name
			}
			all = append(all, asking{title, o.method, r.path + tail + d.queries[o.id], ""})
		}
	}
	for _, p := range byCommand {
		for _, r := range []named{{"counsel's", d.legal}, {"the shelter's", d.care}, {"the clinic's", d.exam}} {
			path, body := p.path, p.body
			if strings.Contains(path, "%s") {
				path = fmt.Sprintf(path, r.path)
			} else {
				body = fmt.Sprintf(body, r.path)
			}
			all = append(all, asking{fmt.Sprintf("intake: POST %s (%s), %s", strings.ReplaceAll(p.path, "%s", "{id}"), p.id, r.name), http.MethodPost, path, body})
		}
	}
	slices.SortStableFunc(all, func(a, b asking) int { return strings.Compare(a.title, b.title) })
	return all
}

func roomOfPath(t testing.TB, o operation) string {
	t.Helper()
	info, _ := o.doc["info"].(map[string]any)
	title, _ := info["title"].(string)
	for _, name := range network.With(true) {
		if strings.HasSuffix(strings.TrimSuffix(title, " service"), name) {
			return name
		}
	}
	t.Fatalf("%q is the contract of no service", title)
	return ""
}

// shown is what one asker is shown.
func (d *workday) shown(desk office.Desk, v asking) (c cell) {
	d.t.Helper()
	header := http.Header{}
	var body []byte
	if v.method == http.MethodPost {
		header.Set("Idempotency-Key", uuid.NewString())
		header.Set("Content-Type", "application/json")
		body = []byte(v.body)
	}
	a, err := desk.Do(d.t.Context(), v.method, v.path, body, header)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, words := range []string{wordsOfDesk, wordsOfCounsel, wordsOfCounsellor, wordsOfExaminer} {
		if bytes.Contains(a.Body, []byte(words)) {
			c.words = append(c.words, strings.TrimPrefix(strings.TrimPrefix(words, "words-"), "of-"))
		}
	}
	if a.Status != http.StatusOK {
		var problem struct{ Code string }
		if err := json.Unmarshal(a.Body, &problem); err != nil || len(c.words) > 0 {
			d.t.Errorf("%s is refused with %s", v.title, a.Body)
		}
		c.refused = fmt.Sprint(a.Status, " ", problem.Code)
		return c
	}
	if media := a.Header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		c.file = media
		return c
	}
	var is any
	if err := json.Unmarshal(a.Body, &is); err != nil {
		d.t.Fatal(err)
	}
	if list, ok := is.(map[string]any); ok && len(list) == 1 {
		items, there := list["items"].([]any)
		c.empty = there && len(items) == 0
	}
	named := map[string]bool{}
	leaves(is, "", named)
	c.fields = slices.Sorted(maps.Keys(named))
	return c
}

// leaves are the names of what an answer holds.
func leaves(v any, at string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, of := range v {
			leaves(of, strings.TrimPrefix(at+"."+name, "."), into)
		}
	case []any:
		for _, of := range v {
			leaves(of, at, into)
		}
	default:
		into[at] = true
	}
}

// readers says of each event who may read it, and which fields it has there. What was told of the
// case that was played is held against it.
func (d *workday) readers() string {
	d.t.Helper()
	parts, err := network.Parts()
	if err != nil {
		d.t.Fatal(err)
	}
	onStream := map[string][]string{}
	for _, p := range parts {
		for stream, names := range p.Tells {
			for _, name := range names {
				typ := p.Service + "." + name + ".v1"
				onStream[typ] = append(onStream[typ], stream)
			}
		}
	}
	said := map[string][]string{}
	for _, path := range schemas(d.t) {
		text, err := fs.ReadFile(api.Files, path)
		if err != nil {
			d.t.Fatal(err)
		}
		var schema struct {
			Title      string
			Properties map[string]json.RawMessage
		}
		if err := json.Unmarshal(text, &schema); err != nil {
			d.t.Fatal(err)
		}
		said[schema.Title] = slices.Sorted(maps.Keys(schema.Properties))
	}
	readers := map[string]string{
		bus.Events: "the services, and integrators of the network", bus.Agencies: "the agency that it is for", bus.Inside: "the services alone",
	}
	var s strings.Builder
	s.WriteString("# Events\n\nNo person reads the bus. An event that stays in its room is in the journal of that room alone.\n\n")
	for _, typ := range slices.Sorted(maps.Keys(said)) {
		streams := slices.Sorted(slices.Values(onStream[typ]))
		if len(streams) == 0 {
			s.WriteString(typ + ": stays in its room\n")
			continue
		}
		var who []string
		for _, stream := range streams {
			who = append(who, readers[stream])
		}
		s.WriteString(typ + ": " + strings.Join(who, "; ") + "\n" + folded("    ", said[typ]))
	}
	for _, stream := range slices.Sorted(maps.Keys(readers)) {
		for _, msg := range stored(d.t, d.Bus, stream) {
			typ := strings.TrimPrefix(msg.Header.Get("ce-type"), "sanad.")
			if !slices.Contains(onStream[typ], stream) {
				d.t.Errorf("%s is told on %s", typ, stream)
			}
			var data map[string]any
			if err := json.Unmarshal(msg.Data, &data); err != nil {
				d.t.Fatal(err)
			}
			for name := range data {
				if !slices.Contains(said[typ], name) {
					d.t.Errorf("%s has a field %s that its contract does not name", typ, name)
				}
			}
			for _, words := range []string{wordsOfDesk, wordsOfCounsel, wordsOfCounsellor, wordsOfExaminer} {
				if bytes.Contains(msg.Data, []byte(words)) {
					d.t.Errorf("%s tells what somebody wrote: %s", typ, msg.Data)
				}
			}
		}
	}
	return s.String()
}

// schemas are the paths of the contracts of events.
func schemas(t testing.TB) (paths []string) {
	t.Helper()
	for _, name := range network.With(true) {
		found, err := fs.Glob(api.Files, "schema/"+name+"/*.schema.json")
		if err != nil || len(found) == 0 {
			t.Fatalf("%s has no events: %v", name, err)
		}
		paths = append(paths, found...)
	}
	return paths
}
