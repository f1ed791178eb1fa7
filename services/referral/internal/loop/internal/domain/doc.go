// Package domain holds the rules of referrals: what an agency may do with one,
// when, and what follows. It refuses to know where requests come from, where
// records are kept and what time it is: it is told, and answers with what
// happens or why not.
//
// The life of a referral stands in life.go. Begin there.
package domain
