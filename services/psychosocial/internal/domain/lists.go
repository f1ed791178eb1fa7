package domain

import "github.com/sanad-network/sanad/pkg/image"

// ByAgency is (agency, status, since).
var ByAgency = image.List[Plan]{
	Keys:  func(p Plan) []string { return p.Keys(p.Agency) },
	Timed: true,
}

// ByWorker is (agency, worker, status, since).
var ByWorker = image.List[Plan]{
	Keys:  func(p Plan) []string { return p.KeysOf(p.Agency) },
	Timed: true,
}
