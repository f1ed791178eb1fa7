package migrate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
)

const commit = `{"$s":{"p":{"_id":{"t":"string"},"at":{"t":"date"},"key":{"t":"string"},"commit":{"t":"binData","s":0}},` +
	`"$k":["_id","at","key","commit"]},"_id":"case_1/1","at":1795699842097,"key":"K","commit":"AAEC/w=="}`

func TestDecode(t *testing.T) {
	at := bson.NewDateTimeFromTime(time.UnixMilli(1795699842097))
	for name, c := range map[string]struct {
		text    string
		want    bson.D
		damaged []string
	}{
		"commit": {text: commit, want: bson.D{
			{Key: "_id", Value: "case_1/1"},
			{Key: "at", Value: at},
			{Key: "key", Value: "K"},
			{Key: "commit", Value: []byte{0, 1, 2, 255}},
		}},
		"the order is that of the names": {
			text: `{"$s":{"p":{"b":{"t":"string"},"a":{"t":"date"}},"$k":["b","a"]},"b":"","a":-1}`,
			want: bson.D{{Key: "b", Value: ""}, {Key: "a", Value: bson.DateTime(-1)}},
		},
		"empty bytes": {
			text: `{"$s":{"p":{"b":{"t":"binData","s":0}},"$k":["b"]},"b":""}`,
			want: bson.D{{Key: "b", Value: []byte{}}},
		},
		"damaged base64 stands for itself": {
			text: strings.Replace(commit, "AAEC/w", "AA\xc5C/w", 1),
			want: bson.D{
				{Key: "_id", Value: "case_1/1"},
				{Key: "at", Value: at},
				{Key: "key", Value: "K"},
				{Key: "commit", Value: []byte("AA\xc5C/w==")},
			},
			damaged: []string{"commit"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := bson.Marshal(c.want)
			if err != nil {
				t.Fatal(err)
			}
			got, damaged, err := decode([]byte(c.text))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v, %v; want %v", got, err, bson.Raw(want))
			}
			if d := cmp.Diff(c.damaged, damaged); d != "" {
				t.Errorf("damaged (-want +got):\n%s", d)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	with := func(old, by string) string { return strings.Replace(commit, old, by, 1) }
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":                   {"", errText},
		"no object":                 {"[]", errText},
		"cut off":                   {commit[:len(commit)-1], errText},
		"something behind it":       {commit + "{}", errText},
		"no shape":                  {`{"_id":"x"}`, errShape},
		"no fields":                 {`{"$s":{}}`, errShape},
		"more in the shape":         {with(`{"p"`, `{"q":1,"p"`), errShape},
		"more about a field":        {with(`{"t":"date"}`, `{"t":"date","o":""}`), errType},
		"a subtype of a date":       {with(`{"t":"date"}`, `{"t":"date","s":0}`), errType},
		"a field too many":          {with(`"key":"K"`, `"key":"K","more":"x"`), errShape},
		"a field too few":           {with(`"at":1795699842097,`, ``), errDate},
		"a field twice":             {with(`"key":"K"`, `"key":"K","key":"K"`), errShape},
		"a name twice":              {with(`"$k":["_id",`, `"$k":["_id","_id",`), errShape},
		"a name without type":       {with(`"$k":["_id"`, `"$k":["id"`), errType},
		"another order":             {with(`"at":1795699842097,"key":"K"`, `"key":"K","at":1795699842097`), errShape},
		"a space":                   {with(`,"at"`, `, "at"`), errShape},
		"a name that is escaped":    {with(`"key":"K"`, `"k\u0065y":"K"`), errShape},
		"a name with a zero":        {`{"$s":{"p":{"a\u0000":{"t":"date"}},"$k":["a\u0000"]},"a\u0000":1}`, errShape},
		"a string that is escaped":  {with(`"K"`, `"\u004b"`), errString},
		"a string that is no UTF-8": {with(`"K"`, "\"\xff\""), errString},
		"a string cut in two":       {with(`"K"`, `"\ud800"`), errString},
		"a string that is null":     {with(`"K"`, `null`), errString},
		"a date that is null":       {with(`1795699842097`, `null`), errDate},
		"a date that is no integer": {with(`1795699842097`, `1.5`), errDate},
		"a date too far":            {with(`1795699842097`, `17956998420970000000`), errDate},
		"bytes that are null":       {with(`"AAEC/w=="`, `null`), errBytes},
		"bytes that are a number":   {with(`"AAEC/w=="`, `12`), errBytes},
		"bytes of another subtype":  {with(`"s":0`, `"s":4`), errType},
		"bytes of no subtype":       {with(`,"s":0`, ``), errType},
		"an unknown type":           {with(`"date"`, `"long"`), errType},
		"a type that is none":       {with(`"date"`, `"\""`), errType},
		"a document in it":          {with(`{"t":"date"}`, `{"t":"object","$s":{"p":{},"$k":[]}}`), errType},
	} {
		t.Run(name, func(t *testing.T) {
			if doc, _, err := decode([]byte(c.text)); !errors.Is(err, c.want) || doc != nil {
				t.Errorf("%v, %v; want %v", doc, err, c.want)
			}
		})
	}
}

// encode writes a document as the earlier engine did; damaged fields are bytes
// that stand for themselves.
func encode(doc bson.Raw, damaged []string) ([]byte, error) {
	elements, err := doc.Elements()
	if err != nil {
		return nil, err
	}
	var types, names, values []string
	for _, e := range elements {
		var as, value string
		switch v := e.Value(); v.Type {
		case bson.TypeString:
			as, value = typeString, v.StringValue()
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			value = string(text)
		case bson.TypeDateTime:
			as, value = typeDate, strconv.FormatInt(v.DateTime(), 10)
		default:
			_, data := v.Binary()
			as, value = typeBytes, base64.StdEncoding.EncodeToString(data)
			if slices.Contains(damaged, e.Key()) {
				value = string(data)
			}
			value = `"` + value + `"`
		}
		key := `"` + e.Key() + `"`
		types, names, values = append(types, key+":"+as), append(names, key), append(values, key+":"+value)
	}
	return fmt.Appendf(nil, `{"$s":{"p":{%s},"$k":[%s]},%s}`,
		strings.Join(types, ","), strings.Join(names, ","), strings.Join(values, ",")), nil
}

// FuzzDecode holds that nothing makes the decoder panic, and that what it
// accepts has all of the text in it and nothing else.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(commit))
	f.Add([]byte(`{"$s":{"p":{"_id":{"t":"string"},"wrapped":{"t":"binData","s":0}},"$k":["_id","wrapped"]},"_id":"Y","wrapped":"AYUS"}`))
	f.Add([]byte(`{"$s":{"p":{"a":{"t":"object","$s":{"p":{"b":{"t":"int"}},"$k":["b"]}}},"$k":["a"]},"a":{"b":1}}`))
	f.Add([]byte(`{"$s":{"p":{"_id":{"t":"objectId"}},"$k":["_id"]},"_id":"6a0e2d4bd3f1a7c2d8b4e5f6"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, damaged, err := decode(text)
		if err != nil {
			if doc != nil || damaged != nil {
				t.Fatal("refused, and given all the same")
			}
			return
		}
		if err := doc.Validate(); err != nil {
			t.Fatal(err)
		}
		again, err := encode(doc, damaged)
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%q was read as %v: %v", text, doc, err)
		}
	})
}
