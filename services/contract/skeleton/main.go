// Command skeleton writes what the contracts of the bus repeat of the services
// and the types of their events: AsyncAPI's channels, messages and operations, and
// of each schema the head, the kinds, the codes and what is required.
//
// What a type cannot say is written by hand: for AsyncAPI in
// api/source/asyncapi/network.yaml.tmpl, for a schema in its own file, where
// descriptions, patterns and bounds stay as they are. It refuses to take away
// what a schema has and the type has not: an event only ever grows.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing/fstest"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/service"
	forensic "github.com/sanad-network/sanad/services/forensic-services"
	"github.com/sanad-network/sanad/services/intake"
	legalaid "github.com/sanad-network/sanad/services/legal-aid"
	"github.com/sanad-network/sanad/services/psychosocial"
	"github.com/sanad-network/sanad/services/referral"
	trustfund "github.com/sanad-network/sanad/services/trust-fund"
)

//go:generate go run . ../../../api

var rooms = []service.Room{intake.New, referral.New, legalaid.New, psychosocial.New, forensic.New, trustfund.New}

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "skeleton:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 {
		return errors.New("name the folder of package api")
	}
	files, err := generate(os.DirFS(args[0]))
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(args[0], name), text, 0o644); err != nil { //nolint:gosec // a file of the repository, for everybody
			return err
		}
	}
	return nil
}

// generate makes all files of a folder of contracts, by name.
func generate(api fs.FS) (map[string][]byte, error) {
	api = begun{api}
	events, err := declared(api)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for typ, e := range events {
		name := schemaName(typ)
		written, err := fs.ReadFile(api, name)
		if err != nil {
			return nil, err
		}
		if files[name], err = schemaOf(e, written); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	files["asyncapi/network.yaml"], err = network(api, events)
	return files, err
}

// declared are the events of all services, by type name.
func declared(api fs.FS) (map[string]fact.Data, error) {
	events := map[string]fact.Data{}
	for _, room := range rooms {
		catalogue, err := service.Catalogue(api, room)
		if err != nil {
			return nil, err
		}
		for _, typ := range catalogue.Types() {
			if catalogue.Writes(typ) {
				events[typ] = catalogue.Zero(typ)
			}
		}
	}
	return events, nil
}

// begun has an empty schema where none is written yet: a service that reacts to
// a new event needs one.
type begun struct{ fs.FS }

func (b begun) Open(name string) (fs.File, error) {
	f, err := b.FS.Open(name)
	if isSchema, _ := filepath.Match("schema/*/*.schema.json", name); isSchema && errors.Is(err, fs.ErrNotExist) {
		return fstest.MapFS{name: {Data: []byte("{}")}}.Open(name)
	}
	return f, err
}
