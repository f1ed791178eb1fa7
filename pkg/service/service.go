// Package service is the life of a process: it reads the configuration, opens
// the listeners, fills the images, says when it is ready, and stops in order so
// that nothing that was begun is left half done. A room of services gives it
// tables of operations and reactions; it refuses to know what they mean.
package service
