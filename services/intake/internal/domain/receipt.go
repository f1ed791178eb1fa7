package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A receipt says what she agreed to. It is offered to her and never sent: paper at home is a
// danger, and so is a message. What is kept here is that it was offered, and what she wanted.
//
// Source: ISO/IEC TS 27560 (record and receipt of a consent).

// OfferReceipt is the command that records that she was offered a receipt.
type OfferReceipt struct {
	Consent string             `json:"consent"`
	Answer  code.ReceiptAnswer `json:"answer"`
	// Language is the one in which it was written (ISO 639).
	Language string `json:"language,omitempty"`
}

// Receipt is the private half of ReceiptOffered.
type Receipt struct {
	At       time.Time          `json:"at,omitzero"`
	By       string             `json:"by"`
	Answer   code.ReceiptAnswer `json:"answer"`
	Language string             `json:"language,omitempty"`
}

// OfferReceipt records it for a consent that she gave (ErrConsentUnknown, ErrConsentRefused), also
// when the case is closed.
func (c Case) OfferReceipt(by fact.By, cmd OfferReceipt) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.Consents, func(k Consent) bool { return k.ID == cmd.Consent })
	if i < 0 {
		return nil, ErrConsentUnknown.At("/consent", "exists")
	}
	if !c.Consents[i].given() {
		return nil, ErrConsentRefused.At("/consent", "given")
	}
	if err := known("/answer", cmd.Answer, code.ReceiptAnswers); err != nil {
		return nil, err
	}
	if cmd.Language != "" && !isLanguage(cmd.Language) {
		return nil, ErrUnknownCode.At("/language", "must be a code of ISO 639")
	}
	return fact.With(intakev1.ReceiptOffered{Case: c.ID, Consent: cmd.Consent}, Receipt{By: by.Principal, Answer: cmd.Answer, Language: cmd.Language}), nil
}

// mayOfferReceipt gives ErrConsentUnknown where she gave nothing.
func (c Case) mayOfferReceipt() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Consents, Consent.given) {
		return ErrConsentUnknown.At("/consent", "exists")
	}
	return nil
}

func receipted(consents []Consent, id string, r Receipt) []Consent {
	consents = slices.Clone(consents)
	for i, k := range consents {
		if k.ID == id {
			consents[i].Receipt = &r
		}
	}
	return consents
}
