package guarantees_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
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
	t.Parallel() // it waits for processes of its own
	f := lay(t)
	binary := func(name string) (string, []string) {
		return build(t, "github.com/sanad-network/sanad/services/"+name+"/cmd/"+name), nil
	}
	f.start(binary)
	desks := map[string]office.Desk{}
	for _, r := range journey.Roles {
		d, err := f.Desk(network.Seat(r.Agency, r.Role, r.Also...))
		if err != nil {
			t.Fatal(err)
		}
		desks[r.Agency] = d
	}
	cast := func(agency string) office.Desk { return desks[agency] }
	ctx, cancel := patience.Context(t.Context(), t, "the journey", f.running().moves)
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
		if kept, err := secret.Read(filepath.Join(f.dir, name+".jwks.json")); err != nil || !bytes.Contains(kept, []byte(f.provider)) {
			t.Errorf("%s keeps of the provider's keys %s, %v", name, kept, err)
		}
	}
	f.alone(ctx, desks, binary)
}

// alone has each service take a command while the other four are down: none asks another before it
// answers.
func (f *five) alone(ctx context.Context, desks map[string]office.Desk, binary func(string) (string, []string)) {
	f.t.Helper()
	must := func(err error) {
		f.t.Helper()
		if err != nil {
			f.t.Fatal(err)
		}
	}
	front := desks[journey.FrontDesk]
	given := func(agency, role, service, work string) string {
		d, referral := desks[agency], request(ctx, f.t, front, openCase(ctx, f.t, front, agency, service), agency, service)
		path := "/v1/referrals/" + referral
		work += strings.TrimPrefix(referral, "ref")
		var is view
		must(d.Until(ctx, path, &is, func() bool { return true }))
		must(d.Post(ctx, path+"/accept", m{}, nil))
		must(d.Post(ctx, path+"/assign", m{"worker": journey.Subject(role, agency)}, nil))
		must(d.Until(ctx, work, &is, func() bool { return is.Status == "open" && is.Case != "" }))
		must(journey.Checked(ctx, d, work))
		return work
	}
	matter := given(journey.LegalAid, "lawyer", "legal_assistance_service", "/v1/matters/mat")
	plan := given(journey.Counselling, "counsellor", "psychosocial_service", "/v1/support-plans/plan")
	exam := given(journey.Forensics, "examiner", "forensic_examination_service", "/v1/examinations/exam")
	waits := "/v1/referrals/" + request(ctx, f.t, front, openCase(ctx, f.t, front, journey.LegalAid, "legal_assistance_service"), journey.LegalAid, "legal_assistance_service")
	must(desks[journey.LegalAid].Until(ctx, waits, &view{}, func() bool { return true }))
	f.end()
	for name, c := range map[string]struct {
		by, path string
		body     m
	}{
		"intake":            {journey.FrontDesk, "/v1/cases", m{"channel": "citizen_service_office", "country": "GT", "programme": "guatemala"}},
		"referral":          {journey.LegalAid, waits + "/accept", m{}},
		"legal-aid":         {journey.LegalAid, matter + "/advice", m{"topic": "family_law", "summary": "what she can do"}},
		"psychosocial":      {journey.Counselling, plan + "/sessions", m{"kind": "individual", "attendance": "attended"}},
		"forensic-services": {journey.Forensics, exam + "/steps", m{"step": "history", "answer": "consented"}},
	} {
		path, args := binary(name)
		f.one(name, path, args)
		if err := desks[c.by].Post(ctx, c.path, c.body, nil); err != nil {
			f.t.Errorf("%s alone: %v", name, err)
		}
		f.end()
	}
}

// five is a network of five processes.
type five struct {
	t             testing.TB
	dir, provider string
	uri           string // of the database
	fund          bool   // there is a trust fund as well
	bus           network.Bus
	issuer        *identity.Issuer
	apis          routes
	admins        []string
	processes     []*process
	http          *http.Client
}

// lay makes what five processes stand on: a database, a bus, keys and an identity
// provider.
func lay(t testing.TB) *five {
	t.Helper()
	f := &five{t: t, dir: t.TempDir(), apis: routes{}}
	mongo, err := embedded.Mongo(network.DatabaseDir(f.dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := mongo.Close(); err != nil {
			t.Error(err)
		}
	})
	if f.uri, err = mongo.Listen(t.Context(), embedded.Listening{Addr: "127.0.0.1:0", User: "services", Password: rand.Text()}); err != nil {
		t.Fatal(err)
	}
	var server *embedded.NATSServer
	if f.bus, server, err = network.StartBus(filepath.Join(f.dir, "keys"), filepath.Join(f.dir, "nats"), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	if err := keyset.WriteFile(filepath.Join(f.dir, "keyset.json")); err != nil {
		t.Fatal(err)
	}
	if f.issuer, err = identity.NewIssuer("", network.Issuer, network.Audience); err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(f.issuer.JWKS())
	t.Cleanup(provider.Close)
	f.provider = provider.URL
	wit, err := theWitness()
	if err != nil {
		t.Fatal(err)
	}
	f.http = &http.Client{Transport: wit.Transport(gateway{wit, f.apis}, t), Timeout: answer}
	return f
}

// start starts each service by the command that is given for it, one after the other.
func (f *five) start(command func(name string) (path string, args []string)) {
	f.t.Helper()
	for _, name := range network.With(f.fund) {
		path, args := command(name)
		f.one(name, path, args)
	}
}

// one starts one service.
func (f *five) one(name, path string, args []string) {
	f.t.Helper()
	addr, admin := freeAddr(f.t), freeAddr(f.t)
	f.admins = append(f.admins, admin)
	f.apis[name] = addr
	f.processes = append(f.processes, spawn(f.t.Context(), f.t, path, admin, []string{
		"SANAD_HTTP_ADDR=" + addr, "SANAD_ADMIN_ADDR=" + admin, "SANAD_NATS_URL=" + f.bus.URL, "SANAD_NATS_SEED_FILE=" + f.bus.Seeds.Seed(name),
		"SANAD_MONGODB_URI=" + f.uri, "SANAD_KEYSET_FILE=" + filepath.Join(f.dir, "keyset.json"),
		"SANAD_MODE=training", "SANAD_ISSUER=" + network.Issuer, "SANAD_AUDIENCE=" + network.Audience, "SANAD_JWKS_URL=" + f.provider,
		"SANAD_JWKS_FILE=" + filepath.Join(f.dir, name+".jwks.json"), "SANAD_NOTICES_DIR=" + f.notices(),
		"SANAD_FILES=" + filepath.Join(f.dir, "files"),
		"SANAD_LAME_DUCK=0s", // nothing follows /readyz here
	}, args...))
}

// end stops all in order.
func (f *five) end() {
	f.t.Helper()
	for _, p := range f.processes {
		p.end()
	}
	f.processes, f.admins = nil, nil
}

func (f *five) running() running { return running{bus: f.bus, admins: f.admins} }

func (f *five) notices() string { return filepath.Join(f.dir, "notices") }

// Desk seats a person.
func (f *five) Desk(p identity.Principal) (office.Desk, error) {
	token, err := f.issuer.Token(p, time.Hour)
	return office.Desk{Agency: p.Agency, Token: token, Base: "http://sanad.localhost", HTTP: f.http}, err
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
