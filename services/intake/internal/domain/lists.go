package domain

import (
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/name"
)

// ByAgency lists the cases of an agency by status, and there the one that was
// opened first.
var ByAgency = image.List[Case]{
	Keys: func(c Case) []string {
		if c.Into != "" {
			return nil
		}
		return []string{fact.Key(c.Agency, string(c.Status()), fact.Sortable(c.OpenedAt))}
	},
	Timed: true,
}

// ByOwners lists the cases of each person of an agency in the same way. It holds those
// that point to another case, too: a search by their reference finds them.
var ByOwners = image.List[Case]{
	Keys: func(c Case) []string {
		if c.Owner == "" {
			return nil
		}
		return []string{fact.Key(c.Agency, c.Owner, string(c.Status()), fact.Sortable(c.OpenedAt))}
	},
	Timed: true,
}

// ByLeading lists the cases that point to one that leads.
var ByLeading = image.List[Case]{
	Keys: func(c Case) []string {
		if c.Into == "" {
			return nil
		}
		return []string{fact.Key(c.Agency, c.Into, fact.Sortable(c.OpenedAt))}
	},
	Timed: true,
}

// ByAttention lists the cases of an agency that wait for it, by what they wait with, the
// longest first.
var ByAttention = image.List[Case]{
	Keys: func(c Case) []string {
		var keys []string
		if unmet := c.Unmet(); len(unmet) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.UnmetNeed), fact.Sortable(unmet[0].EndedAt)))
		}
		if !c.ContactClosed.IsZero() {
			keys = append(keys, fact.Key(c.Agency, string(code.ContactUnsafe), fact.Sortable(c.ContactClosed)))
		}
		if news := c.newsWaiting(); len(news) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.NewsToTell), fact.Sortable(news[0].BroughtAt)))
		}
		if late := c.newsLate(); len(late) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.NewsLate), fact.Sortable(late[0].Until)))
		}
		if c.ownerless() {
			keys = append(keys, fact.Key(c.Agency, string(code.WithoutOwner), fact.Sortable(c.ownerlessSince())))
		}
		if c.lacking() {
			keys = append(keys, fact.Key(c.Agency, string(code.CredentialMissing), fact.Sortable(c.OpenedAt)))
		}
		if c.mayTurn() {
			// Which of them wait hangs on the law of the instant (Listed).
			keys = append(keys, fact.Key(c.Agency, string(code.ConsentAnew), fact.Sortable(c.anewSince())))
		}
		if asked := c.asksConsent(); len(asked) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.ConsentAsked), fact.Sortable(asked[0].AskedAt)))
		}
		if t, open := c.transferOpen(); open {
			keys = append(keys, fact.Key(c.Agency, string(code.TransferOpen), fact.Sortable(t.AskedAt)))
		}
		if t, untaken := c.transferUntaken(); untaken {
			keys = append(keys, fact.Key(c.Agency, string(code.TransferUntaken), fact.Sortable(t.EndedAt)))
		}
		if c.reviewDue() {
			keys = append(keys, fact.Key(c.Agency, string(code.ActionPlanDue), fact.Sortable(c.ActionPlan.ReviewAt)))
		}
		if t, due := c.conferenceDue(); due {
			keys = append(keys, fact.Key(c.Agency, string(code.ConferenceDue), fact.Sortable(t.At)))
		}
		onward, overdue := c.unanswered()
		if len(overdue) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.OnwardUnanswered), fact.Sortable(overdue[0].AskedAt)))
		}
		if len(onward) > 0 && c.Owner != "" {
			keys = append(keys, fact.Key(c.Agency, string(code.OnwardToAnswer), c.Owner, fact.Sortable(onward[0].AskedAt)))
		}
		toAsk, late := c.granteesWaiting()
		if len(late) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.GranteeUnasked), fact.Sortable(late[0].SuspendedAt)))
		}
		if len(toAsk) > 0 && c.Owner != "" {
			keys = append(keys, fact.Key(c.Agency, string(code.GranteeToAsk), c.Owner, fact.Sortable(toAsk[0].SuspendedAt)))
		}
		if displaced := c.Displaced(); len(displaced) > 0 && c.Owner != "" {
			// A withdrawal that leaves a need says why she withdrew: it is for who has the case.
			keys = append(keys, fact.Key(c.Agency, string(code.AskElsewhere), c.Owner, fact.Sortable(displacedSince(displaced))))
		}
		if since := c.givenSince(); !since.IsZero() && c.Owner != "" {
			keys = append(keys, fact.Key(c.Agency, string(code.GivenToBlocked), c.Owner, fact.Sortable(since)))
		}
		if c.reflectionOver() && c.Owner != "" {
			// What happened to her is for who has the case.
			keys = append(keys, fact.Key(c.Agency, string(code.ReflectionOver), c.Owner, fact.Sortable(c.Reflection.Ended)))
		}
		if hints := c.openHints(); len(hints) > 0 && c.Owner != "" {
			// Whoever has the case alone learns of it.
			keys = append(keys, fact.Key(c.Agency, string(code.PossibleDuplicate), c.Owner, fact.Sortable(hints[0].At)))
		}
		return keys
	},
	Timed: true,
}

// ByName finds the cases of an agency that may be a second case of somebody, by her name as
// names are compared. It is in memory alone, as every list; no closed and no restricted case
// is in it.
var ByName = image.List[Case]{Keys: func(c Case) []string {
	if !c.findable() || c.Closed() || c.Into != "" || c.Name == "" {
		return nil
	}
	return []string{fact.Key(c.Agency, name.Folded(c.Name))}
}}

// Namesakes are the cases of one desk that have the name of a case, that one included. Twin
// says which of them may be about the same person.
func Namesakes(c Case) image.Part[Case] { return ByName.Of(c.Agency, name.Folded(c.Name)) }

// ByReference finds the cases of an agency by how people name them.
var ByReference = image.List[Case]{Keys: func(c Case) []string {
	return []string{fact.Key(c.Agency, c.Reference())}
}}

// ByReferral finds the case of a referral.
var ByReferral = image.List[Case]{Keys: func(c Case) []string {
	keys := make([]string, len(c.Referrals))
	for i, f := range c.Referrals {
		keys[i] = fact.Key(f.ID)
	}
	return keys
}}

// ownersAlone is what waits for who has a case, and is listed to nobody else of the desk.
var ownersAlone = []code.Attention{code.PossibleDuplicate, code.AskElsewhere, code.GivenToBlocked, code.ReflectionOver, code.OnwardToAnswer, code.GranteeToAsk}

// Cases is the part of ByAgency that a request asks for: all cases of the caller's
// own agency, those of one status, their own, those that wait for the agency, or those that
// point to one that leads. What may be a second case of one person is for who has the
// first.
func Cases(by fact.By, query url.Values) (image.Part[Case], error) {
	if into := query.Get("merged_into"); into != "" {
		return ByLeading.Of(by.Agency, into), nil
	}
	if attention := query.Get("attention"); attention != "" {
		part := ByAttention.Of(by.Agency, attention)
		if slices.Contains(ownersAlone, code.Attention(attention)) {
			part = ByAttention.Of(by.Agency, attention, Self(by).Owner)
		}
		if status := query.Get("status"); status != "" {
			return part.And(ByAgency.Of(by.Agency, status)), nil
		}
		return part, nil
	}
	list, part := &ByAgency, []string{by.Agency}
	if query.Get("mine") == "true" {
		list, part = &ByOwners, append(part, Self(by).Owner)
	}
	if status := query.Get("status"); status != "" {
		part = append(part, status)
	}
	return list.Of(part...), nil
}
