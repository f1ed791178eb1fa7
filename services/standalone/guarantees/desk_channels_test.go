package guarantees_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api/code"
)

// Each door opens a case with what an office knows already, and says then what to ask her next,
// in the order of the programme. What she says is saved by itself: when the line drops after one
// answer, the case and the answer are there.
func TestEachDoorOpensACase(t *testing.T) {
	w := begin(t)
	for _, c := range code.Channels {
		t.Run(string(c), func(t *testing.T) {
			ana := w.browser(at("ana", "caseworker"))
			ana.t = t
			ana.open("/desk/doors/" + string(c))
			ana.must("are you in danger now?")
			ana.submit("Open the case", values{"Country": "Guatemala", "Programme": "guatemala"})
			path, _, _ := strings.Cut(ana.path(), "?")
			if ana.status != http.StatusOK || !strings.HasSuffix(path, "/asks") {
				t.Fatalf("%s: the case is not open (%d):\n%s", path, ana.status, ana.outline())
			}
			page, first, second := ana.outline(), "Is she in danger now?", "In her words"
			if c == code.Hotline || c == code.Self {
				first, second = "In which language", "Is she in danger now?"
			}
			if i, j := strings.Index(page, first), strings.Index(page, second); i < 0 || j < i {
				t.Errorf("%q and then %q:\n%s", first, second, page)
			}
			ana.follow("What she wants to be called")
			ana.submit("Write it", values{"What she wants to be called": canaryWords})
			if got, _, _ := strings.Cut(ana.path(), "?"); got != path {
				t.Fatalf("%s:\n%s", got, ana.outline())
			}
			ana.must("Written down")
			// The line drops. Somebody else's browser is as good as hers who wrote it.
			again := w.browser(at("ana", "caseworker"))
			again.t = t
			again.open(strings.TrimSuffix(path, "/asks"))
			again.must(canaryWords)
		})
	}
}

// Who does not have the case is not told what was said in it, and no door is made up.
func TestWhatToAskIsForWhoHasTheCase(t *testing.T) {
	w := begin(t)
	ana, eva := w.browser(at("ana", "caseworker")), w.browser(at("eva", "caseworker"))
	path := ana.opens(nil)
	ana.open(path + "/asks")
	ana.outlined("case-asks")
	eva.open(path + "/asks")
	if eva.status != http.StatusNotFound {
		t.Errorf("%d:\n%s", eva.status, eva.outline())
	}
	ana.open("/desk/doors/hotline")
	ana.outlined("case-open-hotline")
	ana.open("/desk/doors/market")
	if ana.status != http.StatusNotFound {
		t.Errorf("a door that is none: %d", ana.status)
	}
}
