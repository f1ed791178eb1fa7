package deployment_test

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/sanad-network/sanad/pkg/service"
)

// render builds a kustomization and decodes each object strictly: an unknown or
// doubled field, or a kind that this test does not know, is an error.
func render(t *testing.T, dir string) []runtime.Object {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()

	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).
		Run(filesys.MakeFsOnDisk(), filepath.Join(root, "k8s", dir))
	if err != nil {
		t.Fatal(err)
	}
	var objects []runtime.Object
	for _, r := range resources.Resources() {
		text, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		object, _, err := decoder.Decode(text, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", r.CurId(), err)
		}
		objects = append(objects, object)
	}
	return objects
}

func only[T runtime.Object](objects []runtime.Object) []T {
	var found []T
	for _, o := range objects {
		if t, ok := o.(T); ok {
			found = append(found, t)
		}
	}
	return found
}

func TestEachServiceRendersAlone(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(root, "k8s/services/*/kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, dir := range dirs {
		names = append(names, filepath.Base(filepath.Dir(dir)))
	}
	if diff := cmp.Diff(all, names); diff != "" {
		t.Fatalf("services, then kustomizations:\n%s", diff)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			objects := render(t, "services/"+name)
			deployments := only[*appsv1.Deployment](objects)
			if len(objects) != 4 || len(deployments) != 1 {
				t.Fatalf("%d objects, %d deployments, want 4 and 1", len(objects), len(deployments))
			}
			pod := deployments[0].Spec.Template
			named := map[string]string{"app.kubernetes.io/name": name}
			for place, labels := range map[string]map[string]string{
				"deployment's selector":     deployments[0].Spec.Selector.MatchLabels,
				"pod's labels":              pod.Labels,
				"service's selector":        only[*corev1.Service](objects)[0].Spec.Selector,
				"network policy's selector": only[*networkingv1.NetworkPolicy](objects)[0].Spec.PodSelector.MatchLabels,
			} {
				if diff := cmp.Diff(named, labels); diff != "" {
					t.Errorf("%s:\n%s", place, diff)
				}
			}
			// Two at a time could miss each other's newest records.
			if d := deployments[0].Spec; *d.Replicas != 1 || d.Strategy.Type != appsv1.RecreateDeploymentStrategyType {
				t.Errorf("%d replicas, replaced by %s", *d.Replicas, d.Strategy.Type)
			}
			if grace := pod.Spec.TerminationGracePeriodSeconds; grace == nil || time.Duration(*grace)*time.Second <= service.StopsWithin() {
				t.Errorf("it is killed before it has stopped in order, which takes up to %s", service.StopsWithin())
			}
			own := "sanad-" + name
			for place, got := range map[string]string{
				"account": pod.Spec.ServiceAccountName,
				"MongoDB": secretOf(pod.Spec.Containers[0].Env, "SANAD_MONGODB_URI"),
				"keyset":  sourceOf(t, pod.Spec, "SANAD_KEYSET_FILE"),
				"seed":    sourceOf(t, pod.Spec, "SANAD_NATS_SEED_FILE"),
			} {
				if got != own {
					t.Errorf("%s comes from %q, want %q", place, got, own)
				}
			}
			if got := sourceOf(t, pod.Spec, "SANAD_NATS_CA_FILE"); got != "nats-ca" {
				t.Errorf("the authority comes from %q", got)
			}
			if !writable(pod.Spec, "SANAD_JWKS_FILE") {
				t.Error("the provider's keys cannot be kept where SANAD_JWKS_FILE is")
			}
			if image := pod.Spec.Containers[0].Image; image != "sanad/"+name {
				t.Errorf("image %q", image)
			}
		})
	}
}

func secretOf(env []corev1.EnvVar, name string) string {
	for _, v := range env {
		if v.Name == name && v.ValueFrom != nil && v.ValueFrom.SecretKeyRef != nil {
			return v.ValueFrom.SecretKeyRef.Name
		}
	}
	return ""
}

// sourceOf is the Secret or ConfigMap that fills the file which a variable
// names.
func sourceOf(t *testing.T, pod corev1.PodSpec, variable string) string {
	t.Helper()
	c := pod.Containers[0]
	var path string
	for _, v := range c.Env {
		if v.Name == variable {
			path = v.Value
		}
	}
	files := mounted(pod)
	if files[path] == "" {
		t.Errorf("%s names %q, which is not mounted; there are %v", variable, path, files)
	}
	return files[path]
}

// writable reports whether the file that a variable names lies in a folder that is
// the pod's own: everything else is read-only.
func writable(pod corev1.PodSpec, variable string) bool {
	c := pod.Containers[0]
	for _, v := range c.Env {
		for _, m := range c.VolumeMounts {
			if v.Name != variable || m.MountPath != path.Dir(v.Value) || m.ReadOnly {
				continue
			}
			return slices.ContainsFunc(pod.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name && v.EmptyDir != nil })
		}
	}
	return false
}

// mounted are the files that a pod's first container sees, and what fills each.
// Of a source that names no items the files are those that the operator is told
// to put there.
func mounted(pod corev1.PodSpec) map[string]string {
	files := map[string]string{}
	told := map[string][]string{"nats-ca": {"ca.crt"}}
	for _, m := range pod.Containers[0].VolumeMounts {
		for _, v := range pod.Volumes {
			if v.Name != m.Name || v.Projected == nil {
				continue
			}
			for _, s := range v.Projected.Sources {
				name, items := "", []corev1.KeyToPath(nil)
				if s.Secret != nil {
					name, items = s.Secret.Name, s.Secret.Items
				} else if s.ConfigMap != nil {
					name, items = s.ConfigMap.Name, s.ConfigMap.Items
				}
				for _, i := range items {
					files[m.MountPath+"/"+i.Path] = name
				}
				for _, key := range told[name] {
					files[m.MountPath+"/"+key] = name
				}
			}
		}
	}
	return files
}

// pods are all pods that an overlay has run, by name.
func pods(objects []runtime.Object) map[string]corev1.PodTemplateSpec {
	all := map[string]corev1.PodTemplateSpec{}
	for _, d := range only[*appsv1.Deployment](objects) {
		all[d.Name] = d.Spec.Template
	}
	for _, s := range only[*appsv1.StatefulSet](objects) {
		all[s.Name] = s.Spec.Template
	}
	for _, j := range only[*batchv1.Job](objects) {
		all[j.Name] = j.Spec.Template
	}
	for _, c := range only[*batchv1.CronJob](objects) {
		all[c.Name] = c.Spec.JobTemplate.Spec.Template
	}
	return all
}

func TestPodsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	objects := render(t, "overlays/example")
	deployed := map[string]bool{}
	for _, d := range only[*appsv1.Deployment](objects) {
		deployed[d.Name] = true
	}
	all := pods(objects)
	if len(all) != len(services)+4 {
		t.Errorf("%d kinds of pods, want the services, the pages, the bus and the steward at once and daily", len(all))
	}
	// It is written down twice, because no kustomization makes a Job of a CronJob.
	if diff := cmp.Diff(all["steward"], all["steward-daily"]); diff != "" {
		t.Errorf("the steward at once and daily:\n%s", diff)
	}
	for name, pod := range all {
		if result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec)); !result.Allowed {
			t.Errorf("%s: %s", name, result.ForbiddenDetail())
		}
		if token := pod.Spec.AutomountServiceAccountToken; token == nil || *token {
			t.Errorf("%s: a token is mounted", name)
		}
		// With links, a neighbour's address arrives as SANAD_INTAKE_PORT, and a service refuses what it does not know.
		if links := pod.Spec.EnableServiceLinks; links == nil || *links {
			t.Errorf("%s: service links are on", name)
		}
		for _, c := range pod.Spec.Containers {
			if ro := c.SecurityContext.ReadOnlyRootFilesystem; ro == nil || !*ro {
				t.Errorf("%s: the root file system can be written", name)
			}
			if c.Resources.Requests.Cpu().IsZero() || c.Resources.Limits.Memory().IsZero() {
				t.Errorf("%s: resources have no bounds", name)
			}
			if _, ok := deployed[name]; !ok {
				continue
			}
			// A service fills half of the limit (service.UseMemory), which the node must have.
			if asked, limit := c.Resources.Requests.Memory(), c.Resources.Limits.Memory(); 2*asked.Value() < limit.Value() {
				t.Errorf("%s: asks for %s, and may fill half of %s", name, asked, limit)
			}
			for place, probe := range map[string]*corev1.Probe{
				"/livez": c.LivenessProbe, "/readyz": c.ReadinessProbe,
			} {
				if probe == nil || probe.HTTPGet.Path != place || probe.HTTPGet.Port.String() != "admin" {
					t.Errorf("%s: %s is not asked on the admin port", name, place)
				}
			}
		}
	}
	namespaces := only[*corev1.Namespace](objects)
	if len(namespaces) != 1 || namespaces[0].Labels[api.EnforceLevelLabel] != string(api.LevelRestricted) {
		t.Error("the namespace does not enforce the restricted level")
	}
}

func TestOverlayIsComplete(t *testing.T) {
	objects := render(t, "overlays/example")
	if secrets := only[*corev1.Secret](objects); len(secrets) != 0 {
		t.Errorf("%d secrets are rendered: they would overwrite the operator's", len(secrets))
	}
	config := map[string]*corev1.ConfigMap{}
	for _, c := range only[*corev1.ConfigMap](objects) {
		config[c.Name] = c
	}
	var names []string
	for _, d := range only[*appsv1.Deployment](objects) {
		if d.Name != "sanad-desk" { // TestPagesAreComplete
			names = append(names, strings.TrimPrefix(d.Name, "sanad-"))
		}
		if d.Namespace != "sanad" {
			t.Errorf("%s: namespace %q", d.Name, d.Namespace)
		}
		c := d.Spec.Template.Spec.Containers[0]
		if strings.HasSuffix(c.Image, ":latest") || !strings.Contains(c.Image, ":") {
			t.Errorf("%s: image %q has no version", d.Name, c.Image)
		}
		if d.Name == "sanad-desk" {
			continue
		}
		var variables []string
		for _, v := range c.Env {
			variables = append(variables, v.Name)
		}
		for _, from := range c.EnvFrom {
			shared, ok := config[from.ConfigMapRef.Name]
			if !ok {
				t.Fatalf("%s: config map %q is not rendered", d.Name, from.ConfigMapRef.Name)
			}
			for name := range shared.Data {
				variables = append(variables, name)
			}
		}
		checkVariables(t, d.Name, variables)
	}
	slices.Sort(names)
	if diff := cmp.Diff(services, names); diff != "" {
		t.Errorf("services, then deployments:\n%s", diff)
	}
}

// checkVariables holds that a service knows each variable given to it, and is
// given each one without which it does not start.
func checkVariables(t *testing.T, place string, given []string) {
	t.Helper()
	for _, name := range given {
		if !slices.Contains(service.Variables(), name) {
			t.Errorf("%s: no service reads %s", place, name)
		}
	}
	for _, name := range []string{
		"SANAD_HTTP_ADDR", "SANAD_ADMIN_ADDR", "SANAD_NATS_URL", "SANAD_NATS_SEED_FILE", "SANAD_NATS_CA_FILE",
		"SANAD_MONGODB_URI", "SANAD_KEYSET_FILE",
		"SANAD_ISSUER", "SANAD_AUDIENCE", "SANAD_JWKS_URL",
	} {
		if !slices.Contains(given, name) {
			t.Errorf("%s: %s is not set", place, name)
		}
	}
}
