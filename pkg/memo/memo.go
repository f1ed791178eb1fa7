// Package memo keeps what a process reads more than once and what never changes: a contract, a
// schema, the pages of the documentation. A process that has several services in it reads each
// of them one time.
//
// It refuses to forget: it is for what is part of the program, and never for what somebody sent.
package memo

import "sync"

// Of is what was made of each key. The zero value with Make is ready for use, by any number of
// goroutines. Nobody may change what it gives.
type Of[K comparable, V any] struct {
	// Make makes the value of a key. It is called once for each, and its error is kept as well.
	Make func(K) (V, error)
	once sync.Map // of the key to how its value is made
}

// Get gives the value of a key. The error is that of Make.
func (o *Of[K, V]) Get(key K) (V, error) {
	once, known := o.once.Load(key)
	if !known {
		once, _ = o.once.LoadOrStore(key, sync.OnceValues(func() (V, error) { return o.Make(key) }))
	}
	return once.(func() (V, error))()
}
