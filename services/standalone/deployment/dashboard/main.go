// Command dashboard writes the Grafana dashboard of the network, so that its
// queries are code: reviewed as code, and held by a test against the metrics
// that exist. It shows how the network runs and never a case: small counts can
// point at one person, so counts of records are rounded down to tens.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

//go:generate go run . ../../../../deploy/grafana/dashboards/sanad.json

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dashboard:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want one argument, the file to write, not %d", len(args))
	}
	board, err := network().Build()
	if err != nil {
		return fmt.Errorf("build: %w", err)
	}
	text, err := json.MarshalIndent(board, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return os.WriteFile(args[0], append(text, '\n'), 0o644) //nolint:gosec // a file of the repository, for everybody
}
