package site

import (
	"cmp"
	"slices"

	"github.com/sanad-network/sanad/services/desk/internal/form"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// reportLaw is a law of a programme that asks somebody to report. A test holds its names against
// the contract.
type reportLaw struct {
	usedCode
	Authorities []usedCode `json:"authorities"`
}

type usedCode struct{ words.Used }

// Says is a code in the words of the programme: in the language of the page, or as it is.
func (u usedCode) Says(v *visit) string {
	return cmp.Or(u.In(v.W.Tag), u.Code)
}

// laws are those of the programme of the case.
func (v *visit) laws() ([]reportLaw, error) {
	k, _, err := v.kase()
	if err != nil {
		return nil, err
	}
	p, err := v.programme(k.Programme, k.Country)
	return p.Reporting, err
}

func reportLaws(v *visit) (all []form.Option, err error) {
	laws, err := v.laws()
	for _, law := range laws {
		all = append(all, form.Option{Value: law.Code, Label: law.Says(v)})
	}
	return all, err
}

// reportAuthorities are those of all laws: the service says which law names which.
func reportAuthorities(v *visit) (all []form.Option, err error) {
	laws, err := v.laws()
	for _, law := range laws {
		for _, a := range law.Authorities {
			if !slices.ContainsFunc(all, func(o form.Option) bool { return o.Value == a.Code }) {
				all = append(all, form.Option{Value: a.Code, Label: a.Says(v)})
			}
		}
	}
	return all, err
}

// consentsThere are the consents of a case that can end, the latest first.
func consentsThere(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	for _, one := range slices.Backward(k.Consents) {
		if slices.Contains([]string{"given", "renewed", "expired", "requested"}, one.Status) && one.Recipient != "" {
			label := v.W.Code("Service", one.Service) + ", " + one.Recipient + ", " + v.W.Code("Purpose", one.Purpose) + ": " + v.W.Code("ConsentStatus", one.Status)
			all = append(all, form.Option{Value: one.ID, Label: label})
		}
	}
	return all, err
}
