package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// errBroken is the answer to a journal that somebody changed.
var errBroken = errors.New("the journals do not verify")

// verify checks every chain of every journal, without any key, and names each
// commit that does not hold.
func verify(ctx context.Context, set settings, out io.Writer) (err error) {
	connect := func() (*mongo.Client, error) { return mongo.Connect(options.Client().ApplyURI(set.MongoURI)) }
	if set.MongoURI == "" {
		m, err := network.OpenDatabase(set.data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, m.Close()) }()
		connect = m.Connect
	}
	client, err := connect()
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	broken := false
	for _, name := range network.Services {
		checked, err := network.Verify(ctx, client, name, func(line string) {
			broken = true
			fmt.Fprintln(out, line)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d commits checked\n", name, checked)
	}
	if broken {
		return errBroken
	}
	return nil
}
