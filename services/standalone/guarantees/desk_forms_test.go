package guarantees_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// written are the fields of a command that a person writes in their own words, as the form of
// the desk names them: texts that the contract holds to no list and to no pattern, lines and addresses.
func (o operation) written(at string, schema map[string]any) (fields []string) {
	schema = o.follow(schema)
	if all, ok := schema["allOf"].([]any); ok {
		for _, part := range all {
			fields = append(fields, o.written(at, part.(map[string]any))...)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, p := range properties {
		fields = append(fields, o.written(at+"/"+name, p.(map[string]any))...)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		switch item := o.follow(items); {
		case item["properties"] != nil:
			fields = append(fields, o.written(at+"/0", item)...)
		case len(o.written(at, item)) > 0:
			fields = append(fields, at) // each line of the field is one of the list
		}
	}
	format, _ := schema["format"].(string)
	free := schema["pattern"] == nil && !strings.HasPrefix(format, "date") || format == "line" || format == "email"
	if schema["type"] == "string" && schema["enum"] == nil && schema["const"] == nil && free {
		fields = append(fields, at)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// deskForm is a form of the desk for one command.
type deskForm struct {
	op     string
	path   string
	fields []string
	// also is what the page asks beside the command.
	also url.Values
}

// deskForms are all forms of the desk that take a text, from the contract. Flows have pages
// of their own: one that is not here fails.
func deskForms(t *testing.T, p confided, fund *fundLoad) (forms []deskForm) {
	t.Helper()
	records := map[string]string{
		"/v1/cases/": p.id, "/v1/referrals/": p.referral, "/v1/matters/": "mat" + strings.TrimPrefix(p.referral, "ref"),
		"/v1/support-plans/": "plan" + strings.TrimPrefix(p.referral, "ref"), "/v1/examinations/": "exam" + strings.TrimPrefix(p.referral, "ref"),
		"/v1/centres/": p.house(t.Context(), p.lawyer.Agency), "/v1/courts/": p.court(t.Context(), p.lawyer.Agency),
		"/v1/applications/": fund.ids[0], "/v1/grants/": fund.grant,
	}
	of := "/desk/cases/" + p.id
	flows := map[string]deskForm{
		"openCase": {path: "/desk/cases/open"}, "recordReport": {path: "/desk/enquiries/new"}, "sendEnquiry": {path: "/desk/tell"}, "searchCases": {path: "/desk/search"}, "exportIncidents": {path: "/desk/export"},
		"draftAgreement": {path: "/desk/do/draftAgreement/" + fund.grant},
		"openCentre":     {path: "/desk/do/openCentre/new"}, "askKit": {path: "/desk/kit"},
		"amendCase": {path: of + "/amend/contact"}, "requestServices": {path: of + "/ask", also: url.Values{
			"step": {"send"}, "ask.services": {"legal_assistance_service"}, "ask.urgency": {"urgent"}, "ask.pick": {"legal_assistance_service " + p.lawyer.Agency},
			"ask.check": {"legal_assistance_service"}, "ask.opposing": {canary},
		}},
		"giveConsent": {path: of + "/consent"}, "refuseConsent": {path: of + "/consent", also: url.Values{"step": {"refuse"}}},
		// Where the unit is written; the number is a form of its own.
		"reportCapacity":   {path: "/desk/do/reportCapacity/" + shelter},
		"amendMatter":      {path: "/desk/matters/mat" + strings.TrimPrefix(p.referral, "ref") + "/amend/adv_1"},
		"amendSupportPlan": {path: "/desk/plans/plan" + strings.TrimPrefix(p.referral, "ref") + "/amend/sess_1"},
		"amendExamination": {path: "/desk/examinations/exam" + strings.TrimPrefix(p.referral, "ref") + "/amend/rec_1"},
		"withdrawConsent": {path: of + "/withdraw", also: url.Values{
			"step": {"withdraw"}, "/recipient": {p.lawyer.Agency}, "/service": {"legal_assistance_service"},
		}},
		"matchServices": {path: of + "/ask", also: url.Values{
			"step": {"match"}, "ask.services": {"legal_assistance_service"}, "ask.urgency": {"urgent"}, "ask.area": {canary}, "ask.language": {canary}, "ask.blocked": {canary}, "ask.conflicts": {canary},
		}},
	}
	for _, o := range operations(t) {
		var page map[string]any
		for _, item := range []string{"post", "put", "patch", "delete"} {
			if one, ok := o.doc["paths"].(map[string]any)[o.path].(map[string]any)[item].(map[string]any); ok && one["operationId"] == o.id {
				page, _ = one["x-desk"].(map[string]any)
			}
		}
		if page["page"] == nil || o.body == nil {
			continue
		}
		fields := o.written("", o.body)
		if len(fields) == 0 {
			continue
		}
		one := deskForm{path: "/desk/do/" + o.id + "/1"}
		for prefix, id := range records {
			if strings.HasPrefix(o.path, prefix+"{id}") {
				one.path = "/desk/do/" + o.id + "/" + id
			}
		}
		if flow, ok := flows[o.id]; ok {
			one = flow
		} else if page["flow"] == true {
			t.Errorf("%s takes %q on pages of its own: name its form here", o.id, fields)
		}
		one.op, one.fields = o.id, fields
		if _, pattern := pageMux().Handler(httptest.NewRequest(http.MethodPost, one.path, nil)); pattern == "" {
			continue // it comes with its page, and the test of the operations holds that
		}
		forms = append(forms, one)
	}
	return append(forms, deskForm{op: "the number of reportCapacity", path: "/desk/places/" + shelter + "/free", fields: []string{"available"}, also: url.Values{"unit": {"bed"}, "shown": {"4"}}})
}

// values of a form: the canary in each field that takes a text.
func (f deskForm) values() url.Values {
	sent := url.Values{"key": {uuid.NewString()}, "version": {`"1"`}, "/reason": {"addition"}}
	for _, field := range f.fields {
		sent.Set(field, canary)
	}
	maps.Copy(sent, f.also)
	return sent
}

// told says where an answer tells of her: anywhere but in the form that is shown again.
func (b *browser) told() (where []string) {
	for name, values := range b.header {
		if strings.Contains(strings.Join(values, " "), canary) {
			where = append(where, "the header "+name)
		}
	}
	if strings.Contains(b.at.String(), canary) {
		where = append(where, "the address")
	}
	if m := title.FindSubmatch(b.body); m != nil && bytes.Contains(m[1], []byte(canary)) {
		where = append(where, "the title")
	}
	for _, link := range addressed.FindAll(b.body, -1) {
		if bytes.Contains(link, []byte(canary)) {
			where = append(where, "an address on the page")
		}
	}
	return where
}

// Whatever form a person writes her words into, they stand in that form and nowhere else: in no
// address, title, header, log, span or metric, also where the session was over. A form that was
// kept is shown to nobody else.
func TestNoFormOfTheDeskTellsOfHer(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	clock := &shiftedClock{}
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
		w.config.Clock = clock.now
	})
	fund := w.grants(clock)
	w.listed()
	p := w.confide(t.Context())
	p.accept(t.Context())
	forms := deskForms(t, p, fund)
	if len(forms) < 18 {
		t.Fatalf("%d forms take a text", len(forms))
	}
	people := map[string]identity.Principal{
		"desk": network.Seat(journey.FrontDesk, "caseworker"), "head of the desk": network.Seat(journey.FrontDesk, "supervisor"), "lawyer": network.Seat(p.lawyer.Agency, "lawyer", "focal_point"),
		"counsellor": network.Seat(journey.Counselling, "counsellor"), "examiner": network.Seat(journey.Forensics, "examiner"),
		"coordination": network.Seat(journey.Coordination, "coordinator"), "registrar": network.Seat(p.lawyer.Agency, "court_registrar"),
		"secretariat": network.Seat(journey.Fund, "fund_manager"), "applicant": fund.seats()[0],
	}
	again := map[string]bool{}
	for who, person := range people {
		b := w.browser(person)
		for _, f := range forms {
			b.open("/desk/")
			b.visit(http.MethodPost, f.path, f.values())
			if b.status >= http.StatusInternalServerError {
				t.Errorf("%s by the %s is answered with %d", f.op, who, b.status)
			}
			for _, where := range b.told() {
				t.Errorf("%s by the %s: %s tells of her", f.op, who, where)
			}
			again[f.op] = again[f.op] || bytes.Contains(b.body, []byte(canary))
		}
	}
	for _, f := range forms {
		// Its one text is asked where she is a child, and she is none here.
		if !again[f.op] && f.op != "giveConsent" {
			t.Errorf("%s never stood in its form again: the test would find nothing", f.op)
		}
	}

	// The same where the session is over: somebody else, in the same browser, is shown nothing.
	for _, f := range forms {
		b := w.browser(people["desk"])
		b.fetch(t.Context(), http.MethodPost, "/desk/lock", nil, b.fromHere())
		b.visit(http.MethodPost, f.path, f.values())
		if !b.signedOut() || bytes.Contains(b.body, []byte(canary)) {
			t.Errorf("%s, and the session was over: the page shows her words", f.op)
		}
		other := b.copied()
		other.enter(people["counsellor"])
		if bytes.Contains(other.body, []byte(canary)) {
			t.Errorf("%s: somebody else is given what was kept", f.op)
		}
		for _, where := range append(b.told(), other.told()...) {
			t.Errorf("%s, and the session was over: %s tells of her", f.op, where)
		}
	}
	for place, text := range w.left(spans) {
		if i := bytes.Index(text, []byte(canary)); i >= 0 {
			t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}
