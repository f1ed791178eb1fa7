package site

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// standing says to an open page whether what it shows may stand there: 204, or 205 where it must
// be taken off, and 503 where nobody can tell. It is no activity of a person, and no look.
func (s *Site) standing(may func(*visit) (bool, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now, ok := s.cfg.Sessions.Of(r, false)
		var err error
		if ok {
			ok, err = may(s.visit(w, r, now))
		}
		switch {
		case err != nil && !lost(err):
			w.WriteHeader(http.StatusServiceUnavailable)
		case !ok:
			w.WriteHeader(http.StatusResetContent)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

// unchanged is for a packet: nothing happened to its referral since it was asked for. Each end
// of her consent, each closing of her contact and each change of how to reach her is such a
// change. Where nobody can tell, it must be taken off.
func unchanged(v *visit) (bool, error) {
	_, version, err := v.referral()
	return err == nil && version == v.URL.Query().Get(versionField), nil
}

// stillHeld is for work: the agency still has the referral behind it. Its worker does much that
// changes a referral, and ends nothing.
func stillHeld(v *visit) (bool, error) {
	one, _, err := v.referral()
	if p := api.Refused(err); p != nil && p.Status < http.StatusInternalServerError {
		return false, nil
	}
	return err == nil && slices.Contains(held, one.Status), err
}

// contactOpen is for how she can be reached: nobody closed her contact. It asks for the list and
// not for the case, so that an open page adds no looks.
func contactOpen(v *visit) (bool, error) {
	for query := (url.Values{"attention": {"contact_closed"}, "limit": {"200"}}); ; {
		var shut struct {
			Items []kase `json:"items"`
		}
		answer, err := v.get("listCases", "", query, &shut)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(shut.Items, func(k kase) bool { return k.ID == v.PathValue("id") }) {
			return false, nil
		}
		if answer.Cursor == "" {
			return true, nil
		}
		query.Set("cursor", answer.Cursor)
	}
}
