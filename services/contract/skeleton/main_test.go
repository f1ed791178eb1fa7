package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

func TestFilesAreAsGenerated(t *testing.T) {
	t.Parallel()
	files, err := generate(os.DirFS("../../../api"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := api.Files.ReadFile(name)
		if err != nil {
			t.Errorf("%v: `make generate` begins it", err)
		} else if !bytes.Equal(want, got) {
			t.Errorf("api/%s is not as its source and the types of events have it: `make generate`\n%s", name, cmp.Diff(string(got), string(want)))
		}
	}
}

// missing is a folder in which nobody has written one file yet.
type missing struct {
	fs.FS
	name string
}

func (m missing) Open(name string) (fs.File, error) {
	if name == m.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return m.FS.Open(name)
}

// An event whose schema nobody has written is given one, also when a service
// reacts to it already.
func TestNewEvent(t *testing.T) {
	t.Parallel()
	const name = "schema/referral/accepted.v1.schema.json"
	files, err := generate(missing{os.DirFS("../../../api"), name})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID         string `json:"$id"`
		Title      string
		Required   []string
		Properties map[string]struct{ Type, Pattern string }
	}
	if err := json.Unmarshal(files[name], &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "referral.accepted.v1" || !strings.HasSuffix(got.ID, "/"+name) || len(got.Required) == 0 ||
		got.Properties["consent"].Type != "string" || got.Properties["consent"].Pattern != "" {
		t.Errorf("begun as %s", files[name])
	}
}

// A missing source is told of by its name.
func TestNoSource(t *testing.T) {
	t.Parallel()
	const name = "source/asyncapi/network.yaml.tmpl"
	_, err := generate(missing{os.DirFS("../../../api"), name})
	if err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("%v", err)
	}
}

type ended struct {
	Loop
	Reason code.CancelReason `json:"reason"`
	Visits []visit           `json:"visits,omitempty"`
	Sure   bool              `json:"sure,omitempty"`
}

// Loop is embedded, and so is exported.
type Loop struct {
	Referral string `json:"referral"`
	Turn     int    `json:"turn,omitempty"`
}

type visit struct {
	At time.Time `json:"at"`
}

func (ended) EventType() string { return "referral.ended.v1" }

type held struct {
	By any `json:"by"`
}

func (held) EventType() string { return "referral.held.v1" }

const schemaOfEnded = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://sanad-network.github.io/schema/referral/ended.v1.schema.json",
  "title": "referral.ended.v1",
  "description": "It <ended>.",
  "type": "object",
  "required": ["referral", "reason"],
  "properties": {
    "referral": {"type": "string", "pattern": "^ref_"},
    "turn": {"type": "integer", "minimum": 0},
    "reason": {
      "title": "CancelReason",
      "description": "Why.",
      "type": "string",
      "enum": [
        "survivor_declined", "no_longer_needed", "made_in_error", "unsafe_to_continue", "other"
      ]
    },
    "visits": {
      "type": "array",
      "items": {
        "title": "visit",
        "type": "object",
        "required": ["at"],
        "properties": {"at": {"type": "string", "format": "date-time"}}
      }
    },
    "sure": {"type": "boolean"}
  }
}
`

func TestSchema(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event         fact.Data
		written, want string
		err           string
	}{
		"what is written stays": {
			event: ended{}, want: schemaOfEnded,
			written: `{"description": "It <ended>.", "properties": {
				"reason": {"enum": ["no_longer_needed"], "description": "Why.", "type": "integer"},
				"turn": {"minimum": 0}, "referral": {"pattern": "^ref_"}}}`,
		},
		"again it is the same":    {event: ended{}, written: schemaOfEnded, want: schemaOfEnded},
		"a field that is gone":    {event: ended{}, written: `{"properties": {"consent": {"type": "string"}}}`, err: "consent is written"},
		"a field gone inside":     {event: ended{}, written: `{"properties": {"visits": {"items": {"properties": {"to": {}}}}}}`, err: "visits: to is written"},
		"a keyword that it lacks": {event: ended{}, written: `{"oneOf": []}`, err: "oneOf"},
		"no JSON":                 {event: ended{}, written: `{`, err: "unexpected end"},
		"a type for anything":     {event: held{}, written: `{}`, err: "by: no schema says what a interface {} is"},
	} {
		got, err := schemaOf(c.event, []byte(c.written))
		if d := cmp.Diff(c.want, string(got)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
