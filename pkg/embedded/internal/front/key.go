package front

import (
	"encoding/binary"
	"slices"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// Keys lie in MongoDB's order of types: numbers, strings, binary data, object
// identifiers. Between strings it is that of their bytes, as in MongoDB.
const (
	rankNumber byte = 0x10 + 0x10*iota
	rankString
	rankBinary
	rankObjectID
)

var errKey = typeMismatch.because("an _id here is a string, a whole number, binary data or an ObjectId")

// keyOf is the key of an _id.
func keyOf(v bsoncore.Value) ([]byte, error) {
	if s, ok := v.StringValueOK(); ok {
		return append([]byte{rankString}, s...), nil
	}
	if n, ok := whole(v); ok {
		return binary.BigEndian.AppendUint64([]byte{rankNumber}, uint64(n)^1<<63), nil
	}
	if subtype, data, ok := v.BinaryOK(); ok {
		// As in MongoDB the length comes first, then the subtype.
		key := binary.BigEndian.AppendUint32([]byte{rankBinary}, uint32(len(data)))
		return append(append(key, subtype), data...), nil
	}
	if id, ok := v.ObjectIDOK(); ok {
		return append([]byte{rankObjectID}, id[:]...), nil
	}
	return nil, errKey
}

// partOf is the part of a collection that a filter names: all of it, some _ids,
// or a range of them.
func partOf(filter bsoncore.Document) (store.Part, error) {
	elements, err := filter.Elements()
	if err != nil && len(filter) > 0 {
		return store.Part{}, failedToParse.because("the filter is not valid BSON")
	}
	switch {
	case len(elements) == 0:
		return store.Part{}, nil
	case len(elements) > 1 || elements[0].Key() != "_id":
		return store.Part{}, notImplemented.because("a filter here is on _id alone")
	}
	v := elements[0].Value()
	operators, ok := v.DocumentOK()
	if !ok {
		key, err := keyOf(v)
		return store.Part{Keys: [][]byte{key}}, err
	}
	return partOfOperators(operators)
}

func partOfOperators(operators bsoncore.Document) (store.Part, error) {
	elements, err := operators.Elements()
	if err != nil || len(elements) == 0 {
		return store.Part{}, errKey
	}
	var p store.Part
	for _, e := range elements {
		op := e.Key()
		if op == "$in" {
			if len(elements) > 1 {
				return p, notImplemented.because("$in here stands alone")
			}
			return partOfList(e.Value())
		}
		key, err := keyOf(e.Value())
		if err != nil {
			return p, err
		}
		switch op {
		case "$eq":
			p.Narrow(key, behind(key))
		case "$gte":
			p.Narrow(key, nil)
		case "$gt":
			p.Narrow(behind(key), nil)
		case "$lt":
			p.Narrow(nil, key)
		case "$lte":
			p.Narrow(nil, behind(key))
		default:
			return p, notImplemented.because("the operator %q is not implemented here", name(op))
		}
		// A comparison finds values of its own kind only.
		p.Narrow([]byte{key[0]}, []byte{key[0] + 1})
	}
	return p, nil
}

func partOfList(v bsoncore.Value) (store.Part, error) {
	array, ok := v.ArrayOK()
	values, err := array.Values()
	if !ok || err != nil {
		return store.Part{}, badValue.because("$in needs an array")
	}
	p := store.Part{Keys: make([][]byte, len(values))}
	for i, v := range values {
		if p.Keys[i], err = keyOf(v); err != nil {
			return p, err
		}
	}
	// Each is found once, in the order of the index.
	slices.SortFunc(p.Keys, slices.Compare[[]byte])
	p.Keys = slices.CompactFunc(p.Keys, func(a, b []byte) bool { return slices.Equal(a, b) })
	return p, nil
}

// behind is the least key behind another.
func behind(key []byte) []byte { return append(slices.Clip(key), 0) }
