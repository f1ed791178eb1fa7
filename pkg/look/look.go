// Package look marks what a decision about one record may know of others. A
// record that was read through the journal, or a list that was read behind a
// barrier, is Fresh. What the image shows without that may be late: an answer may
// rest on it, a decision may not. The types keep the two apart.
//
// The package refuses to make anything fresh. Only package record does, and tests
// do in its place; a linter holds everybody else off.
package look

// Fresh is a value that was read after everything that anybody had acknowledged
// when the look began.
type Fresh[T any] struct{ value T }

// Made says that a value is fresh. It is package record's to call.
func Made[T any](value T) Fresh[T] { return Fresh[T]{value} }

// Value is what was seen.
func (f Fresh[T]) Value() T { return f.value }

// As is a fresh value in the words of whoever decides on it.
func As[T, U any](f Fresh[T], words func(T) U) Fresh[U] { return Fresh[U]{words(f.value)} }
