package deployment_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"sigs.k8s.io/yaml"
)

// metrics reads deploy/metrics.txt: a metric and its labels on each line.
func metrics(t *testing.T) map[string][]string {
	t.Helper()
	// Prometheus makes this one itself.
	known := map[string][]string{"up": nil}
	for line := range strings.Lines(string(read(t, "deploy/metrics.txt"))) {
		if fields := strings.Fields(line); len(fields) > 0 && !strings.HasPrefix(line, "#") {
			known[fields[0]] = fields[1:]
		}
	}
	return known
}

// checkQuery parses a query and holds its metrics and labels against those that
// exist.
func checkQuery(t *testing.T, query string) {
	t.Helper()
	known := metrics(t)
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return
	}
	var exist []string // labels of all metrics in the query
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		own, found := labelsOf(known, selector.Name)
		if !found {
			t.Errorf("%s: no metric %s", query, selector.Name)
		}
		for _, m := range selector.LabelMatchers {
			if found && m.Name != "__name__" && !slices.Contains(own, m.Name) {
				t.Errorf("%s: %s has no label %s", query, selector.Name, m.Name)
			}
		}
		exist = append(exist, own...)
		return nil
	})
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		if aggregate, ok := node.(*parser.AggregateExpr); ok {
			for _, label := range aggregate.Grouping {
				if !slices.Contains(exist, label) {
					t.Errorf("%s: nothing has a label %s", query, label)
				}
			}
		}
		return nil
	})
}

func labelsOf(known map[string][]string, series string) ([]string, bool) {
	scraped := []string{"job", "instance"}
	if own, ok := known[series]; ok {
		return append(scraped, own...), true
	}
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if name, ok := strings.CutSuffix(series, suffix); ok {
			own, found := known[name]
			return append(append(scraped, "le"), own...), found
		}
	}
	return nil, false
}

func TestDashboardQueries(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
		Templating struct {
			List []struct {
				Type  string `json:"type"`
				Query any    `json:"query"`
			} `json:"list"`
		} `json:"templating"`
	}
	if err := json.Unmarshal(read(t, "deploy/grafana/dashboards/sanad.json"), &board); err != nil {
		t.Fatal(err)
	}
	queries := 0
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			checkQuery(t, strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"))
			queries++
		}
	}
	values := regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`)
	for _, v := range board.Templating.List {
		if v.Type != "query" {
			continue
		}
		query, _ := v.Query.(string)
		part := values.FindStringSubmatch(query)
		if part == nil {
			t.Errorf("variable %v is not understood", v.Query)
			continue
		}
		checkQuery(t, "sum by ("+part[2]+") ("+part[1]+")")
		queries++
	}
	if queries < 10 {
		t.Errorf("only %d queries found: is this the dashboard?", queries)
	}
}

// failures are the results of operations that a query counts as failures.
var failures = regexp.MustCompile(`sanad_operations_total\{[^}]*result(=~?"[^"]*")`)

// A person who is called looks at the panel, and must find there what called them.
func TestThePanelCountsFailuresAsTheAlertDoes(t *testing.T) {
	var alert string
	for _, found := range failures.FindAllStringSubmatch(string(read(t, "deploy/prometheus/alerts.yml")), -1) {
		alert = found[1]
	}
	panels := failures.FindAllStringSubmatch(strings.ReplaceAll(string(read(t, "deploy/grafana/dashboards/sanad.json")), `\"`, `"`), -1)
	if alert == "" || len(panels) == 0 {
		t.Fatalf("the alert counts %q, and %d panels count anything", alert, len(panels))
	}
	for _, panel := range panels {
		if panel[1] != alert {
			t.Errorf("a panel counts operations with result%s as failed, the alert those with result%s", panel[1], alert)
		}
	}
}

func TestAlerts(t *testing.T) {
	type rule struct {
		Alert       string            `json:"alert"`
		Expr        string            `json:"expr"`
		For         string            `json:"for"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	}
	var file struct {
		Groups []struct {
			Name  string `json:"name"`
			Rules []rule `json:"rules"`
		} `json:"groups"`
	}
	if err := yaml.UnmarshalStrict(read(t, "deploy/prometheus/alerts.yml"), &file); err != nil {
		t.Fatal(err)
	}
	tests := string(read(t, "deploy/prometheus/alerts_test.yml"))
	const book = "https://github.com/sanad-network/sanad/blob/main/"
	pages := map[string]bool{}
	for _, group := range file.Groups {
		for _, r := range group.Rules {
			checkQuery(t, r.Expr)
			// "security" is for whoever answers for the network's security, beside who
			// is on call.
			if severity := r.Labels["severity"]; severity != "page" && severity != "ticket" && severity != "security" {
				t.Errorf("%s: severity %q", r.Alert, severity)
			}
			if r.Annotations["summary"] == "" {
				t.Errorf("%s: no summary", r.Alert)
			}
			page := "docs/runbooks/" + r.Alert + ".md"
			pages[filepath.Base(page)] = true
			if r.Annotations["runbook_url"] != book+page {
				t.Errorf("%s: runbook %q, want %s", r.Alert, r.Annotations["runbook_url"], book+page)
			}
			if text := string(read(t, page)); !strings.HasPrefix(text, "# "+r.Alert+"\n") {
				t.Errorf("%s is not titled %s", page, r.Alert)
			}
			if !strings.Contains(tests, "alertname: "+r.Alert+"\n") {
				t.Errorf("%s has no test in alerts_test.yml", r.Alert)
			}
		}
	}
	entries, err := os.ReadDir(filepath.Join(root, "docs/runbooks"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !pages[e.Name()] {
			t.Errorf("docs/runbooks/%s is of no alert", e.Name())
		}
	}
}
