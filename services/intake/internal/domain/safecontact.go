package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/telephone"
)

// Contact is how to reach her without putting her in danger.
type Contact struct {
	// Phone is kept as it was written; telephone.Read says what it means.
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	// SafeNote says when, how and by whom she may be contacted.
	SafeNote string `json:"safe_note,omitempty"`
}

// check refuses what is no telephone number where the case is: ErrTelephone. A
// number without its country is one of that country.
func (c Contact) check(country code.Country) error {
	if c.Phone == "" {
		return nil
	}
	if _, ok := telephone.Read(c.Phone, string(country)); !ok {
		return ErrTelephone.At("/contact/phone", "must be a telephone number, and nothing else")
	}
	return nil
}

// told says that something of it was said.
func (c Contact) told() bool { return c != Contact{} }
