package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/patience"
)

// block is a fenced block of commands in a guide. Its fence says more:
//
//	sh, console   played; of console the commands are behind "$ ", and the rest is
//	              what they print
//	serves        played, and goes on: it starts the office
//	stopped       played after the office was stopped
//	not-here      not played: it needs what a test has not
type block struct {
	info  []string
	steps []step
}

// step is a command with what the guide says that it prints, empty for whatever.
type step struct{ command, prints string }

func (b block) is(word string) bool { return slices.Contains(b.info, word) }

var fenced = regexp.MustCompile("(?ms)^( *)```(sh|console)([^\n]*)\n(.*?)^ *```$")

// blocks are those of a page, in order.
func blocks(t *testing.T, page string) (all []block) {
	t.Helper()
	text, err := os.ReadFile(page)
	did(t, err)
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		b := block{info: strings.Fields(m[3])}
		body := regexp.MustCompile("(?m)^"+m[1]).ReplaceAllString(m[4], "")
		if m[2] == "sh" {
			b.steps = []step{{command: body}}
		} else {
			b.steps = prompted(t, page, body)
		}
		all = append(all, b)
	}
	return all
}

// prompted takes a console apart. A command goes on as long as a shell could not run
// what there is of it.
func prompted(t *testing.T, page, body string) (steps []step) {
	t.Helper()
	open := false
	for line := range strings.Lines(body) {
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case begins && open:
			t.Fatalf("%s: a command does not end before %q", page, line)
		case begins:
			steps = append(steps, step{command: command})
		case len(steps) == 0:
			t.Fatalf("%s: a console begins with %q, which is no command", page, line)
		case open:
			steps[len(steps)-1].command += line
		default:
			steps[len(steps)-1].prints += line
			continue
		}
		last := steps[len(steps)-1].command
		open = strings.HasSuffix(strings.TrimRight(last, "\n"), `\`) ||
			exec.CommandContext(t.Context(), "sh", "-n", "-c", last).Run() != nil
	}
	if open {
		t.Fatalf("%s: a command does not end", page)
	}
	return steps
}

// terminal is one shell, in which a guide is played: variables and functions of one
// block are those of the next.
type terminal struct {
	t     *testing.T
	dir   string // what it has written for itself
	shell *exec.Cmd
	in    io.Writer
	out   *bufio.Reader
	// here puts addresses that are free in the place of those of the guides.
	here *strings.Replacer
}

// openTerminal makes a terminal in a folder, with the programs that guides name.
func openTerminal(t *testing.T, folder string) *terminal {
	t.Helper()
	term := &terminal{t: t, dir: t.TempDir()}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), "sh")
	c.Dir, c.Env = folder, append(os.Environ(), "SANAD_MODE=training", "PATH="+programs(t)+":"+os.Getenv("PATH"))
	var addresses []string
	for _, at := range []struct{ setting, told string }{
		{"SANAD_HTTP_ADDR", "127.0.0.1:8080"}, {"SANAD_ADMIN_ADDR", "127.0.0.1:9090"}, {"SANAD_NATS_ADDR", "127.0.0.1:4222"}, {"", "127.0.0.1:27017"},
	} {
		addr := free(t)
		addresses = append(addresses, at.told, addr)
		if at.setting != "" {
			c.Env = append(c.Env, at.setting+"="+addr)
		}
	}
	term.here = strings.NewReplacer(addresses...)
	in, err := c.StdinPipe()
	did(t, err)
	out, err := c.StdoutPipe()
	did(t, err)
	complaints, err := os.Create(filepath.Join(term.dir, "stderr"))
	did(t, err)
	c.Stderr = complaints
	term.shell, term.in, term.out = c, in, bufio.NewReader(out)
	did(t, c.Start())
	t.Cleanup(func() {
		_, _ = io.WriteString(in, stopping)
		_ = in.Close()
		_, _ = io.Copy(io.Discard, term.out)
		if err := c.Wait(); err != nil {
			t.Errorf("the shell ended with %v: %s", err, term.complained())
		}
		_ = complaints.Close()
	})
	return term
}

// stopping stops the office that the terminal has started, if any, in order.
const stopping = "[ -z \"$OFFICE\" ] || { kill -TERM $OFFICE; wait $OFFICE; OFFICE=; }\n"

func (term *terminal) complained() string {
	text, _ := os.ReadFile(filepath.Join(term.dir, "stderr"))
	return string(text)
}

// run gives what some commands print, and their status.
func (term *terminal) run(commands string) (printed string, status int) {
	term.t.Helper()
	const mark = "@@ it ended with "
	path := filepath.Join(term.dir, "step")
	did(term.t, os.WriteFile(path, []byte(term.here.Replace(commands)), 0o600))
	fmt.Fprintf(term.in, ". '%s' </dev/null; STATUS=$?; echo; echo \"%s$STATUS\"\n", path, mark)
	for {
		line, err := term.out.ReadString('\n')
		if err != nil {
			term.t.Fatalf("%v\n$ %s%s%s", err, commands, printed, term.complained())
		}
		if _, err := fmt.Sscanf(line, mark+"%d\n", &status); err == nil {
			return printed, status
		}
		printed += line
	}
}

// assigned stands before a command, and is for it alone; named is a variable that a
// command fills.
var (
	assigned = regexp.MustCompile(`^((?:\w+=\S+ )*)`)
	named    = regexp.MustCompile(`^(?:export )?(\w+)=\$\(`)
)

// serve starts an office and waits for it.
func (term *terminal) serve(command string) {
	term.t.Helper()
	log := filepath.Join(term.dir, "office")
	start := stopping + ": >" + log + "\n(" + assigned.ReplaceAllString(command, "${1}exec ") + "\n) >" + log + " &\nOFFICE=$!\n"
	term.run(start)
	patience.Until(term.t, command+" serves", func() bool {
		if _, status := term.run("kill -0 $OFFICE"); status != 0 {
			term.t.Fatalf("$ %s%s", command, term.complained())
		}
		_, status := term.run("grep -q ^Ctrl-C " + log)
		return status == 0
	})
}

// do runs a step. What agencies tell each other takes a moment, and a person looks
// again: so what asks the network is run again until it prints what the guide says.
func (term *terminal) do(st step) {
	term.t.Helper()
	command := st.command
	if m := named.FindStringSubmatch(command); m != nil {
		// A variable with nothing in it is found at the next step, where nobody sees why.
		command += "[ -n \"$" + m[1] + "\" ] && [ \"$" + m[1] + "\" != null ]\n"
	}
	last := ""
	once := strings.HasPrefix(command, "standalone ")
	defer func() {
		if term.t.Failed() {
			term.t.Logf("$ %s%s%s", st.command, last, term.complained())
		}
	}()
	patience.Until(term.t, "the guide says what happens", func() bool {
		printed, status := term.run(command)
		last = printed
		right := status == 0 && !problem.MatchString(printed)
		if st.prints != "" {
			lacks := missing(st.prints, printed)
			right = status == 0 && lacks == ""
			last += lacks
		}
		if !right && (once || status > 1) {
			term.t.Fatalf("status %d", status)
		}
		return right
	})
}

var (
	identifiers = regexp.MustCompile(`\b([a-z]+)_[0-9a-hjkmnp-tv-z]{26}\b`)
	instants    = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
)

// anyRun takes out of a text what is another one at each run.
func anyRun(text string) string {
	return strings.TrimSpace(instants.ReplaceAllString(identifiers.ReplaceAllString(text, "${1}_…"), "…"))
}

// missing is what a guide says is printed and is not. JSON may hold more than
// the guide shows; of other text each line is as it stands, but for "…", which is
// anything.
func missing(told, printed string) string {
	told, printed = anyRun(told), anyRun(printed)
	var a, b any
	if json.Unmarshal([]byte(told), &a) == nil {
		if err := json.Unmarshal([]byte(printed), &b); err != nil {
			return "it prints no JSON: " + printed
		}
		return within(a, b)
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(told), "…", "(?s:.*)")
	pattern = regexp.MustCompile(` {2,}`).ReplaceAllString(pattern, ` +`)
	if !regexp.MustCompile("^(?:" + pattern + ")$").MatchString(printed) {
		return cmp.Diff(told, printed)
	}
	return ""
}

// within says what of a value is not in another.
func within(told, printed any) string {
	switch told := told.(type) {
	case map[string]any:
		there, _ := printed.(map[string]any)
		for name, value := range told {
			if lacks := within(value, there[name]); lacks != "" {
				return name + ": " + lacks
			}
		}
		return ""
	case []any:
		there, _ := printed.([]any)
		if len(there) != len(told) {
			return cmp.Diff(told, there)
		}
		for i, value := range told {
			if lacks := within(value, there[i]); lacks != "" {
				return fmt.Sprintf("%d: %s", i, lacks)
			}
		}
		return ""
	}
	return cmp.Diff(told, printed)
}

// programs are where the commands are that a guide names.
func programs(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	// `make run` as the Makefile has it.
	const text = "[ \"$1\" = run ] || { echo \"no such target: $*\" >&2; exit 1; }\nshift\nfor v; do eval \"$v\"; done\nexec standalone -journey ${JOURNEY:-one}"
	did(t, os.WriteFile(filepath.Join(bin, "make"), []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return bin + ":" + filepath.Dir(program(t))
}

// restoring is played by a test of its own, since an office runs between its blocks.
const restoring = "guides/backup-and-restore.md"

// notHere is how many blocks of each page are not played, and what they need. A new
// one is a decision.
var notHere = map[string]int{
	"README.md":                  2, // make test, and a subscriber that is built from the sources
	"guides/integrators.md":      1, // the nats tool
	"guides/office-data.md":      1, // mongosh
	"guides/partner-agencies.md": 2, // a recall that no room of the network acknowledges
}

// pages are the README and all guides, by their place.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"README.md": "../../README.md"}
	guides, err := filepath.Glob("../../docs/guides/*.md")
	did(t, err)
	for _, g := range guides {
		all["guides/"+filepath.Base(g)] = g
	}
	return all
}

// Every command of every guide is run as it stands, in the order of the page, in an
// empty folder with a real office; and it prints what the guide says.
func TestGuidesArePlayed(t *testing.T) {
	skipped := map[string]int{}
	for name, page := range pages(t) {
		all := blocks(t, page)
		for _, b := range all {
			if b.is("not-here") {
				skipped[name]++
			}
		}
		if name == restoring || len(all) == skipped[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if name == "guides/migrating.md" {
				did(t, os.Rename(unpack(t, "clean"), filepath.Join(dir, "var")))
				did(t, os.Rename(signed(t), filepath.Join(dir, "programmes")))
			}
			playGuide(t, dir, all)
		})
	}
	if diff := cmp.Diff(notHere, skipped); diff != "" {
		t.Errorf("blocks that are not played, as decided (-) and as they are (+):\n%s", diff)
	}
}

// playGuide plays the blocks of a page in a folder. An office that the page does not
// start runs before.
func playGuide(t *testing.T, dir string, all []block) {
	t.Helper()
	term := openTerminal(t, dir)
	if !slices.ContainsFunc(all, func(b block) bool { return b.is("serves") }) {
		term.serve("standalone -journey none")
	}
	for _, b := range all {
		if b.is("stopped") {
			term.run(stopping)
		}
		for _, st := range b.steps {
			switch {
			case b.is("not-here"):
			case b.is("serves"):
				term.serve(strings.TrimSpace(st.command))
			default:
				term.do(st)
			}
		}
	}
}

// problem is an answer that refuses, of which the guide does not speak.
var problem = regexp.MustCompile(`"code":\s*"[a-z_]+"`)

// Commands are in no other kind of block, where nobody would play them.
func TestGuidesHaveTheirCommandsWhereTheyArePlayed(t *testing.T) {
	fences := regexp.MustCompile("(?ms)^ *```([^\n]*)\n(.*?)^ *```$")
	words := []string{"", "console", "sh", "json", "go", "mermaid", "serves", "stopped", "not-here"}
	for name, page := range pages(t) {
		text, err := os.ReadFile(page)
		did(t, err)
		for _, m := range fences.FindAllStringSubmatch(string(text), -1) {
			info := strings.Fields(m[1])
			for _, word := range info {
				if !slices.Contains(words, word) {
					t.Errorf("%s: a block of %q", name, m[1])
				}
			}
			played := len(info) > 0 && (info[0] == "console" || info[0] == "sh")
			if !played && (len(info) > 1 || regexp.MustCompile(`(?m)^ *(\$ |(GET|POST|PUT) /)`).MatchString(m[2])) {
				t.Errorf("%s: commands in a block that is not played:\n%s", name, m[2])
			}
		}
	}
}

// What is printed is held against what a guide shows: identifiers and instants may be
// others, JSON may hold more, and all else is as it stands.
func TestWhatAGuideShowsIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		told, printed string
		holds         bool
	}{
		"the same":           {"stopped in order", "stopped in order\n\n", true},
		"another word":       {"stopped in order", "stopped at once", false},
		"an identifier":      {"ref_01kf7q4zkwdb1gvyv30zcqv7bm", "ref_06h0jv7w7g9q7rqazxrc48nh00", true},
		"of another kind":    {"ref_01kf7q4zkwdb1gvyv30zcqv7bm", "case_06h0jv7w7g9q7rqazxrc48nh00", false},
		"an instant":         {`{"at":"2026-11-23T16:58:41.120Z"}`, `{"at":"2027-01-01T00:00:00Z"}`, true},
		"more in an object":  {`{"status":"accepted"}`, `{"status":"accepted","turn":2}`, true},
		"less in an object":  {`{"status":"accepted","turn":2}`, `{"status":"accepted"}`, false},
		"more in a list":     {`{"items":[]}`, `{"items":[{}]}`, false},
		"within a list":      {`{"items":[{"a":1}]}`, `{"items":[{"a":2,"b":3}]}`, false},
		"a problem":          {`{"status":"accepted"}`, `{"status":409,"code":"already_answered"}`, false},
		"no JSON":            {`{"status":"accepted"}`, "curl: (7)", false},
		"anything between":   {"one\n…\nlast", "one\ntwo\nthree\nlast", true},
		"another end":        {"one\n…\nlast", "one\ntwo", false},
		"nothing is printed": {"one", "", false},
	} {
		if lacks := missing(c.told, c.printed); (lacks == "") != c.holds {
			t.Errorf("%s: %q", name, lacks)
		}
	}
	steps := prompted(t, "a page", "$ one 'begins\nends' |\n    two \\\n  three\nprinted\n  more\n$ four\n")
	want := []string{"one 'begins\nends' |\n    two \\\n  three\n", "printed\n  more\n", "four\n", ""}
	var got []string
	for _, s := range steps {
		got = append(got, s.command, s.prints)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
