package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// MayImport refuses all but coordinators who coordinate something.
func MayImport(by fact.By) error { return coordination.Check(by, ErrNotCoordinator) }

// Of names the agency of an entry whose organization is this; empty for none.
func (e Entry) Of(organization look.Fresh[Entry]) string {
	if e.Organization != nil {
		return e.Organization.Agency()
	}
	if o := organization.Value().Organization; o != nil {
		return o.Agency()
	}
	return ""
}

// kept refuses all who do not keep the entry: its agency does, and the coordinators of
// the country that handed it in do.
func (e Entry) kept(by fact.By) error {
	if by.Agency != "" && by.Agency == e.Listed.Agency {
		return nil
	}
	return coordination.In(by, ErrNotYourAgency, e.Listed.Coordination)
}

// belongs refuses a coordinator when the entry belongs to another country, before
// the delivery or after it. The entry has a country by who handed it in, and one by
// the registration of its agency. Both must be hers where there are both: else a
// registration in her country would take an entry that another country handed in. What
// belongs to an organization is of the organization's country as well.
func (e Entry) belongs(by fact.By, cmd List, after string) error {
	countries := []code.Country{}
	if e.Exists() {
		countries = append(countries, e.coordination(by, cmd))
	}
	if owner := cmd.Owner.Value(); owner.Exists() {
		countries = append(countries, owner.coordination(by, cmd))
	}
	for _, agency := range []string{e.Listed.Agency, after} {
		home, looked := cmd.Homes[agency]
		if agency != "" && !looked {
			return coordination.ErrElsewhere // it has changed since the look
		}
		if home := home.Value(); home != "" {
			countries = append(countries, home)
		}
	}
	return coordination.In(by, ErrNotCoordinator, countries...)
}

// coordination is the country that handed an entry in. For one that was handed in
// before that was noted it is where its agency is registered, or else what the entry
// itself says. Words are of all countries until one of them changes them.
func (e Entry) coordination(by fact.By, cmd List) code.Country {
	switch noted := e.Listed.Coordination; {
	case noted != "":
		return noted
	case e.word():
		return code.Country(by.Country)
	}
	own := e.Listed.Country
	if e.Location != nil {
		own = e.Location.Country()
	}
	return cmp.Or(cmd.Homes[e.Listed.Agency].Value(), own)
}

// word says whether the entry is a taxonomy or a term. Countries share them, and
// deliveries of each repeat them.
func (e Entry) word() bool {
	return e.Listed.Kind == code.EntryTaxonomy || e.Listed.Kind == code.EntryTerm
}
