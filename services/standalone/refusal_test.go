package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"

	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/services/standalone/internal/migrate"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// statement runs SQL on an old database.
func statement(t *testing.T, old, service, sql string) *sqlite3.Conn {
	t.Helper()
	c, err := sqlite3.Open("file:" + filepath.Join(old, "mongo", "sanad_"+service+".sqlite"))
	if err == nil {
		err = c.Exec(sql)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func changed(t *testing.T, old, service, sql string) {
	t.Helper()
	if err := statement(t, old, service, sql).Close(); err != nil {
		t.Fatal(err)
	}
}

// situation is where a migration begins: a folder with the old directory in it.
type situation struct{ parent, old, data string }

func (s situation) write(t *testing.T, name string) {
	t.Helper()
	path := filepath.Join(s.parent, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("secret"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func (s situation) does(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is refused is refused in words that say which, and leaves all as it
// was.
func TestMigrateRefuses(t *testing.T) {
	const secret = "what nobody may read"
	for name, c := range map[string]struct {
		prepare func(*testing.T, *situation)
		want    error
		words   string
	}{
		"a place that is not empty": {
			func(t *testing.T, s *situation) { s.write(t, "var/notes.txt") },
			migrate.ErrPlace, "it is not empty",
		},
		"a place that is a file": {
			func(t *testing.T, s *situation) { s.write(t, "var") },
			migrate.ErrPlace, "SANAD_DATA",
		},
		"a place without a folder around it": {
			func(_ *testing.T, s *situation) { s.data = filepath.Join(s.parent, "none", "var") },
			migrate.ErrPlace, "no such file",
		},
		"nothing to migrate": {
			func(_ *testing.T, s *situation) { s.old += ".gone" },
			migrate.ErrPlace, "no such file",
		},
		"no old directory": {
			func(t *testing.T, s *situation) { s.does(t, os.RemoveAll(filepath.Join(s.old, "mongo"))) },
			migrate.ErrPlace, `not a data directory of the earlier version: it has no folder "mongo"`,
		},
		"a new directory": {
			func(t *testing.T, s *situation) { s.write(t, "old/database/documents.db") },
			migrate.ErrPlace, "of the present form already",
		},
		"the same": {
			func(_ *testing.T, s *situation) { s.data = s.old },
			migrate.ErrPlace, "move the old one aside first: mv ",
		},
		"the same by another name": {
			func(t *testing.T, s *situation) { s.does(t, os.Symlink(s.old, s.data)) },
			migrate.ErrPlace, "move the old one aside first: mv ",
		},
		"the new one in the old one": {
			func(_ *testing.T, s *situation) { s.data = filepath.Join(s.old, "nats", "var") },
			migrate.ErrPlace, "one is in the other",
		},
		"the old one in the new one": {
			func(_ *testing.T, s *situation) { s.data = s.parent },
			migrate.ErrPlace, "one is in the other",
		},
		"what is left of another attempt": {
			func(t *testing.T, s *situation) { s.write(t, "var.migrating/keyset.json") },
			migrate.ErrPlace, "a migration that was stopped; delete it",
		},
		"where another migration is going on": {
			func(t *testing.T, s *situation) {
				s.write(t, "var.migrating/keyset.json")
				h, err := hold.Take(s.data + ".migrating")
				s.does(t, err)
				t.Cleanup(func() { s.does(t, h.Release()) })
			},
			hold.ErrHeld, "a migration is going on: ",
		},
		"to take over what is left of another attempt": {
			func(t *testing.T, s *situation) { s.write(t, "old/database.unfinished/documents.db") },
			migrate.ErrPlace, "name the directory that it was made from",
		},
		"the old one where the work is done": {
			func(t *testing.T, s *situation) {
				work := s.data + ".migrating"
				s.does(t, os.Rename(s.old, work))
				s.old = work
			},
			migrate.ErrPlace, "give the old one another name",
		},
		"a link": {
			func(t *testing.T, s *situation) { s.does(t, os.Symlink("/etc", filepath.Join(s.old, "notices"))) },
			migrate.ErrUnknown, "notices",
		},
		"a stranger among the databases": {
			func(t *testing.T, s *situation) { s.write(t, "old/mongo/sanad_intake.sqlite.bak") },
			migrate.ErrUnknown, "sanad_intake.sqlite.bak",
		},
		"a folder among the databases": {
			func(t *testing.T, s *situation) { s.write(t, "old/mongo/more.sqlite/x") },
			migrate.ErrUnknown, "more.sqlite",
		},
		"a log without its database": {
			func(t *testing.T, s *situation) { s.write(t, "old/mongo/more.sqlite-wal") },
			migrate.ErrUnknown, "without its database",
		},
		"a type that no journal has": {
			func(t *testing.T, s *situation) {
				changed(t, s.old, "intake", `INSERT INTO journal_c1875f78 VALUES ('{"$s":{"p":{"_id":{"t":"string"},"n":{"t":"long"}},`+
					`"$k":["_id","n"]},"_id":"`+secret+`","n":77177}')`)
			},
			migrate.ErrUnknown, `intake: collection journal: row 16 cannot be taken over: field "n": `,
		},
		"a text that is none": {
			func(t *testing.T, s *situation) {
				changed(t, s.old, "intake", `DROP INDEX journal_c1875f78__id_; INSERT INTO journal_c1875f78 VALUES ('`+secret+`')`)
			},
			migrate.ErrUnknown, "intake: collection journal: row 16 cannot be taken over: ",
		},
		"a service that is not there": {
			func(t *testing.T, s *situation) {
				s.does(t, os.Remove(filepath.Join(s.old, "mongo", "sanad_intake.sqlite")))
			},
			migrate.ErrFindings, "intake: the file sanad_intake.sqlite is not there",
		},
		"a service that is empty": {
			func(t *testing.T, s *situation) {
				s.does(t, os.Truncate(filepath.Join(s.old, "mongo", "sanad_intake.sqlite"), 0))
			},
			migrate.ErrFindings, "intake: the file sanad_intake.sqlite holds nothing",
		},
		"a file that is cut": {
			func(t *testing.T, s *situation) {
				s.does(t, os.Truncate(filepath.Join(s.old, "mongo", "sanad_intake.sqlite"), 50_000))
			},
			migrate.ErrDamaged, "intake: ",
		},
		"a file that is no database": {
			func(t *testing.T, s *situation) { s.write(t, "old/mongo/sanad_intake.sqlite") },
			migrate.ErrDamaged, "intake: ",
		},
		"a commit that is gone": {
			func(t *testing.T, s *situation) {
				changed(t, s.old, "intake", `DELETE FROM journal_c1875f78 WHERE rowid = 4`)
			},
			migrate.ErrFindings, "it is missing",
		},
		"a network that runs": {
			func(t *testing.T, s *situation) {
				if runtime.GOOS != "linux" {
					t.Skip("here, only other processes are seen")
				}
				c := statement(t, s.old, "intake", `BEGIN; SELECT count(*) FROM journal_c1875f78`)
				t.Cleanup(func() { s.does(t, c.Close()) })
			},
			migrate.ErrInUse, "sanad_intake.sqlite-shm",
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			s := &situation{parent, filepath.Join(parent, "old"), filepath.Join(parent, "var")}
			s.does(t, os.Rename(unpack(t, "clean"), s.old))
			c.prepare(t, s)
			was := pictured(t, parent)
			var out strings.Builder
			err := migrated(t.Context(), settings{data: s.data}, []string{s.old}, &out)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v\n%s", err, out.String())
			}
			said := out.String() + err.Error()
			if !strings.Contains(said, c.words) || strings.Contains(said, secret) || strings.Contains(said, "77177") {
				t.Errorf("it says %v\n%s", err, out.String())
			}
			is := pictured(t, parent)
			delete(was, ".") // something was made there meanwhile
			delete(is, ".")
			if d := cmp.Diff(was, is); d != "" {
				t.Errorf("what was there (-before +after):\n%s", d)
			}
		})
	}
}

func TestMigrateIsToldWhat(t *testing.T) {
	for _, args := range [][]string{nil, {"one", "other"}, {"-what", "one"}} {
		if err := migrated(t.Context(), settings{data: t.TempDir()}, args, io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

// What a kill leaves behind does not start as if it were whole, does not pass for
// an old directory either, and is named at the next try.
func TestMigrateIsKilled(t *testing.T) {
	old, parent := unpack(t, "killed"), t.TempDir()
	data := filepath.Join(parent, "var")
	was := pictured(t, old)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMigrateInAnotherProcess$")
	child.Env = append(os.Environ(), "MIGRATE_FROM="+old, "MIGRATE_TO="+data)
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stdout); lines.Scan() && lines.Text() != "midway"; {
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	left := data + ".migrating"
	if d := cmp.Diff([]string{filepath.Base(left)}, names(t, parent)); d != "" {
		t.Fatalf("what is left (-want +got):\n%s", d)
	}
	if _, err := network.Open(t.Context(), network.Config{Dir: left}); !errors.Is(err, network.ErrOld) {
		t.Error("a network starts on what is left:", err)
	}
	if err := verify(t.Context(), settings{data: left}, nil, io.Discard); !errors.Is(err, network.ErrOld) {
		t.Error("verify takes what is left:", err)
	}
	if err := migrated(t.Context(), settings{data: data}, []string{left}, io.Discard); !errors.Is(err, migrate.ErrPlace) {
		t.Error("what is left is migrated:", err)
	}
	err = migrated(t.Context(), settings{data: data}, []string{old}, io.Discard)
	if !errors.Is(err, migrate.ErrPlace) || !strings.Contains(err.Error(), left) {
		t.Error("the next attempt:", err)
	}
	if err := os.RemoveAll(left); err != nil {
		t.Fatal(err)
	}
	if err := migrated(t.Context(), settings{data: data}, []string{old}, io.Discard); err != nil {
		t.Error("after it was deleted:", err)
	}
	if d := cmp.Diff(was, pictured(t, old)); d != "" {
		t.Errorf("the old directory (-before +after):\n%s", d)
	}
}

// TestMigrateInAnotherProcess is what TestMigrateIsKilled kills.
func TestMigrateInAnotherProcess(t *testing.T) {
	from, to := os.Getenv("MIGRATE_FROM"), os.Getenv("MIGRATE_TO")
	if from == "" {
		t.Skip("it is for another test")
	}
	out := &at{text: "referral", do: func() {
		_, _ = os.Stdout.WriteString("midway\n")
		select {}
	}}
	t.Fatal("it is done too early:", migrated(t.Context(), settings{data: to}, []string{from}, out))
}
