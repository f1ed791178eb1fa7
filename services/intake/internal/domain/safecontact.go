package domain

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a service's image has no time zones of its own

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/telephone"
	"github.com/sanad-network/sanad/services/internal/name"
)

// Contact is how to reach her without putting her in danger. What she allows stands in
// channels and hours: Reach reads these and nothing else. The telephone, the email and the
// note are for people. No rule can read a note, so a note alone lets nobody reach out to her.
type Contact struct {
	// Phone is kept as it was written; telephone.Read says what it means.
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	// SafeNote says what no other field does: how to begin, what never to say.
	SafeNote string `json:"safe_note,omitempty"`
	// Channels are the ways to reach her, the one that she likes best first.
	Channels []SafeChannel `json:"safe_channels,omitempty"`
	// Zone is the IANA name of the zone in which her clock runs.
	Zone string `json:"zone,omitempty"`
	// Hours are when it is safe, each week. Without hours no time is known to be safe.
	Hours []SafeHours `json:"safe_hours,omitempty"`
	// CodeWord is what a worker says first, so that she knows who it is.
	CodeWord string `json:"code_word,omitempty"`
	// Language is the one to speak to her in (ISO 639).
	Language string `json:"language,omitempty"`
	// Never is what must never be used.
	Never []NeverContact `json:"never_contact,omitempty"`
	// DangerNews is the channel that may break the hours, for news of danger alone. She
	// chooses it beforehand.
	DangerNews *SafeChannel `json:"danger_news,omitempty"`
}

// SafeChannel is one way to reach her. What was not asked is not allowed.
type SafeChannel struct {
	Kind code.ContactChannel `json:"kind"`
	// Address is a telephone number, an email, a name in an app, or a place.
	Address string `json:"address,omitempty"`
	// Person is whom she named: who passes a message on, or who may answer.
	Person       string            `json:"person,omitempty"`
	WhoMayAnswer code.WhoMayAnswer `json:"who_may_answer,omitempty"`
	// Voicemail says that a message may be left.
	Voicemail bool        `json:"voicemail,omitempty"`
	Device    code.Device `json:"device,omitempty"`
}

// SafeHours are hours of some days of the week, by her clock.
type SafeHours struct {
	Days []code.Weekday `json:"days"`
	// From and Until are "15:04"; Until may be "24:00". Where Until is before From, the hours
	// go on after midnight.
	From  string `json:"from"`
	Until string `json:"until"`
}

// NeverContact is a kind of channel, an address, or that kind at that address.
type NeverContact struct {
	Kind    code.ContactChannel `json:"kind,omitempty"`
	Address string              `json:"address,omitempty"`
}

// told says that something of it was said.
func (c Contact) told() bool {
	return c.Phone+c.Email+c.SafeNote+c.Zone+c.CodeWord+c.Language != "" ||
		len(c.Channels)+len(c.Hours)+len(c.Never) > 0 || c.DangerNews != nil
}

// check refuses what is no telephone number where the case is (ErrTelephone), and what
// contradicts itself or that nobody could keep (ErrSafeContact, with the fields). It never
// refuses what lacks something, but for what a channel or hours mean nothing without. A
// number without its country is one of the case's.
func (c Contact) check(country code.Country) error {
	if _, ok := telephone.Read(c.Phone, string(country)); c.Phone != "" && !ok {
		return ErrTelephone.At("/contact/phone", "must be a telephone number, and nothing else")
	}
	found := ErrSafeContact
	w := wrong{&found, "/contact"}
	for i, one := range c.Channels {
		one.check(country, w.item("/safe_channels", i))
	}
	if c.DangerNews != nil {
		c.DangerNews.check(country, w.in("/danger_news"))
	}
	for i, h := range c.Hours {
		h.check(w.item("/safe_hours", i))
	}
	switch _, known := zoneOf(c.Zone); {
	case c.Zone != "" && !known:
		w.At("/zone", "must be the name of an IANA time zone")
	case c.Zone == "" && len(c.Hours) > 0:
		w.At("/zone", "required")
	}
	if c.Language != "" && !isLanguage(c.Language) {
		w.At("/language", "must be a code of ISO 639")
	}
	c.keepNever(country, w)
	if len(found.Fields) > 0 {
		return found
	}
	return nil
}

// wrong gathers what is wrong with a contact, or with a part of it, at its fields.
type wrong struct {
	all  **fault.Error
	part string
}

// At says that a field breaks a rule.
func (w wrong) At(field, rule string) { *w.all = (*w.all).At(w.part+field, rule) }

// in is for a part of what this is for.
func (w wrong) in(part string) wrong { return wrong{w.all, w.part + part} }

// item is for one of a list.
func (w wrong) item(list string, i int) wrong { return w.in(list + "/" + strconv.Itoa(i)) }

func (s SafeChannel) check(country code.Country, w wrong) {
	if !slices.Contains(code.ContactChannels, s.Kind) {
		w.At("/kind", "enum")
	}
	switch s.Kind {
	case code.Call, code.TextMessage:
		if _, ok := telephone.Read(s.Address, string(country)); s.Address != "" && !ok {
			w.At("/address", "must be a telephone number, and nothing else")
		}
	case code.ByEmail:
		if a, err := mail.ParseAddress(s.Address); s.Address != "" && (err != nil || a.Address != s.Address) {
			w.At("/address", "must be an email address, and nothing else")
		}
	}
	if s.Address == "" && slices.Contains(addressed, s.Kind) {
		w.At("/address", "required")
	}
	if s.Person == "" && (s.Kind == code.ThroughPerson || s.WhoMayAnswer == code.NamedPerson) {
		w.At("/person", "required")
	}
	if s.Voicemail && s.Kind != code.Call {
		w.At("/voicemail", "only with a call")
	}
}

// addressed are the kinds that lead nowhere without an address.
var addressed = []code.ContactChannel{code.Call, code.TextMessage, code.MessagingApp, code.ByEmail}

func (h SafeHours) check(w wrong) {
	if len(h.Days) == 0 {
		w.At("/days", "required")
	}
	from, ok := minuteOf(h.From)
	if !ok || from == day {
		w.At("/from", "must be a time of day, as 18:30")
	}
	until, ok := minuteOf(h.Until)
	switch {
	case !ok:
		w.At("/until", "must be a time of day, as 18:30")
	case until == from:
		w.At("/until", "another time than the beginning")
	}
}

// keepNever says which channel is also one that must never be used, and which word of never
// names nothing.
func (c Contact) keepNever(country code.Country, w wrong) {
	for i, n := range c.Never {
		if n.Kind == "" && n.Address == "" {
			w.item("/never_contact", i).At("", "a kind or an address")
		}
	}
	barred := func(s SafeChannel) bool {
		return slices.ContainsFunc(c.Never, func(n NeverContact) bool { return n.bars(s, country) })
	}
	for i, one := range c.Channels {
		if barred(one) {
			w.item("/safe_channels", i).At("", "not what must never be used")
		}
	}
	if c.DangerNews != nil && barred(*c.DangerNews) {
		w.At("/danger_news", "not what must never be used")
	}
	// The kind of a telephone number that stands alone is not known.
	if c.Phone != "" && barred(SafeChannel{Address: c.Phone}) {
		w.At("/phone", "not what must never be used")
	}
	if c.Email != "" && barred(SafeChannel{Kind: code.ByEmail, Address: c.Email}) {
		w.At("/email", "not what must never be used")
	}
}

// bars says that a channel is one that must never be used.
func (n NeverContact) bars(s SafeChannel, country code.Country) bool {
	if n.Kind == "" && n.Address == "" || n.Kind != "" && n.Kind != s.Kind {
		return false
	}
	return n.Address == "" || alike(n.Address, s.Address, country) || alike(n.Address, s.Person, country)
}

// alike says that two writings mean one address. Of several numbers in one writing it is
// enough that one is the other's.
func alike(a, b string, country code.Country) bool {
	one, isNumber := telephone.Read(a, string(country))
	other, too := telephone.Read(b, string(country))
	if isNumber && too {
		all := strings.Split(string(other), "/")
		return slices.ContainsFunc(strings.Split(string(one), "/"), func(n string) bool { return slices.Contains(all, n) })
	}
	return b != "" && name.Folded(a) == name.Folded(b)
}

// zoneOf is the zone of an IANA name. "Local" would be the machine's.
func zoneOf(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || strings.ContainsAny(name, ".\\") {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}
