// Package domain holds the rules of essential services: what is in reach of whom, how long a
// first answer takes, who does not answer, and how a service stands against the standards. It
// refuses to know a referral, a transport, a clock or a store. No figure of it is of fewer than
// Least referrals, and none tells where a hidden shelter is.
package domain
