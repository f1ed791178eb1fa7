package guarantees_test

import (
	"context"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

var writeOutlines = flag.Bool("outlines", false, "write the outlines of the desk's pages anew")

// outlined holds the page that a browser shows against its outline in testdata/desk, and the
// same page in the language of tests against its own.
func (b *browser) outlined(name string) {
	b.t.Helper()
	b.outlinedAs(name)
	b.disguised(name)
}

// stays are the short numbers of stays, which are new in each run.
var stays = regexp.MustCompile(`(Stay|Štáý|Booking|Ɓóóķíñĝ|Matter) [0-9a-hjkmnp-tv-z]{6}\b`)

func (b *browser) outlinedAs(name string) {
	b.t.Helper()
	path := filepath.Join("testdata", "desk", name+".txt")
	// The first line says which page it is.
	got := "page " + pagePattern(b.asked) + "\n" + stays.ReplaceAllString(b.outline(), "…")
	if *writeOutlines {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatalf("%v: write it with -outlines, and read it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		b.t.Errorf("%s is not as its outline says (-want +got):\n%s", name, diff)
	}
}

// deskStory is what stands on the pages of a test: a case in which everything was told, and
// a referral of it to a lawyer, who may be shown it.
func (w *world) deskStory(ctx context.Context) confided {
	w.t.Helper()
	if err := journey.Register(ctx, w.cast()); err != nil {
		w.t.Fatal(err)
	}
	return w.confide(ctx)
}

// packet asks to be shown what the agency may know.
func (b *browser) packet() {
	b.t.Helper()
	for form := range elements(b.doc, "form") {
		if strings.HasSuffix(attribute(form, "action"), "/packet") {
			b.visit(http.MethodPost, attribute(form, "action"), url.Values{})
			return
		}
	}
	b.t.Fatalf("%s shows no packet", b.path())
}

// What a reader of screens has on each page: role, name, state and order.
func TestTheOutlineOfEachPage(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	nobody := w.stranger()
	nobody.open("/desk/sign-in")
	nobody.outlined("sign-in")

	lawyer := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	lawyer.outlined("home")
	lawyer.open("/desk/referrals?role=recipient")
	lawyer.outlined("referrals")
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.outlined("referral")
	lawyer.command("declineReferral")
	lawyer.outlined("decline")
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.command("acceptReferral")
	lawyer.outlined("accept")
	lawyer.submitMain(nil)
	lawyer.outlined("referral-accepted")
	lawyer.until("the packet", func() bool {
		lawyer.open("/desk/referrals/" + p.referral)
		lawyer.packet()
		return lawyer.status == 200
	})
	lawyer.outlined("packet")
	lawyer.open("/desk/referrals/ref_nobody")
	lawyer.outlined("not-found")
	lawyer.submit("Leave", nil)
	lawyer.outlined("left")
}
