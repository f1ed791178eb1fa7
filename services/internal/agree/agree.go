// Package agree compares a fact with the record that it is about. No fact changes
// what a record is: a fact of another case, agency, service or consent is not
// about this record. Such a fact is refused, so that it is seen, and changes
// nothing. The package refuses to know any record or fact.
package agree

import "github.com/sanad-network/sanad/pkg/fault"

// Err refuses a fact that does not agree with its record. Its fields name what
// does not agree, and never the value.
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
