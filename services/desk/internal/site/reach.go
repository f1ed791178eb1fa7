package site

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// answered says whether she may be contacted now. It is the answer to a form, as a packet is:
// the question is recorded, and no way back asks it again.
type answered struct {
	// Back is the page of the case or of the referral, and Still says whether this may stand.
	Back, Still string
	Allowed     map[string]any
	// Leave is the command by which news of danger is left to her desk; empty for who has none.
	Leave string
	// Problem is why nobody contacts her now; nil where somebody may.
	Problem *api.Problem
}

// Note is what she wants to be said, and not to be said.
func (r answered) Note() string { return text(r.Allowed, "safe_note") }

// Rows are the channels that are allowed now, and what to say.
func (r answered) Rows(v *visit) []row {
	shown := map[string]any{"safe_channels": r.Allowed["channels"]}
	for _, name := range []string{"code_word", "language"} {
		if value, ok := r.Allowed[name]; ok {
			shown[name] = value
		}
	}
	var until []row
	if at := text(r.Allowed, "until"); at != "" {
		until = []row{{v.W.T("contact.until"), v.instant(at)}}
	}
	return append(until, v.rows(v.written("contact"), "", shown)...)
}

func (s *Site) caseReach(v *visit) (templ.Component, error) {
	back := "/desk/cases/" + url.PathEscape(v.PathValue("id"))
	r := answered{Back: back, Still: back + "/still"}
	if anyOf("caseworker")(v) {
		r.Leave = "bringDangerNews"
	}
	return s.reach(v, r, api.Ask{Op: "askContact", ID: v.PathValue("id"), Body: map[string]any{"purpose": v.PostFormValue("purpose")}})
}

func (s *Site) referralReach(v *visit) (templ.Component, error) {
	id := v.PathValue("id")
	// Before it is asked, as for a packet: what happens from now on hides the answer.
	_, version, err := v.referral()
	if err != nil && lost(err) {
		return nil, err
	}
	return s.reach(v, answered{Back: "/desk/referrals/" + url.PathEscape(id), Still: stillPath(id, version), Leave: "bringDangerNewsFor"}, api.Ask{Op: "askContactFor", Body: map[string]any{"referral": id, "purpose": v.PostFormValue("purpose")}})
}

func (s *Site) reach(v *visit, r answered, ask api.Ask) (templ.Component, error) {
	ask.Key = newKey()
	answer, err := v.ask(ask)
	if err == nil {
		err = answer.Into(&r.Allowed)
	}
	if p := api.Refused(err); p != nil && p.Status == http.StatusConflict {
		r.Problem, err = p, nil
	}
	if err != nil {
		return nil, err
	}
	v.w.Header().Set("Refresh", strconv.Itoa(packetShows)+"; url="+r.Back)
	return reachPage(v, r), nil
}
