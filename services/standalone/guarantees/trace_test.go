package guarantees_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/telemetry/telemetrytest"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// tree is a trace as it hangs together.
type tree struct {
	spans    map[trace.SpanID]sdktrace.ReadOnlySpan
	children map[trace.SpanID][]sdktrace.ReadOnlySpan
}

// print writes the tree by names, equal branches once.
func (t tree) print(b *strings.Builder, s sdktrace.ReadOnlySpan, depth int) {
	b.WriteString(strings.Repeat("  ", depth) + s.Name() + "\n")
	seen := map[string]bool{}
	kids := slices.SortedFunc(slices.Values(t.children[s.SpanContext().SpanID()]), func(a, b sdktrace.ReadOnlySpan) int {
		return cmp.Or(strings.Compare(a.Name(), b.Name()), a.StartTime().Compare(b.StartTime()))
	})
	for _, k := range kids {
		var branch strings.Builder
		t.print(&branch, k, depth+1)
		if !seen[branch.String()] {
			seen[branch.String()] = true
			b.WriteString(branch.String())
		}
	}
}

// way finds the spans of these names, each below the one before.
func (t tree) way(from sdktrace.ReadOnlySpan, names ...string) []sdktrace.ReadOnlySpan {
	if len(names) == 0 {
		return []sdktrace.ReadOnlySpan{from}
	}
	for _, k := range t.children[from.SpanContext().SpanID()] {
		if k.Name() == names[0] {
			if rest := t.way(k, names[1:]...); rest != nil {
				return append([]sdktrace.ReadOnlySpan{from}, rest...)
			}
		}
	}
	return nil
}

// From the request at intake to the certificate and to the lawyer who learns of
// it: one trace, one tree. Where a delivery starts new work, the work is below
// the publication of what was delivered, and linked to it.
func TestOneTrace(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	w := begin(t, func(w *world) { w.tracer = provider })
	ctx, root := provider.Tracer("test").Start(t.Context(), "journey")
	w.play(ctx)
	w.idle()
	root.End()
	w.stop()

	tr := tree{spans: map[trace.SpanID]sdktrace.ReadOnlySpan{}, children: map[trace.SpanID][]sdktrace.ReadOnlySpan{}}
	var top sdktrace.ReadOnlySpan
	for _, s := range recorder.Ended() {
		if s.SpanContext().TraceID() != root.SpanContext().TraceID() {
			continue
		}
		tr.spans[s.SpanContext().SpanID()] = s
		if s.Parent().IsValid() {
			tr.children[s.Parent().SpanID()] = append(tr.children[s.Parent().SpanID()], s)
		} else if top = s; s.Name() != "journey" {
			t.Errorf("%s is a root of its own", s.Name())
		}
	}
	for _, s := range tr.spans {
		if p := s.Parent(); p.IsValid() && tr.spans[p.SpanID()] == nil {
			t.Errorf("the parent of %s is in no span of the trace", s.Name())
		}
		if s.SpanKind() == trace.SpanKindConsumer {
			links := s.Links()
			published := tr.spans[s.Parent().SpanID()]
			if published == nil || published.SpanKind() != trace.SpanKindProducer || len(links) != 1 || links[0].SpanContext.SpanID() != s.Parent().SpanID() {
				t.Errorf("%s has the links %v, want one to the publication of what was delivered, its parent", s.Name(), links)
			}
		}
	}
	for _, names := range [][]string{
		{
			"requestServices", "send sanad.events.intake.service_requested", "process sanad.events.intake.service_requested", "onServiceRequested", "insert journal",
		},
		{
			"acceptReferral", "send sanad.events.referral.accepted", "process sanad.events.referral.accepted", "onReferralAccepted", "insert journal",
		},
		{
			"recordExamination", "send sanad.events.forensic-services.examination_started", "process sanad.events.forensic-services.examination_started", "onExaminationStarted",
			"send sanad.events.referral.started", "process sanad.events.referral.started", "onReferralStarted", "insert journal",
		},
		{
			"issueCertificate", "send sanad.events.forensic-services.certificate_issued", "process sanad.events.forensic-services.certificate_issued", "onCertificateIssued", "insert journal",
		},
		{
			"closeMatter", "send sanad.events.legal-aid.matter_closed", "process sanad.events.legal-aid.matter_closed", "onMatterClosed",
			"send sanad.events.referral.completed", "process sanad.events.referral.completed", "onReferralCompleted", "insert journal",
		},
	} {
		if tr.way(top, names...) == nil {
			var b strings.Builder
			tr.print(&b, top, 0)
			t.Fatalf("no way %q in the tree:\n%s", names, b.String())
		}
	}
}

// In one process each room tells its own part under its own name, and the trace
// leads from room to room: the publication in one, the reaction below it in the
// other. No record is named.
func TestRoomsTellTheirOwnPart(t *testing.T) {
	w := begin(t, func(w *world) { w.collector = telemetrytest.New(t) })
	events := w.watch()
	story := w.play(t.Context())
	front := w.desk(journey.FrontDesk, "caseworker")
	for path, status := range map[string]int{
		"/v1/cases/" + story.Case: http.StatusOK, "/v1/cases/" + story.Case + "?unknown=1": http.StatusUnprocessableEntity, "/v1/nowhere": http.StatusNotFound,
	} {
		if a, err := front.Do(t.Context(), http.MethodGet, path, nil, nil); err != nil || a.Status != status {
			t.Errorf("%s: %d %v", path, a.Status, err)
		}
	}
	w.idle()
	w.stop() // and everything is flushed

	spans := map[string]telemetrytest.Span{}
	rooms := map[string]string{}
	for _, s := range w.collector.Spans() {
		spans[s.ID] = s
		if s.Kind == "SERVER" {
			rooms[s.Name+" "+s.Attributes["http.response.status_code"]] = s.Service
		}
		for _, id := range events.records() {
			if strings.Contains(s.Text, id) {
				t.Errorf("a span names the record %s: %s", id, s.Text)
			}
		}
	}
	for asked, room := range map[string]string{
		"openCase 201": "intake", "getCase 200": "intake", "getCase 422": "intake", "acceptReferral 200": "referral", "closeMatter 200": "legal-aid",
		"recordExamination 200": "forensic-services", "GET 404": "standalone",
	} {
		if rooms[asked] != room {
			t.Errorf("%s is told by %q, want %s", asked, rooms[asked], room)
		}
	}
	met := map[string]bool{}
	for _, s := range spans {
		if s.Kind != "CONSUMER" || s.Parent == "" {
			continue // a deadline is nobody's consequence
		}
		from := spans[s.Parent]
		event := strings.TrimPrefix(s.Name, "process ")
		if from.Kind != "PRODUCER" || from.Name != "send "+event || from.Trace != s.Trace || !slices.Equal(s.Links, []string{from.ID}) ||
			!strings.HasPrefix(event, "sanad.events."+from.Service+".") {
			t.Errorf("%s of %s is below %s %s of %s", s.Name, s.Service, from.Kind, from.Name, from.Service)
		}
		met[from.Service+" to "+s.Service] = true
	}
	for _, way := range []string{"intake to referral", "referral to legal-aid", "referral to psychosocial", "legal-aid to referral", "forensic-services to referral"} {
		if !met[way] {
			t.Errorf("nothing went from %s: %v", way, met)
		}
	}
}
