package front

import (
	"bytes"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

// message is a command as a driver sends it.
func message(f testing.TB, command bson.D, documents ...bson.D) []byte {
	body, err := bson.Marshal(append(command, bson.E{Key: "$db", Value: "office"}))
	if err != nil {
		f.Fatal(err)
	}
	_, m := wiremessage.AppendHeaderStart(nil, 7, 0, wiremessage.OpMsg)
	m = wiremessage.AppendMsgFlags(m, 0)
	m = append(wiremessage.AppendMsgSectionType(m, wiremessage.SingleDocument), body...)
	if len(documents) > 0 {
		m = wiremessage.AppendMsgSectionType(m, wiremessage.DocumentSequence)
		sequence := append([]byte("documents"), 0)
		for _, d := range documents {
			raw, err := bson.Marshal(d)
			if err != nil {
				f.Fatal(err)
			}
			sequence = append(sequence, raw...)
		}
		n := uint32(len(sequence) + 4)
		m = append(append(m, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)), sequence...)
	}
	return finish(m)
}

// FuzzMessage reads any bytes as a message: what is not one is refused, and
// what is one is answered.
func FuzzMessage(f *testing.F) {
	f.Add(message(f, bson.D{{Key: "hello", Value: 1}}))
	f.Add(message(f, bson.D{{Key: "insert", Value: "journal"}}, bson.D{{Key: "_id", Value: "a"}}, bson.D{{Key: "_id", Value: 7}}))
	f.Add(message(f, bson.D{{Key: "find", Value: "journal"}, {Key: "filter", Value: bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: "a"}}}}}}))
	f.Add(message(f, bson.D{{Key: "saslContinue", Value: 1}, {Key: "conversationId", Value: 1}, {Key: "payload", Value: []byte("x")}}))
	f.Add(message(f, bson.D{{Key: "killCursors", Value: "journal"}, {Key: "cursors", Value: bson.A{int64(7)}}}))
	f.Add(message(f, bson.D{{Key: "aggregate", Value: "journal"}, {Key: "pipeline", Value: bson.A{bson.D{{Key: "$count", Value: "n"}}}}}))
	server := New(openStore(f))
	f.Fuzz(func(t *testing.T, sent []byte) {
		m, err := receive(bytes.NewReader(sent), nil, largestGreeting)
		if err != nil {
			return
		}
		r, err := parse(m)
		if err != nil {
			return
		}
		c := &conn{server: server, known: true}
		c.answer(r)
		length, _, to, _, _, ok := wiremessage.ReadHeader(c.out)
		if !ok || int(length) != len(c.out) || to != r.id {
			t.Errorf("%s is answered with %x", r.command, c.out)
		}
	})
}
