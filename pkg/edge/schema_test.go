package edge

import (
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/pkg/schema"
)

const asking = `{"requests":[{"recipient":"legal-aid","service":"food_service","urgency":"urgent"}]}`

// What the short way lets in the library lets in too.
func FuzzFits(f *testing.F) {
	var ops []*operation
	for _, name := range []string{"testdata/garden.yaml", "../../api/openapi/intake.yaml", "../../api/openapi/referral.yaml"} {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		c, err := readContract(source)
		if err != nil {
			f.Fatal(err)
		}
		for _, op := range c.operations {
			if op.body != nil {
				ops = append(ops, op)
			}
		}
	}
	f.Add(asking)
	f.Add(`{"agency":"legal-aid","country":"GT","services":["food_service","food_service"]}`)
	f.Add(`{"channel":"ngo","country":"GT","programme":"spotlight","incident":{"types":["rape",1]},"name":""}`)
	f.Fuzz(func(t *testing.T, text string) {
		value, err := schema.Parse(text)
		if err != nil {
			return
		}
		for _, op := range ops {
			if op.body.Short(value) && op.body.Schema.Validate(value) != nil {
				t.Errorf("%s: %s", op.id, text)
			}
		}
	})
}

// The contracts of the network take the short way: a keyword that it does not
// know costs every request the long one.
func TestContractsArePlain(t *testing.T) {
	for _, name := range []string{"intake", "referral", "legal-aid", "psychosocial", "forensic-services"} {
		source, err := os.ReadFile("../../api/openapi/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		c, err := readContract(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range c.operations {
			if op.id == "requestServices" {
				if value, err := schema.Parse(asking); err != nil || !op.body.Short(value) {
					t.Errorf("%s goes the long way", asking)
				}
			}
			if op.body != nil && !op.body.Plain() || op.pathID != nil && !op.pathID.Plain() {
				t.Errorf("%s is not plain", op.id)
			}
		}
	}
}

// Every string of a body that has no codes and no format of its own is held to what
// people may write: in each room, in each field, also in one that comes tomorrow. What
// the directory is handed in as a file is not, since its report names the row.
func TestNoRoomForgetsWhatPeopleMayWrite(t *testing.T) {
	judged, files := map[string]bool{}, map[string]bool{}
	var walk func(name string, s *jsonschema.Schema)
	walk = func(name string, s *jsonschema.Schema) {
		for s.Ref != nil {
			s = s.Ref
		}
		for name, inner := range s.Properties {
			walk(name, inner)
		}
		if s.Items2020 != nil {
			walk(name, s.Items2020)
		}
		switch {
		case s.Types == nil || s.Types.ToStrings()[0] != "string" || s.Enum != nil || s.Const != nil:
		case s.Format == nil:
			files[name] = true
		case s.Format.Name == "text" || s.Format.Name == "line":
			judged[name] = true
			for _, bad := range []string{"\x00", "a\x00", " ", "\u202ea", "\u2068a"} {
				if s.Validate(bad) == nil {
					t.Errorf("%s takes %q", name, bad)
				}
			}
		}
	}
	for _, service := range []string{"intake", "referral", "legal-aid", "psychosocial", "forensic-services"} {
		source, err := os.ReadFile("../../api/openapi/" + service + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		c, err := readContract(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range c.operations {
			if op.body != nil {
				walk(op.id, op.body.Schema)
			}
		}
	}
	for _, name := range []string{"name", "narrative", "safe_note", "opposing_party", "summary", "measures", "notes", "plan", "findings", "description", "text", "phone"} {
		if !judged[name] {
			t.Errorf("%s is not judged", name)
		}
	}
	for name := range files {
		if !strings.HasSuffix(name, ".csv") && name != "code" {
			t.Errorf("%s is not judged, and no file", name)
		}
	}
}
