package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
	client "github.com/sanad-network/sanad/services/desk/internal/api"
)

// root is the repository, whose contracts, rules and problems the texts are about.
const root = "../../../.."

// set is ids of texts; true where the text must be there, false where it may be.
type set map[string]bool

// families are the ids that the desk builds from parts, by how they begin.
func families(t *testing.T) map[string]set {
	c := readContract(t)
	all := map[string]set{
		"home.":  {"home.recipient": true, "home.sender": true},
		"month.": {}, "problem.": problems(t), "event.": events(t), "rule.": ruleTexts(t),
		"tells.": {}, "command.": {}, "about.": {}, "done.": {}, "do.": {}, "field.": {}, "help.": {}, "code.": {},
	}
	all["enquiry.view_"] = byCode("enquiry.view_", []string{"waits", "mine", "taken", "late", "settled"})
	all["enquiry.heap_"] = byCode("enquiry.heap_", []string{"waits", "late"})
	all["opening.door."], all["opening.ask."] = set{}, set{}
	for _, c := range code.Channels {
		all["opening.door."]["opening.door."+string(c)] = true
	}
	for _, a := range code.FirstAsks {
		all["opening.ask."]["opening.ask."+string(a)] = true
	}
	for family, codes := range consoleCodes {
		all[family] = byCode(family, codes)
	}
	for n := 1; n <= 12; n++ {
		all["month."]["month."+strconv.Itoa(n)] = true
	}
	for _, status := range []string{"4", "5"} {
		all["problem."]["problem.status_"+status+"xx"] = true
	}
	for _, o := range c.commands {
		for _, family := range []string{"command.", "about.", "done."} {
			all[family][family+o.ID] = true
		}
		all["do."]["do."+o.ID] = false
		if o.Desk.Tells != "" {
			all["tells."]["tells."+o.Desk.Tells] = true
		}
		// Who wrote a paper, when and where, is asked in the same words by each command.
		for _, name := range []string{"at", "by", "place"} {
			all["field."]["field.OnPaper."+name], all["help."]["help.OnPaper."+name] = true, false
		}
		for name := range named(o.Body, map[string]bool{}) {
			for _, family := range []string{"field.", "help."} {
				all[family][family+o.ID+"."+name] = false
			}
		}
	}
	for name := range c.fields {
		all["field."]["field."+name] = true
		all["help."]["help."+name] = false
	}
	for list, codes := range c.lists {
		maps.Copy(all["code."], byCode("code."+list+".", codes))
	}
	return all
}

// consoleCodes are what services say to operators, by the texts of it: at their admin
// addresses, where no contract has the lists.
var consoleCodes = map[string][]string{
	"console.reason.":  {"unreadable", "altered", "forked", "missing", "key_lost", "newer", "ahead", "fork", "fold"},
	"console.release.": {"possible", "decided", "newer", "tool"},
	"console.keep.":    {"her_no", "closes_contact", "closes_packet", "her_call", "not_understood"},
	"console.by.":      {"person", "event", "deadline", "network"},
	"console.stuck.":   {"away", "not_ready", "forks", "forged", "escalated", "notices", "relay", "parked", "bus", "journal", "put_right", "not_verified"},
}

// byCode are the ids that go by the codes of a list.
func byCode(begins string, codes []string) set {
	all := set{}
	for _, code := range codes {
		all[begins+code] = true
	}
	return all
}

// in says whether one of some families has an id.
func in(all map[string]set, id string) bool {
	for begins, ids := range all {
		if _, ok := ids[id]; ok && strings.HasPrefix(id, begins) {
			return true
		}
	}
	return false
}

// contract is what of the contracts can reach a page.
type contract struct {
	commands []client.Operation
	fields   map[string]bool
	lists    map[string][]string
}

// notShown are the properties of answers that no page shows by their name.
var notShown = []string{"id", "commands", "items"}

func readContract(t *testing.T) contract {
	t.Helper()
	read, err := client.ReadContract(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	c := contract{fields: map[string]bool{}, lists: map[string][]string{}}
	for _, o := range read.Operations {
		if o.Desk.Page != "" && o.Method != http.MethodGet {
			c.commands = append(c.commands, o)
		}
	}
	if len(c.commands) < 50 {
		t.Fatalf("the contracts have %d commands for people", len(c.commands))
	}
	files, err := fs.Glob(api.Files, "openapi/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(api.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		d := document{seen: map[string]bool{}, contract: &c}
		if err := yaml.Unmarshal(text, &d.all); err != nil {
			t.Fatal(err)
		}
		for path, methods := range d.at("paths").(map[string]any) {
			for _, o := range methods.(map[string]any) {
				o, ok := o.(map[string]any)
				if !ok || !onDesk(o) {
					continue
				}
				// The directory's documents are HSDS, with hundreds of names; its pages choose some.
				d.names = strings.HasPrefix(path, "/v1/")
				d.walk(o["requestBody"], false)
				d.walk(o["parameters"], false)
				for status, answer := range o["responses"].(map[string]any) {
					if strings.HasPrefix(status, "2") {
						d.walk(answer, false)
					}
				}
			}
		}
	}
	for _, name := range notShown {
		delete(c.fields, name)
	}
	// Its keys are the codes of the worklists.
	for _, code := range c.lists["Worklist"] {
		if code != "contact_closed" && code != "to_acknowledge" {
			delete(c.fields, code)
		}
	}
	delete(c.lists, "Country") // names are those of the CLDR
	return c
}

func onDesk(o map[string]any) bool {
	desk, _ := o["x-desk"].(map[string]any)
	return desk["page"] != nil
}

type document struct {
	all      map[string]any
	seen     map[string]bool
	names    bool
	contract *contract
}

func (d *document) at(path ...string) any {
	var v any = d.all
	for _, p := range path {
		v = v.(map[string]any)[p]
	}
	return v
}

// walk notes the names of properties and the lists of codes under a value.
func (d *document) walk(v any, properties bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			d.walk(one, false)
		}
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			if key := ref + strconv.FormatBool(d.names); !d.seen[key] {
				d.seen[key] = true
				path := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
				target := d.at(path...)
				if codes, ok := target.(map[string]any)["enum"].([]any); ok {
					d.note(path[len(path)-1], codes)
				}
				d.walk(target, false)
			}
		}
		for name, one := range v {
			if name == "example" || name == "examples" || name == "links" || name == "headers" && !properties {
				continue
			}
			if properties && d.names {
				d.contract.fields[name] = true
			}
			d.walk(one, name == "properties" && !properties)
		}
	}
}

func (d *document) note(list string, codes []any) {
	var all []string
	for _, code := range codes {
		if s, ok := code.(string); ok {
			all = append(all, s)
		}
	}
	d.contract.lists[list] = all
}

func named(s *client.Schema, into map[string]bool) map[string]bool {
	if s == nil {
		return into
	}
	for _, p := range s.Properties {
		into[p.Name] = true
		named(p.Schema, into)
		named(p.Schema.Items, into)
	}
	return into
}

// elsewhere are the problems that nobody meets at a desk: those of events and notices, of
// the pages behind codes, and of programs.
var elsewhere = []string{
	"code_not_valid", "fact_disagrees", "form_type", "incomplete_event", "malformed_event", "misplaced_event", "newer_code",
	"newer_version", "not_due", "notice_delayed", "notice_unsent", "referral_unknown_yet", "undecodable_event", "unknown_deadline",
	"unknown_event",
}

// own are the problems that the desk itself makes.
var own = []string{"unreadable", "schema_violation"}

func problems(t *testing.T) set {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/problems.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := set{}
	for _, heading := range regexp.MustCompile(`(?m)^## ([a-z_]+)$`).FindAllStringSubmatch(string(text), -1) {
		found["problem."+heading[1]] = true
	}
	for _, code := range elsewhere {
		if !found["problem."+code] {
			t.Errorf("there is no problem %s", code)
		}
		delete(found, "problem."+code)
	}
	for _, code := range own {
		found["problem."+code] = true
	}
	if len(found) < 100 {
		t.Fatalf("%d problems are documented", len(found))
	}
	return found
}

// noHistory are the events that no history on a page has: looks and searches, which have
// lists of their own, and those of records that are not a case, a referral or work.
var noHistory = regexp.MustCompile(`^(intake[.](agency_noted|grant_noted|period_closed|table_released|case_seen|cases_searched|cards_[a-z]+|enquiry_[a-z]+)|trust-fund[.](call|clarification|donation|funds)_[a-z]+|[a-z-]+[.](worker_noted|circle_noted|circle_drawn)|referral[.](directory_|capacity_|agency_|invitation_|notice_|worker_|service_assessed).*)$`)

func events(t *testing.T) set {
	t.Helper()
	found := set{}
	files, err := filepath.Glob(filepath.Join(root, "api/event/*/generated.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range regexp.MustCompile(`return "([a-z-]+[.][a-z_]+)[.]v[0-9]+"`).FindAllStringSubmatch(string(text), -1) {
			if !noHistory.MatchString(kind[1]) {
				found["event."+kind[1]] = true
			}
		}
	}
	if len(found) < 80 {
		t.Fatalf("the histories have %d events", len(found))
	}
	return found
}

// sources are the Go files under some directories, without tests.
func sources(t *testing.T, dirs ...string) map[string]*ast.File {
	t.Helper()
	all := map[string]*ast.File{}
	for _, dir := range dirs {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "wordstest") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			all[path] = file
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// notForms are the rules that no form of the desk can break: those of addresses, headers and
// lists, of deliveries of the directory, and of events.
var notForms = []string{
	"as the record has it", "is given with a decline, and with nothing else", "is not a form", "is not a query",
	"must be a cursor of this list", "must be from 1 to 200", "names a field twice", "of the country of the token",
	"with role recipient only", "has a parameter that is not in the contract", "must be given once",
}

// parts are the rules that are put together, by how their source begins, with an example of
// each.
var parts = map[string][]string{
	"must be ": {
		"must be a string", "must be a number", "must be an integer", "must be a boolean", "must be an array", "must be an object",
	},
	"must be of the format ": {"must be of the format email"},
	"must be at least ":      {"must be at least 1 character", "must be at least 3 characters", "must be at least 0.5"},
	"must be at most ":       {"must be at most 200 characters", "must be at most 90"},
	"must have at least ":    {"must have at least 1 item", "must have at least 2 items", "must have at least 1 property", "must have at least 2 properties"},
	"must have at most ":     {"must have at most 1 item", "must have at most 20 items", "must have at most 1 property", "must have at most 2 properties"},
	"must be more than ":     {"must be more than 0"},
	"must be less than ":     {"must be less than 1"},
	"must be a multiple of ": {"must be a multiple of 2"},
	"consent to ":            {"consent to prosecution in force", "consent to incident"},
	"one for the purpose ":   {"one for the purpose statistics exists"},
	"one for the service ":   {"one for the service food_service exists"},
	"one for the agency ":    {"one for the agency casa-luz exists"},
	"in force: scope ":       {"in force: scope examine"},
	"in force: course ":      {"in force: course bar_admission"},
	"in force: content ":     {"in force: content victim_centred"},
	"not ":                   {"not withdrawn"},
	"at most ":               {"at most 3"},
	"boys up to ":            {"boys up to 12 years"},
	"required: boys up to ":  {"required: boys up to 12 years"},
}

// rules are what services say of a value, as far as the desk can send it.
func rules(t *testing.T) []string {
	t.Helper()
	var all []string
	for path, file := range sources(t, "pkg/programme", "services/intake", "services/referral", "services/legal-aid", "services/psychosocial", "services/trust-fund",
		"services/forensic-services", "services/internal", "pkg/edge", "pkg/schema", "pkg/image", "services/desk/internal/form") {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "At" && len(n.Args) == 2 {
					all = append(all, said(t, path, n.Args[1])...)
				}
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "missing" && len(n.Args) == 4 {
					all = append(all, said(t, path, n.Args[3])...)
				}
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "when" && len(n.Args) == 2 && strings.HasSuffix(path, "lack.go") {
					all = append(all, said(t, path, n.Args[1])...)
				}
			case *ast.CompositeLit:
				if f, ok := n.Type.(*ast.Ident); ok && f.Name == "Fault" && len(n.Elts) == 2 {
					all = append(all, said(t, path, n.Elts[1])...)
				}
			case *ast.ReturnStmt:
				if strings.HasSuffix(path, "edge/violations.go") && len(n.Results) == 1 {
					all = append(all, said(t, path, n.Results[0])...)
				}
			case *ast.GenDecl:
				if n.Tok == token.CONST || n.Tok == token.VAR {
					for _, s := range n.Specs {
						if v, ok := s.(*ast.ValueSpec); ok && (strings.HasSuffix(path, "schema/writing.go") || strings.HasPrefix(v.Names[0].Name, "rule") && strings.Contains(path, "pkg/edge")) {
							for _, e := range v.Values {
								if text, ok := literal(e); ok {
									all = append(all, text)
								}
							}
						}
						if v, ok := s.(*ast.ValueSpec); ok && (v.Names[0].Name == "formats" && strings.HasSuffix(path, "violations.go") || v.Names[0].Name == "over" && strings.HasSuffix(path, "lack.go")) {
							for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
								if text, ok := literal(e.(*ast.KeyValueExpr).Value); ok {
									all = append(all, text)
								}
							}
						}
					}
				}
			}
			return true
		})
	}
	all = append(all, "consent in force", "must be of the format email") // made by variables
	if len(all) < 120 {
		t.Fatalf("the services have %d rules", len(all))
	}
	return all
}

// said are the rules of an expression: a text, or the examples of one that is put together.
func said(t *testing.T, path string, e ast.Expr) []string {
	if text, ok := literal(e); ok {
		if slices.Contains(notForms, text) || text == "" {
			return nil
		}
		return []string{text}
	}
	if sum, ok := e.(*ast.BinaryExpr); ok {
		for {
			left, ok := sum.X.(*ast.BinaryExpr)
			if !ok {
				break
			}
			sum = left
		}
		begins, ok := literal(sum.X)
		if !ok {
			return nil // what it is made of is found where it is made
		}
		if parts[begins] == nil && begins != "1 " {
			t.Errorf("%s: a rule begins with %q, and no examples of it are here", path, begins)
		}
		return parts[begins]
	}
	return nil
}

func ruleTexts(t *testing.T) set {
	t.Helper()
	w := open(t).In("en", time.UTC)
	found := set{}
	for _, rule := range rules(t) {
		id, _ := w.find(rule)
		if id == "" {
			t.Errorf("the rule %q has no words", rule)
			continue
		}
		found[id] = true
	}
	return found
}

// Everything that the contract brings to a page has its text, and every text that is built
// from parts is one of those.
func TestTheContractIsInWords(t *testing.T) {
	english := read(t, "en")
	all := families(t)
	for _, family := range slices.Sorted(maps.Keys(all)) {
		for id, must := range all[family] {
			if must && english[id] == nil {
				t.Errorf("%s is missing", id)
			}
		}
	}
}

// takers are the methods that take the id of a text, and at which argument.
var takers = map[string]int{"T": 0, "N": 0, "Own": 0, "Moment": 0}

// Each text that the desk names is there, and each text that is there is named, or built
// from parts that the contract has.
func TestEachTextIsUsedAndEachUseHasItsText(t *testing.T) {
	english := read(t, "en")
	built := families(t)
	used, begins := map[string]bool{}, map[string]bool{}
	for id := range english {
		begins[family(id)] = strings.Contains(id, ".")
	}
	needs := func(path string, e ast.Expr) {
		if id, ok := literal(e); ok {
			if english[id] == nil {
				t.Errorf("%s: there is no text %q", path, id)
			}
			return
		}
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			return // a variable: where its texts are named, they are found as such
		}
		for {
			left, ok := sum.X.(*ast.BinaryExpr)
			if !ok {
				break
			}
			sum = left
		}
		first, ok := literal(sum.X)
		if ok && built[first] == nil && built[family(first)] == nil {
			t.Errorf("%s: a text is built from %q, and no family of this test has its ids", path, first)
		}
	}
	for path, file := range sources(t, "services/desk") {
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := literal(e); ok {
					used[text] = true
				}
			}
			// In a table, too, what looks like the id of a text is one.
			if table, ok := n.(*ast.CompositeLit); ok && strings.Contains(path, "internal/site/") {
				for _, e := range table.Elts {
					if text, ok := literal(e); ok && idLike.MatchString(text) && begins[family(text)] && english[text] == nil {
						t.Errorf("%s: there is no text %q", path, text)
					}
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !words(f.X) {
				return true
			}
			if i, ok := takers[f.Sel.Name]; ok && len(call.Args) > i {
				needs(path, call.Args[i])
			}
			if f.Sel.Name == "Or" {
				for _, id := range call.Args[1:] {
					needs(path, id)
				}
			}
			return true
		})
	}
	for id := range english {
		if !used[id] && !in(built, id) {
			t.Errorf("nothing uses the text %s", id)
		}
	}
}

var idLike = regexp.MustCompile(`^[a-z_]+([.][a-z0-9_]*[a-z0-9])+$`)

// family is how the id of a text begins.
func family(id string) string {
	begins, _, _ := strings.Cut(id, ".")
	return begins + "."
}

// words says whether an expression is the words of a page: v.W, f.Words, w.
func words(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name == "W" || e.Sel.Name == "Words"
	case *ast.Ident:
		return e.Name == "w"
	}
	return false
}
