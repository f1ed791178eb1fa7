package guarantees_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// An examiner works step by step, sees the body map in words, and writes a chain of custody that is
// signed on another machine. Who holds the paper of a kit asks how it stands without an account.
func TestTheForensicClinicAtTheDesk(t *testing.T) {
	w := begin(t)
	w.registered()
	r := roomOf("examiner")
	page, path, _ := w.takes(r)
	doctor, head := w.desk(r.agency, r.role), w.browser(network.Seat(r.agency, "supervisor"))
	b := w.worker(r)

	b.open(page)
	b.follow("Step by step")
	b.must("What can still be found", "Not asked yet", "Not known")
	b.follow("She said yes: General examination")
	b.outlined("clinic-step")
	b.submitMain(nil)
	b.must("What she said is on record.")
	b.follow("She said no: Genito-anal examination")
	b.submitMain(nil)
	b.follow("She said yes: Photographs")
	b.submitMain(nil)
	b.follow("She stopped it half-way: Photographs")
	b.submitMain(nil)
	b.must("Before: She said yes")
	b.follow("Record a finding: General examination")
	b.mustNot("When it happened")
	b.submitMain(values{"/injury/type": "bruise", "/injury/region": "upper_arm", "/injury/side": "left", "/injury/aspect": "front", "/injury/length_mm": "45", "/injury/colour": canary})
	b.follow("Record a finding: General examination")
	b.submitMain(values{"/none_found": "yes"})
	b.must("Recorded: 2")
	b.mustNot(canary)
	b.outlined("clinic-steps")
	b.follow("Body map")
	b.must("Bruise", "Upper arm", "45 mm", canary, "Looked, and no injury found", "It does not say that nothing happened")
	b.outlined("clinic-body")
	for who, want := range map[*browser]int{b: http.StatusOK, head: http.StatusForbidden} {
		status, header, drawn := who.fetch(t.Context(), http.MethodGet, page+"/body/map.svg", nil, nil)
		if status != want || want == http.StatusOK && (header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(string(drawn), "<svg")) || strings.Contains(string(drawn), canary) {
			t.Errorf("the drawing: %d %s %s", status, header.Get("Content-Type"), drawn)
		}
	}
	head.open(page + "/steps")
	head.mustNot("She said yes")

	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := w.keyed(head, r, public)
	chain := w.exhibit(doctor, path)
	b.open("/desk/custody/" + chain)
	b.must("There is no chain of custody here yet")
	b.submit("Open the chain of custody", nil)
	b.follow("Collected")
	b.outlined("clinic-link")
	b.submitMain(values{"/from/key": key, "/container": "tube"})
	b.must("It counts once it is signed.", "Waits for signatures", "standalone custody sign")
	b.outlined("clinic-link-waits")
	sign := func() {
		t.Helper()
		_, header, text := b.fetch(t.Context(), http.MethodGet, "/desk/custody/"+chain+"/text", nil, nil)
		if !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the text is shown as a page: %v", header)
		}
		b.open("/desk/custody/" + chain)
		b.command("signCustodyLink")
		b.submitMain(values{"/signatures/0/signature": signed.Sign(key, private, string(text)).Signature})
		b.must("The link is part of the chain.")
	}
	sign()
	b.follow("Sealed")
	b.submitMain(values{"/seal": "S-0042"})
	sign()
	b.follow("Handed over")
	b.submitMain(values{"/to/kind": "courier", "/to/name": "A courier", "/to/form": "F-1", "/to/witness": "The guard", "/seal": "S-0041"})
	b.must("The chain does not join here.")
	b.submitMain(values{"/break": "yes"})
	sign()
	b.must("The chain does not join between 2 and 3", "The seal is not as it was left.", "Courier: A courier", "Paper F-1, before The guard")
	b.outlined("clinic-chain")
	if _, _, file := b.fetch(t.Context(), http.MethodGet, "/desk/custody/"+chain+"/file", nil, nil); !strings.Contains(string(file), `"sanad custody 1"`) {
		t.Errorf("the file of the chain: %s", file)
	}
	b.open("/desk/custody?attention=true")
	b.must("Chain of custody", "The chain does not join somewhere")
	b.outlined("clinic-custody")

	w.certified(b, doctor, page, path, key, private)
	kitsAtTheDesk(w, b)
}

// keyed registers the public key of the worker of a room by the page of keys, and gives its id.
func (w *world) keyed(head *browser, r room, public ed25519.PublicKey) string {
	w.t.Helper()
	ctx, office := w.t.Context(), w.desk(r.agency, "supervisor")
	var register struct {
		Items []struct{ Worker, Subject string }
	}
	if err := office.Get(ctx, "/v1/workers", &register); err != nil || len(register.Items) == 0 {
		w.t.Fatal(err, register)
	}
	if err := office.Post(ctx, "/v1/workers/"+register.Items[0].Worker+"/credentials", m{
		"issuer": "A school", "course": "forensic_medicine_residency", "scope": []string{"examine", "collect", "certify"}, "valid_from": time.Now().UTC().Add(-time.Hour),
	}, nil); err != nil {
		w.t.Fatal(err)
	}
	w.idle()
	head.open("/desk/custody-keys")
	head.follow("Register a public key")
	head.outlined("clinic-key-new")
	head.submitMain(values{"/worker": register.Items[0].Worker, "/public": base64.StdEncoding.EncodeToString(public), "/from": time.Now().AddDate(0, 0, -2).Format("2006-01-02T15:04"), "/until": time.Now().AddDate(0, 6, 0).Format("2006-01-02T15:04")})
	head.must("The key is registered.", register.Items[0].Subject)
	head.outlined("clinic-keys")
	head.follow(register.Items[0].Subject)
	head.must(base64.StdEncoding.EncodeToString(public), "Counts until")
	head.outlined("clinic-key")
	at, _ := url.Parse(head.path())
	return at.Path[strings.LastIndex(at.Path, "/")+1:]
}

// exhibit takes a swab in an examination, and gives the id of its chain.
func (w *world) exhibit(doctor office.Desk, path string) string {
	w.t.Helper()
	ctx := w.t.Context()
	for _, one := range []struct {
		path string
		body m
	}{
		{"/steps", m{"step": "samples", "answer": "consented"}},
		{"/exhibits", m{"kind": "swab", "seal_number": "S-0042", "description": canary}},
	} {
		if err := doctor.Post(ctx, path+one.path, one.body, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	var x struct {
		Exhibits []struct{ ID string }
	}
	if err := doctor.Get(ctx, path, &x); err != nil || len(x.Exhibits) != 1 {
		w.t.Fatal(err, x)
	}
	return "cust" + strings.TrimPrefix(x.Exhibits[0].ID, "exh")
}

// certified issues a certificate, signs it by its page and gives it away.
func (w *world) certified(b *browser, doctor office.Desk, page, path, key string, private ed25519.PrivateKey) {
	w.t.Helper()
	ctx := w.t.Context()
	if err := doctor.Post(ctx, path+"/record", m{"examined_at": time.Now().UTC().Format(time.RFC3339Nano), "findings": canary, "examiner_credential": "GT-FM-1"}, nil); err != nil {
		w.t.Fatal(err)
	}
	if err := doctor.Post(ctx, path+"/certificate", m{"opinion": "consistent_with", "text": canary}, nil); err != nil {
		w.t.Fatal(err)
	}
	b.open(page)
	b.follow("Certificate")
	b.must("It waits for signatures.", "standalone custody sign")
	b.outlined("clinic-certificate-unsigned")
	var file struct{ Text string }
	if err := doctor.Get(ctx, path+"/certificate/file", &file); err != nil {
		w.t.Fatal(err)
	}
	b.command("signCertificate")
	b.submitMain(values{"/signatures/0/key": key, "/signatures/0/signature": signed.Sign(key, private, file.Text).Signature})
	b.must("It is signed")
	b.command("releaseCertificate")
	b.submitMain(values{"/to": "lawyer", "/name": "Her lawyer"})
	b.must("She has not said yes to this step")
	b.submitMain(values{"/to": "kept_for_her"})
	b.must("It is kept for her")
	b.outlined("clinic-certificate")
	for n := range elements(b.doc, "a") {
		if at := attribute(n, "href"); strings.HasSuffix(at, "/paper.pdf") {
			status, header, pdf := b.fetch(ctx, http.MethodGet, at, nil, nil)
			if status != http.StatusOK || header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(string(pdf), "%PDF-") {
				w.t.Errorf("the paper: %d %s", status, header.Get("Content-Type"))
			}
			return
		}
	}
	w.t.Error("the page gives no paper")
}

// kitsAtTheDesk registers a kit, shows its secret once, and has who holds the paper ask.
func kitsAtTheDesk(w *world, b *browser) {
	w.t.Helper()
	b.open("/desk/kits")
	b.submitMain(nil)
	b.must("are shown now, and never again", "Keep this paper safe.")
	var code []string
	for n := range elements(b.doc, "strong") {
		if attribute(n, "dir") == "ltr" {
			code = append(code, text(n))
		}
	}
	if len(code) != 2 {
		w.t.Fatalf("the paper has %q", code)
	}
	b.follow("To the kits")
	b.must(code[0], "It is held until")
	b.mustNot(code[1])
	b.outlined("clinic-kits")
	her := w.stranger()
	her.open("/desk/kit")
	her.outlined("clinic-kit")
	her.submitMain(values{"/number": code[0], "/secret": code[1]})
	her.must("The kit is here, closed.")
	her.mustNot(code[0], code[1])
	her.outlined("clinic-kit-held")
	her.open("/desk/kit")
	her.submitMain(values{"/number": code[0], "/secret": "AAAA-AAAA-AAAA"})
	her.must("No kit has this number and this secret.")
}
