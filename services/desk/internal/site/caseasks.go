package site

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"
)

// doorPath is the page that opens a case at a door; without one, at any.
func doorPath(channel string) string {
	if channel == "" {
		return "/desk/cases/open"
	}
	return "/desk/doors/" + url.PathEscape(channel)
}

// asking is what to ask her next, in the order of her door. Each has a form of its own, which
// is saved by itself: when the line drops, what was written is kept.
type asking struct {
	Case kase
	Next []askNext
}

// askNext is one question. Said says that something is written there.
type askNext struct {
	Ask, Path string
	Said      bool
}

// anyOrder is the order where the programme of the case is not installed.
func (v *visit) anyOrder() []string {
	var asks []string
	for _, p := range v.contract().Operations["openCase"].Body.Properties {
		if slices.Contains(opened, p.Name) {
			asks = append(asks, p.Name)
		}
	}
	return append([]string{"danger", "contact", "needs"}, slices.DeleteFunc(asks, func(a string) bool { return a == "contact" })...)
}

// doorAsks is what a door of a programme asks.
type doorAsks struct {
	Channel string   `json:"channel"`
	Asks    []string `json:"asks"`
}

func (v *visit) asksOf(k kase) ([]string, error) {
	p, err := v.programme(k.Programme, k.Country)
	if lost(err) {
		return nil, err
	}
	for _, d := range p.Asks {
		if d.Channel == k.Channel {
			return d.Asks, nil
		}
	}
	return v.anyOrder(), nil // she does not wait for a list
}

// said says whether something is written to a question.
func (k kase) said(ask string) bool {
	switch ask {
	case "danger":
		return len(k.Danger) > 0
	case "needs":
		return len(k.Referrals) > 0
	}
	_, held := k.parts[ask]
	return held
}

func (s *Site) caseAsks(v *visit) (templ.Component, error) {
	k, version, err := v.kase()
	if err != nil {
		return nil, err
	}
	if !k.Shown() {
		return nil, errNowhere
	}
	asks, err := v.asksOf(k)
	if err != nil {
		return nil, err
	}
	one, here := asking{Case: k}, "/desk/cases/"+url.PathEscape(k.ID)
	for _, a := range asks {
		next := askNext{Ask: a, Said: k.said(a)}
		switch {
		case a == "danger" && k.May("askDanger"):
			next.Path = with(with("/desk/do/askDanger/"+url.PathEscape(k.ID), backField, here+"/asks"), versionField, version)
		case a == "needs" && k.May("requestServices"):
			next.Path = here + "/ask"
		case a != "danger" && a != "needs" && k.May("amendCase"):
			next.Path = caseAmendPath(k.ID, a) + "?then=asks"
		default:
			continue
		}
		one.Next = append(one.Next, next)
	}
	return caseAsksPage(v, one), nil
}
