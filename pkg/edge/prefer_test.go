package edge

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// The examples of RFC 7240, sections 2 to 4, and what lies between them.
func TestMinimal(t *testing.T) {
	for _, c := range []struct {
		sent []string
		want bool
	}{
		{nil, false},
		{[]string{"foo; bar"}, false},
		{[]string{`foo; bar=""`}, false},
		{[]string{`foo=""; bar`}, false},
		{[]string{"respond-async, wait=100", "handling=lenient"}, false},
		{[]string{"handling=lenient, wait=100, respond-async"}, false},
		{[]string{"respond-async, wait=10", "priority=5"}, false},
		{[]string{"return=representation"}, false},
		{[]string{"return=minimal"}, true},
		{[]string{"return=minimal; foo=\"some parameter\""}, true},
		{[]string{"respond-async, return=minimal"}, true},
		{[]string{"respond-async", "wait=10", "return=minimal"}, true},
		{[]string{"return=minimal, return=representation"}, true},
		{[]string{"return=representation", "return=minimal"}, false},
		{[]string{`Return = "minimal" ;x`}, true},
		{[]string{"\treturn\t=\tminimal"}, true},
		{[]string{"return=MINIMAL"}, false},
		{[]string{"return"}, false},
		{[]string{"return="}, false},
		{[]string{"returns=minimal"}, false},
		{[]string{`foo="a, return=minimal"`}, false},
		{[]string{`foo="a\", return=minimal"`}, false},
		{[]string{`foo="a\"", return=minimal`}, true},
		{[]string{`foo; bar="x, y;", return=minimal`}, true},
		{[]string{`foo="open, return=minimal`}, false},
		{[]string{`foo="open\`}, false},
		{[]string{",, ,return=minimal"}, true},
		{[]string{""}, false},
	} {
		if got := minimal(http.Header{headerPrefer: c.sent}); got != c.want {
			t.Errorf("%q: %v", c.sent, got)
		}
	}
}

// Commands stand in an object, beside what the record says; nothing else takes them.
func TestOffering(t *testing.T) {
	for _, tt := range []struct {
		body     any
		commands []string
		want     string
	}{
		{map[string]string{"id": "ref_1"}, []string{"accept", "decline"}, `{"id":"ref_1","commands":["accept","decline"]}`},
		{struct{}{}, []string{}, `{"commands":[]}`},
		{map[string]string{"id": "ref_1"}, nil, `{"id":"ref_1"}`},
		{[]string{"ref_1"}, []string{"accept"}, ""},
		{"ref_1", []string{"accept"}, ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/v1/referrals/ref_1", nil)
		done, err := answer(r, Response{Body: tt.body, Commands: tt.commands}, false)
		if (err != nil) != (tt.want == "") || err == nil && string(done.body) != tt.want {
			t.Errorf("%v, %v: %v, %v", tt.body, tt.commands, done, err)
		}
	}
}
