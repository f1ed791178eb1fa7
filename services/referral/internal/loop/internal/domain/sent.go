package domain

import "github.com/sanad-network/sanad/api/fact"

// SentBy says whether the actor is of the agency that sent the referral.
func (r Referral) SentBy(by fact.By) bool { return r.Exists() && r.part(by)&sender != 0 }
