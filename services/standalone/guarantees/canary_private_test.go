package guarantees_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// unsung are private texts of a case that name no survivor, each with the reason.
var unsung = map[string]string{
	"abroad": "the programme of another country that is asked",
	"age_on": "a day, as the date of her birth is, which is planted",
	"anew":   "names of consents", "consent": "names of consents",
	"answer": "of an instrument, and none is shipped", "band": "of an instrument, and none is shipped",
	"conference": "the name of a conference",
	"item":       "of an instrument, and none is shipped", "sheet": "of an instrument, and none is shipped",
	"owner": "a worker, as the register names them", "owner_subject": "a worker, as their token names them",
	"recipient": "an agency that is asked next",
}

// sungAll looks that each private text of a case was planted by this test: a text that nobody
// wrote could be told anywhere, and no canary would be found. What is a code, a number or an
// instant looks like any other; those that can be told apart are in coded. The network is stopped.
func (w *world) sungAll() {
	w.t.Helper()
	w.sungOf("intake", unsung, func(string) bool { return true })
}

// sungOf is sungAll for a room, for the texts that count as planted.
func (w *world) sungOf(room string, unsung map[string]string, counts func(string) bool) {
	w.t.Helper()
	wanted, planted := map[string]bool{}, map[string]bool{}
	tel, flush, err := telemetry.New(w.t.Context(), telemetry.Config{Service: room, Writer: w.logs})
	if err != nil {
		w.t.Fatal(err)
	}
	cfg := w.config
	cfg.Telemetry = tel
	err = network.Offline(w.t.Context(), cfg, room, func(ctx context.Context, s *service.Workshop) error {
		for _, typ := range s.Catalogue.Types() {
			if half := s.Catalogue.Half(typ); half != nil && s.Catalogue.Writes(typ) {
				texts(half, "", wanted)
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
				holds(private, "", counts, planted)
			}
			return nil
		}, nil)
	})
	if err := errors.Join(err, flush(context.WithoutCancel(w.t.Context()))); err != nil {
		w.t.Fatal(err)
	}
	for _, field := range slices.Sorted(maps.Keys(wanted)) {
		if _, known := unsung[field]; !planted[field] && !known {
			w.t.Errorf("%s is a private text, and no canary was planted there", field)
		}
	}
	for field := range unsung {
		if !wanted[field] {
			w.t.Errorf("%s is no private text any more, and excused", field)
		}
	}
	if len(wanted) < 20 {
		w.t.Errorf("only %d private fields are known", len(wanted))
	}
}

// texts are the names of the fields of a private half that hold a text which is no code.
func texts(t reflect.Type, named string, into map[string]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		if t == reflect.TypeFor[string]() {
			into[named] = true
		}
		return
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-":
		case f.Anonymous && name == "":
			texts(f.Type, named, into)
		default:
			texts(f.Type, name, into)
		}
	}
}

// holds notes by name which fields hold a text that counts.
func holds(v any, named string, counts func(string) bool, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, of := range v {
			holds(of, name, counts, into)
		}
	case []any:
		for _, of := range v {
			holds(of, named, counts, into)
		}
	case string:
		if counts(v) {
			into[named] = true
		}
	}
}
