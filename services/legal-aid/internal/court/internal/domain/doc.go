// Package domain holds the rules of protected rooms at a court: what a court has, who holds a
// room at which time and comes by which door, and what keeps her apart from the other side. It
// refuses to know a transport, a clock or a store, and never says why a room is not free: that
// would tell when the accused comes.
package domain
