// Package domain holds the rules of invitations: which code is right, how often it may
// be tried, and where an agency without accounts is told. It refuses to decide what an
// answer does and whether one is awaited: that is the loop's rule.
package domain
