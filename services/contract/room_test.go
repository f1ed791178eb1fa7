package contract

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake"
)

const written = `
components:
  schemas:
    Note:
      type: object
      required: [text]
      properties: {text: {type: string}, more: {type: string}}
    Notes:
      type: object
      required: [items]
      properties: {items: {type: array, items: {$ref: "#/components/schemas/Note"}}}
    Parcel:
      type: object
      properties: {foreign: {type: object}, tables: {type: object, properties: {a: {type: string}}}}
paths:
  /v1/notes:
    post:
      operationId: note
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}}
    get:
      operationId: notes
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Notes"}}}}}
  /v1/parcels:
    post:
      operationId: parcel
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}}
      responses: {"200": {content: {text/html: {schema: {type: string}}}}}
  /v1/silence:
    get:
      operationId: silence
      responses: {"204": {}}
`

type (
	nothing struct{}
	note    struct {
		Text string `json:"text"`
		More string `json:"more,omitempty"`
	}
	short struct {
		Text string `json:"text"`
	}
	long struct {
		note
		Most string `json:"most"`
	}
	notes struct {
		Items []note `json:"items"`
	}
	parcel struct {
		Foreign json.RawMessage   `json:"foreign"`
		Tables  map[string]string `json:"tables"`
	}
	numbers struct {
		Foreign json.RawMessage `json:"foreign"`
		Tables  map[string]int  `json:"tables"`
	}
)

// What differs is told, in whichever of the two it stands, and nothing else is.
func TestWhatDiffersIsTold(t *testing.T) {
	var d document
	if err := yaml.Unmarshal([]byte(written), &d.root); err != nil {
		t.Fatal(err)
	}
	const here = " in services/contract)"
	for name, c := range map[string]struct {
		id           string
		body, answer any
		foreign      bool
		want         []string
	}{
		"nothing":              {id: "note", body: note{}, answer: note{}},
		"in the command only":  {id: "note", body: long{}, answer: note{}, want: []string{"Note/most: is in the code only (contract.long" + here}},
		"not in the command":   {id: "note", body: short{}, answer: note{}, want: []string{"Note/more: is in the contract only (contract.short" + here}},
		"not in the answer":    {id: "note", body: note{}, answer: short{}, want: []string{"Note/more: is in the contract only (contract.short" + here}},
		"always in the answer": {id: "note", body: note{}, answer: long{}, want: []string{"Note/most: is in the code only (contract.long" + here, "Note: requires [text], and the code always writes [most text] (contract.long" + here}},
		"a page of a list":     {id: "notes", body: nothing{}, answer: notes{}},
		"an item of a page": {id: "notes", body: nothing{}, answer: struct {
			Items []short `json:"items"`
		}{}, want: []string{"Note/more: is in the contract only (contract.short" + here}},
		"a body too many":      {id: "notes", body: note{}, answer: notes{}, want: []string{"notes: takes no body, and the code reads one (contract.note" + here}},
		"an unknown answer":    {id: "notes", body: nothing{}, want: []string{"notes: its row in the tables does not tell the Go type of the answer, and the test of the room does not call it foreign"}},
		"a foreign answer":     {id: "notes", body: nothing{}, foreign: true},
		"not foreign":          {id: "notes", body: nothing{}, answer: notes{}, foreign: true, want: []string{"notes: the test of the room calls the answer foreign, and it has a Go type (contract.notes" + here}},
		"a page for a browser": {id: "parcel", body: parcel{}, answer: edge.Page{}},
		"a map of other kind":  {id: "parcel", body: numbers{}, answer: edge.Page{}, want: []string{"Parcel/tables/a: is string in the contract, integer in the code (contract.numbers" + here}},
		"no page":              {id: "notes", body: nothing{}, answer: edge.Page{}, want: []string{"notes: is object in the contract, string in the code"}},
		"no answer":            {id: "silence", body: nothing{}, answer: note{}, want: []string{"silence: none of 200, 201 and 303 says what is answered"}},
	} {
		t.Run(name, func(t *testing.T) {
			form := service.Form{Body: reflect.TypeOf(c.body), Answer: reflect.TypeOf(c.answer)}
			if diff := cmp.Diff(c.want, d.operation(c.id, d.promised()[c.id], form, c.foreign)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The table of a room and its contract name the same permission for each
// operation, and the contract has no operation that no table has.
func TestWhoMayAskIsHeldTogether(t *testing.T) {
	text, err := api.Files.ReadFile("openapi/intake.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, changed, want string }{
		"as it is":             {},
		"another permission":   {`[{bearer: ["case:open"]}]`, `[{bearer: ["case:read"]}]`, "openCase (POST /v1/cases) needs case:read in the contract, and is served to who has case:open"},
		"no token":             {`[{bearer: ["case:open"]}]`, `[]`, "openCase (POST /v1/cases) needs public in the contract, and is served to who has case:open"},
		"an operation renamed": {"operationId: openCase", "operationId: open", "POST /v1/cases is open in the contract, and served as openCase"},
		"an operation moved":   {"  /v1/cases:\n", "  /v1/files:\n", "listCases (GET /v1/files) is in the contract and not served"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(string(text), c.old, c.changed, 1)
			_, _, err := service.Forms(instead{api.Files, fstest.MapFS{"openapi/intake.yaml": {Data: []byte(changed)}}}, intake.New)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// instead has files in the place of others.
type instead struct {
	fs.FS
	files fstest.MapFS
}

func (i instead) Open(name string) (fs.File, error) {
	if i.files[name] != nil {
		return i.files.Open(name)
	}
	return i.FS.Open(name)
}
