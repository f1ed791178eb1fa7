package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/migrate"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// before are the data directories of an earlier version; see testdata/README.md.
var before = map[string]struct {
	verified, taken string
	// known is a case in it.
	known string
}{
	"clean": {
		verified: "intake: 15 commits checked\nreferral: 15 commits checked\nlegal-aid: 7 commits checked\n" +
			"psychosocial: 4 commits checked\nforensic-services: 5 commits checked\n",
		taken: "intake: 15 commits and 1 keys taken over\nreferral: 15 commits and 2 keys taken over\n" +
			"legal-aid: 7 commits and 1 keys taken over\npsychosocial: 4 commits and 1 keys taken over\n" +
			"forensic-services: 5 commits and 1 keys taken over\n",
		known: "case_tjcqnzd5vc3xxhhex1kzqqe04c",
	},
	"killed": {
		verified: "intake: 30 commits checked\nreferral: 27 commits checked\nlegal-aid: 14 commits checked\n" +
			"psychosocial: 8 commits checked\nforensic-services: 10 commits checked\n",
		taken: "intake: 30 commits and 257 keys taken over\nreferral: 27 commits and 258 keys taken over\n" +
			"legal-aid: 14 commits and 257 keys taken over\npsychosocial: 8 commits and 257 keys taken over\n" +
			"forensic-services: 10 commits and 257 keys taken over\n",
		known: "case_6fw4js96mmpxgebbvkwksj98b4",
	},
}

// unpack puts an old data directory into a new folder.
func unpack(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return filepath.Join(parent, name)
		}
		path := filepath.Join(parent, filepath.FromSlash(h.Name))
		if err == nil && h.FileInfo().IsDir() {
			err = os.Mkdir(path, h.FileInfo().Mode())
		} else if err == nil {
			var content []byte
			if content, err = io.ReadAll(r); err == nil {
				err = errors.Join(os.WriteFile(path, content, h.FileInfo().Mode()), os.Chtimes(path, h.ModTime, h.ModTime))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pictured is all that a directory is: names, modes, times and bytes.
func pictured(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		var content []byte
		if info.Mode().IsRegular() {
			content, err = os.ReadFile(path)
		}
		name, _ := filepath.Rel(dir, path)
		all[name] = fmt.Sprintf("%v %v %x", info.Mode(), info.ModTime().UTC(), sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// names are those of what lies in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestMigrate(t *testing.T) {
	for name, want := range before {
		t.Run(name, func(t *testing.T) {
			old := unpack(t, name)
			was := pictured(t, old)
			set := settings{data: filepath.Join(t.TempDir(), "a new place, 50% and why?")}
			var out strings.Builder
			if err := migrated(t.Context(), set, []string{old}, &out); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			if d := cmp.Diff(was, pictured(t, old)); d != "" {
				t.Errorf("the old directory (-before +after):\n%s", d)
			}
			if got := out.String(); !strings.Contains(got, want.taken) || !strings.Contains(got, old+" was left as it was") {
				t.Errorf("it tells\n%s\nwant\n%s", got, want.taken)
			}
			if d := cmp.Diff([]string{filepath.Base(set.data)}, names(t, filepath.Dir(set.data))); d != "" {
				t.Errorf("beside the new directory (-want +got):\n%s", d)
			}
			rest(t, was, pictured(t, set.data))
			var verified strings.Builder
			if err := verify(t.Context(), set, nil, &verified); err != nil {
				t.Error(err)
			}
			if d := cmp.Diff(want.verified, commitsIn(verified.String())); d != "" {
				t.Errorf("verify (-want +got):\n%s", d)
			}
			inOrder(t, set.data)
			goesOn(t, set, want.known)
		})
	}
}

// rest holds that everything beside the database was copied as it was.
func rest(t *testing.T, was, is map[string]string) {
	t.Helper()
	for name, want := range was {
		if name == "." || strings.HasPrefix(name, "mongo") {
			continue
		}
		got := is[name]
		if strings.HasPrefix(want, "d") {
			// The time of a directory is that of its copy.
			want, _, _ = strings.Cut(want, " ")
			got, _, _ = strings.Cut(got, " ")
		}
		if got != want {
			t.Errorf("%s: %s became %s", name, want, got)
		}
	}
	for name := range is {
		if _, ok := was[name]; !ok && !strings.HasPrefix(name, "database") {
			t.Errorf("%s is new", name)
		}
	}
}

// inOrder holds that each version stands behind the one before it, as it was
// written.
func inOrder(t *testing.T, dir string) {
	t.Helper()
	with(t, dir, func(c *mongo.Collection) {
		cursor, err := c.Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		versions := map[string]int{}
		for cursor.Next(t.Context()) {
			record, version, _ := strings.Cut(cursor.Current.Lookup("_id").StringValue(), "/")
			if n, err := strconv.Atoi(version); err != nil || n != versions[record]+1 {
				t.Errorf("%s: version %s stands behind %d", record, version, versions[record])
			}
			versions[record]++
		}
		if err := cursor.Err(); err != nil || len(versions) == 0 {
			t.Errorf("%d records, %v", len(versions), err)
		}
	})
}

// goesOn holds that the network starts on the directory, knows a case of before,
// and plays a journey on it.
func goesOn(t *testing.T, set settings, known string) {
	t.Helper()
	// Records from before there were modes are live.
	openedOn(t, set.data, service.Config{Mode: service.Live, Programmes: signed(t)}, func(n *network.Network) error {
		cast, err := desks(n)
		if err != nil {
			return err
		}
		var c struct{ ID, Status string }
		if err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+known, &c); err != nil {
			return err
		}
		if c.ID != known || c.Status != "closed" {
			t.Errorf("the case of before is %+v", c)
		}
		return playShort(t, cast)
	})
	if err := verify(t.Context(), set, nil, io.Discard); err != nil {
		t.Errorf("after another journey: %v", err)
	}
}

// A byte that was changed in an old file is named, and nothing is made; who
// knows of it goes on with the record as it is.
func TestMigrateFindsAChangedByte(t *testing.T) {
	for name, c := range map[string]struct {
		by   byte
		want string
	}{
		"other base64": {want: "the hash does not fit what is stored"},
		"no base64":    {by: '\xc1', want: "row 4: field \"commit\" is damaged, and is taken as it stands"},
	} {
		t.Run(name, func(t *testing.T) {
			old := unpack(t, "clean")
			record := change(t, filepath.Join(old, "mongo", "sanad_referral.sqlite"), c.by)
			set := settings{data: filepath.Join(t.TempDir(), "var")}
			var out strings.Builder
			if err := migrated(t.Context(), set, []string{old}, &out); !errors.Is(err, migrate.ErrFindings) {
				t.Fatalf("%v\n%s", err, out.String())
			}
			chain := "referral: record " + record + " version 1: the hash does not fit what is stored\n"
			if got := out.String(); !strings.Contains(got, c.want) || !strings.Contains(got, chain) {
				t.Errorf("it does not say %q and %q:\n%s", c.want, chain, got)
			}
			if left := names(t, filepath.Dir(set.data)); left != nil {
				t.Error("left behind:", left)
			}
			if err := migrated(t.Context(), set, []string{"-despite-findings", old}, &out); err != nil {
				t.Fatal(err)
			}
			var verified strings.Builder
			if err := verify(t.Context(), set, nil, &verified); !errors.Is(err, errBroken) || !strings.Contains(verified.String(), chain) {
				t.Errorf("verify says %v:\n%s", err, verified.String())
			}
		})
	}
}

// change puts another byte into the box of the first commit of a referral, 0
// for one that base64 has too, and gives the record.
func change(t *testing.T, file string, by byte) (record string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(content, []byte(`"_id":"ref_`))
	record, _, _ = strings.Cut(string(content[at+len(`"_id":"`):at+100]), "/")
	at += bytes.Index(content[at:], []byte(`"commit":"`)) + 120
	if by == 0 {
		by = map[bool]byte{true: 'B', false: 'A'}[content[at] == 'A']
	}
	content[at] = by
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return record
}

// An office must not start beside its old data as if it had none.
func TestAnOldDirectoryIsRefused(t *testing.T) {
	dir := unpack(t, "clean")
	was := pictured(t, dir)
	_, opened := network.Open(t.Context(), network.Config{Dir: dir})
	for name, err := range map[string]error{
		"start":  opened,
		"verify": verify(t.Context(), settings{data: dir + "/"}, nil, io.Discard),
	} {
		say := fmt.Sprintf("mv %q %q && SANAD_DATA=%q standalone migrate %q", dir, dir+".old", dir, dir+".old")
		if !errors.Is(err, network.ErrOld) || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d := cmp.Diff(was, pictured(t, dir)); d != "" {
		t.Errorf("the directory (-before +after):\n%s", d)
	}
}

// at does something once when a text is written.
type at struct {
	text string
	do   func()
	seen strings.Builder
}

func (a *at) Write(p []byte) (int, error) {
	a.seen.Write(p)
	if a.do != nil && strings.Contains(a.seen.String(), a.text) {
		a.do()
		a.do = nil
	}
	return len(p), nil
}

func TestMigrateStopsWhenItIsTold(t *testing.T) {
	old, parent := unpack(t, "clean"), t.TempDir()
	data := filepath.Join(parent, "var")
	if err := os.Mkdir(data, 0o750); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	err := migrated(ctx, settings{data: data}, []string{old}, &at{text: "referral", do: stop})
	if err == nil || err.Error() != "stopped; nothing was made" {
		t.Error(err)
	}
	if left := names(t, parent); !cmp.Equal(left, []string{"var"}) || names(t, data) != nil {
		t.Error("left behind:", left)
	}
	if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o750 {
		t.Error("the empty directory is not as it was:", info, err)
	}
}

func TestMigrateNoticesAChange(t *testing.T) {
	for name, change := range map[string]func(old string) error{
		"a file grows": func(old string) error { return os.WriteFile(filepath.Join(old, "nats", "more"), nil, 0o600) },
		"a file goes":  func(old string) error { return os.Remove(filepath.Join(old, "keyset.json")) },
		"a file is touched": func(old string) error {
			return os.Chtimes(filepath.Join(old, "mongo", "sanad_intake.sqlite"), time.Time{}, time.Unix(1, 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			old, parent := unpack(t, "clean"), t.TempDir()
			out := &at{text: "referral", do: func() {
				if err := change(old); err != nil {
					t.Error(err)
				}
			}}
			err := migrated(t.Context(), settings{data: filepath.Join(parent, "var")}, []string{old}, out)
			if !errors.Is(err, migrate.ErrChanged) || names(t, parent) != nil {
				t.Errorf("%v, and there is %v", err, names(t, parent))
			}
		})
	}
}
