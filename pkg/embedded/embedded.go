// Package embedded holds a Mongo-wire engine and a NATS server in the process,
// for a small office, for evaluation and for tests. A network of agencies runs
// a MongoDB replica set and three NATS servers instead: nothing here survives
// the loss of its one disk.
//
// It refuses to listen on anything but what it is told, reports to nobody, and
// offers no option that a test or an office does not need.
package embedded
