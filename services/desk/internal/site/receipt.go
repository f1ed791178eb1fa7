package site

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/form"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// receipt is a consent on a sheet for her. It is offered and never sent, and names nobody but the
// agency: her reference is not on it either, because who finds the sheet could ask with it.
type receipt struct {
	sheet
	Text      words.Consent
	Said      []string
	Consent   string
	Languages []form.Option
}

func (s *Site) receipt(v *visit) (templ.Component, error) {
	var c herCase
	answer, err := v.get("getCase", v.PathValue("id"), nil, &c)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.Consents, func(k herConsent) bool { return k.ID == v.PathValue("consent") })
	if i < 0 || !c.Consents[i].receipted() || !c.May("offerReceipt") {
		return nil, errNowhere
	}
	k, o := c.Consents[i], v.contract().Operations["offerReceipt"]
	one := receipt{sheet: sheet{Op: o, ID: c.ID, Key: newKey(), Version: answer.Version, Back: c.path("/consent")}, Consent: k.ID}
	f := form.Form{Op: o, Words: v.W, Values: url.Values{}}
	one.Fields = slices.DeleteFunc(f.Fields(), func(f form.Field) bool { return f.Name != "/answer" })
	for _, text := range s.cfg.Consents.Reviewed() {
		one.Languages = append(one.Languages, form.Option{Value: text.Tag, Label: text.Name})
	}
	text, found := s.cfg.Consents.In(cmp.Or(v.FormValue("read_in"), v.W.Tag))
	if one.Text = text; found {
		if said, ok := text.Confirm(words.Facts{
			Agency: k.Recipient, Service: k.Service, Purpose: k.Purpose, Categories: k.Categories,
			Until: k.Expires.In(v.W.Zone), Given: k.AnsweredAt.In(v.W.Zone),
		}); ok {
			one.Said, v.sheet = said, true
		}
	}
	return receiptPage(v, c, one), nil
}

// receipted says whether there is something to write on a receipt: she said yes, and the person
// who reads sees to what.
func (k herConsent) receipted() bool {
	return k.Recipient != "" && !k.Expires.IsZero() && k.Status != "refused" && k.Status != "requested"
}
