package network

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/secret"
)

// What the NATS servers of a network read of its keys: public keys as variables,
// integrators, and the key to what the servers keep on their disks.
const (
	serversDir      = "nats"
	keysConf        = "keys.conf"
	integratorsConf = "integrators.conf"
	storeConf       = "store.conf"
)

// ServersDir is the folder among the keys that the NATS servers of a network
// read.
func ServersDir(keys string) string { return filepath.Join(keys, serversDir) }

// ServerAccounts is the part of the servers' configuration that says who may do
// what. It is the same for every network: the keys are variables.
//
// An included file sees no variable of the one that includes it, so the keys are
// read where they are used.
func ServerAccounts() (string, error) {
	parts, err := Parts()
	if err != nil {
		return "", err
	}
	return "# Written by `make generate` from what the services declare (pkg/bus). `standalone keys issue` writes what is\n" +
		"# included. To change what a service may do, change what it does.\n" +
		"include \"keys/" + keysConf + "\"\n\n" +
		bus.Accounts(parts, func(identity string, n int) string { return "$" + bus.Variable(identity, n) },
			"  include \"keys/"+integratorsConf+"\"\n"), nil
}

// IssueKeys makes the keys of a network's bus that are not there yet, that of the bell of
// the pages among them, and writes what its servers read of them.
func IssueKeys(keys string) error {
	seeds, guests := BusKeys(keys)
	if err := os.MkdirAll(ServersDir(keys), 0o700); err != nil {
		return err
	}
	if err := seeds.Issue(Identities()...); err != nil {
		return err
	}
	if err := guests.Issue(bus.Pages); err != nil {
		return err
	}
	_, err := TellServers(keys)
	return err
}

// TellServers writes what a network's servers read of the keys. An office has no
// such servers, and nothing is written: told is false.
func TellServers(keys string) (told bool, err error) {
	dir := ServersDir(keys)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	seeds, guests := BusKeys(keys)
	var public strings.Builder
	for _, identity := range Identities() {
		keys, err := seeds.Public(identity)
		if err != nil {
			return false, err
		}
		for n, key := range keys {
			fmt.Fprintf(&public, "%s: %q\n", bus.Variable(identity, n), key)
		}
	}
	list, err := Integrators(guests)
	if err != nil {
		return false, err
	}
	store, err := storeKey(keys)
	if err != nil {
		return false, err
	}
	for name, text := range map[string]string{
		keysConf: public.String(), integratorsConf: bus.Integrators(list), storeConf: fmt.Sprintf("NATS_STORE_KEY: %q\n", store),
	} {
		if err := secret.Write(filepath.Join(dir, name), []byte(text)); err != nil {
			return false, err
		}
	}
	return true, nil
}

// storeKey is the key to what the bus keeps on the disk; it is made the first
// time.
func storeKey(keys string) (string, error) {
	key, err := secret.Ensure(filepath.Join(keys, "bus", "store.key"), newPassword)
	return strings.TrimSpace(string(key)), err
}
