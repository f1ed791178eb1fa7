// Package domain holds the rules of psychosocial support: what may happen to a
// support plan. It refuses to know where requests come from, where records are
// kept and what time it is: it takes them as arguments, and answers with events
// or a fault.
package domain
