package migrate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// shape stands under "$s" in the JSON text as which the earlier engine kept a
// document: the type of each field, and the names in their order. The values
// stand behind it.
type shape struct {
	Types map[string]json.RawMessage `json:"p"`
	Names []string                   `json:"$k"`
}

// The types that journals and keys have, as they stand in a shape.
const (
	typeString = `{"t":"string"}`
	typeDate   = `{"t":"date"}`
	typeBytes  = `{"t":"binData","s":0}`
)

// What a text may have that keeps it from being taken. No error quotes a value,
// as those of a JSON decoder do.
var (
	errText   = errors.New("the text is not JSON")
	errShape  = errors.New("the text is not as the earlier engine wrote it")
	errType   = errors.New("journals and keys have no such type")
	errString = errors.New("it is not a string in UTF-8")
	errDate   = errors.New("it is not a date")
	errBytes  = errors.New("it is not bytes")
)

// decode makes of a text the BSON that was once handed in. It accepts exactly
// what the earlier engine wrote for the three types that it knows: anything
// else is refused, not guessed at.
//
// Bytes whose base64 is damaged are taken as they stand in the text, and their
// fields are named. So a record keeps its place in its chain, where it will not
// verify, and its version is not used again.
func decode(text []byte) (doc bson.Raw, damaged []string, err error) {
	var values map[string]json.RawMessage
	if json.Unmarshal(text, &values) != nil {
		return nil, nil, errText
	}
	var s shape
	if json.Unmarshal(values["$s"], &s) != nil {
		return nil, nil, errShape
	}
	// What was read must be all that was there. So it is written again.
	again := make([]byte, 0, len(text))
	again = s.appendText(append(again, `{"$s":`...))
	start, out := bsoncore.AppendDocumentStart(make([]byte, 0, len(text)))
	for _, name := range s.Names {
		if !plain(name) {
			return nil, nil, errShape
		}
		value := values[name]
		more, whole, err := appendValue(out, name, string(s.Types[name]), value)
		if err != nil {
			return nil, nil, fmt.Errorf("field %q: %w", name, err)
		}
		if !whole {
			damaged = append(damaged, name)
		}
		out = more
		again = append(append(append(append(again, `,"`...), name...), `":`...), value...)
	}
	if !bytes.Equal(append(again, '}'), text) {
		return nil, nil, errShape
	}
	out, err = bsoncore.AppendDocumentEnd(out, start)
	return out, damaged, err
}

// plain tells of a name that JSON writes it as it is, and that it can be one of
// BSON.
func plain(name string) bool {
	text, err := json.Marshal(name)
	return err == nil && string(text) == `"`+name+`"`
}

// appendText writes a shape as the earlier engine did.
func (s shape) appendText(out []byte) []byte {
	out = append(out, `{"p":{`...)
	for i, name := range s.Names {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(append(out, '"'), name...), `":`...), s.Types[name]...)
	}
	out = append(out, `},"$k":["`...)
	return append(append(out, strings.Join(s.Names, `","`)...), `"]}`...)
}

// appendValue writes one field. It is whole unless its bytes are taken as they
// stand.
func appendValue(out []byte, name, as string, value json.RawMessage) (more []byte, whole bool, err error) {
	switch as {
	case typeString:
		var s string
		if json.Unmarshal(value, &s) != nil || strings.ContainsRune(s, '\uFFFD') {
			return nil, false, errString
		}
		if again, err := json.Marshal(s); err != nil || !bytes.Equal(again, value) {
			return nil, false, errString
		}
		return bsoncore.AppendStringElement(out, name, s), true, nil
	case typeDate:
		at, err := strconv.ParseInt(string(value), 10, 64)
		if err != nil || strconv.FormatInt(at, 10) != string(value) {
			return nil, false, errDate
		}
		return bsoncore.AppendDateTimeElement(out, name, at), true, nil
	case typeBytes:
		if len(value) < 2 || value[0] != '"' {
			return nil, false, errBytes
		}
		written := value[1 : len(value)-1]
		data, err := base64.StdEncoding.Strict().AppendDecode(nil, written)
		if err != nil {
			data = written
		}
		return bsoncore.AppendBinaryElement(out, name, bson.TypeBinaryGeneric, data), err == nil, nil
	default:
		return nil, false, errType
	}
}
