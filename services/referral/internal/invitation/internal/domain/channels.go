package domain

import (
	"cmp"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Channels are the addresses at which an agency without accounts is told that
// something waits. The record is apart from the agency's public entry, so that
// no list and no view of agencies can hold an address.
type Channels struct {
	Agency   string
	Language code.NoticeLanguage
	channels []Channel
	// country is where the agency was registered when they were set. Only coordinators of
	// that country see the addresses.
	country code.Country
}

// Channel is one address.
type Channel struct {
	Kind    code.NoticeChannel `json:"kind"`
	Address string             `json:"address"`
}

// Reach is the private half of the channels.
type Reach struct {
	Channels []Channel `json:"channels"`
}

// SetChannels says how an agency is told. No channels: not at all.
type SetChannels struct {
	Agency   string              `json:"agency"`
	Language code.NoticeLanguage `json:"language"`
	Channels []Channel           `json:"channels"`
}

// Name is the agency whose channels are set.
func (c SetChannels) Name() string { return c.Agency }

// Home is the country in which an agency is registered, as the directory has it; empty
// when it is not registered. Err is why that cannot be known now.
type Home struct {
	Country look.Fresh[code.Country]
	Err     error
}

// Set replaces the channels that there were. The same again changes nothing.
func (c Channels) Set(by fact.By, cmd SetChannels, home Home) ([]fact.Event, error) {
	country := home.Country.Value()
	if by.Agency != cmd.Agency {
		if err := cmp.Or(coordination.Check(by, ErrNotYourAgency), home.Err, coordination.In(by, ErrNotYourAgency, country)); err != nil {
			return nil, err
		}
	}
	if err := cmd.check(); err != nil {
		return nil, err
	}
	if home.Err != nil {
		country = c.country
	}
	if c.Agency != "" && c.country == country && c.Language == cmd.Language && slices.Equal(c.channels, cmd.Channels) {
		return nil, nil
	}
	return fact.With(referralv1.AgencyChannelsSet{Agency: cmd.Agency, Language: cmd.Language, Country: country}, Reach{cmd.Channels}), nil
}

// check holds each address to the form that its kind has.
func (c SetChannels) check() error {
	for i, ch := range c.Channels {
		if !addressOf(ch.Kind, ch.Address) {
			return ErrAddress.At("/channels/"+string(rune('0'+i))+"/address", "must have the form of its kind")
		}
	}
	return nil
}

// All lists the channels in the agency's order.
func (c Channels) All() []Channel { return c.channels }

// Case is empty: an agency belongs to no case.
func (c Channels) Case() string { return "" }

// Visible is for the agency itself and for the coordinators of its country.
func (c Channels) Visible(by fact.By) bool {
	return c.Agency != "" && (by.Agency == c.Agency || coordination.In(by, ErrNotYourAgency, c.country) == nil)
}

// Closed is never.
func (c Channels) Closed() bool { return false }

// Deadlines are none.
func (c Channels) Deadlines() []fact.Deadline { return nil }

// ChannelsView is an agency's channels as it sees them.
type ChannelsView struct {
	Agency   string              `json:"agency"`
	Language code.NoticeLanguage `json:"language"`
	Channels []Channel           `json:"channels"`
}

// View is the same for every actor who may see it.
func (c Channels) View(fact.By) any {
	return ChannelsView{Agency: c.Agency, Language: c.Language, Channels: append([]Channel{}, c.channels...)}
}

// Evolve is the channels after an event.
func (c Channels) Evolve(e fact.Event) Channels {
	if d, ok := e.Data.(referralv1.AgencyChannelsSet); ok {
		reach, _ := e.Private.(Reach)
		c = Channels{Agency: d.Agency, Language: d.Language, channels: reach.Channels, country: d.Country}
	}
	return c
}
