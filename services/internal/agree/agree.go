// Package agree holds a fact against the record that it is about. What a record
// is was said when it was made, and no fact changes it: whoever tells of another
// case, agency, service or consent does not tell of this record. Such a fact is
// refused, so that it is seen, and changes nothing. The package knows no record
// and no fact.
package agree

import "github.com/sanad-network/sanad/pkg/fault"

// Err refuses a fact that does not agree with its record. Its fields name what
// does not agree, and never what was said.
var Err = fault.New(fault.Conflict, "fact_disagrees", "The fact does not agree with the record that it is about.")

// Same gives Err, with the pointer, unless a fact says what the record has.
func Same[T comparable](pointer string, has, says T) error { return That(pointer, has == says) }

// That gives Err, with the pointer, unless what a fact says can be.
func That(pointer string, ok bool) error {
	if !ok {
		return Err.At(pointer, "as the record has it")
	}
	return nil
}
