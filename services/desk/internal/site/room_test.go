package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api"
	client "github.com/sanad-network/sanad/services/desk/internal/api"
)

// What the tables of the rooms name is in the contract: a name that is not there would hide
// an entry, or send a command without what it is about.
func TestTheRoomsNameWhatTheContractHas(t *testing.T) {
	contract, err := client.ReadContract(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		read, amend := contract.Operations[r.read].Answer, contract.Operations[r.amend].Body
		if read == nil || amend == nil {
			t.Fatalf("%s: there is no such operation", r.path)
		}
		named := []string{"id", "referral", "status", "since", "assigned", "case", "service", "consent", "outcome", "commands"}
		for _, k := range r.kinds {
			named = append(named, k.name)
			s := read.Property(k.name)
			if s == nil {
				t.Errorf("%s has no %s", r.read, k.name)
				continue
			}
			if s.Items != nil {
				s = s.Items
			}
			has := func(name, what string) {
				if s.Property(name) == nil {
					t.Errorf("%s: %s has no %s, %s", r.read, k.name, name, what)
				}
			}
			for _, name := range k.head {
				has(name, "which stands on its line")
			}
			for _, a := range k.acts {
				body := contract.Operations[a.op].Body
				for pointer, name := range a.about {
					has(name, "from which "+a.op+" is filled in")
					if body.Property(strings.TrimPrefix(pointer, "/")) == nil {
						t.Errorf("%s has no %s", a.op, pointer)
					}
				}
			}
			for _, a := range k.amends {
				has(a.id, "which names it")
				if !strings.HasPrefix(s.Property(a.id).Pattern, "^"+a.prefix+"_") && !strings.Contains(amend.Property("entry").Pattern, a.prefix) {
					t.Errorf("%s: no id of %s begins with %s", r.read, k.name, a.prefix)
				}
				if a.part == "" {
					continue
				}
				part := amend.Property(a.part)
				if part == nil {
					t.Errorf("%s has no %s", r.amend, a.part)
					continue
				}
				for _, p := range part.Properties {
					if other := a.other[p.Name]; other == "" {
						has(p.Name, "with which "+r.amend+" is filled in")
					} else {
						has(other, "with which "+r.amend+" is filled in")
					}
				}
			}
		}
		for _, p := range read.Properties {
			if !slices.Contains(named, p.Name) {
				t.Errorf("no page shows %s of %s", p.Name, r.read)
			}
		}
	}
}
