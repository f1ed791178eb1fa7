package work

import "github.com/sanad-network/sanad/api/fact"

// Keys is the place of work in its agency's list: by status, the oldest first. Of work
// that nobody took there is none.
func (s Standing) Keys(agency string) []string {
	if !s.Exists() {
		return nil
	}
	return []string{fact.Key(agency, string(s.Now()), fact.Sortable(s.Since))}
}

// KeysOf is the place of work in its worker's list, in the same order.
func (s Standing) KeysOf(agency string) []string {
	if !s.Exists() || s.Worker == "" {
		return nil
	}
	return []string{fact.Key(agency, s.Worker, string(s.Now()), fact.Sortable(s.Since))}
}
