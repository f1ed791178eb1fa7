package guarantees_test

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Five binaries as five processes, one bus and one database over TCP, one
// identity provider over HTTP: the same journey.
func TestFiveProcesses(t *testing.T) {
	dir := t.TempDir()
	mongo, err := embedded.Mongo(network.DatabaseDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := mongo.Close(); err != nil {
			t.Error(err)
		}
	}()
	uri, err := mongo.Listen(t.Context(), embedded.Listening{Addr: "127.0.0.1:0", User: "services", Password: rand.Text()})
	if err != nil {
		t.Fatal(err)
	}
	at, bus, err := network.StartBus(filepath.Join(dir, "keys"), filepath.Join(dir, "nats"), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Shutdown()
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	if err := keyset.WriteFile(filepath.Join(dir, "keyset.json")); err != nil {
		t.Fatal(err)
	}
	issuer, err := identity.NewIssuer("", network.Issuer, network.Audience)
	if err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(issuer.JWKS())
	defer provider.Close()

	apis := routes{}
	var processes []*process
	net := running{bus: at}
	for _, name := range network.Services {
		addr, admin := freeAddr(t), freeAddr(t)
		net.admins = append(net.admins, admin)
		apis[name] = addr
		bin := build(t, "github.com/sanad-network/sanad/services/"+name+"/cmd/"+name)
		processes = append(processes, spawn(t.Context(), t, bin, admin, []string{
			"SANAD_HTTP_ADDR=" + addr, "SANAD_ADMIN_ADDR=" + admin, "SANAD_NATS_URL=" + at.URL, "SANAD_NATS_SEED_FILE=" + at.Seeds.Seed(name),
			"SANAD_MONGODB_URI=" + uri, "SANAD_KEYSET_FILE=" + filepath.Join(dir, "keyset.json"),
			"SANAD_MODE=training", "SANAD_ISSUER=" + network.Issuer, "SANAD_AUDIENCE=" + network.Audience, "SANAD_JWKS_URL=" + provider.URL,
			"SANAD_JWKS_FILE=" + filepath.Join(dir, name+".jwks.json"),
		}))
	}
	wit, err := theWitness()
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: wit.Transport(gateway{wit, apis}, t), Timeout: answer}
	desks := map[string]office.Desk{}
	for _, r := range journey.Roles {
		token, err := issuer.Token(network.Seat(r.Agency, r.Role, r.Also...), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		desks[r.Agency] = office.Desk{Agency: r.Agency, Token: token, Base: "http://sanad.localhost", HTTP: client}
	}
	cast := func(agency string) office.Desk { return desks[agency] }
	ctx, cancel := patience.Context(t.Context(), t, "the journey", net.moves)
	defer cancel()
	if err := journey.Register(ctx, cast); err != nil {
		t.Fatal(err)
	}
	story, err := journey.Play(ctx, cast, func(agency, step string, took time.Duration) {
		t.Logf("%s %s (%s)", agency, step, took)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(story.Referrals) != 3 || story.Certificate == "" {
		t.Errorf("the journey came to %+v", story)
	}
	for _, name := range network.Services {
		if kept, err := secret.Read(filepath.Join(dir, name+".jwks.json")); err != nil || !bytes.Contains(kept, []byte(provider.URL)) {
			t.Errorf("%s keeps of the provider's keys %s, %v", name, kept, err)
		}
	}
	for _, p := range processes {
		p.end()
	}
}

// routes are the addresses of the services.
type routes map[string]string

// gateway sends each path to the service whose contract has it, as an ingress
// does.
type gateway struct {
	*witness
	routes
}

// RoundTrip sends a request to its service.
func (g gateway) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Host = g.routes[g.Service(req.Method, req.URL.Path)]
	return http.DefaultTransport.RoundTrip(req)
}
