// Package domain holds the rules of forensic examinations: what may happen to
// an examination, its exhibits and its certificate. It refuses to know where
// requests come from, where records are kept and what time it is: it takes them
// as arguments, and answers with events or a fault.
package domain
