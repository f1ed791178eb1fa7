package session

import (
	"net/http"
)

// Remember keeps a choice of the person until the session ends, so that they need not make
// it again: facts of their own desk, and never of a survivor.
func (s *Sessions) Remember(r *http.Request, name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.open[ID(r)]
	if !ok {
		return
	}
	last := map[string]string{name: value}
	for k, v := range one.Last {
		if k != name {
			last[k] = v
		}
	}
	one.Last = last
}
