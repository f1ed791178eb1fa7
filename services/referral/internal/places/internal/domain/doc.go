// Package domain holds the rules of a place: what is free, who holds one and until when,
// who has one, and what gives it back. It refuses to know a transport, a clock or a store,
// and who the survivor is.
package domain
