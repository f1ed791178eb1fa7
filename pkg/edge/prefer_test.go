package edge

import (
	"net/http"
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
