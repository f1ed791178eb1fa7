package front

import (
	"bufio"
	"net"
	"time"

	"github.com/xdg-go/scram"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// greeting is how long somebody may take to say who they are.
const greeting = 30 * time.Second

// conn is one connection and who is at its other end.
type conn struct {
	server *Server
	access Access
	id     int32

	known bool // who it is
	user  string
	// conversation is what has been said so far to find that out.
	conversation *scram.ServerConversation
	skipEmpty    bool

	nc          net.Conn
	in          *bufio.Reader
	memory, out []byte
}

// serve answers one message after another. It ends with the connection, or at
// what is no message.
func (c *conn) serve() {
	for {
		most := largestMessage
		if !c.known {
			most = largestGreeting
			if c.nc.SetReadDeadline(time.Now().Add(greeting)) != nil {
				return
			}
		}
		var err error
		if c.memory, err = receive(c.in, c.memory, most); err != nil {
			return
		}
		r, err := parse(c.memory)
		if err != nil {
			return
		}
		known := c.known
		c.answer(r)
		if c.known && !known && c.nc.SetReadDeadline(time.Time{}) != nil {
			return
		}
		if r.silent {
			continue
		}
		if _, err := c.nc.Write(c.out); err != nil {
			return
		}
		if cap(c.out) > kept {
			c.out = nil
		}
	}
}

// answer writes the answer to a request into the connection's memory.
func (c *conn) answer(r *request) {
	c.out = r.begin(c.out[:0], c.server.replies.Add(1))
	head := len(c.out)
	start, memory := bsoncore.AppendDocumentStart(c.out)
	memory, err := c.do(r, memory)
	if err != nil {
		c.out = refuse(err).appendTo(memory[:head])
	} else {
		memory = bsoncore.AppendDoubleElement(memory, "ok", 1)
		c.out = end(memory, start)
	}
	c.out = finish(c.out)
}

// do lets the command of a request write the elements of its answer.
func (c *conn) do(r *request, out []byte) ([]byte, error) {
	cmd, ok := commands[r.command]
	switch {
	case !ok:
		return out, commandNotFound.because("no such command: %q", name(r.command))
	case !c.known && !cmd.open:
		return out, unauthorized.because("command %s requires authentication", r.command)
	case cmd.writes && c.access.ReadOnly:
		return out, unauthorized.because("command %s is refused: here one may only look", r.command)
	}
	a, err := readArguments(r, cmd)
	if err != nil {
		return out, err
	}
	return cmd.do(c, a, out)
}

// name cuts what is said to be the name of a command.
func name(s string) string { return s[:min(len(s), 64)] }
