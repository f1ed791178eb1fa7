package front

import (
	"encoding/binary"
	"errors"
	"io"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

const (
	// largestDocument and largestMessage are MongoDB's own limits, in bytes.
	largestDocument = 16 << 20
	largestMessage  = 48_000_000
	// largestGreeting bounds what a client may send before its login.
	largestGreeting = 64 << 10
	// buffer is that of a connection.
	buffer = 16 << 10
	// kept is how much of a large message's memory a connection keeps.
	kept = 1 << 20

	headerSize = 16

	// opQuery is the form of before MongoDB 3.6.
	opQuery wiremessage.OpCode = 2004
)

// request is one command.
type request struct {
	id     int32
	legacy bool // in the form of before MongoDB 3.6, in which drivers greet
	silent bool // the answer is not wanted

	database string
	command  string
	body     bsoncore.Document
	// documents are what stands beside the body, under the name of an argument.
	argument  string
	documents []bsoncore.Document
}

var errMessage = errors.New("not a message of MongoDB's protocol")

// receive reads a message into memory that is used again for the next one.
func receive(r io.Reader, memory []byte, most int) ([]byte, error) {
	if cap(memory) < headerSize || cap(memory) > kept {
		memory = make([]byte, headerSize, buffer)
	}
	memory = memory[:headerSize]
	if _, err := io.ReadFull(r, memory); err != nil {
		return memory, err
	}
	length := int(int32(binary.LittleEndian.Uint32(memory)))
	if length < headerSize || length > most {
		return memory, errMessage
	}
	if cap(memory) < length {
		memory = append(make([]byte, 0, length), memory...)
	}
	memory = memory[:length]
	_, err := io.ReadFull(r, memory[headerSize:])
	return memory, err
}

// parse takes a message apart. The parts share its bytes.
func parse(message []byte) (*request, error) {
	_, id, _, opcode, rest, ok := wiremessage.ReadHeader(message)
	if !ok {
		return nil, errMessage
	}
	r := &request{id: id}
	switch opcode {
	case wiremessage.OpMsg:
		ok = r.readMsg(rest)
	case opQuery:
		ok = r.readQuery(rest)
	default:
		ok = false
	}
	if !ok || r.body.Validate() != nil {
		return nil, errMessage
	}
	first, err := r.body.IndexErr(0)
	if err != nil {
		return nil, errMessage
	}
	r.command = first.Key()
	return r, nil
}

func (r *request) readMsg(rest []byte) bool {
	flags, rest, ok := wiremessage.ReadMsgFlags(rest)
	if !ok || flags&^(wiremessage.ChecksumPresent|wiremessage.MoreToCome|wiremessage.ExhaustAllowed) != 0 {
		return false
	}
	if flags&wiremessage.ChecksumPresent != 0 {
		if len(rest) < 4 {
			return false
		}
		rest = rest[:len(rest)-4] // it is for networks; TCP has its own
	}
	r.silent = flags&wiremessage.MoreToCome != 0
	for len(rest) > 0 {
		var kind wiremessage.SectionType
		if kind, rest, ok = wiremessage.ReadMsgSectionType(rest); !ok {
			return false
		}
		switch kind {
		case wiremessage.SingleDocument:
			if r.body != nil {
				return false
			}
			r.body, rest, ok = wiremessage.ReadMsgSectionSingleDocument(rest)
		case wiremessage.DocumentSequence:
			if r.argument != "" {
				return false
			}
			r.argument, r.documents, rest, ok = wiremessage.ReadMsgSectionDocumentSequence(rest)
			ok = ok && r.argument != ""
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	r.database, ok = r.body.Lookup("$db").StringValueOK()
	return ok
}

// readQuery reads the form in which drivers greet: flags, the name of what is
// asked, how much to skip and to give, and the command. Only that is answered.
func (r *request) readQuery(rest []byte) bool {
	const flags, asked, numbers = 4, "admin.$cmd\x00", 8
	if len(rest) < flags+len(asked)+numbers || string(rest[flags:flags+len(asked)]) != asked {
		return false
	}
	r.legacy, r.database = true, "admin"
	var ok bool
	r.body, _, ok = bsoncore.ReadDocument(rest[flags+len(asked)+numbers:])
	return ok
}

// begin writes the head of the answer to a request, behind what memory holds.
func (r *request) begin(memory []byte, id int32) []byte {
	if r.legacy {
		_, memory = wiremessage.AppendHeaderStart(memory, id, r.id, wiremessage.OpReply)
		memory = wiremessage.AppendReplyFlags(memory, wiremessage.AwaitCapable)
		memory = wiremessage.AppendReplyCursorID(memory, 0)
		memory = wiremessage.AppendReplyStartingFrom(memory, 0)
		return wiremessage.AppendReplyNumberReturned(memory, 1)
	}
	_, memory = wiremessage.AppendHeaderStart(memory, id, r.id, wiremessage.OpMsg)
	memory = wiremessage.AppendMsgFlags(memory, 0)
	return wiremessage.AppendMsgSectionType(memory, wiremessage.SingleDocument)
}

// finish writes the length of an answer into its head.
func finish(message []byte) []byte {
	return bsoncore.UpdateLength(message, 0, int32(len(message)))
}
