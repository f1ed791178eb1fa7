package journal

import (
	"context"
	"errors"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// insert stores documents, those that it can. It gives a mongo.WriteException
// that names those that the store refused, or what went wrong with all.
//
// It writes the command itself: InsertMany would encode each document, which is
// bytes already, once more, and decode it for its _id. Without that an append, with
// all that the engine does, takes a tenth less of the processor. Like InsertMany it
// tries twice, for a failover. The documents bring their _ids, so what the first
// try stored is only refused by the second.
func (j *Journal) insert(ctx context.Context, docs []bson.Raw) error {
	command := insertion(j.coll.Name(), docs)
	err := j.db.RunCommand(ctx, command).Err()
	if _, told := errors.AsType[mongo.WriteException](err); err != nil && !told {
		err = j.db.RunCommand(ctx, command).Err()
	}
	return err
}

// insertion is the insert command of MongoDB. It goes on behind a document that
// is refused, and is answered when most of a replica set has the others on disk.
func insertion(collection string, docs []bson.Raw) bson.Raw {
	size := len(collection) + 128
	for _, d := range docs {
		size += len("\x03100\x00") + len(d)
	}
	command, buf := bsoncore.AppendDocumentStart(make([]byte, 0, size))
	buf = bsoncore.AppendStringElement(buf, "insert", collection)
	buf = bsoncore.AppendBooleanElement(buf, "ordered", false)
	concern, buf := bsoncore.AppendDocumentElementStart(buf, "writeConcern")
	buf = bsoncore.AppendStringElement(buf, "w", "majority")
	buf = bsoncore.AppendBooleanElement(buf, "j", true)
	buf, _ = bsoncore.AppendDocumentEnd(buf, concern) // fails for a wrong start only, as below
	array, buf := bsoncore.AppendArrayElementStart(buf, "documents")
	for i, d := range docs {
		buf = bsoncore.AppendDocumentElement(buf, strconv.Itoa(i), bsoncore.Document(d))
	}
	buf, _ = bsoncore.AppendArrayEnd(buf, array)
	buf, _ = bsoncore.AppendDocumentEnd(buf, command)
	return buf
}
