package domain

import "github.com/sanad-network/sanad/api/fact"

// ByAgency is (agency, status, since).
func ByAgency(m Matter) []string { return []string{m.Key(m.Agency)} }

// ByCase is (case): where the certificates of a case find its matters.
func ByCase(m Matter) []string { return []string{fact.Key(m.Case())} }
