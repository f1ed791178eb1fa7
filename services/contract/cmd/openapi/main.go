// Command openapi writes the OpenAPI contract of each service from its source and
// from what all share. What follows from an operation is not written by hand:
// document.go holds the rules. A name that is unknown, stands twice or is not used
// is refused.
package main

import (
	"fmt"
	"os"
)

//go:generate go run . ../../../../api intake referral legal-aid psychosocial forensic-services trust-fund

func main() {
	for _, service := range os.Args[2:] {
		if err := generate(os.Args[1], service); err != nil {
			fmt.Fprintf(os.Stderr, "openapi: %s: %v\n", service, err)
			os.Exit(1)
		}
	}
}

func generate(folder, service string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	shared, err := root.ReadFile("source/openapi/shared.yaml")
	if err != nil {
		return err
	}
	source, err := root.ReadFile("source/openapi/" + service + ".yaml")
	if err != nil {
		return err
	}
	text, err := document(source, shared)
	if err != nil {
		return err
	}
	return root.WriteFile("openapi/"+service+".yaml", text, 0o644)
}
