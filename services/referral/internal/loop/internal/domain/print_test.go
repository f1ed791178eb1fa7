package domain

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
)

// Every field of a request tells it from another, but those that the referral
// service itself adds: also one that is added later.
func TestPrintOf(t *testing.T) {
	whole := referralv1.Requested{
		Categories: []code.Category{"a"}, Further: []referralv1.Further{{}},
		Candidates: []referralv1.Candidate{{Categories: []code.Category{"b"}, Further: []referralv1.Further{{}}}},
	}
	before := printOf(whole)
	added := []string{"Turn", "Due", "Policy"}
	var walk func(v reflect.Value, name string)
	walk = func(v reflect.Value, name string) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		defer v.Set(old)
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1, 0)))
		} else {
			switch v.Kind() {
			case reflect.Struct:
				for field, value := range v.Fields() {
					if !slices.Contains(added, field.Name) {
						walk(value, name+"."+field.Name)
					}
				}
				return
			case reflect.Slice:
				for i := range v.Len() {
					walk(v.Index(i), name+"[]")
				}
				return
			case reflect.String:
				v.SetString("x")
			case reflect.Bool:
				v.SetBool(true)
			case reflect.Int:
				v.SetInt(1)
			default:
				t.Fatalf("%s is a %s: tell printOf of it", name, v.Kind())
			}
		}
		if printOf(whole) == before {
			t.Errorf("%s changes and the print does not", name)
		}
	}
	for field, value := range reflect.ValueOf(&whole).Elem().Fields() {
		if !slices.Contains(added, field.Name) {
			walk(value, field.Name)
		}
	}
	if printOf(whole) != before {
		t.Error("the same request has two prints")
	}
	whole.Candidates = append(whole.Candidates, referralv1.Candidate{})
	if printOf(whole) == before {
		t.Error("one candidate more changes nothing")
	}
}
