// Package files reads the files of programmes: <programme>/<version>.yaml, one a version.
//
// It refuses a version that does not keep the schema or contradicts itself, with file, line and
// rule, and every later version of the programme with it; what was valid before goes on. A
// programme of which nothing is valid is an error, because its cases would be without rules. A
// proposal holds in training only.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	shipped "github.com/sanad-network/sanad/api/programme"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Read is what a folder of programmes says.
type Read struct {
	programme.Set
	// Hash is of all files that hold: two processes with the same hash judge alike.
	Hash string
	// Refused is what does not hold, and why. It is for operators: tell it loudly.
	Refused []Fault
}

// Fault is one thing that is wrong in a file.
type Fault struct {
	File string
	// Line counts from 1; 0 is the whole file.
	Line int
	// At is where in the file, as a JSON pointer, and Rule what is asked for there.
	At, Rule string
}

func (f Fault) String() string {
	where := f.File
	if f.Line > 0 {
		where += ":" + strconv.Itoa(f.Line)
	}
	if f.At == "" {
		return where + ": " + f.Rule
	}
	return where + ": " + f.At + ": " + f.Rule
}

// ErrNothing says that a programme has no version that holds.
var ErrNothing = errors.New("no version of the programme holds")

// Shipped are the programmes that come with the network. All are proposals.
func Shipped() fs.FS {
	files, err := fs.Sub(shipped.Shipped, "shipped")
	if err != nil {
		panic(err) // the folder is embedded under this name
	}
	return files
}

// base is the file that says what holds where no programme does.
const base = "base.yaml"

// Open reads a folder. In training proposals hold, too. The error is what keeps a process from
// starting; Refused is what it goes on without.
func Open(folder fs.FS, training bool) (Read, error) {
	asked, err := form()
	if err != nil {
		return Read{}, err
	}
	r := reader{training: training, form: asked, hash: sha256.New()}
	ground, faults := r.base(folder)
	if len(faults) > 0 {
		return Read{Refused: faults}, fmt.Errorf("programmes: %s", faults[0])
	}
	r.ground = ground
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return Read{}, fmt.Errorf("programmes: %w", err)
	}
	var all []programme.Installed
	var errs error
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		p := r.programme(folder, e.Name())
		if len(p.Versions) == 0 {
			errs = errors.Join(errs, fmt.Errorf("programmes: %s: %w", e.Name(), ErrNothing))
			continue
		}
		all = append(all, p)
	}
	read := Read{Set: programme.NewSet(r.ground, all...), Hash: hex.EncodeToString(r.hash.Sum(nil)), Refused: r.faults}
	if errs != nil {
		for _, f := range r.faults {
			errs = errors.Join(errs, errors.New(f.String()))
		}
	}
	return read, errs
}

// base reads what holds where no programme does: from the folder, or as it is shipped.
func (r *reader) base(folder fs.FS) (programme.Fields, []Fault) {
	if _, err := fs.Stat(folder, base); err != nil {
		folder = Shipped()
	}
	text, err := fs.ReadFile(folder, base)
	if err != nil {
		return programme.Fields{}, []Fault{{File: base, Rule: "readable"}}
	}
	d, faults := r.read(base, text)
	if len(faults) == 0 {
		faults = d.lacks(base)
	}
	if len(faults) > 0 {
		return programme.Fields{}, faults
	}
	r.note(base, text)
	return d.fields(programme.Fields{}), nil
}

// programme reads the versions of one programme, up to the first that does not hold.
func (r *reader) programme(folder fs.FS, id string) programme.Installed {
	p := programme.Installed{ID: id}
	entries, err := fs.ReadDir(folder, id)
	if err != nil {
		r.faults = append(r.faults, Fault{File: id, Rule: "readable"})
		return p
	}
	var numbers []int
	for _, e := range entries {
		n, err := strconv.Atoi(strings.TrimSuffix(e.Name(), ".yaml"))
		if err != nil || path.Ext(e.Name()) != ".yaml" || n < 1 || e.Name() != strconv.Itoa(n)+".yaml" {
			if !strings.HasPrefix(e.Name(), ".") && e.Name() != "README.md" {
				r.faults = append(r.faults, Fault{File: path.Join(id, e.Name()), Rule: "a file is named by its version: 1.yaml, 2.yaml"})
			}
			continue
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		name := path.Join(id, strconv.Itoa(n)+".yaml")
		if faults := r.version(folder, &p, name, n); len(faults) > 0 {
			r.faults = append(r.faults, faults...)
			for _, later := range numbers[i+1:] {
				r.faults = append(r.faults, Fault{File: path.Join(id, strconv.Itoa(later)+".yaml"), Rule: "not read, because an earlier version does not hold"})
			}
			break
		}
	}
	return p
}

// version adds one version to a programme.
func (r *reader) version(folder fs.FS, p *programme.Installed, name string, n int) []Fault {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return []Fault{{File: name, Rule: "readable"}}
	}
	d, faults := r.read(name, text)
	if len(faults) > 0 {
		return faults
	}
	faults = d.fits(name, n, *p)
	if d.Status == code.Proposal && !r.training {
		faults = append(faults, d.fault(name, "/status", "a proposal holds in training only: a lawyer of the country must sign it"))
	}
	if len(faults) > 0 {
		return faults
	}
	before := r.ground
	if len(p.Versions) > 0 {
		before = p.Versions[len(p.Versions)-1].Fields
	}
	p.Country, p.Zone = code.Country(d.Country), d.zone
	p.Versions = append(p.Versions, programme.Version{Number: n, From: d.from, Status: d.Status, Fields: d.fields(before)})
	r.note(name, text)
	return nil
}

// note takes a file that holds into the hash.
func (r *reader) note(name string, text []byte) {
	fmt.Fprintf(r.hash, "%s %d\n", name, len(text))
	_, _ = r.hash.Write(text)
}
