package domain

import (
	"cmp"
	"hash/maphash"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// The request says what a referral is: case and service never change. The sender changes
// when the case goes to another office, and by nothing else (sender.go). The
// recipient never changes from its beginning: the request names it, or the
// acceptance of a candidate does. No verb of life hands a referral over: a
// reopened one goes back to its recipient, and a reroute makes another referral.
// So a fact that does not agree with these is not about this referral, and is
// refused.

// request is what intake asked for, as the referral repeats it.
func request(e intakev1.ServiceRequested) referralv1.Requested {
	d := referralv1.Requested{
		Loop: referralv1.Loop{
			Referral: e.Referral, Case: e.Case, Sender: e.Sender, Recipient: e.Recipient, Service: e.Service, Turn: 1,
		},
		Urgency: e.Urgency, Consent: e.Consent, Purpose: e.Purpose, Categories: e.Categories, ConsentExpires: e.ConsentExpires,
		Further: e.Further, Mode: e.Mode, Needs: referralv1.Needs(e.Needs), Replaces: e.Replaces, Visit: e.Visit,
		Country: e.Country, Programme: e.Programme, Transfers: e.Transfers,
	}
	for _, c := range e.Candidates {
		d.Candidates = append(d.Candidates, referralv1.Candidate(c))
	}
	return d
}

// prints is the seed of printOf, whose results are compared in one process only.
var prints = maphash.MakeSeed()

// printOf tells one request from another, also after candidates have left and are
// forgotten. The times that the referral service adds are no part of it.
func printOf(d referralv1.Requested) uint64 {
	var h maphash.Hash
	h.SetSeed(prints)
	note := func(texts ...string) {
		for _, text := range texts {
			_, _ = h.WriteString(text)
			_ = h.WriteByte(0) // in no identifier and no code
		}
	}
	consented := func(consent string, categories []code.Category, expires time.Time, further []referralv1.Further) {
		note(consent, strconv.FormatInt(expires.UnixNano(), 36), strconv.Itoa(len(categories)))
		for _, c := range categories {
			note(string(c))
		}
		note(strconv.Itoa(len(further)))
		for _, f := range further {
			note(f.Consent, string(f.Purpose), strconv.FormatInt(f.Expires.UnixNano(), 36))
		}
	}
	note(strconv.Itoa(d.Transfers), d.Referral, d.Case, d.Sender, d.Recipient, string(d.Service), string(d.Urgency), string(d.Purpose), string(d.Mode), d.Replaces, d.Visit, d.Country, d.Programme,
		d.Needs.Area, d.Needs.Language, string(d.Needs.AgeBand), string(d.Needs.Sex), strconv.FormatBool(d.Needs.ConflictCheck))
	consented(d.Consent, d.Categories, d.ConsentExpires, d.Further)
	for _, c := range d.Candidates {
		note(c.Agency)
		consented(c.Consent, c.Categories, c.ConsentExpires, c.Further)
	}
	return h.Sum64()
}

// Yields refuses a request to replace the referral when it is for another case,
// sender or service: a replacement asks for the same.
func (r Referral) Yields(e intakev1.ServiceRequested) error {
	return cmp.Or(
		agree.Same("/replaces", r.Referral, e.Replaces),
		agree.Same("/case", r.Case(), e.Case),
		r.saidBy(e.Sender, e.Transfers),
		agree.Same("/service", r.Service, e.Service),
	)
}

// StandsOn refuses the end of a consent on which the referral stands, when it
// names another case, another service or another agency than the one that is
// asked on it.
func (r Referral) StandsOn(e intakev1.ConsentWithdrawn) error {
	agency := e.Recipient // when the consent asks no agency any more
	for _, s := range r.stands() {
		if s.on(e.Consent) {
			agency = s.agency
		}
	}
	return cmp.Or(
		agree.Same("/case", r.Case(), e.Case),
		agree.Same("/service", r.Service, e.Service),
		agree.Same("/recipient", agency, e.Recipient),
	)
}

// work is what a room says of its record.
type work struct {
	referral, caseID, agency string
	service                  code.Service
	turn                     int
}

func legal(w legalaidv1.Work) work {
	return work{w.Referral, w.Case, w.Agency, code.LegalAssistance, w.Turn}
}

func support(w psychosocialv1.Work) work {
	// What a shelter does, it does in the same room.
	return work{w.Referral, w.Case, w.Agency, cmp.Or(w.Service, code.Psychosocial), w.Turn}
}

func forensic(w forensicv1.Work) work {
	return work{w.Referral, w.Case, w.Agency, code.ForensicExam, w.Turn}
}

// agrees refuses a fact of a room that does not agree with the referral. A room
// has no work before the acceptance, so no fact of a room is about an unknown
// referral.
func (r Referral) agrees(w work) error {
	return cmp.Or(
		agree.Same("/referral", r.Referral, w.referral),
		agree.Same("/case", r.Case(), w.caseID),
		agree.Same("/agency", r.Recipient, w.agency),
		agree.Same("/service", r.Service, w.service),
	)
}
