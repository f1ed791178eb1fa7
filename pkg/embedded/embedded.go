// Package embedded holds a Mongo-wire engine and a NATS server in the process,
// for a small office, for evaluation and for tests. A network of agencies runs
// a MongoDB replica set and three NATS servers instead: nothing here survives
// the loss of its one disk.
//
// It opens no port unless it is configured to, sends no reports, and has no option
// that a test or an office does not need. It refuses to open a database that lacks
// what it had acknowledged. Of the bus, which can be filled again, it moves aside
// what is damaged, and deletes nothing.
package embedded
