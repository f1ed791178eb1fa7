package deployment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
)

func TestKubernetesRunsTheSameBus(t *testing.T) {
	objects := render(t, "overlays/example")
	sets := only[*appsv1.StatefulSet](objects)
	if len(sets) != 1 || *sets[0].Spec.Replicas != 3 {
		t.Fatalf("%d sets of servers", len(sets))
	}
	set := sets[0]
	pod := set.Spec.Template.Spec
	c := pod.Containers[0]
	if c.Image != "nats:2.15.2-alpine" {
		t.Errorf("image %q", c.Image)
	}

	// The files are those of deploy/nats, and each lies where the files look for it.
	sources := pod.Volumes[0].Projected.Sources
	generated := ""
	for _, m := range only[*corev1.ConfigMap](objects) {
		if !strings.HasPrefix(m.Name, "nats-config-") {
			continue
		}
		generated = m.Name
		for _, name := range []string{"nats.conf", "accounts.conf"} {
			if diff := cmp.Diff(string(read(t, "deploy/nats", name)), m.Data[name]); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
	}
	if generated == "" || sources[0].ConfigMap.Name != generated {
		t.Errorf("the servers run from config map %q, and %q is rendered", sources[0].ConfigMap.Name, generated)
	}
	want := map[string]string{
		"/etc/nats/keys/keys.conf": "nats-keys", "/etc/nats/keys/integrators.conf": "nats-keys", "/etc/nats/keys/store.conf": "nats-store",
		"/etc/nats/tls/tls.crt": "nats-tls", "/etc/nats/tls/tls.key": "nats-tls", "/etc/nats/tls/ca.crt": "nats-tls",
	}
	if diff := cmp.Diff(want, mounted(pod)); diff != "" {
		t.Errorf("files that the operator gives, then those mounted:\n%s", diff)
	}
	given := map[string]string{}
	for _, v := range c.Env {
		given[v.Name] = v.Value
	}
	for _, name := range []string{"NATS_CERT_FILE", "NATS_KEY_FILE", "NATS_CA_FILE"} {
		if want[given[name]] == "" {
			t.Errorf("%s names %q, which nobody gives", name, given[name])
		}
	}
	for i, name := range []string{"NATS_ROUTE_1", "NATS_ROUTE_2", "NATS_ROUTE_3"} {
		if route := "nats://nats-" + string(rune('0'+i)) + "." + set.Spec.ServiceName + ":6222"; given[name] != route {
			t.Errorf("%s is %q, want %q", name, given[name], route)
		}
	}

	// Monitoring is on the pod's loopback: it is asked from inside, and is no port.
	for _, p := range []*corev1.Probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
		if p == nil || p.Exec == nil || !strings.HasPrefix(p.Exec.Command[len(p.Exec.Command)-1], "http://127.0.0.1:8222/healthz") {
			t.Errorf("a probe does not ask from inside: %v", p)
		}
	}
	for _, p := range c.Ports {
		if p.ContainerPort == 8222 {
			t.Error("monitoring is a port of the pod")
		}
	}
	budgets := only[*policyv1.PodDisruptionBudget](objects)
	if len(budgets) != 1 || budgets[0].Spec.MaxUnavailable.IntValue() != 1 {
		t.Errorf("%d budgets for disruptions", len(budgets))
	}
	if diff := cmp.Diff(set.Spec.Template.Labels["app.kubernetes.io/name"], budgets[0].Spec.Selector.MatchLabels["app.kubernetes.io/name"]); diff != "" {
		t.Errorf("the budget is for others:\n%s", diff)
	}
	for _, o := range only[*corev1.Service](objects) {
		if o.Name == "nats" && (o.Spec.ClusterIP != corev1.ClusterIPNone || !o.Spec.PublishNotReadyAddresses) {
			t.Error("servers do not find each other before they are ready")
		}
	}
}

func TestKubernetesLetsTheRightOnesToTheBus(t *testing.T) {
	objects := render(t, "overlays/example")
	for _, p := range only[*networkingv1.NetworkPolicy](objects) {
		if p.Name != "nats" {
			continue
		}
		if len(p.Spec.Ingress) != 2 {
			t.Fatalf("%d rules let in", len(p.Spec.Ingress))
		}
		clients := slices.Sorted(slices.Values(p.Spec.Ingress[0].From[0].PodSelector.MatchExpressions[0].Values))
		if diff := cmp.Diff(slices.Concat([]string{"desk"}, services, []string{"steward", "trust-fund"}), clients); diff != "" {
			t.Errorf("the pages, services and the steward, then who may connect:\n%s", diff)
		}
		for _, rule := range p.Spec.Ingress {
			for _, port := range rule.Ports {
				if !slices.Contains([]string{"client", "route"}, port.Port.String()) {
					t.Errorf("port %s is open", port.Port)
				}
			}
		}
		return
	}
	t.Error("the bus has no network policy")
}

func TestKubernetesRunsTheSteward(t *testing.T) {
	objects := render(t, "overlays/example")
	jobs := only[*batchv1.Job](objects)
	if len(jobs) != 1 {
		t.Fatalf("%d jobs", len(jobs))
	}
	pod := jobs[0].Spec.Template.Spec
	c := pod.Containers[0]
	if !strings.Contains(c.Image, "sanad/standalone:") {
		t.Errorf("image %q", c.Image)
	}
	if got := sourceOf(t, pod, "SANAD_NATS_SEED_FILE"); got != "sanad-steward" {
		t.Errorf("its seed comes from %q", got)
	}
	if got := sourceOf(t, pod, "SANAD_NATS_CA_FILE"); got != "nats-ca" {
		t.Errorf("the authority comes from %q", got)
	}
	var given []string
	for _, v := range c.Env {
		given = append(given, v.Name)
	}
	for _, m := range only[*corev1.ConfigMap](objects) {
		if strings.HasPrefix(m.Name, "sanad-network") && m.Name == c.EnvFrom[0].ConfigMapRef.Name {
			for name := range m.Data {
				given = append(given, name)
			}
		}
	}
	checkSteward(t, "steward", c.Args, given)
}
