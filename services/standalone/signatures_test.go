package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
)

// Who asks for help is helped, and nothing is refused.
func TestSignaturesHelp(t *testing.T) {
	for _, args := range [][]string{{"custody", "--help"}, {"custody", "-h"}, {"certificate", "--help"}} {
		if err := signatures(args, strings.NewReader(""), io.Discard); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%v: %v", args, err)
		}
	}
	for _, args := range [][]string{{"custody"}, {"custody", "verify", "one"}, {"certificate", "sign", "a", "b"}} {
		if err := signatures(args, strings.NewReader(""), io.Discard); !errors.Is(err, errArguments) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
