package contract

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
)

// recorded compares each event that a room records with its schema and with the
// document of the bus, and checks that a journal loses nothing of its halves.
func recorded(t *testing.T, room service.Room) {
	t.Helper()
	catalogue, err := service.Catalogue(api.Files, room)
	if err != nil {
		t.Fatal(err)
	}
	bus := read(t, "asyncapi/network.yaml")
	for _, typ := range catalogue.Types() {
		if !catalogue.Writes(typ) {
			continue
		}
		t.Run(typ, func(t *testing.T) {
			file := "schema/" + strings.Replace(strings.TrimSuffix(typ, ".v1"), ".", "/", 1) + ".v1.schema.json"
			data := reflect.TypeOf(catalogue.Zero(typ))
			d := read(t, file)
			for _, difference := range d.compare(data.Name(), d.root, data, true) {
				t.Errorf("api/%s: %s%s", file, difference, of(data))
			}
			payload, _ := at(bus.root, "components", "messages", typ, "payload")
			if leaves(catalogue.Zero(typ)) && payload["$ref"] != "../"+file {
				t.Errorf("api/asyncapi/network.yaml: no message of %s has its schema, api/%s", typ, file)
			}
			kept(t, catalogue, typ)
		})
	}
}

// leaves says whether anybody outside its room is told of an event.
func leaves(e fact.Data) bool {
	_, confined := e.(interface{ ConfinedToAddressees() })
	_, addressed := e.(interface{ Addressees() []string })
	_, inner := e.(interface{ ForServicesAlone() })
	return addressed || !confined && !inner
}

// kept checks that an event with full halves is read as it was recorded.
func kept(t *testing.T, catalogue event.Catalogue, typ string) {
	t.Helper()
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	f := filling{t: t}
	data := reflect.New(reflect.TypeOf(catalogue.Zero(typ))).Elem()
	f.fill(data, "data")
	e := fact.Event{Data: data.Interface().(fact.Data), At: at}
	if half := catalogue.Half(typ); half != nil {
		private := reflect.New(half).Elem()
		f.fill(private, "private")
		e.Private = private.Interface()
	}
	if t.Failed() {
		return // what cannot be filled cannot be compared
	}
	recorded, err := catalogue.ReadingBack().Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	got, err := catalogue.Decode(recorded, at)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, got); diff != "" {
		t.Errorf("read as something else (-recorded +read):\n%s", diff)
	}
}

// Filled is a value of which every field holds something.
func Filled[T any](t *testing.T) (v T) {
	t.Helper()
	f := filling{t: t}
	f.fill(reflect.ValueOf(&v).Elem(), fmt.Sprintf("%T", v))
	return v
}

// filling gives every field a value of its own, so that a lost or exchanged one
// is seen.
type filling struct {
	t *testing.T
	n int
}

func (f *filling) fill(v reflect.Value, at string) {
	f.n++
	typ := v.Type()
	switch {
	case typ == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 1, 1, 0, 0, f.n, int(time.Millisecond), time.UTC)))
		return
	case typ == reflect.TypeFor[json.RawMessage]():
		v.SetBytes(fmt.Appendf(nil, `{"n":%d}`, f.n))
		return
	case codes[typ.Name()] != nil && typ.Kind() == reflect.String:
		list := codes[typ.Name()]
		v.SetString(list[f.n%len(list)])
		return
	}
	switch typ.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(f.n))
	case reflect.Uint8:
		v.SetUint(uint64(f.n % 256))
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 0.25)
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		f.fill(v.Elem(), at)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(typ, 2, 2))
		for i := range 2 {
			f.fill(v.Index(i), at)
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), at)
		}
	case reflect.Map:
		key, value := reflect.New(typ.Key()).Elem(), reflect.New(typ.Elem()).Elem()
		f.fill(key, at)
		f.fill(value, at)
		v.Set(reflect.MakeMap(typ))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range typ.NumField() {
			field := typ.Field(i)
			if !field.IsExported() {
				f.t.Errorf("%s.%s is not exported: it is lost", at, field.Name)
				continue
			}
			f.fill(v.Field(i), at+"."+field.Name)
		}
	default:
		f.t.Errorf("%s is a %s: what it holds is not known before it is read", at, typ)
	}
}
