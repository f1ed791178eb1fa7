package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/work"
)

// ByAgency is (agency, status, since).
var ByAgency = image.List[Examination]{
	Keys:  func(x Examination) []string { return x.Keys(x.Agency) },
	Timed: true,
}

// ByWorker is (agency, worker, status, since).
var ByWorker = image.List[Examination]{
	Keys:  func(x Examination) []string { return x.KeysOf(x.Agency) },
	Timed: true,
}

// ByExhibit finds the examination of an exhibit.
var ByExhibit = image.List[Examination]{Keys: func(x Examination) (keys []string) {
	for _, e := range x.Exhibits {
		keys = append(keys, fact.Key(e.ID))
	}
	return keys
}}

// Lacking is (agency): open examinations that somebody recorded who lacked a credential. A
// supervisor looks after these.
var Lacking = image.List[Examination]{Keys: func(x Examination) []string {
	lacked := slices.ContainsFunc(x.Findings, func(f Finding) bool { return len(f.Lacks) > 0 })
	if len(x.Record.Lacks) == 0 && !lacked || x.MustBeOpen() != nil {
		return nil
	}
	return []string{fact.Key(x.Agency)}
}}

// ByHold is (case): where a legal hold was placed that nobody lifted.
var ByHold = image.List[Examination]{Keys: func(x Examination) []string {
	if hold.Unlifted(x.Holds, "") < 0 {
		return nil
	}
	return []string{fact.Key(x.Work.Case)}
}}

// Waiting is (agency): where the worker is to answer for the certificate, a supervisor is to countersign
// one, a medical review has come due, or she is to be told of a legal hold.
var Waiting = image.List[Examination]{Keys: func(x Examination) []string {
	due := slices.ContainsFunc(x.ahead(), func(r Review) bool { return !r.DueAt.After(x.Came) })
	if !due && x.mayTellOfHold() != nil && !x.Waits() && (x.Draft == nil || !x.Exists() || x.Shows() != work.Everything) {
		return nil
	}
	return []string{fact.Key(x.Agency)}
}}
