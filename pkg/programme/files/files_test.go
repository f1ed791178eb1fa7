package files

import (
	"testing"
)

func TestShippedProgrammesHold(t *testing.T) {
	read, err := Open(Shipped(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range read.Refused {
		t.Error(f)
	}
}
