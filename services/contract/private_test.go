package contract

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// The catalogue refuses an event that a domain makes with another private half
// than is declared, but only once it is made. Here the source is read: each event
// is made somewhere, and with the half that its service declares; and it is folded
// into a record, so that what was said is not lost.
func TestEventsAreMadeAsDeclared(t *testing.T) {
	made := making{t: t, halves: map[string][]string{}, folded: map[string]bool{}}
	made.read("../intake/...", "../referral/...", "../legal-aid/...", "../psychosocial/...", "../forensic-services/...", "../trust-fund/...")
	var forgotten []string
	for room, catalogue := range catalogues {
		for _, typ := range catalogue.Types() {
			if !catalogue.Writes(typ) {
				continue
			}
			halves, ok := made.halves[goName(reflect.TypeOf(catalogue.Zero(typ)))]
			if !ok {
				t.Errorf("%s is declared, and nothing in %s makes it", typ, room)
			}
			// What every room keeps of a worker, and of looks, is folded by one package each.
			_, kept := catalogue.Zero(typ).(worker.Noted)
			_, looked := catalogue.Zero(typ).(seen.Noted)
			_, credential := catalogue.Zero(typ).(worker.CredentialSaid)
			_, circled := catalogue.Zero(typ).(circle.Said)
			if !kept && !circled && !credential && !looked && !made.folded[goName(reflect.TypeOf(catalogue.Zero(typ)))] {
				forgotten = append(forgotten, typ)
			}
			declared := goName(catalogue.Half(typ))
			for _, half := range halves {
				if half != declared {
					t.Errorf("%s is made with a private half %s, and New of %s declares %q: it would be refused when it is made", typ, half, room, declared)
				}
			}
			if declared != "" && len(halves) == 0 {
				t.Errorf("%s: New of %s declares a private half %s, and nothing makes it with one", typ, room, declared)
			}
		}
	}
	// These tell others what follows from what was recorded with them or before.
	told := []string{
		"forensic-services.examination_contact_problem.v1", "forensic-services.worker_awaited.v1", "intake.case_resumed.v1", "intake.contact_changed.v1", "intake.referrals_finished.v1",
		"legal-aid.booking_changed.v1", "legal-aid.matter_contact_problem.v1", "legal-aid.worker_awaited.v1", "psychosocial.plan_contact_problem.v1", "psychosocial.worker_awaited.v1", "referral.not_resumed.v1", "referral.offered.v1",
	}
	if d := cmp.Diff(told, sorted(forgotten)); d != "" {
		t.Errorf("recorded, and no Evolve knows them (-told only to others +source):\n%s", d)
	}
}

func goName(t reflect.Type) string {
	if t == nil {
		return ""
	}
	return t.PkgPath() + "." + t.Name()
}

// making is what source does with events: the private halves with which it makes
// each, by the name of the event's Go type, and which events it tells apart.
type making struct {
	t      *testing.T
	halves map[string][]string
	folded map[string]bool
}

func (m making) read(patterns ...string) {
	m.t.Helper()
	all, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
			packages.NeedExportFile,
	}, patterns...)
	if err != nil || len(all) < len(patterns) {
		m.t.Fatalf("%d packages: %v", len(all), err)
	}
	for _, p := range all {
		for _, err := range p.Errors {
			m.t.Fatal(err)
		}
		for _, file := range p.Syntax {
			if filepath.Base(p.Fset.File(file.Pos()).Name()) == "words.go" {
				continue // it tells events to people, and folds none
			}
			ast.Inspect(file, func(n ast.Node) bool {
				m.look(p, n)
				return true
			})
		}
	}
}

var (
	factPath = reflect.TypeFor[fact.Event]().PkgPath()
	apiPath  = strings.TrimSuffix(factPath, "/fact")
)

func (m making) look(p *packages.Package, n ast.Node) {
	switch n := n.(type) {
	case *ast.CaseClause:
		for _, e := range n.List {
			m.folded[p.TypesInfo.TypeOf(e).String()] = true
		}
	case *ast.TypeAssertExpr:
		if n.Type != nil {
			m.folded[p.TypesInfo.TypeOf(n.Type).String()] = true
		}
	case *ast.CallExpr:
		if p.TypesInfo.Types[n.Fun].IsType() {
			m.make(p.TypesInfo.TypeOf(n))
		}
		if s, ok := n.Fun.(*ast.SelectorExpr); ok && isWith(p.TypesInfo.Uses[s.Sel]) {
			m.with(p, n.Args[0], n.Args[1])
		}
	case *ast.CompositeLit:
		typ := p.TypesInfo.TypeOf(n)
		m.make(typ)
		if typ.String() != factPath+".Event" {
			return
		}
		given := map[string]ast.Expr{}
		for _, e := range n.Elts {
			if e, ok := e.(*ast.KeyValueExpr); ok {
				given[fmt.Sprint(e.Key)] = e.Value
			}
		}
		if given["Private"] != nil {
			m.with(p, given["Data"], given["Private"])
		}
	case *ast.AssignStmt:
		for _, to := range n.Lhs {
			if s, ok := to.(*ast.SelectorExpr); ok && s.Sel.Name == "Private" && p.TypesInfo.TypeOf(s.X).String() == factPath+".Event" {
				m.t.Errorf("%s: a private half is put into an event that is there already: make it with both, so that this test sees them",
					p.Fset.Position(n.Pos()))
			}
		}
	}
}

func isWith(f types.Object) bool {
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == factPath && f.Name() == "With"
}

// make notes that an event is made, if the type is one.
func (m making) make(typ types.Type) {
	if name := typ.String(); strings.HasPrefix(name, apiPath+"/event/") {
		m.halves[name] = slices.Clip(m.halves[name])
	}
}

func (m making) with(p *packages.Package, data, private ast.Expr) {
	m.t.Helper()
	event, half := p.TypesInfo.TypeOf(data), p.TypesInfo.TypeOf(private)
	if types.IsInterface(event) || types.IsInterface(half) {
		m.t.Errorf("%s: which event, and which private half, cannot be told from the source", p.Fset.Position(data.Pos()))
		return
	}
	if !slices.Contains(m.halves[event.String()], half.String()) {
		m.halves[event.String()] = append(m.halves[event.String()], half.String())
	}
}
