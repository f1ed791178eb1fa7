package domain

import "github.com/sanad-network/sanad/pkg/image"

// ByAgency is (agency, status, since).
var ByAgency = image.List[Examination]{
	Keys:  func(x Examination) []string { return []string{x.Key(x.Agency)} },
	Timed: true,
}
