// Package domain holds the rules of legal aid: what may happen to a matter, and
// when a matter may know that a forensic certificate exists. It refuses to know
// where requests come from, where records are kept and what time it is: it
// takes them as arguments, and answers with events or a fault.
package domain
