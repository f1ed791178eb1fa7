package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// What is wrong with a text that should be JSON. Of a property that is there twice, most
// readers take the last: the one before it would be lost, and nobody would be told.
var (
	errTwice = errors.New("has a property twice in one object")
	errAfter = errors.New("goes on behind its end")
)

// decode reads JSON that was written here, and leaves numbers as they are written.
func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	return v, decoder.Decode(&v)
}

// decodeOther reads JSON that somebody else wrote. It refuses what encoding/json would pass
// over: a property that is there twice, and a text behind the end.
func decodeOther(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	v, err := value(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errAfter
	}
	return v, nil
}

// maxNesting bounds the recursion below. It is far over what HSDS nests.
const maxNesting = 200

func value(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	if depth > maxNesting {
		return nil, errors.New("nests too deep")
	}
	if delim == '[' {
		list := []any{}
		for decoder.More() {
			item, err := value(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err := decoder.Token()
		return list, err
	}
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // a name is nothing else
		if _, twice := object[name]; twice {
			return nil, errTwice
		}
		if object[name], err = value(decoder, depth+1); err != nil {
			return nil, err
		}
	}
	_, err = decoder.Token()
	return object, err
}
