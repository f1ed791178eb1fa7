package domain

// ByAgency is (agency, status, since).
func ByAgency(x Examination) []string { return []string{x.Key(x.Agency)} }
