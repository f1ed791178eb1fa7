// Package vault keeps files: papers, photographs. What is in a file is sealed with the
// data key of its case, before it is written to a folder or to a store that speaks
// the protocol of S3; whoever has the folder and no keys has nothing. A record keeps
// the name of a file and the hash of what is in it, in the private half of an event:
// so the journal says which files there are, and the vault is derived from it.
//
// It refuses to give what is not byte for byte what was put in, to put one file in the
// place of another, and to know what a file is about.
package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/seal"
)

// ErrNowhere refuses a file where the process has no place for files.
var ErrNowhere = fault.New(fault.Unavailable, "files_unavailable", "There is no place for files now. Nothing was kept.")

// ErrMissing says that a file that a record names is not where it was put.
var ErrMissing = errors.New("the file is not there")

// Content is what people may know of a file: its name, what kind of file it is, its
// size in bytes, and the SHA-256 of what is in it, in hexadecimal.
type Content struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// File is what a record knows of a file. It belongs in the private half of an event.
type File struct {
	Content
	// Key is the data key that seals it.
	Key string `json:"key"`
}

// Prefix begins the identifier of every file.
const Prefix = "file"

// Store is where sealed files lie.
type Store interface {
	// Put keeps content under a name of the form folder/file. What is there by this name
	// stays. When it returns, the content outlives a power cut.
	Put(ctx context.Context, name string, content []byte) error
	// Get gives what is there by a name. Errors: ErrMissing.
	Get(ctx context.Context, name string) ([]byte, error)
	// Folders gives the names of the folders in which something is.
	Folders(ctx context.Context, below string) ([]string, error)
	// Files gives the names of the files of a folder.
	Files(ctx context.Context, folder string) ([]string, error)
	// Empty takes away all that is in a folder.
	Empty(ctx context.Context, folder string) error
}

// Vault is the files of one service. They are safe for concurrent use.
type Vault struct {
	store   Store
	keys    *seal.Keys
	service string
}

// New makes the vault of a service. Store is nil where the process has no place for files.
func New(store Store, keys *seal.Keys, service string) *Vault {
	return &Vault{store: store, keys: keys, service: service}
}

// Weigh says what a file of a content will be, before it is kept.
func Weigh(id, mediaType string, content []byte) File {
	sum := sha256.Sum256(content)
	return File{Content: Content{ID: id, Type: mediaType, Size: len(content), SHA256: hex.EncodeToString(sum[:])}}
}

// Keep seals a file of a case and puts it away. It gives the file with its key. A
// file that is there already stays as it is. Errors: ErrNowhere.
func (v *Vault) Keep(ctx context.Context, owner string, f File, content []byte) (File, error) {
	if v.store == nil {
		return f, ErrNowhere
	}
	var err error
	if f.Key, err = v.keys.For(ctx, owner); err != nil {
		return f, fmt.Errorf("keep a file: %w", err)
	}
	sealed, err := v.keys.Seal(f.Key, content, v.bound(owner, f))
	if err != nil {
		return f, fmt.Errorf("keep a file: %w", err)
	}
	if err := v.store.Put(ctx, v.name(f), sealed); err != nil {
		return f, ErrNowhere.Because(err)
	}
	return f, nil
}

// Give gives what is in a file of a case. Errors: ErrMissing, seal.ErrNoKey,
// seal.ErrSealed for what is not as it was put in, and ErrNowhere.
func (v *Vault) Give(ctx context.Context, owner string, f File) ([]byte, error) {
	if v.store == nil {
		return nil, ErrNowhere
	}
	sealed, err := v.store.Get(ctx, v.name(f))
	if err != nil {
		return nil, fmt.Errorf("give a file: %w", err)
	}
	content, err := v.keys.Unseal(ctx, f.Key, sealed, v.bound(owner, f))
	if err != nil {
		return nil, fmt.Errorf("give a file: %w", err)
	}
	return content, nil
}

// Forget takes away the files whose data keys are erased. Nobody could read them.
func (v *Vault) Forget(ctx context.Context, erased func(key string) bool) error {
	if v.store == nil {
		return nil
	}
	folders, err := v.store.Folders(ctx, v.service)
	if err != nil {
		return fmt.Errorf("look for files of erased cases: %w", err)
	}
	var errs error
	for _, key := range folders {
		if erased(key) {
			errs = errors.Join(errs, v.store.Empty(ctx, v.service+"/"+key))
		}
	}
	return errs
}

// name is where a file lies: all files that one data key seals are in one folder, so that
// they go with it.
func (v *Vault) name(f File) string { return strings.Join([]string{v.service, f.Key, f.ID}, "/") }

// bound ties what is sealed to its case, and to all that the record says of it.
func (v *Vault) bound(owner string, f File) []byte {
	return fmt.Appendf(nil, "file\x00%s\x00%s\x00%s\x00%s\x00%d\x00%s", v.service, owner, f.ID, f.Type, f.Size, f.SHA256)
}
