// Package domain holds the rules of the directory: which agencies take referrals,
// what an entry is, who sees it and what a report of capacity may say. It refuses
// to know how a delivery is written, which is package hsds, and where records are
// kept.
package domain
