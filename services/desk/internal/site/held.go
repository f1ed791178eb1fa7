package site

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// heldPlace is what an agency counts one by one at a service: what is free, held and taken.
// Counts and stays are there for its own agency alone.
type heldPlace struct {
	ID       string       `json:"place"`
	Agency   string       `json:"agency"`
	Unit     string       `json:"unit"`
	Takes    placeTakes   `json:"takes"`
	HasFree  bool         `json:"has_free"`
	Holds    []placeHold  `json:"holds"`
	Counts   *placeCounts `json:"counts"`
	Stays    []placeStay  `json:"stays"`
	Commands []string     `json:"commands"`
}

type placeTakes struct {
	For        string `json:"for"`
	Children   int    `json:"children"`
	BoysTo     *int   `json:"boys_to"`
	Wheelchair bool   `json:"wheelchair"`
}

type placeCounts struct {
	Maximum   int       `json:"maximum"`
	Free      int       `json:"free"`
	Held      int       `json:"held"`
	Taken     int       `json:"taken"`
	Over      int       `json:"over"`
	Uncounted int       `json:"uncounted"`
	CountedAt time.Time `json:"counted_at"`
}

type placeHold struct {
	Hold     string    `json:"hold"`
	Agency   string    `json:"agency"`
	Until    time.Time `json:"until"`
	Adults   int       `json:"adults"`
	Children int       `json:"children"`
	Referral string    `json:"referral"`
}

type placeStay struct {
	Referral string    `json:"referral"`
	Since    time.Time `json:"since"`
	EndedAt  time.Time `json:"ended_at"`
	Asked    bool      `json:"asked"`
}

// heldAt reads what is counted at a service; nil where nothing is.
func (v *visit) heldAt(service string) (p *heldPlace, version string, err error) {
	var is heldPlace
	answer, err := v.get("getPlace", service, nil, &is)
	if missing(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	return &is, answer.Version, nil
}

// ownHeld are all that the person's own agency counts, by their service.
func (v *visit) ownHeld() (map[string]heldPlace, error) {
	all, query := map[string]heldPlace{}, url.Values{"limit": {"200"}}
	for {
		var page struct {
			Items []heldPlace `json:"items"`
		}
		answer, err := v.get("listPlaces", "", query, &page)
		if err != nil {
			return all, err
		}
		for _, p := range page.Items {
			all[p.ID] = p
		}
		if answer.Cursor == "" {
			return all, nil
		}
		query.Set("cursor", answer.Cursor)
	}
}

func describePath(service string) string {
	return "/desk/do/describePlace/" + url.PathEscape(service) + "?" + url.Values{backField: {"/desk/places/" + service}}.Encode()
}

func placeCountPath(service string) string {
	return "/desk/do/countPlace/" + url.PathEscape(service) + "?" + url.Values{backField: {"/desk/free"}}.Encode()
}

// uncounted are the counts of HSDS where nothing is counted one by one: two numbers of one
// thing would contradict each other.
func uncounted(all []hsdsCapacity, counted bool) []hsdsCapacity {
	if counted {
		return nil
	}
	return all
}

// prefillPlace is what the agency said before. Which service it is, the address says.
func prefillPlace(v *visit) (p prefill, err error) {
	p.Values, p.Fixed = url.Values{}, []string{"place"}
	id := v.PathValue("id")
	is, version, err := v.heldAt(id)
	if err == nil && is != nil && is.Counts != nil {
		p.Version = version
		said := map[string]any{
			"unit": is.Unit, "maximum": strconv.Itoa(is.Counts.Maximum), "free": strconv.Itoa(is.Counts.Free), "for": is.Takes.For,
			"children": strconv.Itoa(is.Takes.Children), "wheelchair": is.Takes.Wheelchair,
		}
		if is.Takes.BoysTo != nil {
			said["boys_to"] = strconv.Itoa(*is.Takes.BoysTo)
		}
		form.Fill(v.W, p.Values, "", v.contract().Operations["describePlace"].Body, said)
	}
	p.Values.Set("/place", id)
	return p, err
}

// heldThere are the holds of the place of the address that the person may change.
func heldThere(v *visit) (all []form.Option, err error) {
	p, _, err := v.heldAt(v.PathValue("id"))
	if err != nil || p == nil {
		return nil, err
	}
	for _, h := range p.Holds {
		all = append(all, form.Option{Value: h.Hold, Label: h.Says(v)})
	}
	return all, nil
}

// stayThere are the referrals that have one there.
func stayThere(v *visit) (all []form.Option, err error) {
	p, _, err := v.heldAt(v.PathValue("id"))
	if err != nil || p == nil {
		return nil, err
	}
	// Those whose referral has ended come first: they are the likely ones.
	slices.SortStableFunc(p.Stays, func(a, b placeStay) int { return b.EndedAt.Compare(a.EndedAt) })
	for _, s := range p.Stays {
		label := s.Says(v)
		if slices.ContainsFunc(all, func(o form.Option) bool { return o.Label == label }) {
			label += " – " + s.Referral[max(0, len(s.Referral)-6):] // two of one minute are told apart
		}
		all = append(all, form.Option{Value: s.Referral, Label: label})
	}
	return all, nil
}

// Says is a hold in words.
func (h placeHold) Says(v *visit) string {
	return v.W.T("place.hold_until", "Agency", h.Agency, "At", v.at(h.Until)) + " – " +
		v.W.T("place.persons", "Adults", strconv.Itoa(h.Adults), "Children", strconv.Itoa(h.Children))
}

// Says is a stay in words.
func (s placeStay) Says(v *visit) string { return v.W.T("place.stay_since", "At", v.at(s.Since)) }
