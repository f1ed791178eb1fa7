package play

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/services/standalone/internal/ownkey"
)

// runnable are the commands of the program that a person runs on a machine of their own, without the
// network.
var runnable = []string{"custody", "certificate"}

// runs checks a command that somebody runs on their own machine.
func (r *reader) runs(l line) {
	args := l.list("runs")
	if name := fmt.Sprint(args[0]); !slices.Contains(runnable, name) {
		r.complain(l.at, "nobody runs %q on a machine of their own; what can be run: %s", name, strings.Join(runnable, ", "))
	}
	names := slices.Collect(maps.Keys(l.object("files")))
	for _, arg := range args {
		if text := fmt.Sprint(arg); !reference.MatchString(text) {
			names = append(names, text)
		}
	}
	for _, name := range names {
		if !filepath.IsLocal(name) {
			r.complain(l.at, "%q is not in the folder of the person", name)
		}
	}
}

// runs has a person run a command on their own machine: in a folder that nobody else sees, with the
// files that they carried there.
func (p *player) runs(l line) error {
	dir, err := p.machine(l.text("who"))
	if err != nil {
		return err
	}
	given, err := p.eval(map[string]any{"files": l.object("files"), "in": l.text("in"), "runs": l.list("runs")}, false)
	if err != nil {
		return err
	}
	with := line{fields: given.(map[string]any)}
	for name, text := range with.object("files") {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(fmt.Sprint(text)), 0o600); err != nil {
			return err
		}
	}
	var args []string
	for _, arg := range with.list("runs") {
		args = append(args, fmt.Sprint(arg))
	}
	var out bytes.Buffer
	if err := ownkey.Run(dir, args, strings.NewReader(with.text("in")), &out); err != nil {
		return err
	}
	if err := p.silent(l, out.String()); err != nil {
		return err
	}
	if err := p.must(l, nil, nil, out.String()); err != nil {
		return fmt.Errorf("%w\n  the program: %s", err, short(out.String()))
	}
	var answer any
	_ = json.Unmarshal(out.Bytes(), &answer) // what is no JSON is kept as a whole
	return p.keep(l, answer, strings.TrimSpace(out.String()))
}

// machine is the folder of a person.
func (p *player) machine(who string) (dir string, err error) {
	if p.machines == "" {
		if p.machines, err = os.MkdirTemp("", "sanad-people-"); err != nil {
			return "", err
		}
	}
	dir = filepath.Join(p.machines, who)
	return dir, os.MkdirAll(dir, 0o700)
}

// leave removes the folders of the people.
func (p *player) leave() error {
	if p.machines == "" {
		return nil
	}
	return os.RemoveAll(p.machines)
}
