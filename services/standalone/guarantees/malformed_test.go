package guarantees_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

var requests = flag.Int("requests", 20_000, "how many malformed requests to send")

// operation is one operation of a contract, and what a right request looks
// like.
type operation struct {
	id, method, path string
	body             map[string]any // its schema, nil for none
	doc              map[string]any
	// public operations need no token; a page answers a browser with HTML.
	public, page bool
}

// operations reads every operation of every contract.
func operations(t testing.TB) []operation {
	t.Helper()
	var ops []operation
	for _, name := range network.With(true) {
		raw, err := fs.ReadFile(api.Files, "openapi/"+name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := yaml.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		for path, item := range doc["paths"].(map[string]any) {
			for method, op := range item.(map[string]any) {
				o, ok := op.(map[string]any)
				if !ok || o["operationId"] == nil {
					continue
				}
				found := operation{id: o["operationId"].(string), method: strings.ToUpper(method), path: path, doc: doc}
				security, own := o["security"].([]any)
				found.public = own && len(security) == 0
				media := "application/json"
				for _, status := range []string{"200", "303"} { // a form sends the browser on
					if success, ok := o["responses"].(map[string]any)[status].(map[string]any); ok {
						content, _ := found.follow(success)["content"].(map[string]any)
						_, html := content["text/html"]
						found.page = found.page || html
					}
				}
				if found.page {
					media = "application/x-www-form-urlencoded"
				}
				if body, ok := o["requestBody"].(map[string]any); ok {
					content, ok := found.follow(body)["content"].(map[string]any)[media].(map[string]any)
					if !ok {
						continue // a file has no form that could be broken; the edge tests what it refuses
					}
					found.body = content["schema"].(map[string]any)
				}
				ops = append(ops, found)
			}
		}
	}
	slices.SortFunc(ops, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return ops
}

// follow resolves a reference inside the document.
func (o operation) follow(node map[string]any) map[string]any {
	ref, ok := node["$ref"].(string)
	if !ok {
		return node
	}
	var at any = o.doc
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(map[string]any)[part]
	}
	return o.follow(at.(map[string]any))
}

// right makes a value that keeps a schema, as far as that is simple.
func (o operation) right(r *rand.Rand, schema map[string]any) any {
	schema = o.follow(schema)
	if list, ok := schema["enum"].([]any); ok {
		return list[r.IntN(len(list))]
	}
	switch schema["type"] {
	case "object":
		v := map[string]any{}
		if properties, ok := schema["properties"].(map[string]any); ok {
			for name, p := range properties {
				v[name] = o.right(r, p.(map[string]any))
			}
		}
		return v
	case "array":
		return []any{o.right(r, schema["items"].(map[string]any))}
	case "boolean":
		return true
	case "integer", "number":
		return 1
	}
	switch {
	case schema["format"] == "date-time":
		return "2026-01-02T03:04:05Z"
	case schema["format"] == "email":
		return "a@example.org"
	case schema["pattern"] != nil:
		return "counselling-centre"
	}
	return "some text"
}

// wrongs are the ways in which a body breaks its contract, whatever else is in
// it. Each takes the right body and gives bytes.
var wrongs = []func(r *rand.Rand, right map[string]any) []byte{
	func(*rand.Rand, map[string]any) []byte { return nil },
	func(*rand.Rand, map[string]any) []byte { return []byte("null") },
	func(*rand.Rand, map[string]any) []byte { return []byte("[]") },
	func(*rand.Rand, map[string]any) []byte { return []byte(`"text"`) },
	func(r *rand.Rand, _ map[string]any) []byte { // noise
		b := make([]byte, 1+r.IntN(200))
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		return b
	},
	func(r *rand.Rand, right map[string]any) []byte { // cut short
		raw := encode(right)
		return raw[:r.IntN(len(raw)-1)+1][:max(1, r.IntN(len(raw)))]
	},
	func(_ *rand.Rand, right map[string]any) []byte { return append(encode(right), "{}"...) },
	func(r *rand.Rand, right map[string]any) []byte { // an unknown property
		right[fmt.Sprint("x", r.Uint32())] = noise(r)
		return encode(right)
	},
	func(_ *rand.Rand, right map[string]any) []byte { // a property twice
		raw := encode(right)
		return append([]byte(`{"a":1,"a":1,`), raw[1:]...)
	},
	func(_ *rand.Rand, right map[string]any) []byte { // too deep
		right["deep"] = json.RawMessage(strings.Repeat("[", 500) + strings.Repeat("]", 500))
		return encode(right)
	},
	func(_ *rand.Rand, right map[string]any) []byte { // too large
		right["large"] = strings.Repeat("x", 70<<10)
		return encode(right)
	},
	func(r *rand.Rand, right map[string]any) []byte { // a value of another kind
		if len(right) == 0 {
			right["unknown"] = 1
		}
		for name := range right {
			right[name] = []any{map[string]any{"x": noise(r)}, 1.5, nil}
		}
		return encode(right)
	},
	func(r *rand.Rand, right map[string]any) []byte { // not UTF-8
		right["text"] = "@@"
		return bytes.ReplaceAll(encode(right), []byte("@@"), []byte{0xff, byte(0x80 + r.IntN(64))})
	},
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

func noise(r *rand.Rand) any {
	return []any{nil, true, -1, 1e300, "", strings.Repeat("ü", r.IntN(40)), "$ne", "'; --", "\u0000", []any{}, map[string]any{"$gt": ""}}[r.IntN(11)]
}

// malformed makes one request that must be refused, and says how.
func (o operation) malformed(r *rand.Rand, ids map[string]string) (method, path string, header http.Header, body []byte) {
	path = o.path
	for prefix, id := range ids {
		path = strings.Replace(path, prefix, id, 1)
	}
	header = http.Header{}
	if o.method != http.MethodPost {
		return o.method, path + "?" + []string{"limit=0", "limit=x", "limit=201", "cursor=%21", "status=%00", "unknown=1", "limit=1&limit=2"}[r.IntN(7)], header, nil
	}
	header.Set("Content-Type", "application/json")
	header.Set("Idempotency-Key", uuid.NewString())
	right, _ := o.right(r, o.body).(map[string]any)
	switch r.IntN(6) {
	case 0: // the header of the request
		switch r.IntN(4) {
		case 0:
			header.Del("Idempotency-Key")
			if o.public { // which may do without
				header.Del("Content-Type")
			}
		case 1:
			header.Set("Idempotency-Key", fmt.Sprint(r.Uint64()))
		case 2:
			header.Set("If-Match", []string{"*", "1", `"x"`, `W/"1"`, `"-1"`, `"99999999999999999999999"`}[r.IntN(6)])
		case 3:
			header.Set("Content-Type", []string{"text/plain", "", "application/xml", "application/json; charset=latin1", "multipart/form-data"}[r.IntN(5)])
		}
		return o.method, path, header, encode(right)
	case 1: // the identifier of the record
		if !strings.Contains(o.path, "{id}") {
			break
		}
		wrong := []string{"x", "..%2f..", "%00", "case_%27", strings.Repeat("a", 300), "ref_0000000000000000000000000O"}[r.IntN(6)]
		return o.method, strings.Replace(o.path, "{id}", wrong, 1), header, encode(right)
	}
	return o.method, path, header, wrongs[r.IntN(len(wrongs))](r, right)
}

// area is the part of a path that says whose operations they are.
var area = regexp.MustCompile(`^/(v1/)?[a-z-]+`)

// However wrong a request is: it is refused, as the contract says, nothing is
// done and nothing breaks.
func TestMalformedRequests(t *testing.T) {
	send := *requests
	if testing.Short() {
		send = min(send, 5_000)
	}
	w := begin(t)
	story := w.play(t.Context())
	w.staffed(w.desk(journey.LegalAid, "supervisor"), "lawyer")
	w.idle()
	before := stored(t, w.Bus, "EVENTS")
	views := w.records(before)

	ref := story.Referrals["psychosocial_service"][3:]
	byPath := map[string]string{
		"/v1/cases/{id}": "/v1/cases/" + story.Case, "/v1/referrals/{id}": "/v1/referrals/ref" + ref,
		"/v1/agencies/{id}": "/v1/agencies/" + journey.Counselling, "/v1/channels/{id}": "/v1/channels/" + journey.Counselling, "/v1/support-plans/{id}": "/v1/support-plans/plan" + ref,
		"/v1/matters/{id}":      "/v1/matters/mat" + story.Referrals["legal_assistance_service"][3:],
		"/v1/examinations/{id}": "/v1/examinations/exam" + story.Referrals["forensic_examination_service"][3:],
		"/v1/workers/{id}":      "/v1/workers/" + worker.ID(journey.LegalAid, "lawyer"),
		"/v1/enquiries/{id}":    w.neighbour(t.Context(), w.desk(journey.FrontDesk, "caseworker")),
		"/v1/centres/{id}":      "/v1/centres/" + w.house(t.Context(), journey.LegalAid),
		"services/{id}":         "services/" + uuid.NewString(),
		"/v1/places/{id}":       "/v1/places/" + uuid.NewString(),
		"/v1/placements/{id}":   "/v1/placements/stay" + ref,
		"/v1/custody/{id}":      "/v1/custody/cust" + ref,
		"/v1/custody-keys/{id}": "/v1/custody-keys/ckey" + ref,
		"/v1/assessments/{id}":  "/v1/assessments/assess" + ref,
		"/v1/figures/{id}":      "/v1/figures/figures" + ref,
	}
	desks := map[string]office.Desk{}
	for prefix, who := range map[string][2]string{
		"/v1/cases": {journey.FrontDesk, "caseworker"}, "/v1/referrals": {journey.Counselling, "counsellor"},
		"/v1/agencies": {journey.Coordination, "coordinator"}, "/v1/support-plans": {journey.Counselling, "counsellor"},
		"/v1/directory": {journey.Coordination, "coordinator"}, "/hsds": {journey.Coordination, "coordinator"},
		"/v1/placements": {journey.Counselling, "counsellor"}, "/v1/plan-duties": {journey.Counselling, "counsellor"},
		"/v1/caseload": {journey.Counselling, "counsellor"}, "/v1/waiting-list": {journey.Counselling, "supervisor"},
		"/v1/matters": {journey.LegalAid, "lawyer"}, "/v1/examinations": {journey.Forensics, "examiner"},
		"/v1/conflicts": {journey.LegalAid, "conflicts_officer"}, "/v1/bookings": {journey.LegalAid, "lawyer"},
		"/v1/courts": {journey.LegalAid, "court_registrar"}, "/v1/alarms": {journey.LegalAid, "court_security"},
		"/v1/custody": {journey.Forensics, "examiner"}, "/v1/custody-keys": {journey.Forensics, "supervisor"}, "/v1/kits": {journey.Forensics, "examiner"},
		"/v1/examination-duties": {journey.Forensics, "examiner"}, "/v1/clinic": {journey.Forensics, "examiner"},
		"/v1/matches":  {journey.FrontDesk, "caseworker"},
		"/v1/channels": {journey.Coordination, "coordinator"}, "/v1/answers": {journey.Coordination, "coordinator"}, "/answer": {journey.Coordination, "coordinator"},
		"/v1/escalations": {journey.Coordination, "coordinator"}, "/v1/flow": {"machine-room", "operator"},
		"/v1/workers": {journey.LegalAid, "supervisor"}, "/v1/credentials": {journey.LegalAid, "supervisor"},
		"/v1/places":             {journey.Counselling, "focal_point"},
		"/v1/essential-services": {journey.Coordination, "coordinator"}, "/v1/standards": {journey.Coordination, "coordinator"}, "/v1/assessments": {journey.Coordination, "coordinator"}, "/v1/figures": {journey.Coordination, "coordinator"},
		"/v1/programmes": {journey.FrontDesk, "caseworker"}, "/v1/alerts": {journey.LegalAid, "focal_point"}, "/v1/teams": {journey.LegalAid, "supervisor"},
		"/v1/transfers": {journey.FrontDesk, "caseworker"}, "/v1/incidents": {journey.FrontDesk, "caseworker"},
		"/v1/cards": {journey.FrontDesk, "caseworker"}, "/v1/enquiries": {journey.FrontDesk, "caseworker"},
		"/v1/centres": {journey.FrontDesk, "caseworker"}, "/v1/visits": {journey.LegalAid, "lawyer"},
		"/v1/searches": {journey.FrontDesk, "supervisor"}, "/v1/shares": {journey.LegalAid, "lawyer"}, "/v1/agenda": {journey.LegalAid, "lawyer"}, "/v1/disclosures": {journey.LegalAid, "lawyer"},
		"/v1/fund": {journey.Fund, "fund_manager"}, "/v1/calls": {journey.Fund, "fund_manager"},
		"/v1/applications": {journey.LegalAid, "fund_applicant"}, "/v1/assignments": {journey.LegalAid, "fund_assessor"}, "/v1/votes": {journey.LegalAid, "trustee"},
		"/v1/trustees": {journey.Fund, "fund_manager"}, "/v1/grants": {journey.Fund, "fund_manager"}, "/fund": {journey.Fund, "fund_manager"},
	} {
		desks[prefix] = w.desk(who[0], who[1])
	}
	// What not everybody may do who does the rest under a path.
	others := map[string]office.Desk{
		"confirmDenial": w.desk(journey.Counselling, "supervisor"), "returnDenial": w.desk(journey.Counselling, "supervisor"),
		"enterReferralInError": w.desk(journey.FrontDesk, "caseworker"), "inviteAgain": w.desk(journey.FrontDesk, "caseworker"),
		"disclose": w.desk(journey.LegalAid, "lawyer"), "askContactFor": w.desk(journey.LegalAid, "lawyer"),
		"handOverShift": w.desk(journey.LegalAid, "focal_point"), "signAlert": w.desk(journey.Coordination, "coordinator"),
		"openCentre": w.desk(journey.FrontDesk, "supervisor"), "describeCentre": w.desk(journey.FrontDesk, "supervisor"),
		"showResponse": w.desk(journey.LegalAid, "focal_point"),
		"listExpected": w.desk(journey.LegalAid, "usher"), "passBooking": w.desk(journey.LegalAid, "usher"), "raiseAlarm": w.desk(journey.LegalAid, "usher"),
		"askClarification": w.desk(journey.LegalAid, "fund_applicant"), "signForGrantee": w.desk(journey.LegalAid, "fund_applicant"),
		"submitReport": w.desk(journey.LegalAid, "fund_applicant"), "askExtension": w.desk(journey.LegalAid, "fund_applicant"),
		"storeGrantPaper":  w.desk(journey.LegalAid, "fund_applicant"),
		"judgeEligibility": w.desk(journey.Fund, "fund_manager"), "countersignEligibility": w.desk(journey.Fund, "fund_manager"),
		"assignAssessor": w.desk(journey.Fund, "fund_manager"), "freeAssessor": w.desk(journey.Fund, "fund_manager"),
		"selectApplication": w.desk(journey.Fund, "fund_manager"), "awardApplication": w.desk(journey.Fund, "fund_manager"),
		"refuseApplication": w.desk(journey.Fund, "fund_manager"), "voteOnApplication": w.desk(journey.LegalAid, "trustee"),
		"declareInterest": w.desk(journey.LegalAid, "fund_assessor"), "scoreApplication": w.desk(journey.LegalAid, "fund_assessor"),
	}
	ops := operations(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	const clients = 8
	for i := range clients {
		wg.Go(func() {
			seed := rand.Uint64()
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			mine := map[int]int{}
			for n := range send / clients {
				o := ops[n%len(ops)]
				method, path, header, body := o.malformed(r, byPath)
				desk, ok := others[o.id]
				if !ok {
					desk = desks[area.FindString(o.path)]
				}
				a, err := desk.Do(t.Context(), method, path, body, header)
				if err != nil {
					t.Errorf("%s (seed %d): %v", o.id, seed, err)
					return
				}
				mine[a.Status]++
				if a.Status < 400 || a.Status >= 500 {
					t.Errorf("%s (seed %d): %s %s %v %.300q: %d %s", o.id, seed, method, path, header, body, a.Status, a.Body)
					return
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for status, n := range mine {
				answers[status] += n
			}
		})
	}
	wg.Wait()
	t.Logf("%d malformed requests over %d operations: %v", send, len(ops), answers)
	for _, status := range slices.Sorted(maps.Keys(answers)) {
		if status == http.StatusTooManyRequests || status == http.StatusForbidden || status == http.StatusUnauthorized {
			t.Errorf("%d requests were answered %d: they met no rule of the contract", answers[status], status)
		}
	}
	if after := stored(t, w.Bus, "EVENTS"); len(after) != len(before) {
		t.Errorf("%d events were published", len(after)-len(before))
	}
	for record, view := range w.records(before) {
		if view != views[record] {
			t.Errorf("%s was changed", record)
		}
	}
	if strings.Contains(string(w.logs.all()), "panic") {
		t.Error("a request led to a panic")
	}
}
