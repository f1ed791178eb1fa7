package console

import (
	"reflect"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/service"
)

// No contract has the answers of an admin address. What the console reads of them has the
// names that the services write: a field of another name would stay empty, unseen.
func TestTheConsoleReadsWhatServicesWrite(t *testing.T) {
	for _, one := range []struct{ reads, writes any }{
		{File{}, service.LetterFile{}},
		{Outcome{}, service.LetterOutcome{}},
		{Aside{}, service.SetAside{}},
		{Release{}, service.Release{}},
		{Way{}, service.WayPage{}},
		{Looks{}, service.LookPage{}},
	} {
		written := names(reflect.TypeOf(one.writes), "")
		for name := range names(reflect.TypeOf(one.reads), "") {
			if !written[name] {
				t.Errorf("%T reads %s, and %T has no such name", one.reads, name, one.writes)
			}
		}
	}
}

// names are those of a type in JSON, with those of what is in it.
func names(of reflect.Type, at string) map[string]bool {
	all := map[string]bool{}
	for of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return all
	}
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		under := at
		if name == "-" || name == "" && !f.Anonymous {
			continue
		}
		if name != "" {
			under = at + "/" + name
			all[under] = true
		}
		for n := range names(f.Type, under) {
			all[n] = true
		}
	}
	return all
}
