package front

import (
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// mistake is what is wrong with one document of many.
type mistake struct {
	index int
	*refusal
}

var errTaken = duplicateKey.because("E11000 duplicate key error index: _id_")

func (c *conn) insert(a *arguments, out []byte) ([]byte, error) {
	n, ordered := a.namespace(), a.flag("ordered", true)
	given := a.list("documents")
	if a.err != nil {
		return out, a.err
	}
	if len(given) == 0 {
		return out, badValue.because("insert: there are no documents")
	}
	docs := make([]store.Document, 0, len(given))
	at := make([]int, 0, len(given)) // which of those given each one is
	var mistakes []mistake
	for i, d := range given {
		doc, err := documentOf(d)
		if err == nil {
			docs, at = append(docs, doc), append(at, i)
			continue
		}
		mistakes = append(mistakes, mistake{i, refuse(err)})
		if ordered {
			break
		}
	}
	stored := len(docs)
	if stored > 0 {
		refused, err := c.server.store.Insert(n, docs, ordered)
		if err != nil {
			return out, err
		}
		if ordered && len(refused) > 0 {
			stored, mistakes = refused[0]+1, nil // what came behind was not looked at
		}
		stored -= len(refused)
		for _, i := range refused {
			mistakes = append(mistakes, mistake{at[i], errTaken})
		}
	}
	slices.SortFunc(mistakes, func(a, b mistake) int { return a.index - b.index })
	return appendChanged(out, stored, mistakes), nil
}

// documentOf is a document as it is stored: as it is, under its _id. It must be
// such that it can be given back.
func documentOf(d bsoncore.Document) (store.Document, error) {
	if len(d) > largestDocument {
		return store.Document{}, bsonObjectTooLarge.because("a document is at most %d bytes", largestDocument)
	}
	if d.Validate() != nil {
		return store.Document{}, failedToParse.because("the document is not valid BSON")
	}
	v, err := d.LookupErr("_id")
	if err != nil {
		return store.Document{}, badValue.because("a document needs an _id")
	}
	key, err := keyOf(v)
	return store.Document{Key: key, Body: d}, err
}

// appendChanged writes how many documents were changed, and what was wrong with
// the others.
func appendChanged(out []byte, n int, mistakes []mistake) []byte {
	out = bsoncore.AppendInt32Element(out, "n", int32(n))
	if len(mistakes) == 0 {
		return out
	}
	list, out := bsoncore.AppendArrayElementStart(out, "writeErrors")
	for i, m := range mistakes {
		start, more := bsoncore.AppendDocumentElementStart(out, strconv.Itoa(i))
		more = bsoncore.AppendInt32Element(more, "index", int32(m.index))
		more = bsoncore.AppendInt32Element(more, "code", m.code)
		more = bsoncore.AppendStringElement(more, "errmsg", m.message)
		out = end(more, start)
	}
	return end(out, list)
}

// remove deletes by _id. All at once and ranges are refused: nothing here needs
// them, and a slip would cost a journal.
func (c *conn) remove(a *arguments, out []byte) ([]byte, error) {
	n, ordered := a.namespace(), a.flag("ordered", true)
	given := a.list("deletes")
	if a.err != nil {
		return out, a.err
	}
	deleted := int64(0)
	var mistakes []mistake
	for i, d := range given {
		keys, err := keysToDelete(d)
		if err == nil && len(keys) > 0 {
			var more int64
			more, err = c.server.store.Delete(n, keys)
			deleted += more
		}
		if err != nil {
			mistakes = append(mistakes, mistake{i, refuse(err)})
			if ordered {
				break
			}
		}
	}
	return appendChanged(out, int(deleted), mistakes), nil
}

func keysToDelete(d bsoncore.Document) ([][]byte, error) {
	elements, err := d.Elements()
	if err != nil {
		return nil, failedToParse.because("the deletion is not valid BSON")
	}
	var keys [][]byte
	one := false
	for _, e := range elements {
		switch e.Key() {
		case "q":
			filter, ok := e.Value().DocumentOK()
			p, err := partOf(filter)
			if err != nil {
				return nil, err
			}
			if !ok || p.Keys == nil {
				return nil, notImplemented.because("what is deleted here is named by its _id")
			}
			keys = p.Keys
		case "limit":
			n, ok := whole(e.Value())
			if !ok || n < 0 || n > 1 {
				return nil, failedToParse.because("the limit of a deletion is 0 or 1")
			}
			one = n == 1
		default:
			return nil, notImplemented.because("delete: %q is not implemented here", name(e.Key()))
		}
	}
	switch {
	case keys == nil:
		return nil, failedToParse.because("delete: \"q\" is missing")
	case one && len(keys) > 1:
		return nil, notImplemented.because("one of several _ids cannot be deleted: name it")
	}
	return keys, nil
}
