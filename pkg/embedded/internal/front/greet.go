package front

import (
	"cmp"
	"crypto/rand"
	"time"

	"github.com/xdg-go/scram"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// The versions of the protocol that are spoken: those of MongoDB 4.2 to 7.0.
const (
	oldestWire = 0
	newestWire = 21
	release    = "7.0.0"
)

// hello says what this is: one server without copies, sessions or compression. Then
// drivers do not ask for what it does not have.
func (c *conn) hello(a *arguments, out []byte) ([]byte, error) {
	out = bsoncore.AppendBooleanElement(out, "helloOk", true)
	if a.command == "hello" {
		out = bsoncore.AppendBooleanElement(out, "isWritablePrimary", true)
	} else {
		out = bsoncore.AppendBooleanElement(out, "ismaster", true)
	}
	out = bsoncore.AppendInt32Element(out, "maxBsonObjectSize", largestDocument)
	out = bsoncore.AppendInt32Element(out, "maxMessageSizeBytes", largestMessage)
	out = bsoncore.AppendInt32Element(out, "maxWriteBatchSize", 100_000)
	out = bsoncore.AppendDateTimeElement(out, "localTime", time.Now().UnixMilli())
	out = bsoncore.AppendInt32Element(out, "connectionId", c.id)
	out = bsoncore.AppendInt32Element(out, "minWireVersion", oldestWire)
	out = bsoncore.AppendInt32Element(out, "maxWireVersion", newestWire)
	out = bsoncore.AppendBooleanElement(out, "readOnly", c.access.ReadOnly)
	if _, asked := a.value("saslSupportedMechs"); asked {
		start, more := bsoncore.AppendArrayElementStart(out, "saslSupportedMechs")
		more = bsoncore.AppendStringElement(more, "0", mechanism)
		out = end(more, start)
	}
	return out, nil
}

func buildInfo(_ *conn, _ *arguments, out []byte) ([]byte, error) {
	out = bsoncore.AppendStringElement(out, "version", release)
	start, out := bsoncore.AppendArrayElementStart(out, "versionArray")
	for i, n := range []int32{7, 0, 0, 0} {
		out = bsoncore.AppendInt32Element(out, string(rune('0'+i)), n)
	}
	out = end(out, start)
	start, out = bsoncore.AppendArrayElementStart(out, "modules")
	out = end(out, start)
	out = bsoncore.AppendInt32Element(out, "bits", 64)
	out = bsoncore.AppendBooleanElement(out, "debug", false)
	out = bsoncore.AppendInt32Element(out, "maxBsonObjectSize", largestDocument)
	return bsoncore.AppendStringElement(out, "storageEngine", "sanad-embedded"), nil
}

// mechanism is the one way to say who one is.
const mechanism = "SCRAM-SHA-256"

var errNotWho = authenticationFailed.because("authentication failed")

// conversationID: a connection has one conversation at a time.
const conversationID = 1

func (c *conn) saslStart(a *arguments, out []byte) ([]byte, error) {
	if m := a.text("mechanism"); m != mechanism {
		return out, cmp.Or(a.err, error(mechanismNotSupported.because("the mechanism here is %s", mechanism)))
	}
	if c.access.SCRAM == nil {
		return out, errNotWho
	}
	c.known, c.conversation = false, c.access.SCRAM.NewConversation()
	skip, _ := a.body.Lookup("options", "skipEmptyExchange").BooleanOK()
	c.skipEmpty = skip
	return c.converse(a, out)
}

func (c *conn) saslContinue(a *arguments, out []byte) ([]byte, error) {
	if c.conversation == nil || a.number("conversationId") != conversationID {
		return out, errNotWho
	}
	return c.converse(a, out)
}

// converse gives the next message. The last one of a client may be empty.
func (c *conn) converse(a *arguments, out []byte) ([]byte, error) {
	v, _ := a.value("payload")
	_, said, ok := v.BinaryOK()
	if !ok {
		c.conversation = nil
		return out, errNotWho
	}
	var say string
	if !c.conversation.Done() {
		var err error
		say, err = c.conversation.Step(string(said))
		if err != nil {
			c.conversation = nil
			return out, errNotWho
		}
	} else if len(said) > 0 {
		c.conversation = nil
		return out, errNotWho
	}
	done := c.conversation.Valid() && (c.skipEmpty || len(said) == 0)
	if done {
		c.known, c.user, c.conversation = true, c.conversation.Username(), nil
	}
	out = bsoncore.AppendInt32Element(out, "conversationId", conversationID)
	out = bsoncore.AppendBooleanElement(out, "done", done)
	return bsoncore.AppendBinaryElement(out, "payload", bson.TypeBinaryGeneric, []byte(say)), nil
}

// NewSCRAM makes the judge of one user. It keeps what tells a right password,
// and not the password.
func NewSCRAM(user, password string) (*scram.Server, error) {
	client, err := scram.SHA256.NewClient(user, password, "")
	if err != nil {
		return nil, err
	}
	credentials, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: salt(), Iters: iterations})
	if err != nil {
		return nil, err
	}
	return scram.SHA256.NewServer(func(name string) (scram.StoredCredentials, error) {
		if name != user {
			return scram.StoredCredentials{}, errNotWho
		}
		return credentials, nil
	})
}

func (c *conn) logout(_ *arguments, out []byte) ([]byte, error) {
	c.known = c.access.SCRAM == nil
	return out, nil
}

func (c *conn) connectionStatus(_ *arguments, out []byte) ([]byte, error) {
	start, out := bsoncore.AppendDocumentElementStart(out, "authInfo")
	users, out := bsoncore.AppendArrayElementStart(out, "authenticatedUsers")
	if c.user != "" {
		user, more := bsoncore.AppendDocumentElementStart(out, "0")
		more = bsoncore.AppendStringElement(more, "user", c.user)
		more = bsoncore.AppendStringElement(more, "db", "admin")
		out = end(more, user)
	}
	out = end(out, users)
	roles, out := bsoncore.AppendArrayElementStart(out, "authenticatedUserRoles")
	out = end(out, roles)
	return end(out, start), nil
}

const iterations = 15_000 // MongoDB's own number

func salt() string {
	raw := make([]byte, 28)
	_, _ = rand.Read(raw) // never fails
	return string(raw)
}
