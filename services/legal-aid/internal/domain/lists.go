package domain

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// ByAgency is (agency, status, since).
var ByAgency = image.List[Matter]{
	Keys:  func(m Matter) []string { return m.Keys(m.Agency) },
	Timed: true,
}

// ByWorker is (agency, worker, status, since).
var ByWorker = image.List[Matter]{
	Keys:  func(m Matter) []string { return m.KeysOf(m.Agency) },
	Timed: true,
}

// ByCase is (case): where the certificates of a case find its matters.
var ByCase = image.List[Matter]{Keys: func(m Matter) []string { return []string{fact.Key(m.Case())} }}

// Waiting is (agency): where something waits for the lawyer.
var Waiting = image.List[Matter]{Keys: func(m Matter) []string {
	if !m.Waits() {
		return nil
	}
	return []string{fact.Key(m.Agency)}
}}
