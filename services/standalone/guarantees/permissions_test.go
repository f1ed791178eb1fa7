package guarantees_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/pkg/bus"
)

// Who may do what on the bus: exactly what is declared, tried with everything
// there is to try.
func TestWhoMayDoWhatOnTheBus(t *testing.T) {
	g := guard(t)
	g.templates = templates(t)
	t.Run("publish", g.testPublish)
	t.Run("subscribe", g.testSubscribe)
	t.Run("reply subjects", g.testReplies)
	t.Run("deliver subjects", g.testDeliver)
	t.Run("headers", g.testHeaders)
	t.Run("message ids", g.testMessageIDs)
	t.Run("integrator", g.testIntegrator)
	t.Run("nobody", g.testNobody)
	t.Run("streams", g.testStreams)
}

// templates are the subjects of JetStream that stand in the server's source: a
// newer server has others.
func templates(t *testing.T) []string {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "github.com/nats-io/nats-server/v2/server").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "jetstream_api.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, "$JS.") && !strings.ContainsAny(s, " ,") {
				found = append(found, s)
			}
		}
		return true
	})
	slices.Sort(found)
	found = slices.Compact(found)
	for _, known := range []string{server.JSApiStreamCreate, server.JSApiRequestNextT, server.JSDirectMsgGetT, server.JSApiConsumerResetT, server.JSApiMetaRescue} {
		if !slices.Contains(found, known) {
			t.Fatalf("%s is not found in the server's source", known)
		}
	}
	return found
}

func (g *guarded) testPublish(t *testing.T) {
	declared := map[string][]string{}
	for _, p := range g.parts {
		declared[p.Service] = p.Permissions().Publish
	}
	for _, name := range visitors {
		declared[name] = bus.Integrator{Name: name}.Permissions().Publish
	}
	for _, identity := range identities() {
		c, universe := g.as(t, identity), g.universe(identity)
		// No call has this body: what is allowed does nothing.
		refused := c.refusals(t, universe, func(s string) error { return c.Publish(s, []byte("nothing")) })
		compare(t, identity, universe, refused, g.mayPublish)
		for _, p := range declared[identity] {
			if !slices.ContainsFunc(universe, func(s string) bool { return server.SubjectsCollide(p, s) }) {
				t.Errorf("%s may publish on %s, and nobody tried", identity, p)
			}
		}
	}
}

func compare(t *testing.T, identity string, universe []string, refused map[string]bool, may func(identity, subject string) bool) {
	t.Helper()
	allowed, wrong := 0, 0
	for _, s := range universe {
		if !refused[s] {
			allowed++
		}
		if may(identity, s) == refused[s] {
			if wrong++; wrong <= 10 {
				t.Errorf("%s on %s: declared %t, refused %t", identity, s, may(identity, s), refused[s])
			}
		}
	}
	if allowed == 0 {
		t.Errorf("%s may do nothing", identity)
	}
	t.Logf("%-30s tried %6d, allowed %5d, not as declared %d", identity, len(universe), allowed, wrong)
}

func (g *guarded) testSubscribe(t *testing.T) {
	wide := []string{
		">", "*", "*.>", "*.*.*.*.*", "sanad.>", "sanad.*.>", "sanad.events.>", "sanad.agencies.>", "sanad.timers.>", "sanad.deadletters.>",
		"_INBOX.>", "_INBOX.*", "_INBOX.*.>", "_INBOX.*.x", "$JS.>", "$JS.API.>", "$JS.EVENT.>", "$SYS.>", "_R_.>", "$SRV.>",
	}
	for _, identity := range append(identities(), "x") {
		wide = append(wide, "_INBOX."+identity+".>", "_INBOX."+identity+".*", "sanad.events."+identity+".>", "sanad.timers."+identity+".>")
	}
	heard := make(chan *nats.Msg, 1)
	for _, identity := range identities() {
		c := g.as(t, identity)
		try := func(kind string, subjects []string, subscribe func(string) (*nats.Subscription, error)) {
			refused := c.refusals(t, subjects, func(subject string) error {
				s, err := subscribe(subject)
				if err != nil {
					return err
				}
				return s.Unsubscribe()
			})
			compare(t, identity+kind, subjects, refused, func(_, s string) bool { return maySubscribe(identity, s) })
		}
		all := slices.DeleteFunc(append(g.universe(identity), wide...), func(s string) bool { return strings.HasSuffix(s, ".more") })
		try("", all, func(s string) (*nats.Subscription, error) { return c.ChanSubscribe(s, heard) })
		try(", in a group", wide, func(s string) (*nats.Subscription, error) { return c.ChanQueueSubscribe(s, "group", heard) })
	}
}
