// Package domain holds the rules of the register of workers: who may register whom,
// and what an absence or a departure changes. It refuses to know a transport, a clock
// or a store.
package domain
