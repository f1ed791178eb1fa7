package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

const verifyUsage = `usage:
  standalone verify [--without-keys] [--without-files] [--since-checkpoint] [--with-bus] [--service NAME]

Checks the journals: each commit, its place in its chain, and that nothing is
missing of what a checkpoint covers. With the keys of the network
(SANAD_KEYSET_FILE, or keyset.json in SANAD_KEYS) it opens everything; without
them it checks what can be checked. Of an office it reads every page of the
database. It names the record and the version of what does not hold, and changes
nothing.

It also reads each file that a record names (SANAD_FILES; of an office the folder
files of its data): that it is there, opens with the key of its case, and holds
what its record says. It lists files that no record names. Of an erased case no
file is looked for. That needs the keys, and every commit; --without-files leaves
it out, where the files are far away.

--with-bus also compares the journals with all that the bus holds; a start does
so from the newest checkpoint on. It opens the network for that, which must be
stopped, and appends nothing.

--since-checkpoint reads the newest commits alone. An office must be stopped; at
a database that is elsewhere (SANAD_MONGODB_URI) the services may run.
`

// What verify says.
var (
	// errBroken is the answer to a journal that somebody changed.
	errBroken = errors.New("the journals do not verify")
	// errNothing refuses an empty database: it is the wrong one, or it was lost.
	errNothing = errors.New("there is nothing to verify: the database holds no journal")
)

// verification holds the arguments of verify.
type verification struct {
	settings
	withoutKeys, recent bool
	files               vault.Store // nil: files are not looked at
	services            []string
	unknown             []string // of which no checkpoint is kept outside
	keyset              *seal.Keyset
	out                 io.Writer
}

// verify checks the journals and names each commit that does not hold. An empty
// database does not verify.
func verify(ctx context.Context, set settings, args []string, out io.Writer) (err error) {
	v := verification{settings: set, services: network.With(set.trustFund), out: out}
	flags := flagsOf("verify", verifyUsage)
	flags.BoolVar(&v.withoutKeys, "without-keys", false, "check what can be checked without keys")
	flags.BoolVar(&v.recent, "since-checkpoint", false, "read the newest commits alone")
	withoutFiles := flags.Bool("without-files", false, "leave the sealed files out")
	withBus := flags.Bool("with-bus", false, "hold the journals against the bus as well")
	name := flags.String("service", "", "the one service whose journal is meant")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *name != "" {
		v.services = []string{*name}
	}
	if err := checkService(*name); err != nil {
		return err
	}
	if err := v.readKeyset(); err != nil {
		return err
	}
	if err := v.openFiles(*withoutFiles); err != nil {
		return err
	}
	err = v.journals(ctx)
	if *withBus && (err == nil || errors.Is(err, errBroken)) {
		err = errors.Join(err, v.bus(ctx, *name))
	}
	return err
}

// openFiles opens the place for files, unless they are left out.
func (v *verification) openFiles(without bool) (err error) {
	if without || v.keyset == nil || v.recent {
		return nil
	}
	where := v.Files
	if where.Files == "" && v.MongoURI == "" {
		where.Files = network.FilesDir(v.data)
	}
	if where.Files == "" {
		fmt.Fprintln(v.out, "SANAD_FILES is not set: files are not looked at.")
		return nil
	}
	v.files, err = vault.Look(where)
	return err
}

// journals checks what is in the database.
func (v *verification) journals(ctx context.Context) (err error) {
	set, out := v.settings, v.out
	connect := func() (*mongo.Client, error) { return mongo.Connect(options.Client().ApplyURI(set.MongoURI)) }
	if set.MongoURI == "" {
		m, held, openErr := openThere(set.data)
		if openErr != nil {
			return openErr
		}
		defer func() { err = errors.Join(err, m.Close(), held.Release()) }()
		if !v.recent {
			if err := m.Check(); err != nil {
				fmt.Fprintln(out, "database:", err)
				return errBroken
			}
		}
		connect = m.Connect
	}
	client, err := connect()
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	return v.run(ctx, client)
}

// errLacking is the answer to journals that lack what the bus holds.
var errLacking = errors.New("the bus holds what the journals lack")

// bus compares the journals with everything that is on the bus.
func (v *verification) bus(ctx context.Context, name string) error {
	lacking := 0
	err := offlineAll(ctx, v.settings, name, v.out, func(_ context.Context, w *service.Workshop) error {
		if !w.Compared() {
			return errAsk
		}
		for _, id := range w.Lost() {
			lacking++
			fmt.Fprintf(v.out, "%s: record %s version %d: the bus holds it, and the journal does not\n", w.Name, id.Record, id.Version)
		}
		for _, r := range w.Quarantined() {
			if r.Reason == record.ReasonFork {
				lacking++
				fmt.Fprintf(v.out, "%s: record %s version %d: the bus holds another event in its place\n", w.Name, r.Record, r.Version)
			}
		}
		return nil
	})
	if err == nil && lacking > 0 {
		err = errLacking
	}
	if err == nil {
		fmt.Fprintln(v.out, "the bus holds nothing that the journals lack")
	}
	return err
}

// keysDir is where the keys are.
func (s settings) keysDir() string { return cmp.Or(s.keys, network.KeysDir(s.data)) }

// readKeyset reads the keyset. One that is named and not there is an error:
// otherwise less would be checked than the operator expects.
func (v *verification) readKeyset() error {
	if v.withoutKeys {
		return nil
	}
	path := cmp.Or(v.KeysetFile, filepath.Join(v.keysDir(), network.KeysetFile))
	var err error
	v.keyset, err = seal.ReadKeyset(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && v.KeysetFile == "":
		v.keyset = nil
		fmt.Fprintf(v.out, "There is no keyset in %s: what is sealed is not opened.\n", v.keysDir())
	case err != nil:
		return fmt.Errorf("read keyset: %w; --without-keys checks what can be checked without", err)
	}
	return nil
}

// known reads the checkpoint of a service that is kept outside the database.
func (v *verification) known(name string) ([][]byte, error) {
	dir := cmp.Or(v.CheckpointDir, filepath.Join(v.keysDir(), network.CheckpointsDir))
	text, err := secret.Read(service.CheckpointFile(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		v.unknown = append(v.unknown, name)
		return nil, nil
	}
	return [][]byte{text}, err
}

func (v *verification) run(ctx context.Context, client *mongo.Client) error {
	broken, empty := false, 0
	for _, name := range v.services {
		known, err := v.known(name)
		if err != nil {
			return err
		}
		told := teller{out: v.out, bar: newBar(v.out, 0), last: time.Now()}
		done, err := network.Verify(ctx, client, name, network.Verification{
			Keyset: v.keyset, Known: known, Recent: v.recent, Report: told.finding, Files: v.files,
			Note:     func(line string) { told.bar.clear(); fmt.Fprintln(v.out, line) },
			Progress: func(done, total int64) { told.reading(name, done, total) },
		})
		told.bar.clear()
		if err != nil {
			return err
		}
		if done.Commits == 0 && done.Checkpoints == 0 {
			empty++
			told.finding(name + ": there is no journal of it")
		} else {
			v.tell(name, done)
		}
		broken = broken || told.findings > 0
	}
	if len(v.unknown) > 0 && empty < len(v.services) {
		fmt.Fprintf(v.out, "No checkpoint is kept outside the database of %s: an end that was cut off together with its checkpoints would not be seen.\n", strings.Join(v.unknown, ", "))
	}
	switch {
	case empty == len(v.services):
		return errNothing
	case broken:
		return errBroken
	}
	return nil
}

// reading tells how far the reading of a journal is, if it takes a while. A total of
// 0 is not known.
func (t *teller) reading(name string, done, total int64) {
	if now := time.Now(); now.Sub(t.last) > interval {
		t.last = now
		t.bar.total = max(total, done)
		t.bar.show(done, done, name)
	}
}

// tell prints what was verified of a service, and what of it no checkpoint covers.
func (v *verification) tell(name string, done network.Verified) {
	which := "commits checked"
	if v.recent {
		which = "of the newest commits checked"
	}
	fmt.Fprintf(v.out, "%s: %d %s, %d checkpoints", name, done.Commits, which, done.Checkpoints)
	if done.Files > 0 {
		fmt.Fprintf(v.out, "; %d files read", done.Files)
	}
	if done.Uncovered > 0 {
		fmt.Fprintf(v.out, "; %d of the old format, which no checkpoint covers", done.Uncovered)
	}
	if done.Recent > 0 {
		fmt.Fprintf(v.out, "; %d behind the newest checkpoint, which it does not cover yet", done.Recent)
	}
	fmt.Fprintln(v.out)
}

// openThere opens the database of a data directory that there is, and holds it.
func openThere(dir string) (*embedded.MongoServer, *hold.Hold, error) {
	for _, path := range []string{dir, network.DatabaseDir(dir)} {
		if _, err := os.Stat(path); err != nil {
			if old, oldErr := os.Stat(network.OldDatabaseDir(dir)); oldErr == nil && old.IsDir() {
				break // it is told apart
			}
			return nil, nil, fmt.Errorf("there is no database to verify: %w", err)
		}
	}
	held, err := network.Hold(dir)
	if err != nil {
		return nil, nil, err
	}
	m, err := network.OpenDatabase(dir)
	if err != nil {
		return nil, nil, errors.Join(err, held.Release())
	}
	return m, held, nil
}
