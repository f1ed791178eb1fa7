package edge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Response is the outcome of an operation.
type Response struct {
	// Status is the HTTP status; 0 is 200, or 204 for a caller who prefers no body.
	Status int
	// Body is written as JSON, but for a Download, which is a file; nil is an empty body.
	Body any
	// Commands are what the record in the body takes from the caller now, by operationId.
	// They become its property "commands"; nil is none. They stand here and not in the
	// body, because a list shows the same record without them.
	Commands []string
	// Version becomes the ETag; 0 is none.
	Version uint64
	// Location is the path of what was created.
	Location string
	// Next is the cursor of the next page; it becomes a Link.
	Next string
}

// reply is a response ready to be written.
type reply struct {
	Response
	link string
	body []byte
	// minimal answers do not show the record, as the caller preferred.
	minimal bool
}

// answer encodes inside the chain, so that a defect there is counted and logged
// like any other.
func answer(r *http.Request, out Response, minimal bool) (*reply, error) {
	done := &reply{Response: out, minimal: minimal}
	switch {
	case done.Status != 0:
	case minimal:
		done.Status = http.StatusNoContent
	default:
		done.Status = http.StatusOK
	}
	if out.Next != "" {
		done.link = nextLink(r.URL, out.Next)
	}
	if _, file := out.Body.(Download); out.Body == nil || minimal || file {
		return done, nil
	}
	body, err := json.Marshal(out.Body)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	done.body, err = offering(body, out.Commands)
	return done, err
}

// offering adds the commands to a record.
func offering(record []byte, commands []string) ([]byte, error) {
	if commands == nil {
		return record, nil
	}
	list, err := json.Marshal(commands)
	if err != nil {
		return nil, fmt.Errorf("encode commands: %w", err)
	}
	if record[len(record)-1] != '}' {
		return nil, errors.New("encode commands: they stand in an object alone")
	}
	record = record[:len(record)-1]
	if len(record) > 1 {
		record = append(record, ',')
	}
	record = append(record, `"commands":`...)
	return append(append(record, list...), '}'), nil
}

// nextLink is the same list from another place on (RFC 8288).
func nextLink(u *url.URL, cursor string) string {
	query := u.Query()
	query.Set("cursor", cursor)
	return "<" + u.EscapedPath() + "?" + query.Encode() + `>; rel="next"`
}

var applicationJSON = []string{"application/json"}

func write(_ context.Context, w http.ResponseWriter, response any) error {
	out := response.(*reply)
	h := w.Header()
	if out.Version > 0 {
		h["Etag"] = []string{etag(out.Version)}
	}
	if out.Location != "" {
		h["Location"] = []string{out.Location}
	}
	if out.link != "" {
		h["Link"] = []string{out.link}
	}
	if out.minimal {
		h["Preference-Applied"] = preferenceApplied
	}
	if file, ok := out.Body.(Download); ok {
		file.give(w, out.Status)
		return nil
	}
	if out.body == nil {
		w.WriteHeader(out.Status)
		return nil
	}
	h["Content-Type"] = applicationJSON
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.body) // a caller that left is nobody's fault
	return nil
}
