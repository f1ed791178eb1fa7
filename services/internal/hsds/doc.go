// Package hsds reads the Open Referral Human Services Data Specification, 3.0
// and 3.1, as JSON documents and as tables: what is in a delivery, row by row,
// with a reason for every row that is not taken. It keeps what HSDS allows and
// this network does not use, so that the next reader loses nothing. It knows no
// store and no clock, and refuses to guess: a code of ours that is not on its
// list, a rule of a calendar that cannot be read and a reference that leads
// nowhere are reported, and never become a default.
//
// Begin with Read. Merge adds a second delivery to the first, and Service,
// Organization and Location are what matching and publication know of an entry.
package hsds
