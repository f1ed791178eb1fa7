// Package domain holds the rules of referrals: what an agency may do with one,
// when, and what follows. It refuses to know where requests come from, where
// records are kept and what time it is: it takes them as arguments, and answers
// with events or a fault.
//
// The life of a referral is in life.go. Begin there.
package domain
