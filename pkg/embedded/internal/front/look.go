package front

import (
	"math"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

const (
	// firstBatch is how many documents MongoDB gives at first.
	firstBatch = 101
	// heaviest is how many bytes of documents an answer has; one more document
	// may come on top.
	heaviest = 4 << 20
)

func (c *conn) find(a *arguments, out []byte) ([]byte, error) {
	cur, err := a.query("filter")
	if err != nil {
		return out, err
	}
	if p := a.document("projection"); len(p) > len(emptyDocument) {
		return out, notImplemented.because("find: a projection is not implemented here")
	}
	size := a.number("batchSize")
	if size < 0 {
		size = firstBatch
	}
	single := a.flag("singleBatch", false)
	if a.err != nil {
		return out, a.err
	}
	start, out := bsoncore.AppendDocumentElementStart(out, "cursor")
	out, done, err := c.batch(cur, "firstBatch", size, out)
	if err != nil {
		return out, err
	}
	id := int64(0)
	if !done && !single {
		id = c.server.cursors.keep(cur)
	}
	return end(appendCursor(out, cur, id), start), nil
}

func appendCursor(out []byte, cur *cursor, id int64) []byte {
	out = bsoncore.AppendInt64Element(out, "id", id)
	return bsoncore.AppendStringElement(out, "ns", full(cur.name))
}

// query is what a find or a count asks for.
func (a *arguments) query(filter string) (*cursor, error) {
	cur := &cursor{name: a.namespace(), left: math.MaxInt64}
	var err error
	if cur.part, err = partOf(a.document(filter)); err != nil {
		return nil, err
	}
	if n := a.number("limit"); n > 0 {
		cur.left = n
	}
	cur.skip = max(0, a.number("skip"))
	if err := a.sort(&cur.part); err != nil {
		return nil, err
	}
	return cur, a.err
}

// sort is by _id or in the order in which documents were stored.
func (a *arguments) sort(p *store.Part) error {
	order := a.document("sort")
	if len(order) <= len(emptyDocument) {
		return nil
	}
	elements, err := order.Elements()
	if err != nil || len(elements) == 0 {
		return failedToParse.because("%s: the order is not valid BSON", a.command)
	}
	direction, ok := whole(elements[0].Value())
	key := elements[0].Key()
	if len(elements) > 1 || !ok || direction != 1 && direction != -1 || key != "_id" && key != "$natural" {
		return notImplemented.because("an order here is that of _id, or $natural")
	}
	switch p.Reverse = direction < 0; {
	case p.Keys != nil:
		if p.Reverse {
			slices.Reverse(p.Keys)
		}
	case key == "$natural" && p.From != nil:
		return notImplemented.because("a range of _id is read in the order of _id")
	case key == "_id" && p.From == nil:
		p.From, p.To = []byte{}, []byte{math.MaxUint8}
	}
	return nil
}

// batch writes the next documents of a cursor, at most so many.
func (c *conn) batch(cur *cursor, field string, most int64, out []byte) ([]byte, bool, error) {
	list, out := bsoncore.AppendArrayElementStart(out, field)
	n, begin := int64(0), len(out)
	var index [20]byte
	next, done, err := c.server.store.Read(cur.name, cur.part, cur.place, func(body []byte) bool {
		if cur.skip > 0 {
			cur.skip--
			return true
		}
		if n == most || cur.left == 0 || len(out)-begin > heaviest {
			return false
		}
		out = append(out, byte(bsoncore.TypeEmbeddedDocument))
		out = append(append(out, strconv.AppendInt(index[:0], n, 10)...), 0)
		out = append(out, body...)
		n++
		cur.left--
		return true
	})
	cur.place = next
	return end(out, list), done || cur.left == 0, err
}

func (c *conn) getMore(a *arguments, out []byte) ([]byte, error) {
	id, ok := a.body.Index(0).Value().Int64OK()
	if !ok {
		return out, typeMismatch.because("getMore: a cursor is a long")
	}
	n := a.named(a.text("collection"))
	size := a.number("batchSize")
	if size <= 0 {
		size = math.MaxInt64
	}
	if a.err != nil {
		return out, a.err
	}
	cur := c.server.cursors.take(id)
	if cur == nil || cur.name != n {
		return out, cursorNotFound.because("there is no such cursor")
	}
	start, out := bsoncore.AppendDocumentElementStart(out, "cursor")
	out, done, err := c.batch(cur, "nextBatch", size, out)
	if err != nil {
		return out, err
	}
	if done {
		id = 0
	} else {
		c.server.cursors.put(id, cur)
	}
	return end(appendCursor(out, cur, id), start), nil
}

func (c *conn) killCursors(a *arguments, out []byte) ([]byte, error) {
	v, _ := a.value("cursors")
	array, ok := v.ArrayOK()
	values, err := array.Values()
	if !ok || err != nil {
		return out, typeMismatch.because("killCursors: \"cursors\" must be an array")
	}
	killed, killedArray := bsoncore.AppendArrayElementStart(nil, "cursorsKilled")
	missing, missingArray := bsoncore.AppendArrayElementStart(nil, "cursorsNotFound")
	for i, v := range values {
		id, _ := v.Int64OK()
		if c.server.cursors.take(id) != nil {
			killedArray = bsoncore.AppendInt64Element(killedArray, strconv.Itoa(i), id)
		} else {
			missingArray = bsoncore.AppendInt64Element(missingArray, strconv.Itoa(i), id)
		}
	}
	out = append(append(out, end(killedArray, killed)...), end(missingArray, missing)...)
	for _, none := range []string{"cursorsAlive", "cursorsUnknown"} {
		start, more := bsoncore.AppendArrayElementStart(out, none)
		out = end(more, start)
	}
	return out, nil
}

func (c *conn) count(a *arguments, out []byte) ([]byte, error) {
	cur, err := a.query("query")
	if err != nil {
		return out, err
	}
	n, err := c.counted(cur)
	return bsoncore.AppendInt32Element(out, "n", int32(min(n, math.MaxInt32))), err
}

func (c *conn) counted(cur *cursor) (int64, error) {
	n, err := c.server.store.Count(cur.name, cur.part)
	return min(cur.left, max(0, n-cur.skip)), err
}

// aggregate counts, in the words in which drivers count: nothing else.
func (c *conn) aggregate(a *arguments, out []byte) ([]byte, error) {
	cur := &cursor{name: a.namespace(), left: math.MaxInt64}
	stages := a.list("pipeline")
	if a.err != nil {
		return out, a.err
	}
	as, at := "", -1
	for _, stage := range stages {
		place, named, err := cur.stage(stage)
		if err != nil {
			return out, err
		}
		if place <= at {
			return out, notImplemented.because("aggregate here is $match, $skip, $limit and the count, each once and in this order")
		}
		as, at = named, place
	}
	if as == "" {
		return out, notImplemented.because("aggregate here counts, and nothing else")
	}
	n, err := c.counted(cur)
	if err != nil {
		return out, err
	}
	var docs []bsoncore.Document
	if n > 0 { // of nothing there is no group
		docs = []bsoncore.Document{bsoncore.NewDocumentBuilder().AppendInt32("_id", 1).AppendInt64(as, n).Build()}
	}
	return appendWhole(out, full(cur.name), docs), nil
}

// stage adds a stage to what is counted, and tells where such a one stands. The
// last one names the count.
func (cur *cursor) stage(stage bsoncore.Document) (place int, as string, err error) {
	elements, err := stage.Elements()
	if err != nil || len(elements) != 1 {
		return 0, "", failedToParse.because("aggregate: a stage has one field")
	}
	v := elements[0].Value()
	n, isNumber := whole(v)
	switch op := elements[0].Key(); {
	case op == "$match":
		filter, ok := v.DocumentOK()
		if !ok {
			return 0, "", typeMismatch.because("aggregate: $match needs a document")
		}
		cur.part, err = partOf(filter)
		return 0, "", err
	case op == "$skip" && isNumber && n >= 0:
		cur.skip = n
		return 1, "", nil
	case op == "$limit" && isNumber && n > 0:
		cur.left = n
		return 2, "", nil
	case op == "$count":
		if as, ok := v.StringValueOK(); ok && as != "" {
			return 3, as, nil
		}
	case op == "$group":
		if as, ok := counts(v); ok {
			return 3, as, nil
		}
	}
	return 0, "", notImplemented.because("aggregate: the stage %q is not implemented here, or not so", name(elements[0].Key()))
}

// counts says whether a group is {_id: <constant>, <as>: {$sum: 1}}.
func counts(v bsoncore.Value) (as string, ok bool) {
	group, _ := v.DocumentOK()
	elements, err := group.Elements()
	if err != nil || len(elements) != 2 || elements[0].Key() != "_id" {
		return "", false
	}
	if s, isText := elements[0].Value().StringValueOK(); isText && s != "" && s[0] == '$' {
		return "", false
	}
	sum, _ := elements[1].Value().DocumentOK()
	by, err := sum.LookupErr("$sum")
	n, isNumber := whole(by)
	return elements[1].Key(), err == nil && isNumber && n == 1
}
