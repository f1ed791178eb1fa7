package schema

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/pkg/memo"
)

// Folder is a folder of schemas, one a file. A schema asks for no other file.
type Folder struct{ files fs.FS }

// Open makes a folder of files.
func Open(files fs.FS) *Folder { return &Folder{files} }

// folderURL is where files are, for the compiler: it reads nothing itself.
const folderURL = "https://sanad-network.github.io/"

// Read compiles the schema in a file.
func (f *Folder) Read(name string) (*Schema, error) {
	text, err := fs.ReadFile(f.files, name)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	return compiled.Get(source{name, string(text)})
}

// source is what a file says.
type source struct{ name, text string }

// compiled are the schemas of this process: each of its services judges by the same ones.
var compiled = memo.Of[source, *Schema]{Make: func(s source) (*Schema, error) {
	tree, err := jsonschema.UnmarshalJSON(strings.NewReader(s.text))
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", s.name, err)
	}
	c := NewCompiler()
	if err := c.AddResource(folderURL+s.name, tree); err != nil {
		return nil, fmt.Errorf("read schema %s: %w", s.name, err)
	}
	made, err := c.Compile(folderURL + s.name)
	if err != nil {
		return nil, fmt.Errorf("compile schema %s: %w", s.name, err)
	}
	return New(made), nil
}}
