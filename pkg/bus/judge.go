package bus

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/schema"
)

// Why a message is refused. Each code has its section in
// docs/runbooks/SanadDeadLetters.md.
var (
	errMalformed   = fault.New(fault.Malformed, "malformed_event", "The message is not an event of the network.")
	errMisplaced   = fault.New(fault.Malformed, "misplaced_event", "Subject, source, type and identity do not say the same.")
	errUnknown     = fault.New(fault.Unsupported, "unknown_event", "Nothing here reacts to this event.")
	errUndecodable = fault.New(fault.Malformed, "undecodable_event", "The data cannot be read.")
	errIncomplete  = fault.New(fault.Malformed, "incomplete_event", "The data breaks the schema of the event.")
)

// Why a message waits: it is well formed, and a newer release has written it.
// These are no reasons to bury it.
var (
	newerVersion = fault.New(fault.Unsupported, "newer_version", "This release does not know this version of the event.")
	newerCode    = fault.New(fault.Unsupported, "newer_code", "This release does not know a code in the event.")
)

// judge checks the messages of the bus: who can write to a subject can write
// anything, and an endpoint relies on what it gets.
type judge struct {
	catalogue event.Catalogue
	schemas   *schema.Folder
	events    map[string]*reaction
	// newest are the reactions to the highest version of each event, by
	// "<service>.<event>".
	newest map[string]*reaction
}

func newJudge(catalogue event.Catalogue, schemas fs.FS) judge {
	j := judge{catalogue: catalogue, events: map[string]*reaction{}, newest: map[string]*reaction{}}
	if schemas != nil {
		j.schemas = schema.Open(schemas)
	}
	return j
}

// add makes the judge know a type. Without its schema no message of it could be
// checked.
func (j judge) add(typ string, r *reaction) error {
	if j.schemas == nil {
		return errors.New("there are no schemas")
	}
	service, name := event.Split(typ)
	var err error
	if r.schema, err = j.schemas.Read("schema/" + service + "/" + typ[len(service)+1:] + ".schema.json"); err != nil {
		return err
	}
	of, version, ok := versioned(typ)
	if !ok {
		return fmt.Errorf("not a version of %s", name)
	}
	r.version = version
	if newest := j.newest[of]; newest == nil || newest.version < version {
		j.newest[of] = r
	}
	j.events[typ] = r
	return nil
}

// versioned takes "<service>.<event>.v<major>" apart.
func versioned(typ string) (of string, version uint64, ok bool) {
	i := strings.LastIndex(typ, ".v")
	if i < 0 {
		return "", 0, false
	}
	digits := typ[i+len(".v"):]
	version, err := strconv.ParseUint(digits, 10, 32)
	return typ[:i], version, err == nil && digits[0] >= '1' && digits[0] <= '9'
}

// placed reads the envelope of a message that is where it says that it is, on the
// stream of a destination.
func (d *destination) placed(subject string, header nats.Header, text []byte) (event.Envelope, *fault.Error) {
	m, err := event.Parse(header, text)
	id, reader, copied := strings.Cut(ofEvent(header), "@")
	switch {
	case errors.Is(err, event.ErrDisagree):
		return m, errMisplaced
	case err != nil:
		return m, errMalformed
	case id != m.ID || copied != (d.readers != nil) || copied && !isToken(reader) ||
		subject != d.subject(m.Type, m.Subject, reader, recordOf(subject)):
		return m, errMisplaced
	}
	return m, nil
}

// judged is a message with what is known of it. The reaction is known as soon as
// the message is known to be where it belongs.
type judged struct {
	event.Envelope
	reaction *reaction
	data     fact.Data
}

// judge accepts a message of EVENTS or INSIDE, or says why not. In this order: it can be read; its
// subject agrees with its content; there is a reaction to it; its data are those of
// the event, and no two readers can read them differently.
func (j judge) judge(subject string, header nats.Header, text []byte) (judged, *fault.Error) {
	if strings.HasPrefix(subject, insidePrefix) {
		return j.judgeAt(destinedTo(Inside), subject, header, text)
	}
	return j.judgeAt(destinedTo(Events), subject, header, text)
}

// judgeAt is judge for a message of any stream to which events go.
func (j judge) judgeAt(d *destination, subject string, header nats.Header, text []byte) (m judged, refused *fault.Error) {
	if m.Envelope, refused = d.placed(subject, header, text); refused != nil {
		return m, refused
	}
	if m.reaction = j.events[m.Type]; m.reaction == nil {
		of, version, ok := versioned(m.Type)
		if newest := j.newest[of]; ok && newest != nil && version > newest.version {
			m.reaction = newest
			return m, newerVersion
		}
		return m, errUnknown
	}
	value, err := schema.Parse(string(text))
	if err != nil {
		return m, errUndecodable
	}
	if err := m.reaction.schema.Validate(value); err != nil {
		if schema.Newer(err) {
			return m, newerCode
		}
		return m, errIncomplete
	}
	if m.data, err = j.catalogue.DecodeData(m.Type, text); err != nil {
		return m, errUndecodable
	}
	return m, nil
}
