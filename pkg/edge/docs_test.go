package edge_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/edge"
)

func TestDocs(t *testing.T) {
	routes, err := edge.Docs(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	handler := edge.Join(noop.NewTracerProvider(), routes)
	get := func(path string) (*http.Response, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		body, _ := io.ReadAll(w.Result().Body)
		return w.Result(), string(body)
	}
	for served, file := range map[string]string{
		"/openapi/referral.yaml": "openapi/referral.yaml", "/asyncapi.yaml": "asyncapi/network.yaml",
	} {
		want, err := api.Files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		resp, body := get(served)
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/yaml" || body != string(want) {
			t.Errorf("%s: status %d, %s", served, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
	resp, body := get("/docs")
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") {
		t.Errorf("policy %q", policy)
	}
	for _, want := range []string{"acceptReferral", "POST /v1/referrals/{id}/accept", "/openapi/intake.yaml", "referral.accepted.v1", "sanad.events.intake.{event}.{stream}"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	for _, never := range []string{"<script", "http://", "https://", "ZgotmplZ"} {
		if strings.Contains(body, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if resp, _ := get("/openapi/none.yaml"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a contract of nobody: status %d", resp.StatusCode)
	}
}

// The page's text comes out of files; it must not become markup.
func TestDocsEscape(t *testing.T) {
	garden, err := os.ReadFile("testdata/garden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	routes, err := edge.Docs(fstest.MapFS{
		"openapi/garden.yaml":   {Data: []byte(strings.Replace(string(garden), "Water a plant", "<img src=x>", 1))},
		"asyncapi/network.yaml": {Data: []byte("channels: {}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	routes["/docs"].ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/docs", http.NoBody))
	if strings.Contains(w.Body.String(), "<img") {
		t.Error("text became markup")
	}
}

func TestDocsNeedTheContracts(t *testing.T) {
	if _, err := edge.Docs(fstest.MapFS{}); err == nil {
		t.Error("no complaint about an empty file system")
	}
}

// Every contract of the network can be served by this edge.
func TestContractsOfTheNetwork(t *testing.T) {
	files, err := api.Files.ReadDir("openapi")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		contract, err := api.Files.ReadFile("openapi/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := edge.New(edge.Config{Service: file.Name(), Contract: contract}); err != nil {
			t.Error(err)
		}
	}
}
