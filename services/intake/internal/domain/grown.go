package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// grownContact is how to reach her at an instant, and whether that is less than what is written.
// What was written while she was a child let others answer for her. From the day on which she
// comes of age only she may answer, and no message goes through another person, until her desk
// has written her contact anew with her. Those others are not told. Where nobody wrote down when
// she was born, no day is known and nothing changes.
func (c Case) grownContact(at time.Time) (Contact, bool) {
	day, known := c.Survivor.Born.turns(c.Zone, programme.Majority)
	if !known || at.Before(day) || !c.contactWritten().Before(day) {
		return c.Contact, false
	}
	is, less := c.Contact, false
	is.Channels = nil
	for _, one := range c.Contact.Channels {
		alone, ok := one.alone()
		less = less || alone != one
		if ok {
			is.Channels = append(is.Channels, alone)
		}
	}
	if news := c.Contact.DangerNews; news != nil {
		alone, ok := news.alone()
		less = less || alone != *news
		if is.DangerNews = &alone; !ok {
			is.DangerNews = nil
		}
	}
	if !less {
		return c.Contact, false
	}
	return is, true
}

// alone is the channel without anybody but her; false where nothing is left of it.
func (s SafeChannel) alone() (SafeChannel, bool) {
	if s.Kind == code.ThroughPerson {
		return SafeChannel{}, false
	}
	if s.WhoMayAnswer != "" && s.WhoMayAnswer != code.OnlyHer {
		s.WhoMayAnswer, s.Person, s.Voicemail = code.OnlyHer, "", false
	}
	return s, true
}

// contactWritten is when her contact was last written down.
func (c Case) contactWritten() time.Time {
	for _, a := range slices.Backward(c.Amendments) {
		if slices.Contains(a.Parts, code.PartContact) {
			return a.At
		}
	}
	return c.began()
}
