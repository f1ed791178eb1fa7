package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// referral is what a page shows of a referral. A test holds its names against the contract.
type referral struct {
	ID             string    `json:"id"`
	Case           string    `json:"case"`
	Country        string    `json:"country"`
	Programme      string    `json:"programme"`
	Sender         string    `json:"sender"`
	Recipient      string    `json:"recipient"`
	Service        string    `json:"service"`
	Urgency        string    `json:"urgency"`
	Status         string    `json:"status"`
	Purpose        string    `json:"purpose"`
	Categories     []string  `json:"categories"`
	RequestedAt    time.Time `json:"requested_at"`
	Due            time.Time `json:"due"`
	ExpiresAt      time.Time `json:"expires_at"`
	ConsentExpires time.Time `json:"consent_expires"`
	Appointment    time.Time `json:"appointment"`
	DeclineReason  string    `json:"decline_reason"`
	CancelReason   string    `json:"cancel_reason"`
	Outcome        string    `json:"outcome"`
	ContactClosed  time.Time `json:"contact_closed_since"`
	ReceivedAt     time.Time `json:"received_at"`
	Needs          needs     `json:"needs"`
	Commands       []string  `json:"commands"`
}

// needs is what an answer needs to know.
type needs struct {
	ConflictCheck bool `json:"conflict_check"`
}

// mayBeShown are the roles that are shown what she agreed to.
var mayBeShown = anyOf("counsellor", "examiner", "focal_point", "lawyer")

// held are the statuses in which the recipient has the referral.
var held = []string{"accepted", "scheduled", "no_show", "in_service", "cancellation_requested"}

// Packet says that the person's agency has the referral: before that it is shown nothing.
func (r referral) Packet(v *visit) bool {
	return mayBeShown(v) && r.Recipient == v.S.Agency && slices.Contains(held, r.Status)
}

// Check says that the agency is to see who is on the other side before it answers.
func (r referral) Check(v *visit) bool {
	return mayBeShown(v) && r.Sender != v.S.Agency && r.Needs.ConflictCheck && awaited(r)
}

// Buttons are what the person may do now. What was opened is not opened again.
func (r referral) Buttons(v *visit, version string) []button {
	return v.buttons("referral", slices.DeleteFunc(slices.Clone(r.Commands), func(op string) bool {
		return op == "receiveReferral" && !r.ReceivedAt.IsZero()
	}), r.ID, version)
}

// line is one thing that happened.
type line struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event"`
	Agency string    `json:"agency"`
}

// referrals is a worklist.
func (s *Site) referrals(v *visit) (templ.Component, error) {
	query := v.query("role", "view", "status", "worker", "case")
	if query.Get("role") == "" {
		query.Set("role", "recipient")
	}
	var page struct {
		Items []referral `json:"items"`
	}
	next, err := v.leaf("listReferrals", "", query, &page)
	if err != nil {
		return nil, err
	}
	return referralsPage(v, query.Get("role"), query.Get("view"), page.Items, next), nil
}

// referral is one referral, with what can be done now.
func (s *Site) referral(v *visit) (templ.Component, error) {
	r, version, err := v.referral()
	if err != nil {
		return nil, err
	}
	var past struct {
		Items []line `json:"items"`
	}
	if _, err := v.get("getReferralHistory", r.ID, nil, &past); err != nil && lost(err) {
		return nil, err
	}
	codes, err := v.invitations(r)
	if err != nil {
		return nil, err
	}
	return referralPage(v, r, version, past.Items, codes), nil
}

func (v *visit) referral() (r referral, version string, err error) {
	answer, err := v.get("getReferral", v.PathValue("id"), nil, &r)
	if err == nil {
		err = v.speak(r.Programme, r.Country)
	}
	return r, answer.Version, err
}

func stillPath(id, version string) string {
	return "/desk/referrals/" + url.PathEscape(id) + "/still?" + url.Values{versionField: {version}}.Encode()
}

// packetShows is for how many seconds a packet stands on a page.
const packetShows = 120

// packet shows what the person's agency may know. It is the answer to a form, so that no
// preload, history or way back asks for it again; the look is recorded before it is shown.
// After a short time the page hides it by itself.
func (s *Site) packet(v *visit) (templ.Component, error) {
	var p packet
	// Before it is shown: what happens from now on hides it. Where the version is not known,
	// the first look does.
	_, version, err := v.referral()
	if err != nil && lost(err) {
		return nil, err
	}
	answer, err := v.ask(api.Ask{Op: "disclose", Key: newKey(), Body: map[string]any{"referral": v.PathValue("id")}})
	if err == nil {
		err = answer.Into(&p)
	}
	if err != nil {
		return nil, err
	}
	v.w.Header().Set("Refresh", strconv.Itoa(packetShows)+"; url=/desk/referrals/"+url.PathEscape(v.PathValue("id")))
	return packetPage(v, v.PathValue("id"), version, p), nil
}

// packet is what an agency is shown. A test holds its names against the contract.
type packet struct {
	Categories    []string       `json:"categories"`
	ContactClosed bool           `json:"contact_closed"`
	ConflictCheck map[string]any `json:"conflict_check"`
	Packet        map[string]any `json:"packet"`
}

// Contact is how she may be reached.
func (p packet) Contact() caseContact {
	contact, _ := p.Packet["contact"].(map[string]any)
	return contact
}

// Others are the parts that have no place of their own on the page. They are shown, too.
func (p packet) Others() []string {
	return slices.DeleteFunc(names(p.Packet), func(part string) bool { return part == "contact" || slices.Contains(caseParts, part) })
}

// lost says that an error is about the person and not about a part: then no part is shown.
func lost(err error) bool {
	p := api.Refused(err)
	return p != nil && p.Status == http.StatusUnauthorized
}

// left is the time until a moment, in words; empty for none.
func (v *visit) left(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	d := until.Sub(v.site.cfg.Clock())
	switch {
	case d < 0:
		return v.W.T("left.over", "At", v.at(until))
	case d < time.Hour:
		return v.W.N("left.minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return v.W.N("left.hours", int(d.Hours()))
	default:
		return v.W.N("left.days", int(d.Hours()/24))
	}
}

// other is the agency on the other side.
func (v *visit) other(r referral) string {
	if r.Sender == v.S.Agency {
		return cmp.Or(r.Recipient, v.W.T("referral.several"))
	}
	return r.Sender
}

// codes are several codes of a list in words.
func (v *visit) codes(list string, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = v.W.Code(list, code)
	}
	return strings.Join(names, v.W.T("format.comma"))
}
