package domain

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// ByAgency is (agency, status, since).
var ByAgency = image.List[Plan]{
	Keys:  func(p Plan) []string { return p.Keys(p.Agency) },
	Timed: true,
}

// ByDuty is (agency, when the first duty is due): the plans in which something waits for somebody.
var ByDuty = image.List[Plan]{
	Keys: func(p Plan) []string {
		duties := p.Duties()
		if len(duties) == 0 || p.Has() == "" {
			return nil
		}
		return []string{fact.Key(p.Agency, fact.Sortable(duties[0].DueAt))}
	},
	Timed: true,
}

// ByWorker is (agency, worker, status, since).
var ByWorker = image.List[Plan]{
	Keys:  func(p Plan) []string { return p.KeysOf(p.Agency) },
	Timed: true,
}
