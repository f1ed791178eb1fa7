package vault

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/pkg/seal"
)

// errOther says that what is in a file is not what its record says.
var errOther = errors.New("it holds something else than its record says")

// Look opens the place for files as Open does, and makes none where there is none yet.
func Look(c Config) (Store, error) {
	if address, err := c.bucket(); err == nil && address == nil && c.Files != "" {
		if _, err := os.Stat(c.Files); errors.Is(err, fs.ErrNotExist) {
			return nothing{}, nil
		}
	}
	return Open(c)
}

// nothing is a folder that is not there.
type nothing struct{}

func (nothing) Put(context.Context, string, []byte) error         { return ErrMissing }
func (nothing) Get(context.Context, string) ([]byte, error)       { return nil, ErrMissing }
func (nothing) Folders(context.Context, string) ([]string, error) { return nil, nil }
func (nothing) Files(context.Context, string) ([]string, error)   { return nil, nil }
func (nothing) Empty(context.Context, string) error               { return nil }

// Audit holds the files of a service against the records that name them. It changes nothing.
type Audit struct {
	vault *Vault
	keys  map[string]bool
	// named are the files that records name, by where they lie.
	named map[string]owned
}

type owned struct {
	owner string
	File
}

// NewAudit begins one. Store is where the files lie, and keys are those of the service.
func NewAudit(store Store, keys *seal.Keys, service string) *Audit {
	a := &Audit{vault: New(store, keys, service), keys: map[string]bool{}, named: map[string]owned{}}
	for _, id := range keys.IDs() {
		a.keys[id] = true
	}
	return a
}

// Names takes the files that the private half of an event of a case names.
func (a *Audit) Names(owner string, private []byte) {
	if len(private) == 0 {
		return
	}
	var f File
	if json.Unmarshal(private, &f) == nil && f.Key != "" && strings.HasPrefix(f.ID, Prefix+"_") {
		a.named[a.vault.name(f)] = owned{owner, f}
		return
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(private, &parts) == nil {
		for _, part := range parts {
			a.Names(owner, part)
		}
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(private, &list) == nil {
		for _, part := range list {
			a.Names(owner, part)
		}
	}
}

// Told is what an audit found, each by where the file lies.
type Told struct {
	// Files are those that records name.
	Files int
	// Wrong are those of them that are not there, do not open, or hold something else, with why.
	Wrong map[string]error
	// Unnamed are there, and no record names them: a command that was refused after its file was kept.
	// Erased are those of them whose key is erased: nobody can read them, and the next start takes
	// them away.
	Unnamed, Erased []string
}

// Read reads every file that a record names, and lists the others. Errors: of the store.
func (a *Audit) Read(ctx context.Context) (Told, error) {
	told := Told{Files: len(a.named), Wrong: map[string]error{}}
	for _, name := range slices.Sorted(maps.Keys(a.named)) {
		f := a.named[name]
		content, err := a.vault.Give(ctx, f.owner, f.File)
		switch {
		case ctx.Err() != nil:
			return told, ctx.Err()
		case err != nil:
			told.Wrong[name] = err
		case Weigh(f.ID, f.Type, content).Content != f.Content:
			told.Wrong[name] = errOther
		}
	}
	folders, err := a.vault.store.Folders(ctx, a.vault.service)
	if err != nil {
		return told, err
	}
	for _, key := range folders {
		folder := a.vault.service + "/" + key
		files, err := a.vault.store.Files(ctx, folder)
		if err != nil {
			return told, err
		}
		for _, file := range files {
			name := folder + "/" + file
			switch _, named := a.named[name]; {
			case named:
			case a.keys[key]:
				told.Unnamed = append(told.Unnamed, name)
			default:
				told.Erased = append(told.Erased, name)
			}
		}
	}
	return told, nil
}
