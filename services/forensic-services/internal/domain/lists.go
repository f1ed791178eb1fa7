package domain

import "github.com/sanad-network/sanad/pkg/image"

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
