package edge_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/identity"
)

const png = "\x89PNG\r\n\x1a\nleaf"

func TestFileIsTaken(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var got []edge.Request[edge.Upload]
	g.keep = func(_ context.Context, r edge.Request[edge.Upload]) (edge.Response, error) {
		got = append(got, r)
		return edge.Response{Version: 2}, nil
	}
	for _, content := range []string{png, png, png + "s"} {
		if resp := g.do(g.request("POST", "/v1/plants/plant_0001/files", content, "Content-Type", "image/png")); resp.StatusCode != http.StatusOK {
			t.Fatal(requireProblem(t, resp, 200, ""))
		}
	}
	if r := got[0]; r.ID != "plant_0001" || r.Key != uuid || r.Body.Type != "image/png" || string(r.Body.Content) != png {
		t.Errorf("it was read as %+v", r)
	}
	if !bytes.Equal(got[0].Digest, got[1].Digest) || bytes.Equal(got[0].Digest, got[2].Digest) {
		t.Error("the digest is not that of the content")
	}
}

func TestFileIsRefused(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	g.keep = func(context.Context, edge.Request[edge.Upload]) (edge.Response, error) {
		t.Error("it was served")
		return edge.Response{}, nil
	}
	for name, c := range map[string]struct {
		content, media string
		status         int
		code           string
	}{
		"another type":                 {png, "image/gif", 415, "file_type"},
		"no type":                      {png, "", 415, "file_type"},
		"two types":                    {png, "image/png, application/pdf", 415, "file_type"},
		"JSON":                         {plant, "application/json", 415, "file_type"},
		"a program called a picture":   {"MZ\x90\x00\x03canary", "image/png", 415, "file_type"},
		"a page called a picture":      {"<html><script>canary</script>", "image/png", 415, "file_type"},
		"a PDF called a picture":       {"%PDF-1.7", "image/png", 415, "file_type"},
		"nothing":                      {"", "image/png", 415, "file_type"},
		"larger than that type may be": {"%PDF-1.7" + strings.Repeat("x", 13), "application/pdf", 413, "file_too_large"},
		"larger than all may be":       {png + strings.Repeat("x", 1000), "image/png", 413, "file_too_large"},
	} {
		r := g.request("POST", "/v1/plants/plant_0001/files", c.content, "Content-Type", c.media)
		problem := requireProblem(t, g.do(r), c.status, c.code)
		if strings.Contains(problem.Detail, "canary") {
			t.Errorf("%s: the answer repeats it", name)
		}
		r = g.request("POST", "/v1/plants/plant_0001/files", c.content, "Content-Type", c.media)
		r.ContentLength = -1 // in pieces
		requireProblem(t, g.do(r), c.status, c.code)
	}
	requireProblem(t, g.do(g.request("POST", "/v1/plants/plant_0001/files", png, "Content-Type", "image/png", "Content-Encoding", "gzip")), 415, "file_type")
}

func TestFileIsGiven(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) {
		return edge.Response{Body: edge.Download{Type: "application/pdf", Content: []byte("%PDF-1.7")}}, nil
	}
	resp := g.do(g.request("GET", "/v1/plants/plant_0001/file", ""))
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK || string(body) != "%PDF-1.7" {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "Content-Disposition": "attachment", "Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

// Few files of one agency are on their way at once, so that its slow lines keep no other waiting;
// and few of all, because a process holds them in memory. Who comes then is told so.
func TestFewFilesAtOnce(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	here, on := make(chan struct{}), make(chan struct{})
	g.keep = func(context.Context, edge.Request[edge.Upload]) (edge.Response, error) {
		here <- struct{}{}
		<-on
		return edge.Response{Version: 2}, nil
	}
	tokens := map[string]string{}
	for _, agency := range []string{"garden-club", "orchard", "nursery", "greenhouse"} {
		token, err := g.issuer.Token(identity.Principal{Subject: "person-1", Agency: agency, Roles: []string{"caseworker"}}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		tokens[agency] = token
	}
	send := func(agency string) *http.Response {
		return g.do(g.request("POST", "/v1/plants/plant_0001/files", png, "Content-Type", "image/png", "Authorization", "Bearer "+tokens[agency]))
	}
	done := make(chan *http.Response)
	begin := func(agency string) {
		go func() { done <- send(agency) }()
		<-here
	}
	refused := func(agency string) {
		t.Helper()
		busy := send(agency)
		requireProblem(t, busy, 503, "files_busy")
		if busy.Header.Get("Retry-After") == "" {
			t.Error("it is not said when to try again")
		}
	}
	const ofOne, ofAll = 4, 12
	for range ofOne {
		begin("garden-club")
	}
	refused("garden-club")
	// Who has no token, and what is no file, takes no way.
	requireProblem(t, g.do(g.request("POST", "/v1/plants/plant_0001/files", png, "Content-Type", "image/png", "Authorization", "")), 401, "unauthenticated")
	if resp := g.do(g.request("GET", "/v1/plants", "")); resp.StatusCode != http.StatusOK {
		t.Error("a list waits for files:", resp.StatusCode)
	}
	for range ofOne {
		begin("orchard")
		begin("nursery")
	}
	refused("greenhouse")
	close(on)
	for range ofAll {
		if resp := <-done; resp.StatusCode != http.StatusOK {
			t.Error(resp.StatusCode)
		}
	}
	for range ofOne {
		begin("garden-club")
		if resp := <-done; resp.StatusCode != http.StatusOK {
			t.Error("a way is not given back:", resp.StatusCode)
		}
	}
	// What is refused gives its way back, too.
	for range ofAll {
		requireProblem(t, g.do(g.request("POST", "/v1/plants/plant_0001/files", png, "Content-Type", "image/gif")), 415, "file_type")
	}
}
