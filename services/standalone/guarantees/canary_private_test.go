package guarantees_test

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// unsung are private fields of the case that hold nothing that could be told from other text, or
// that no command of this release writes, each with the reason.
var unsung = map[string]string{}

// sungAll looks that each private field of the case was planted by this test: a field that nobody
// wrote could be told anywhere, and the canary would not be found. The network is stopped.
func (w *world) sungAll() {
	w.t.Helper()
	wanted, planted := map[string]bool{}, map[string]bool{}
	err := network.Offline(w.t.Context(), w.config, "intake", func(ctx context.Context, s *service.Workshop) error {
		for _, typ := range s.Catalogue.Types() {
			if half := s.Catalogue.Half(typ); half != nil && s.Catalogue.Writes(typ) {
				leaves(half, typ, wanted)
			}
		}
		return s.Journal.Replay(ctx, func(c *journal.Commit) error {
			for _, e := range c.Events {
				if len(e.Private) == 0 {
					continue
				}
				var private any
				if err := json.Unmarshal(e.Private, &private); err != nil {
					return err
				}
				holds(private, e.Type, planted)
			}
			return nil
		}, nil)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, field := range slices.Sorted(maps.Keys(wanted)) {
		if _, known := unsung[field]; !planted[field] && !known {
			w.t.Errorf("%s is private, and no canary was planted there", field)
		}
		if _, known := unsung[field]; known && planted[field] {
			w.t.Errorf("%s is planted: it is no exception", field)
		}
	}
	for field := range unsung {
		if !wanted[field] {
			w.t.Errorf("%s is an exception, and there is no such field", field)
		}
	}
	if len(wanted) < 50 {
		w.t.Errorf("only %d private fields are known", len(wanted))
	}
}

// leaves are the fields of a private half that hold a value. A map is one: its keys are codes.
func leaves(t reflect.Type, at string, into map[string]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		into[at] = true
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-":
		case f.Anonymous && name == "":
			leaves(f.Type, at, into)
		default:
			leaves(f.Type, at+" "+name, into)
		}
	}
}

// holds notes which fields hold a value.
func holds(v any, at string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		into[at] = len(v) > 0 || into[at]
		for name, of := range v {
			holds(of, at+" "+name, into)
		}
	case []any:
		for _, of := range v {
			holds(of, at, into)
		}
	case nil:
	default:
		into[at] = true
	}
}
