package deployment_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	pages "github.com/sanad-network/sanad/services/desk/program"
)

var pagesLabel = map[string]string{"app.kubernetes.io/name": "desk"}

func named[T interface {
	runtime.Object
	GetName() string
}](t *testing.T, objects []runtime.Object, name string) T {
	t.Helper()
	all := only[T](objects)
	i := slices.IndexFunc(all, func(o T) bool { return o.GetName() == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	return all[i]
}

func TestPagesAreComplete(t *testing.T) {
	objects := render(t, "overlays/example")
	d := named[*appsv1.Deployment](t, objects, "sanad-desk")
	pod := d.Spec.Template
	for place, own := range map[string]map[string]string{
		"selector": d.Spec.Selector.MatchLabels, "pod": pod.Labels,
		"service": named[*corev1.Service](t, objects, "sanad-desk").Spec.Selector,
		"policy":  named[*networkingv1.NetworkPolicy](t, objects, "sanad-desk").Spec.PodSelector.MatchLabels,
	} {
		if diff := cmp.Diff(pagesLabel, own); diff != "" {
			t.Errorf("%s:\n%s", place, diff)
		}
	}
	// Who is signed in is known to one process only.
	if *d.Spec.Replicas != 1 || d.Spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType {
		t.Errorf("%d replicas, replaced by %s", *d.Spec.Replicas, d.Spec.Strategy.Type)
	}
	if grace := pod.Spec.TerminationGracePeriodSeconds; grace == nil || time.Duration(*grace)*time.Second <= pages.StopsWithin() {
		t.Errorf("it is killed before it has stopped in order, which takes up to %s", pages.StopsWithin())
	}
	for variable, want := range map[string]string{"SANAD_OIDC_CLIENT_SECRET_FILE": "sanad-desk", "SANAD_NATS_SEED_FILE": "sanad-desk", "SANAD_NATS_CA_FILE": "nats-ca"} {
		if got := sourceOf(t, pod.Spec, variable); got != want {
			t.Errorf("%s comes from %q, want %q", variable, got, want)
		}
	}
	port := func(target string, number int32) func(string) bool {
		return func(address string) bool {
			host, _, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
			service := named[*corev1.Service](t, objects, host)
			return slices.ContainsFunc(service.Spec.Ports, func(p corev1.ServicePort) bool {
				return p.Port == number && p.TargetPort.String() == target && (number == 80 || strings.HasSuffix(address, ":"+strconv.Itoa(int(number))))
			})
		}
	}
	checkPages(t, environment(t, objects, pod.Spec.Containers[0]), port("http", 80), port("admin", 9090))
}

// environment is what a container is given, with what config maps hold.
func environment(t *testing.T, objects []runtime.Object, c corev1.Container) (environ []string) {
	t.Helper()
	for _, from := range c.EnvFrom {
		for name, value := range named[*corev1.ConfigMap](t, objects, from.ConfigMapRef.Name).Data {
			environ = append(environ, name+"="+value)
		}
	}
	for _, v := range c.Env {
		if v.ValueFrom != nil {
			ref := v.ValueFrom.ConfigMapKeyRef
			value, ok := named[*corev1.ConfigMap](t, objects, ref.Name).Data[ref.Key]
			if !ok {
				t.Errorf("%s has no %s", ref.Name, ref.Key)
			}
			v.Value = value
		}
		environ = append(environ, v.Name+"="+v.Value)
	}
	return environ
}

// The pages reach the services, the provider and the collector, and each service lets them
// in. They reach the bus, for its bell, and no database.
func TestNetworkOfThePages(t *testing.T) {
	objects := render(t, "overlays/example")
	policy := named[*networkingv1.NetworkPolicy](t, objects, "sanad-desk").Spec
	var reached []string
	var ports []int
	for _, rule := range policy.Egress {
		for _, p := range rule.Ports {
			ports = append(ports, p.Port.IntValue())
		}
		for _, to := range rule.To {
			if to.PodSelector != nil {
				reached = append(reached, to.PodSelector.MatchExpressions[0].Values...)
			}
		}
	}
	slices.Sort(reached)
	if diff := cmp.Diff(all, reached); diff != "" {
		t.Errorf("services, then those that the pages reach:\n%s", diff)
	}
	if diff := cmp.Diff([]int{53, 53, 8080, 9090, 443, 4222, 4318}, ports); diff != "" {
		t.Errorf("ports that the pages may reach:\n%s", diff)
	}
	for _, name := range services {
		into := named[*networkingv1.NetworkPolicy](t, objects, "sanad-"+name).Spec.Ingress
		for _, port := range []string{"http", "admin"} {
			if !slices.ContainsFunc(into, func(rule networkingv1.NetworkPolicyIngressRule) bool {
				return rule.Ports[0].Port.String() == port && slices.ContainsFunc(rule.From, func(from networkingv1.NetworkPolicyPeer) bool {
					if from.PodSelector == nil {
						return false
					}
					who, err := metav1.LabelSelectorAsSelector(from.PodSelector)
					return err == nil && who.Matches(labels.Set(pagesLabel))
				})
			}) {
				t.Errorf("%s does not let the pages in at %s", name, port)
			}
		}
	}
}
