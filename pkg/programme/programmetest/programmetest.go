// Package programmetest gives tests the programmes that come with the network, and others that
// they make up.
package programmetest

import (
	"maps"
	"sync"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/files"
)

var shipped = sync.OnceValue(func() programme.Set {
	read, err := files.Open(files.Shipped(), true)
	if err != nil {
		panic(err) // the tests of files say what is wrong
	}
	return read.Set
})

// Shipped are the programmes that come with the network, as in training.
func Shipped() programme.Set { return shipped() }

// Base is what the base of the network has in each field.
func Base() programme.Fields {
	b := Shipped().Base()
	// What tests change is theirs alone.
	b.Windows.Within, b.Least, b.Requirement, b.Services = maps.Clone(b.Windows.Within), maps.Clone(b.Least), maps.Clone(b.Requirement), maps.Clone(b.Services)
	b.Roles = maps.Clone(b.Roles)
	return programme.Fields{
		Languages: law(b.Languages), Week: law(b.Week), Services: law(b.Services), Channels: law(b.Channels), Asks: law(b.Asks), Reasons: law(b.Reasons),
		Consent: law(b.Consent), Windows: law(b.Windows), Deadlines: law(b.Deadlines), Answers: law(b.Answers), Enquiries: law(b.Enquiries), LegalAid: law(b.LegalAid), Support: law(b.Support), Least: law(b.Least), Requirement: law(b.Requirement), Roles: law(b.Roles),
		Reporting: law(b.Reporting), Essential: law(b.Essential), Reach: law(b.Reach), Figures: law(b.Figures), Hold: law(b.Hold), Acknowledge: law(b.Acknowledge), SetOut: law(b.SetOut), Arrive: law(b.Arrive), Reflection: law(b.Reflection), Retention: law(b.Retention), Kits: law(b.Kits),
	}
}

func law[T any](is T) programme.Held[T] {
	return programme.Held[T]{Changes: programme.LawFromDate, Is: is}
}

// Made is a set with one programme, which is the base of the network but for what change
// changes. It has always held.
func Made(id string, country code.Country, change func(*programme.Fields)) programme.Set {
	fields := Base()
	change(&fields)
	return programme.NewSet(Base(), programme.Installed{ID: id, Country: country, Zone: time.UTC, Versions: []programme.Version{
		{Number: 1, Status: code.Signed, Fields: fields},
	}})
}
