package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// errBroken is the answer to a journal that somebody changed.
var errBroken = errors.New("the journals do not verify")

// verify checks every chain of every journal, without any key, and names each
// commit that does not hold. Of the embedded database it reads every page, keys
// included. What is not there does not verify.
func verify(ctx context.Context, set settings, out io.Writer) (err error) {
	connect := func() (*mongo.Client, error) { return mongo.Connect(options.Client().ApplyURI(set.MongoURI)) }
	if set.MongoURI == "" {
		m, held, openErr := openThere(set.data)
		if openErr != nil {
			return openErr
		}
		defer func() { err = errors.Join(err, m.Close(), held.Release()) }()
		if err := m.Check(); err != nil {
			fmt.Fprintln(out, "database:", err)
			return errBroken
		}
		connect = m.Connect
	}
	client, err := connect()
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	broken := false
	for _, name := range network.Services {
		v, err := network.Verify(ctx, client, name, nil, nil, func(line string) {
			broken = true
			fmt.Fprintln(out, line)
		}, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d commits checked\n", name, v.Commits)
	}
	if broken {
		return errBroken
	}
	return nil
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
