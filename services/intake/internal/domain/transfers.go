package domain

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// TransferView is a transfer as either office sees it: a frame, with nothing of her. After
// it was taken over, the office that had the case keeps this line and nothing else.
type TransferView struct {
	ID            string               `json:"id"`
	Reference     string               `json:"reference"`
	From          string               `json:"from"`
	To            string               `json:"to"`
	Status        code.TransferStatus  `json:"status"`
	Reason        code.TransferReason  `json:"reason,omitempty"`
	AskedAt       time.Time            `json:"asked_at,omitzero"`
	Until         time.Time            `json:"until,omitzero"`
	EndedAt       time.Time            `json:"ended_at,omitzero"`
	DeclineReason code.TransferDecline `json:"decline_reason,omitempty"`
	// WaitsFor is the office that must act; empty when none must.
	WaitsFor string `json:"waits_for,omitempty"`
}

// ShowTransfer is the view of a transfer at an instant.
func (c Case) ShowTransfer(t Transfer, at time.Time) TransferView {
	t = t.at(at)
	v := TransferView{ID: t.ID, Reference: c.Reference(), From: t.From, To: t.To, Status: t.Status, EndedAt: t.EndedAt}
	if t.Status == code.TransferAccepted {
		return v
	}
	v.Reason, v.AskedAt, v.Until, v.DeclineReason = t.Reason, t.AskedAt, t.Until, t.DeclineReason
	switch {
	case t.Status == code.TransferAsked:
		v.WaitsFor = t.To
	case t.untaken():
		v.WaitsFor = t.From
	}
	return v
}

// The two sides of a transfer.
const (
	given    = "given"
	received = "received"
)

// ByTransfer is (agency, side, status, asked at): the latest transfer of a case for each
// office and side. The office that was asked has those that wait for it, and what it took
// over.
var ByTransfer = image.List[Case]{
	Keys: func(c Case) []string {
		var keys []string
		for _, t := range c.latest(askingOffice) {
			keys = append(keys, fact.Key(t.From, given, string(t.Status), fact.Sortable(t.AskedAt)))
		}
		for _, t := range c.latest(askedOffice) {
			if t.Status == code.TransferAsked || t.Status == code.TransferAccepted {
				keys = append(keys, fact.Key(t.To, received, string(t.Status), fact.Sortable(t.AskedAt)))
			}
		}
		return keys
	},
	Timed: true,
}

// ByTransferID finds the case of a transfer.
var ByTransferID = image.List[Case]{Keys: func(c Case) []string {
	keys := make([]string, len(c.Transfers))
	for i, t := range c.Transfers {
		keys[i] = fact.Key(t.ID)
	}
	return keys
}}

func askingOffice(t Transfer) string { return t.From }
func askedOffice(t Transfer) string  { return t.To }

// latest is the last transfer of the case for each office on one side.
func (c Case) latest(office func(Transfer) string) []Transfer {
	var last []Transfer
	for _, t := range slices.Backward(c.Transfers) {
		if !slices.ContainsFunc(last, func(l Transfer) bool { return office(l) == office(t) }) {
			last = append(last, t)
		}
	}
	return last
}

// TransfersOf is the part of ByTransfer that a request asks for.
func TransfersOf(by fact.By, query url.Values) image.Part[Case] {
	part := []string{by.Agency, given}
	if query.Get("side") != given {
		part[1] = received
	}
	if status := query.Get("status"); status != "" {
		part = append(part, status)
	}
	return ByTransfer.Of(part...)
}

// TransferFor is the transfer of the case that a request asks for, as the caller's office
// may know of it. It reports false where there is none.
func (c Case) TransferFor(by fact.By, query url.Values) (TransferView, bool) {
	if query.Get("side") == given {
		for _, t := range c.latest(askingOffice) {
			if t.From == by.Agency {
				return c.ShowTransfer(t, by.At), true
			}
		}
		return TransferView{}, false
	}
	for _, t := range c.latest(askedOffice) {
		if t, ok := c.Asked(by, t.ID); ok && t.Status != code.TransferDeclined {
			return c.ShowTransfer(t, by.At), true
		}
	}
	return TransferView{}, false
}

// transferShown is the transfer that concerns who has the case: one that is open, or that
// was not taken over.
func (c Case) transferShown(at time.Time) *TransferView {
	t, shown := c.transferOpen()
	if !shown {
		t, shown = c.transferUntaken()
	}
	if !shown {
		return nil
	}
	v := c.ShowTransfer(t, at)
	return &v
}
