package edge

import (
	"os"
	"testing"

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
