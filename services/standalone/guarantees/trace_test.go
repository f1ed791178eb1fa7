package guarantees_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
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
// it: one trace, one tree. Where a delivery starts new work, the work is linked
// to what was delivered.
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
			if len(links) != 1 || links[0].SpanContext.TraceID() != root.SpanContext().TraceID() {
				t.Errorf("%s has the links %v, want one to what was delivered", s.Name(), links)
			}
		}
	}
	for _, names := range [][]string{
		{
			"requestServices", "process sanad.events.intake.service_requested", "onServiceRequested", "insert journal",
		},
		{
			"acceptReferral", "process sanad.events.referral.accepted", "onReferralAccepted", "insert journal",
		},
		{
			"recordExamination", "process sanad.events.forensic-services.examination_recorded", "onExaminationRecorded",
			"process sanad.events.referral.started", "onReferralStarted", "insert journal",
		},
		{
			"issueCertificate", "process sanad.events.forensic-services.certificate_issued", "onCertificateIssued", "insert journal",
		},
		{
			"closeMatter", "process sanad.events.legal-aid.matter_closed", "onMatterClosed",
			"process sanad.events.referral.completed", "onReferralCompleted", "insert journal",
		},
	} {
		if tr.way(top, names...) == nil {
			var b strings.Builder
			tr.print(&b, top, 0)
			t.Fatalf("no way %q in the tree:\n%s", names, b.String())
		}
	}
}
