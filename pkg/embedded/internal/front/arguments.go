package front

import (
	"math"
	"slices"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// command is what is done for one name.
type command struct {
	do func(c *conn, a *arguments, out []byte) ([]byte, error)
	// takes names the arguments, besides those of every command. Others are
	// refused: what is not understood must not be ignored.
	takes []string
	// open commands are answered before a login.
	open   bool
	writes bool
	// loose commands take any argument: a driver says there who it is.
	loose bool
}

// always are arguments of every command that change nothing here: there is one
// copy of the data, each write is on the disk before its answer, and there are
// no transactions.
var always = []string{
	"$db", "lsid", "$clusterTime", "$readPreference", "readConcern", "writeConcern", "maxTimeMS", "comment",
	"apiVersion", "apiStrict", "apiDeprecationErrors", "txnNumber", "$audit", "$client", "$configServerState",
}

// arguments are those of a request. The first mistake that is met while they
// are read is kept.
type arguments struct {
	*request

	err error
}

func readArguments(r *request, cmd command) (*arguments, error) {
	elements, err := r.body.Elements()
	if err != nil {
		return nil, failedToParse.because("the command is not valid BSON")
	}
	if cmd.loose {
		return &arguments{request: r}, nil
	}
	for _, e := range elements[1:] {
		key := e.Key()
		switch {
		case key == "autocommit" || key == "startTransaction":
			return nil, illegalOperation.because("there are no transactions here")
		case !slices.Contains(always, key) && !slices.Contains(cmd.takes, key):
			return nil, notImplemented.because("%s: the argument %q is not implemented here", r.command, name(key))
		}
	}
	if r.argument != "" && !slices.Contains(cmd.takes, r.argument) {
		return nil, notImplemented.because("%s: the argument %q is not implemented here", r.command, name(r.argument))
	}
	if level, ok := r.body.Lookup("readConcern", "level").StringValueOK(); ok && level == "snapshot" {
		return nil, notImplemented.because("read concern snapshot is not implemented here")
	}
	return &arguments{request: r}, nil
}

// fail keeps a mistake, unless there was one before.
func (a *arguments) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

func (a *arguments) wrong(key, want string) {
	a.fail(typeMismatch.because("%s: %q must be %s", a.command, key, want))
}

// value is an argument, or nothing.
func (a *arguments) value(key string) (bsoncore.Value, bool) {
	v, err := a.body.LookupErr(key)
	return v, err == nil && v.Type != bsoncore.TypeNull
}

// collection is the one that the command is on, by the value of its name.
func (a *arguments) collection() string {
	s, ok := a.body.Index(0).Value().StringValueOK()
	if !ok {
		a.wrong(a.command, "the name of a collection")
	}
	return s
}

func (a *arguments) document(key string) bsoncore.Document {
	v, there := a.value(key)
	if !there {
		return nil
	}
	d, ok := v.DocumentOK()
	if !ok {
		a.wrong(key, "a document")
	}
	return d
}

func (a *arguments) text(key string) string {
	v, there := a.value(key)
	if !there {
		return ""
	}
	s, ok := v.StringValueOK()
	if !ok {
		a.wrong(key, "a string")
	}
	return s
}

func (a *arguments) flag(key string, otherwise bool) bool {
	v, there := a.value(key)
	if !there {
		return otherwise
	}
	if b, ok := v.BooleanOK(); ok {
		return b
	}
	n, ok := whole(v)
	if !ok {
		a.wrong(key, "true or false")
	}
	return n != 0
}

// number is a whole number that is not negative, or -1 without one.
func (a *arguments) number(key string) int64 {
	v, there := a.value(key)
	if !there {
		return -1
	}
	n, ok := whole(v)
	if !ok || n < 0 {
		a.wrong(key, "a whole number that is not negative")
		return -1
	}
	return n
}

// list is an argument of documents: in the body, or beside it.
func (a *arguments) list(key string) []bsoncore.Document {
	if a.argument == key {
		return a.documents
	}
	v, there := a.value(key)
	if !there {
		a.fail(failedToParse.because("%s: %q is missing", a.command, key))
		return nil
	}
	array, ok := v.ArrayOK()
	if !ok {
		a.wrong(key, "an array of documents")
		return nil
	}
	values, err := array.Values()
	if err != nil {
		a.wrong(key, "an array of documents")
	}
	documents := make([]bsoncore.Document, len(values))
	for i, v := range values {
		if documents[i], ok = v.DocumentOK(); !ok {
			a.wrong(key, "an array of documents")
		}
	}
	return documents
}

// whole is a number without a fraction, of any numeric type.
func whole(v bsoncore.Value) (int64, bool) {
	if n, ok := v.Int32OK(); ok {
		return int64(n), true
	}
	if n, ok := v.Int64OK(); ok {
		return n, true
	}
	f, ok := v.DoubleOK()
	return int64(f), ok && f == math.Trunc(f) && math.Abs(f) < 1<<53
}
