package edge

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/pkg/schema"
)

const (
	maxBody      = 64 << 10
	defaultLimit = 50
	maxLimit     = 200
)

// Request is a request that keeps the contract.
type Request[B any] struct {
	// ID is the path value "id", empty when the route has none.
	ID string
	// Query holds the parameters that the contract declares, except limit and
	// cursor; nil when there are none.
	Query url.Values
	// Body is what was sent; the zero value when the operation takes none.
	Body B
	// Key is the Idempotency-Key; set for every POST, unless the contract does
	// not require one and none was sent.
	Key string
	// Digest is the SHA-256 of the route, the ID and what the body says: the same
	// key with another digest is a mistake of the caller. The order of names, white
	// space and escapes say nothing, and neither does 1.0 instead of 1: programs
	// write a body anew when they send it again.
	Digest []byte
	// Earlier is the digest that earlier releases gave the request: of the body as
	// it was sent, byte for byte. It is nil where the two are the same.
	Earlier []byte
	// IfMatch is the version that the caller saw; 0 when they did not say.
	IfMatch uint64
	// Minimal says that the caller prefers not to see the record that they change.
	Minimal bool
	// Limit is how many items a list may give, 1 to 200.
	Limit int
	// Languages is what the caller's Accept-Language says, for pages.
	Languages string
	// Kept is what the page before gave the browser to bring back (Page.Keep), empty
	// for nothing. Anybody can write it.
	Kept string
	// Cursor continues a list; empty for its beginning.
	Cursor string
}

// decode checks a request against the contract. What can be checked without the
// body is checked before the body is read.
func decode[B any](op *operation, c *contract, r *http.Request) (Request[B], error) {
	in := Request[B]{ID: r.PathValue("id"), Limit: defaultLimit, Languages: r.Header.Get("Accept-Language")}
	if op.kind == asPage {
		in.Kept = kept(r)
	}
	if op.pathID != nil && op.pathID.Validate(in.ID) != nil {
		return in, errNotFound // it names nothing that could exist
	}
	if err := in.readQuery(op, c, r.URL.RawQuery); err != nil {
		return in, err
	}
	var err error
	if in.IfMatch, err = ifMatch(r.Header[headerIfMatch]); err != nil {
		return in, err
	}
	in.Minimal = op.kind == asChange && minimal(r.Header)
	if sent := r.Header[headerKey]; op.method == http.MethodPost && (len(sent) > 0 || !op.keyless) {
		if in.Key, err = key(sent); err != nil {
			return in, err
		}
	}
	prefix := make([]byte, 0, len(op.route)+len(in.ID)+len("\x00\x00")+int(min(max(r.ContentLength, 0), maxBody)))
	prefix = append(append(append(append(prefix, op.route...), 0), in.ID...), 0)
	if op.body == nil && op.files == nil {
		if r.ContentLength != 0 {
			return in, errMalformed.At("", "takes no body")
		}
		in.Digest = digest(prefix)
		return in, nil
	}
	if op.files != nil {
		file, err := op.file(r)
		if err != nil {
			return in, err
		}
		*any(&in.Body).(*Upload) = file
		in.Digest = digest(append(append(prefix, file.Type...), digest(file.Content)...))
		return in, nil
	}
	read := readBody
	if op.kind == asPage {
		read = readForm
	}
	signed, err := read(r, prefix)
	if err != nil {
		return in, err
	}
	said, err := c.decodeBody(op, signed[len(prefix):], &in.Body)
	if err != nil {
		return in, err
	}
	in.Earlier = digest(signed)
	in.Digest = digest(append(signed[:len(prefix)], said...))
	return in, nil
}

// plainly writes a value in its one form: encoding/json sorts the names, and has
// one way to write a text or a number.
func plainly(value any) ([]byte, error) {
	said, err := json.Marshal(value)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return said, nil
}

func digest(of []byte) []byte {
	sum := sha256.Sum256(of)
	return sum[:]
}

// readBody gives the body behind a prefix, so that both are hashed as one.
func readBody(r *http.Request, prefix []byte) ([]byte, error) {
	if !isJSON(r.Header) {
		return nil, errMediaType
	}
	if r.ContentLength > maxBody {
		return nil, errTooLarge
	}
	if r.ContentLength > 0 {
		// As long as it was said to be: net/http reads no further.
		text := prefix[:len(prefix)+int(r.ContentLength)]
		if _, err := io.ReadFull(r.Body, text[len(prefix):]); err != nil {
			return nil, errMalformed.Because(err)
		}
		return text, nil
	}
	buf := bytes.NewBuffer(prefix)
	n, err := buf.ReadFrom(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, errMalformed.Because(err)
	case n > maxBody:
		return nil, errTooLarge
	}
	return buf.Bytes(), nil
}

func isJSON(h http.Header) bool {
	if len(h["Content-Encoding"]) > 0 {
		return false
	}
	sent := h["Content-Type"]
	if len(sent) != 1 {
		return false
	}
	if sent[0] == "application/json" {
		return true
	}
	mediaType, params, err := mime.ParseMediaType(sent[0])
	if err != nil || mediaType != "application/json" {
		return false
	}
	charset, named := params["charset"]
	return !named || strings.EqualFold(charset, "utf-8")
}

// decodeBody reads the text twice: as plain values for the contract's schema,
// and as the type of the operation. It gives what the body says in
// its one form.
func (c *contract) decodeBody(op *operation, text []byte, into any) (said []byte, err error) {
	value, err := schema.Parse(string(text))
	if err != nil {
		return nil, errMalformed.At("", err.Error())
	}
	if err := op.body.Validate(value); err != nil {
		return nil, c.violations(value, err)
	}
	if said, err = plainly(value); err != nil {
		return nil, err
	}
	if strictly(text, into) == nil {
		return said, nil
	}
	// A whole number may be written as 1.0. The types take its plain form.
	if err := strictly(said, into); err != nil {
		// The schema let in what the type does not take.
		return nil, errInvalid.At("", ruleUnfit).Because(err)
	}
	return said, nil
}

func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func key(sent []string) (string, error) {
	if len(sent) != 1 || !schema.IsUUID(sent[0]) {
		return "", errKey
	}
	return strings.ToLower(sent[0]), nil
}

// ifMatch takes one strong ETag as this edge gives it: a version, quoted.
func ifMatch(sent []string) (uint64, error) {
	if len(sent) == 0 {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(sent[0], `"`)
	digits, closed := strings.CutSuffix(digits, `"`)
	version, err := strconv.ParseUint(digits, 10, 64)
	if len(sent) > 1 || !ok || !closed || err != nil || etag(version) != sent[0] || version == 0 {
		return 0, errIfMatch
	}
	return version, nil
}

func limit(sent string) (int, error) {
	n, err := strconv.Atoi(sent)
	if err != nil || n < 1 || n > maxLimit {
		return 0, errors.New("out of range")
	}
	return n, nil
}
