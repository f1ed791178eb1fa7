package custody

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/signed"
)

// ByAgency is (agency, since): what is in custody.
var ByAgency = image.List[Custody]{Keys: func(c Custody) []string {
	if c.OpenedAt.IsZero() || c.Closed() {
		return nil
	}
	return []string{fact.Key(c.Agency, fact.Sortable(c.frame().Since))}
}}

// ByHold is (case): exhibits on which a legal hold was placed that nobody lifted.
var ByHold = image.List[Custody]{Keys: func(c Custody) []string {
	if hold.Unlifted(c.Holds, "") < 0 || c.Case() == "" {
		return nil
	}
	return []string{fact.Key(c.Case())}
}}

// Broken is (agency): chains that do not join somewhere. A supervisor looks after these.
var Broken = image.List[Custody]{Keys: func(c Custody) []string {
	if _, breaks := signed.Breaks(c.Links); len(breaks) == 0 {
		return nil
	}
	return []string{fact.Key(c.Agency)}
}}
