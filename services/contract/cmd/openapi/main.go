// Command openapi writes the OpenAPI contract of each service from its source and
// from shared.yaml beside it. What follows from an operation is not written by
// hand: document.go holds the rules. A name that is nowhere, stands twice or is
// used by nobody is refused, and then no contract changes.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . ../../../../api/source/openapi ../../../../api/openapi

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 2 {
		return errors.New("name the folder of the sources and the one to write to")
	}
	shared, err := os.ReadFile(filepath.Join(args[0], "shared.yaml"))
	if err != nil {
		return err
	}
	sources, err := filepath.Glob(filepath.Join(args[0], "*.yaml"))
	if err != nil {
		return err
	}
	documents := map[string][]byte{}
	for _, source := range sources {
		name := filepath.Base(source)
		if name == "shared.yaml" {
			continue
		}
		text, err := os.ReadFile(source) //nolint:gosec // the arguments come from the line above
		if err != nil {
			return err
		}
		if documents[name], err = document(text, shared); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, text := range documents {
		if err := os.WriteFile(filepath.Join(args[1], name), text, 0o644); err != nil { //nolint:gosec // files of the repository, for everybody
			return err
		}
	}
	return nil
}
