// Package busdir looks at the directory of a JetStream server that is stopped,
// before the server does. The server takes a damaged block for one that ends there
// and cuts the file. It silently skips a message whose checksum is wrong. It ends
// the process when a sealed file is too short. This package finds all of that
// first, and moves it aside.
//
// The package reads, and moves what Aside is told to. It deletes nothing, opens no
// stream and does not read messages. It knows the files of nats-server 2.15, and a
// test compares it with what that server writes.
package busdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrKey says that the directory is sealed, and not with the key that is given.
var ErrKey = errors.New("it is sealed with another key")

// The names that the server uses.
const (
	jetstream = "jetstream"
	streams   = "streams"
	messages  = "msgs"
	consumers = "obs"
	metaFile  = "meta.inf"
	sumFile   = "meta.sum"
	keyFile   = "meta.key"
	stateFile = "o.dat"
	blockEnd  = ".blk"
	keyEnd    = ".key"
)

// Damage is something that the server cannot open as it is, or would open
// without saying what is missing.
type Damage struct {
	// Stream is damaged, or its Consumer when there is one.
	Account, Stream, Consumer string
	// File shows it, for this reason. It is relative to the directory.
	File, Reason string
	// move is what has to go, relative to the directory.
	move []string
}

func (d Damage) String() string { return d.File + ": " + d.Reason }

// Of makes a damage that the server reported.
func Of(account, stream, consumer, reason string) Damage {
	at := filepath.Join(jetstream, account, streams, stream)
	if consumer != "" {
		at = filepath.Join(at, consumers, consumer)
	}
	return Damage{Account: account, Stream: stream, Consumer: consumer, File: at, Reason: reason, move: []string{at}}
}

// Stream is a stream that has a place in the directory, with the durable names
// of its consumers. One whose description is gone is none until it is declared
// again.
type Stream struct {
	Account, Name string
	Consumers     []string
}

// Streams lists what a server that is started on the directory has to have.
func Streams(dir string) ([]Stream, error) {
	var found []Stream
	accounts, err := names(filepath.Join(dir, jetstream))
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		at := filepath.Join(dir, jetstream, account, streams)
		all, err := described(at)
		if err != nil {
			return nil, err
		}
		for _, name := range all {
			of, err := described(filepath.Join(at, name, consumers))
			if err != nil {
				return nil, err
			}
			found = append(found, Stream{Account: account, Name: name, Consumers: of})
		}
	}
	return found, nil
}

// described lists the directories below one that hold a description.
func described(at string) ([]string, error) {
	all, err := names(at)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, name := range all {
		if _, err := os.Stat(filepath.Join(at, name, metaFile)); err == nil {
			kept = append(kept, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return kept, nil
}

// names lists the directories below one, but those that the server is deleting.
func names(at string) ([]string, error) {
	entries, err := os.ReadDir(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			found = append(found, e.Name())
		}
	}
	return found, err
}

// Check reads everything below a directory and tells what is damaged. It fails
// with ErrKey, or with what the machine says: then nothing is known.
func Check(dir string, keys Keys) ([]Damage, error) {
	c := check{dir: dir, keys: keys}
	accounts, err := names(filepath.Join(dir, jetstream))
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		all, err := names(filepath.Join(dir, jetstream, account, streams))
		if err != nil {
			return nil, err
		}
		for _, name := range all {
			if err := c.stream(account, name); err != nil {
				return nil, fmt.Errorf("stream %s: %w", name, err)
			}
		}
	}
	// Of many keys one may be damaged. None that fits is another key.
	if c.sealed != "" && c.opened == 0 {
		return nil, fmt.Errorf("%s: %w", c.sealed, ErrKey)
	}
	return c.found, nil
}

// check is one look at a directory.
type check struct {
	dir   string
	keys  Keys
	found []Damage
	// sealed is a file whose key is not ours, opened how many are.
	sealed string
	opened int
}

func (c *check) tell(d Damage, file, reason string, move ...string) {
	d.File, d.Reason, d.move = file, reason, move
	c.found = append(c.found, d)
}

func (c *check) stream(account, name string) error {
	at := filepath.Join(jetstream, account, streams, name)
	d := Damage{Account: account, Stream: name}
	box, bad, err := c.box(account, name, filepath.Join(at, keyFile))
	if err != nil {
		return err
	}
	if bad != "" {
		c.tell(d, filepath.Join(at, keyFile), bad, at)
		// Its blocks show whether the key is another one.
		_, _, err := c.blocks(account, name, at)
		return err
	}
	file, bad, err := c.blocks(account, name, at)
	if err != nil {
		return err
	}
	if bad != "" {
		c.tell(d, file, bad, at)
		return nil
	}
	// Without it the stream is not there, and whole again when it is declared.
	if err := c.meta(d, name, at, box); err != nil {
		return err
	}
	of, err := names(filepath.Join(c.dir, at, consumers))
	if err != nil {
		return err
	}
	for _, consumer := range of {
		if err := c.consumer(account, name, consumer, filepath.Join(at, consumers, consumer)); err != nil {
			return err
		}
	}
	return nil
}

func (c *check) consumer(account, stream, name, at string) error {
	d := Damage{Account: account, Stream: stream, Consumer: name}
	box, bad, err := c.box(account, stream+"."+name, filepath.Join(at, keyFile))
	if err != nil {
		return err
	}
	if bad != "" {
		c.tell(d, filepath.Join(at, keyFile), bad, at)
		return nil
	}
	state, bad, err := c.read(filepath.Join(at, stateFile))
	if err != nil {
		return err
	}
	if bad == "" && len(state) > 0 {
		if box != nil {
			state, bad = box.open(state)
		}
		if bad == "" {
			bad = consumerState(state)
		}
	}
	if bad != "" {
		c.tell(d, filepath.Join(at, stateFile), bad, at)
		return nil
	}
	return c.meta(d, stream+"/"+name, at, box)
}

// meta looks at a description; one that is not there is not damaged.
func (c *check) meta(d Damage, of, at string, box *box) error {
	text, bad, err := c.read(filepath.Join(at, metaFile))
	if text != nil && err == nil && bad == "" {
		var sum []byte
		sum, bad, err = c.read(filepath.Join(at, sumFile))
		switch {
		case err != nil || bad != "":
		case fmt.Sprintf("%x", newHash(of).sum(text)) != string(sum):
			bad = "is not what its checksum says"
		case box != nil:
			_, bad = box.open(text)
		}
	}
	if err == nil && bad != "" {
		c.tell(d, filepath.Join(at, metaFile), bad, filepath.Join(at, metaFile), filepath.Join(at, sumFile))
	}
	return err
}

// blocks looks at the messages of a stream, up to the first file that is damaged.
func (c *check) blocks(account, name, at string) (file, bad string, err error) {
	entries, err := os.ReadDir(filepath.Join(c.dir, at, messages))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", "", err
	}
	var indexes []int
	for _, e := range entries {
		if number, ok := strings.CutSuffix(e.Name(), blockEnd); ok {
			if i, err := strconv.Atoi(number); err == nil {
				indexes = append(indexes, i)
			}
		}
	}
	slices.Sort(indexes)
	for n, index := range indexes {
		i := strconv.Itoa(index)
		file := filepath.Join(at, messages, i)
		box, bad, err := c.box(account, name+":"+i, file+keyEnd)
		if err != nil || bad != "" {
			return file + keyEnd, bad, err
		}
		block, bad, err := c.read(file + blockEnd)
		if err != nil || bad != "" {
			return file + blockEnd, bad, err
		}
		if box != nil {
			box.stream(block)
		}
		if bad := records(block, newHash(name+"-"+i), n == len(indexes)-1); bad != "" {
			return file + blockEnd, bad, nil
		}
	}
	return "", "", nil
}

// box opens the key of a sealed file; nil is one that is not sealed.
func (c *check) box(account, of, file string) (*box, string, error) {
	sealed, bad, err := c.read(file)
	if err != nil || bad != "" || sealed == nil {
		return nil, bad, err
	}
	if b := c.keys.open(account, of, sealed); b != nil {
		c.opened++
		return b, "", nil
	}
	c.sealed = file
	return nil, "cannot be opened with the key", nil
}

// read reads a file whole; nil is one that is not there. What the disk cannot
// read is damaged; what the process may not, or cannot now, is an error.
func (c *check) read(file string) (content []byte, bad string, err error) {
	content, err = os.ReadFile(filepath.Join(c.dir, file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", nil
	case errors.Is(err, syscall.EIO):
		return nil, "the disk cannot read it", nil
	}
	return content, "", err
}

// Aside moves what is damaged to a directory that the server does not read, and
// gives that directory. Below it everything keeps its relative path, so it is put
// back by moving it.
func Aside(dir string, now time.Time, damaged ...Damage) (string, error) {
	to := filepath.Join(dir, "damaged", now.UTC().Format("20060102T150405.000000000Z"))
	for _, d := range damaged {
		for _, file := range d.move {
			into := filepath.Join(to, file)
			if err := os.MkdirAll(filepath.Dir(into), 0o700); err != nil {
				return "", err
			}
			err := os.Rename(filepath.Join(dir, file), into)
			// A consumer goes with its stream, a checksum may never have been.
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
	}
	return to, nil
}
