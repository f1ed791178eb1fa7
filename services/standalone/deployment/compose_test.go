package deployment_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/sanad-network/sanad/pkg/service"
	pages "github.com/sanad-network/sanad/services/desk/program"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// compose loads the file as `docker compose` does: the specification's schema,
// then references and variables, of which .env.example names all.
func compose(t *testing.T) *types.Project {
	t.Helper()
	dir := filepath.Join(root, "deploy/compose")
	environment := types.Mapping{}
	for line := range strings.Lines(string(read(t, "deploy/compose/.env.example"))) {
		if name, _, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			environment[name] = "given"
		}
	}
	project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  dir,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(dir, "compose.yaml")}},
		Environment: environment,
	})
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func TestComposeRunsTheFiveServices(t *testing.T) {
	project := compose(t)
	var built []string
	for _, s := range project.Services {
		if s.Build == nil || s.Name == "desk" { // TestComposeRunsThePages
			continue
		}
		built = append(built, s.Name)
		program := s.Name
		if s.Name == "steward" {
			program = "standalone"
		}
		if got := *s.Build.Args["SERVICE"]; got != program {
			t.Errorf("%s is built from %s", s.Name, got)
		}
		if s.Image != "sanad/"+program+":dev" {
			t.Errorf("%s: image %s", s.Name, s.Image)
		}
		own := map[string]string{"keyset": s.Name + "-keyset", "seed": s.Name + "-seed", "ca": "nats-ca"}
		if s.Name == "steward" {
			delete(own, "keyset")
		}
		given := map[string]string{}
		for _, secret := range s.Secrets {
			given[secret.Target] = secret.Source
		}
		if diff := cmp.Diff(own, given); diff != "" {
			t.Errorf("%s: its own secrets, then those given:\n%s", s.Name, diff)
		}
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
			t.Errorf("%s can write its image or keeps capabilities", s.Name)
		}
		for name, file := range map[string]string{"SANAD_NATS_SEED_FILE": "seed", "SANAD_NATS_CA_FILE": "ca"} {
			if got := s.Environment[name]; got == nil || *got != "/run/secrets/"+file {
				t.Errorf("%s: %s is not the secret", s.Name, name)
			}
		}
		if s.Name == "steward" {
			checkSteward(t, s.Name, s.Command, slices.Collect(maps.Keys(s.Environment)))
			continue
		}
		if grace := s.StopGracePeriod; grace == nil || time.Duration(*grace) <= service.StopsWithin() {
			t.Errorf("%s is killed before it has stopped in order, which takes up to %s", s.Name, service.StopsWithin())
		}
		if s.DependsOn["steward"].Condition != types.ServiceConditionCompletedSuccessfully {
			t.Errorf("%s starts before the streams are as they are declared", s.Name)
		}
		checkVariables(t, s.Name, slices.Collect(maps.Keys(s.Environment)))
	}
	slices.Sort(built)
	if diff := cmp.Diff(append(slices.Clone(services), "steward"), built); diff != "" {
		t.Errorf("services, then what compose builds:\n%s", diff)
	}
}

// The pages have the addresses of the services, a client of the provider and an integrator's
// key of the bus, and no other door: no keyset, no database.
func TestComposeRunsThePages(t *testing.T) {
	project := compose(t)
	s, err := project.GetService("desk")
	if err != nil {
		t.Fatal(err)
	}
	if got := *s.Build.Args["SERVICE"]; got != "desk" || s.Image != "sanad/desk:dev" {
		t.Errorf("built from %s as %s", got, s.Image)
	}
	secrets := map[string]string{}
	for _, secret := range s.Secrets {
		secrets["/run/secrets/"+secret.Target] = secret.Source
	}
	want := map[string]string{
		*s.Environment["SANAD_OIDC_CLIENT_SECRET_FILE"]: "desk-client", *s.Environment["SANAD_NATS_SEED_FILE"]: "desk-seed", *s.Environment["SANAD_NATS_CA_FILE"]: "nats-ca",
	}
	if diff := cmp.Diff(want, secrets); diff != "" {
		t.Errorf("secrets that it reads, then those that it has:\n%s", diff)
	}
	if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
		t.Error("it can write its image or keeps capabilities")
	}
	if grace := s.StopGracePeriod; grace == nil || time.Duration(*grace) <= pages.StopsWithin() {
		t.Errorf("it is killed before it has stopped in order, which takes up to %s", pages.StopsWithin())
	}
	environ := []string{}
	for name, value := range s.Environment {
		// What the operator gives.
		switch name {
		case "SANAD_OIDC_ISSUER":
			environ = append(environ, name+"=https://login.example.org")
		case "SANAD_OIDC_REDIRECT_URL":
			environ = append(environ, name+"=https://desk.example.org/desk/callback")
		case "SANAD_DESK_ZONE":
			environ = append(environ, name+"=UTC")
		default:
			environ = append(environ, name+"="+*value)
		}
	}
	at := func(variable string) func(string) bool {
		return func(address string) bool {
			host, port, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
			other, err := project.GetService(host)
			return err == nil && *other.Environment[variable] == ":"+port
		}
	}
	checkPages(t, environ, at("SANAD_HTTP_ADDR"), at("SANAD_ADMIN_ADDR"))
}

// checkPages holds that the pages start with an environment, and that what they ask is there:
// the operations, and the admin addresses for the console.
func checkPages(t *testing.T, environ []string, there, admin func(address string) bool) {
	t.Helper()
	c, err := pages.ReadConfig(t.Context(), environ)
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range []struct {
		addresses map[string]string
		there     func(address string) bool
	}{{c.Services, there}, {c.Admin, admin}} {
		if diff := cmp.Diff(services, slices.Sorted(maps.Keys(asked.addresses))); diff != "" {
			t.Errorf("services, then those that the pages ask:\n%s", diff)
		}
		for name, address := range asked.addresses {
			if !strings.Contains(address, name) || !asked.there(address) {
				t.Errorf("%s is not at %s", name, address)
			}
		}
	}
}

// checkSteward holds that the steward is told what it needs and nothing else.
func checkSteward(t *testing.T, place string, args, given []string) {
	t.Helper()
	if !slices.Equal(args, []string{"steward"}) {
		t.Errorf("%s runs %q", place, args)
	}
	for _, name := range []string{"SANAD_NATS_URL", "SANAD_NATS_SEED_FILE", "SANAD_NATS_CA_FILE", "SANAD_NATS_REPLICAS"} {
		if !slices.Contains(given, name) {
			t.Errorf("%s: %s is not set", place, name)
		}
	}
	for _, name := range given {
		if !slices.Contains(service.Variables(), name) {
			t.Errorf("%s: nobody reads %s", place, name)
		}
	}
}

// Of what compose takes from its folder of secrets, the bus's part is what
// `standalone keys issue` writes there, and the rest is named in the README.
func TestComposeTakesWhatKeysIssueMakes(t *testing.T) {
	project := compose(t)
	issued := t.TempDir()
	if err := network.IssueKeys(issued); err != nil {
		t.Fatal(err)
	}
	readme := string(read(t, "deploy/README.md"))
	if !strings.Contains(readme, "secrets/desk-client") {
		t.Error("nothing says who makes secrets/desk-client")
	}
	made := func(path string) {
		inside, err := filepath.Rel(filepath.Join(project.WorkingDir, "secrets"), path)
		if err != nil || strings.HasPrefix(inside, "..") {
			t.Errorf("%s is not in the folder of secrets", path)
			return
		}
		if folder, name, _ := strings.Cut(filepath.ToSlash(inside), "/"); folder == "bus" || folder == "nats" || folder == "integrators" {
			if _, err := os.Stat(filepath.Join(issued, inside)); err != nil {
				t.Errorf("nothing makes secrets/%s", inside)
			}
		} else if folder != "tls" && folder != "desk-client" && !strings.HasSuffix(folder, ".json") || folder == "tls" && name != "" && !strings.Contains(readme, name) {
			t.Errorf("nothing says who makes secrets/%s", inside)
		}
	}
	for _, secret := range project.Secrets {
		made(secret.File)
	}
	mounted := 0
	for _, s := range project.Services {
		for _, v := range s.Volumes {
			if strings.HasPrefix(v.Source, filepath.Join(project.WorkingDir, "secrets")) {
				made(v.Source)
				mounted++
			}
		}
	}
	if mounted != 6 {
		t.Errorf("%d folders of secrets are mounted, want keys and certificates of three servers", mounted)
	}
	for _, s := range project.Services {
		for name := range s.Environment {
			if strings.Contains(name, "PASSWORD") && !strings.HasPrefix(name, "GF_") {
				t.Errorf("%s is given %s", s.Name, name)
			}
		}
	}
}

// The servers' files include what lies in the container where compose puts it.
func TestComposeGivesServersTheirFiles(t *testing.T) {
	for _, s := range compose(t).Services {
		if !strings.HasPrefix(s.Name, "nats-") {
			continue
		}
		to := map[string]string{}
		for _, v := range s.Volumes {
			to[v.Target] = v.Source
		}
		for target, source := range map[string]string{
			"/etc/nats/nats.conf": "deploy/nats/nats.conf", "/etc/nats/accounts.conf": "deploy/nats/accounts.conf",
			"/etc/nats/keys": "deploy/compose/secrets/nats", "/etc/nats/tls": "deploy/compose/secrets/tls",
		} {
			if !strings.HasSuffix(to[target], source) {
				t.Errorf("%s: %s is %q", s.Name, target, to[target])
			}
		}
		for _, name := range []string{"NATS_NAME", "NATS_ROUTE_1", "NATS_ROUTE_2", "NATS_ROUTE_3", "NATS_CERT_FILE", "NATS_KEY_FILE", "NATS_CA_FILE"} {
			if s.Environment[name] == nil {
				t.Errorf("%s: %s is not set", s.Name, name)
			}
		}
	}
}

func TestComposeIsSound(t *testing.T) {
	for _, s := range compose(t).Services {
		if _, tag, ok := strings.Cut(s.Image, ":"); !ok || tag == "latest" {
			t.Errorf("%s: image %s has no version", s.Name, s.Image)
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s is published on %q", s.Name, p.Published, p.HostIP)
			}
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if strings.Contains(v.Source, "/compose/secrets/") {
				continue // made by the operator
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s mounts what is not there: %v", s.Name, err)
			}
			if !v.ReadOnly {
				t.Errorf("%s may write to %s", s.Name, v.Target)
			}
		}
	}
}

func TestPrometheusScrapesEveryService(t *testing.T) {
	var config struct {
		ScrapeConfigs []struct {
			JobName       string `json:"job_name"`
			StaticConfigs []struct {
				Targets []string `json:"targets"`
			} `json:"static_configs"`
		} `json:"scrape_configs"`
	}
	if err := yaml.Unmarshal(read(t, "deploy/prometheus/prometheus.yml"), &config); err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, scrape := range config.ScrapeConfigs {
		if scrape.JobName != "sanad" {
			continue
		}
		for _, c := range scrape.StaticConfigs {
			targets = append(targets, c.Targets...)
		}
	}
	slices.Sort(targets)
	var want []string
	for _, s := range compose(t).Services {
		if addr := s.Environment["SANAD_ADMIN_ADDR"]; addr != nil {
			want = append(want, s.Name+*addr)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, targets); diff != "" {
		t.Errorf("admin addresses, then targets:\n%s", diff)
	}
}

func TestCollectorsPipelinesAreDefined(t *testing.T) {
	var config struct {
		Receivers  map[string]any `json:"receivers"`
		Processors map[string]any `json:"processors"`
		Exporters  map[string]any `json:"exporters"`
		Service    struct {
			Pipelines map[string]struct {
				Receivers  []string `json:"receivers"`
				Processors []string `json:"processors"`
				Exporters  []string `json:"exporters"`
			} `json:"pipelines"`
		} `json:"service"`
	}
	if err := yaml.UnmarshalStrict(read(t, "deploy/otelcol/config.yaml"), &config); err != nil {
		t.Fatal(err)
	}
	if len(config.Service.Pipelines) == 0 {
		t.Error("no pipeline")
	}
	for name, p := range config.Service.Pipelines {
		for _, use := range []struct {
			defined map[string]any
			names   []string
		}{
			{config.Receivers, p.Receivers}, {config.Processors, p.Processors}, {config.Exporters, p.Exporters},
		} {
			for _, component := range use.names {
				if _, ok := use.defined[component]; !ok {
					t.Errorf("pipeline %s uses %s, which is not defined", name, component)
				}
			}
		}
	}
}
