package schema

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Folder is a folder of schemas, one a file. It is for one goroutine.
type Folder struct {
	files    fs.FS
	compiler *jsonschema.Compiler
}

// Open makes a folder of files.
func Open(files fs.FS) *Folder { return &Folder{files, NewCompiler()} }

// folderURL is where files are, for the compiler: it reads nothing itself.
const folderURL = "https://sanad-network.github.io/"

// Read compiles the schema in a file.
func (f *Folder) Read(name string) (*Schema, error) {
	text, err := fs.ReadFile(f.files, name)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", name, err)
	}
	if err := f.compiler.AddResource(folderURL+name, tree); err != nil {
		return nil, fmt.Errorf("read schema %s: %w", name, err)
	}
	compiled, err := f.compiler.Compile(folderURL + name)
	if err != nil {
		return nil, fmt.Errorf("compile schema %s: %w", name, err)
	}
	return New(compiled), nil
}
