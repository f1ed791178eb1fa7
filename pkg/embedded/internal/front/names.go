package front

import (
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

const (
	longestDatabase  = 63
	longestNamespace = 255
)

// namespace is the collection that a command is on.
func (a *arguments) namespace() store.Name {
	return a.named(a.collection())
}

func (a *arguments) named(collection string) store.Name {
	n := store.Name{Database: a.database, Collection: collection}
	switch {
	case n.Database == "" || len(n.Database) > longestDatabase || strings.ContainsAny(n.Database, "/\\. \"$*<>:|?\x00"):
		a.fail(invalidNamespace.because("not a name of a database"))
	case collection == "" || strings.ContainsAny(collection, "$\x00") || strings.HasPrefix(collection, "system.") ||
		collection[0] == '.' || collection[len(collection)-1] == '.' || len(n.Database)+1+len(collection) > longestNamespace:
		a.fail(invalidNamespace.because("not a name of a collection"))
	}
	return n
}

func full(n store.Name) string { return n.Database + "." + n.Collection }

// nameFilter is the name that a list is asked for, empty for all.
func (a *arguments) nameFilter() string {
	filter := a.document("filter")
	elements, err := filter.Elements()
	if len(filter) == 0 || err == nil && len(elements) == 0 {
		return ""
	}
	if err == nil && len(elements) == 1 && elements[0].Key() == "name" {
		if s, ok := elements[0].Value().StringValueOK(); ok {
			return s
		}
	}
	a.fail(notImplemented.because("%s: a filter here is on one name", a.command))
	return ""
}

func (c *conn) listDatabases(a *arguments, out []byte) ([]byte, error) {
	only, bare := a.nameFilter(), a.flag("nameOnly", false)
	if a.err != nil {
		return out, a.err
	}
	sizes := map[string]int64{}
	for _, n := range c.server.store.Names() {
		size := int64(0)
		if !bare {
			var err error
			if size, err = c.server.store.Size(n); err != nil {
				return out, err
			}
		}
		sizes[n.Database] += size
	}
	var names []string
	for n := range sizes {
		if only == "" || n == only {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	total := int64(0)
	list, out := bsoncore.AppendArrayElementStart(out, "databases")
	for i, n := range names {
		start, more := bsoncore.AppendDocumentElementStart(out, strconv.Itoa(i))
		more = bsoncore.AppendStringElement(more, "name", n)
		if !bare {
			more = bsoncore.AppendInt64Element(more, "sizeOnDisk", sizes[n])
			more = bsoncore.AppendBooleanElement(more, "empty", sizes[n] == 0)
		}
		out = end(more, start)
		total += sizes[n]
	}
	out = end(out, list)
	if !bare {
		out = bsoncore.AppendInt64Element(out, "totalSize", total)
	}
	return out, nil
}

func (c *conn) listCollections(a *arguments, out []byte) ([]byte, error) {
	only, bare := a.nameFilter(), a.flag("nameOnly", false)
	if a.err != nil {
		return out, a.err
	}
	var docs []bsoncore.Document
	for _, n := range c.server.store.Names() {
		if n.Database != a.database || only != "" && n.Collection != only {
			continue
		}
		d := bsoncore.NewDocumentBuilder().AppendString("name", n.Collection).AppendString("type", "collection")
		if !bare {
			d.AppendDocument("options", emptyDocument)
			d.AppendDocument("info", bsoncore.NewDocumentBuilder().AppendBoolean("readOnly", false).Build())
			d.AppendDocument("idIndex", idIndex)
		}
		docs = append(docs, d.Build())
	}
	return appendWhole(out, a.database+".$cmd.listCollections", docs), nil
}

var (
	emptyDocument = bsoncore.NewDocumentBuilder().Build()
	idIndex       = bsoncore.NewDocumentBuilder().AppendInt32("v", 2).
			AppendDocument("key", bsoncore.NewDocumentBuilder().AppendInt32("_id", 1).Build()).
			AppendString("name", "_id_").Build()
)

func (c *conn) listIndexes(a *arguments, out []byte) ([]byte, error) {
	n := a.namespace()
	if a.err != nil {
		return out, a.err
	}
	if !c.server.store.Has(n) {
		return out, namespaceNotFound.because("ns does not exist")
	}
	return appendWhole(out, full(n), []bsoncore.Document{idIndex}), nil
}

// appendWhole writes a cursor that is at its end, with all its documents.
func appendWhole(out []byte, ns string, docs []bsoncore.Document) []byte {
	start, out := bsoncore.AppendDocumentElementStart(out, "cursor")
	out = bsoncore.AppendInt64Element(out, "id", 0)
	out = bsoncore.AppendStringElement(out, "ns", ns)
	batch, out := bsoncore.AppendArrayElementStart(out, "firstBatch")
	for i, d := range docs {
		out = bsoncore.AppendDocumentElement(out, strconv.Itoa(i), d)
	}
	out = end(out, batch)
	return end(out, start)
}

func (c *conn) create(a *arguments, out []byte) ([]byte, error) {
	return out, a.changes(c.server.store.Create, namespaceExists.because("the collection exists already"))
}

func (c *conn) drop(a *arguments, out []byte) ([]byte, error) {
	drop := func(n store.Name) (bool, error) { return c.server.store.Drop(n) }
	return out, a.changes(drop, namespaceNotFound.because("ns not found"))
}

// changes does something with the collection that is named, and refuses when it
// changed nothing.
func (a *arguments) changes(do func(store.Name) (bool, error), otherwise error) error {
	n := a.namespace()
	if a.err != nil {
		return a.err
	}
	changed, err := do(n)
	if err == nil && !changed {
		err = otherwise
	}
	return err
}

func (c *conn) dropDatabase(a *arguments, out []byte) ([]byte, error) {
	var all []store.Name
	for _, n := range c.server.store.Names() {
		if n.Database == a.database {
			all = append(all, n)
		}
	}
	if _, err := c.server.store.Drop(all...); err != nil {
		return out, err
	}
	return bsoncore.AppendStringElement(out, "dropped", a.database), nil
}
