package deployment_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
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
		if s.Build == nil {
			continue
		}
		built = append(built, s.Name)
		if got := *s.Build.Args["SERVICE"]; got != s.Name {
			t.Errorf("%s is built from %s", s.Name, got)
		}
		if s.Image != "sanad/"+s.Name+":dev" {
			t.Errorf("%s: image %s", s.Name, s.Image)
		}
		if len(s.Secrets) != 1 || s.Secrets[0].Source != s.Name+"-keyset" {
			t.Errorf("%s does not have its own keyset", s.Name)
		}
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
			t.Errorf("%s can write its image or keeps capabilities", s.Name)
		}
		checkVariables(t, s.Name, slices.Collect(maps.Keys(s.Environment)))
	}
	slices.Sort(built)
	if diff := cmp.Diff(services, built); diff != "" {
		t.Errorf("services, then what compose builds:\n%s", diff)
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
