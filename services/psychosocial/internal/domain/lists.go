package domain

import "github.com/sanad-network/sanad/pkg/image"

// ByAgency is (agency, status, since).
var ByAgency = image.List[Plan]{
	Keys:  func(p Plan) []string { return []string{p.Key(p.Agency)} },
	Timed: true,
}
