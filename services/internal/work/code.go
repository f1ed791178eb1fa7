package work

import (
	"slices"

	"github.com/sanad-network/sanad/pkg/fault"
)

// ErrUnknownCode refuses a code that is not on its list.
var ErrUnknownCode = fault.New(fault.Invalid, "unknown_code", "A code is not on its list.")

// Known gives ErrUnknownCode, with the pointer, for a code that is not on the
// list. Decoding refuses wrong codes already, but not missing ones; and a
// commit that held one could never be read again.
func Known[T ~string](pointer string, c T, list []T) error {
	if !slices.Contains(list, c) {
		return ErrUnknownCode.At(pointer, "enum")
	}
	return nil
}
