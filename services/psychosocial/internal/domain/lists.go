package domain

// ByAgency is (agency, status, since).
func ByAgency(p Plan) []string { return []string{p.Key(p.Agency)} }
