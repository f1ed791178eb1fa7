// Package guarantees holds what the network as a whole must keep, whatever
// happens to a process, a bus or a request. Each test plays against running
// services, over HTTP and NATS, with a witness that holds every answer and
// every event against the contracts.
package guarantees
