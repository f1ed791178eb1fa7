// Package domain holds the rules of invitations: which code is good, how often it may
// be tried, and where an agency without accounts is told. What an answer does, and
// whether there may be one, is the loop's rule; it refuses to have one of its own.
package domain
