package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Channels are the addresses at which an agency without accounts is told that
// something waits. The record is apart from the agency's public entry, so that
// no list and no view of agencies can hold an address.
type Channels struct {
	Agency   string
	Language code.NoticeLanguage
	channels []Channel

	// turn counts how often the channels were set to others; since is when they
	// were last. A code is good for as long as the channels to which it was told
	// are those of the agency.
	turn  int
	since time.Time
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

// Set replaces the channels that there were. The same again changes nothing.
func (c Channels) Set(by fact.By, cmd SetChannels) ([]fact.Event, error) {
	if !keeps(by, cmd.Agency) {
		return nil, ErrNotYourAgency
	}
	if err := cmd.check(); err != nil {
		return nil, err
	}
	if c.Agency != "" && c.Language == cmd.Language && slices.Equal(c.channels, cmd.Channels) {
		return nil, nil
	}
	return fact.With(referralv1.AgencyChannelsSet{Agency: cmd.Agency, Language: cmd.Language}, Reach{cmd.Channels}), nil
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

// Turn counts how often the channels were set to others.
func (c Channels) Turn() int { return c.turn }

// All lists the channels in the agency's order.
func (c Channels) All() []Channel { return c.channels }

// keeps says whether the actor keeps an agency's channels: its own, or any as a
// coordinator.
func keeps(by fact.By, agency string) bool {
	return by.Agency == agency || slices.Contains(by.Roles, "coordinator")
}

// Case is empty: an agency belongs to no case.
func (c Channels) Case() string { return "" }

// Visible is for the agency itself and for coordinators.
func (c Channels) Visible(by fact.By) bool { return c.Agency != "" && keeps(by, c.Agency) }

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
		if !slices.Equal(c.channels, reach.Channels) {
			c.turn, c.since = c.turn+1, e.At
		}
		c.Agency, c.Language, c.channels = d.Agency, d.Language, reach.Channels
	}
	return c
}
