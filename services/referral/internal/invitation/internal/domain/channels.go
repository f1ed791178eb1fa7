package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Channels are the addresses at which an agency without accounts is told that
// something waits. The record is apart from the agency's public entry, so that
// no list and no view of agencies can hold an address.
type Channels struct {
	Agency   string
	Language code.NoticeLanguage
	zone     string
	channels []kept
	// duty is where those on duty are told of a danger.
	duty []kept
	// country is where the agency was registered when they were set. Only coordinators of
	// that country see the addresses.
	country code.Country
	// coordinates is the country whose coordination is told here what nobody else answers.
	coordinates code.Country

	// turn counts how often the channels were set to others; since is when they
	// were last. A code is good for as long as the channels to which it was told
	// are those of the agency.
	turn  int
	since time.Time
}

// Channel is one address, as it was written.
type Channel struct {
	Kind    code.NoticeChannel `json:"kind"`
	Address string             `json:"address"`
}

// kept is a channel with the address that notices are sent to. Earlier releases
// took only that, and kept nothing else.
type kept struct {
	Channel
	// Written is the address as it was written, empty where that is the same.
	Written string `json:"written,omitempty"`
}

// Reach is the private half of the channels. The zone is in it because it says
// where a hidden house is.
type Reach struct {
	Channels []kept `json:"channels"`
	Duty     []kept `json:"duty,omitempty"`
	Zone     string `json:"zone,omitempty"`
}

// SetChannels says how an agency is told. No channels: not at all.
type SetChannels struct {
	Agency   string              `json:"agency"`
	Language code.NoticeLanguage `json:"language"`
	// Zone is the IANA time zone in which the agency is told times, empty for UTC.
	Zone     string    `json:"zone,omitempty"`
	Channels []Channel `json:"channels"`
	// Duty are the channels that those on duty carry, as a telephone of the night. They are
	// told of a danger, and of nothing else.
	Duty []Channel `json:"duty,omitempty"`
	// Coordinates says that the coordination of her country is told here. Only a coordinator
	// says it, and of her own agency.
	Coordinates bool `json:"coordinates,omitempty"`
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
	coordinates, err := c.coordination(by, cmd)
	if err != nil {
		return nil, err
	}
	channels, err := read("/channels/", cmd.Channels)
	if err != nil {
		return nil, err
	}
	duty, err := read("/duty/", cmd.Duty)
	if err != nil {
		return nil, err
	}
	if _, ok := zoneOf(cmd.Zone); !ok {
		return nil, ErrZone.At("/zone", "must be a time zone of the IANA")
	}
	if home.Err != nil {
		country = c.country
	}
	if c.Agency != "" && c.country == country && c.coordinates == coordinates && c.Language == cmd.Language && c.zone == cmd.Zone && slices.Equal(c.channels, channels) && slices.Equal(c.duty, duty) {
		return nil, nil
	}
	return fact.With(referralv1.AgencyChannelsSet{Agency: cmd.Agency, Language: cmd.Language, Country: country, Coordinates: coordinates}, Reach{channels, duty, cmd.Zone}), nil
}

// coordination is the country whose coordination is told at the channels after a command.
// A coordinator of the agency itself says so or takes it back. When anybody else sets the
// channels it stays as it is: who corrects an address must not silence the last step of
// all ladders.
func (c Channels) coordination(by fact.By, cmd SetChannels) (code.Country, error) {
	refusal := ErrNotYourAgency.At("/coordinates", "for a coordinator, of her own agency")
	err := coordination.Check(by, refusal)
	if by.Agency != cmd.Agency {
		err = refusal
	}
	switch {
	case cmd.Coordinates && err != nil:
		return "", err
	case cmd.Coordinates:
		return code.Country(by.Country), nil
	case err == nil:
		return "", nil
	}
	return c.coordinates, nil
}

// ByCoordination is (country): the channels at which the coordination of a country is told.
var ByCoordination = image.List[Channels]{Keys: func(c Channels) []string {
	if c.coordinates == "" {
		return nil
	}
	return []string{fact.Key(string(c.coordinates))}
}}

// read holds each address to the form that its kind has. An address that stands there
// twice, however it is written, would be told twice.
func read(list string, channels []Channel) ([]kept, error) {
	all := make([]kept, 0, len(channels))
	for i, ch := range channels {
		at := list + string(rune('0'+i)) + "/address"
		address, ok := addressOf(ch.Kind, ch.Address)
		if !ok {
			return nil, ErrAddress.At(at, "must have the form of its kind")
		}
		k := kept{Channel: Channel{ch.Kind, address}}
		if slices.ContainsFunc(all, func(other kept) bool { return other.Channel == k.Channel }) {
			return nil, ErrAddress.At(at, "must not be the address of another channel")
		}
		if address != ch.Address {
			k.Written = ch.Address
		}
		all = append(all, k)
	}
	return all, nil
}

// Turn counts how often the channels were set to others.
func (c Channels) Turn() int { return c.turn }

// All lists the channels in the agency's order, each with the address that notices
// are sent to.
func (c Channels) All() []Channel { return sentTo(c.channels) }

// Alarm lists the channels for a danger, those of duty first, and how many of them are
// told in any case. While somebody is on duty these are the channels that they carry, and
// the others follow when none of these takes the notice. While nobody is, all are told:
// somebody of the desk must come to it.
func (c Channels) Alarm(onDuty bool) (all []Channel, first int) {
	all = sentTo(c.duty)
	for _, ch := range c.All() {
		if !slices.Contains(all, ch) {
			all = append(all, ch)
		}
	}
	if onDuty && len(c.duty) > 0 {
		return all, len(c.duty)
	}
	return all, len(all)
}

// WithoutDuty are the channels of the desk without those that people on duty carry.
func (c Channels) WithoutDuty() []Channel {
	duty := sentTo(c.duty)
	return slices.DeleteFunc(c.All(), func(ch Channel) bool { return slices.Contains(duty, ch) })
}

// sentTo are channels, each with the address that notices are sent to.
func sentTo(of []kept) []Channel {
	all := make([]Channel, len(of))
	for i, k := range of {
		all[i] = k.Channel
	}
	return all
}

// Zone is the one in which the agency is told times: UTC where it named none.
func (c Channels) Zone() *time.Location {
	zone, _ := zoneOf(c.zone)
	return zone
}

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
	Zone     string              `json:"zone,omitempty"`
	Channels []Channel           `json:"channels"`
	Duty     []Channel           `json:"duty,omitempty"`
	// Coordinates says that the coordination of a country is told here.
	Coordinates bool `json:"coordinates,omitempty"`
}

// View is the same for every actor who may see it.
func (c Channels) View(fact.By) any {
	v := ChannelsView{Agency: c.Agency, Language: c.Language, Zone: c.zone, Channels: written(c.channels), Coordinates: c.coordinates != ""}
	if len(c.duty) > 0 {
		v.Duty = written(c.duty)
	}
	return v
}

// written are channels, each with the address as it was written.
func written(of []kept) []Channel {
	all := make([]Channel, len(of))
	for i, k := range of {
		all[i] = Channel{k.Kind, cmp.Or(k.Written, k.Address)}
	}
	return all
}

// Evolve is the channels after an event.
func (c Channels) Evolve(e fact.Event) Channels {
	if d, ok := e.Data.(referralv1.AgencyChannelsSet); ok {
		reach, _ := e.Private.(Reach)
		if !slices.Equal(c.channels, reach.Channels) {
			c.turn, c.since = c.turn+1, e.At
		}
		c.Agency, c.Language, c.zone, c.channels = d.Agency, d.Language, reach.Zone, reach.Channels
		c.duty = reach.Duty
		c.country, c.coordinates = d.Country, d.Coordinates
	}
	return c
}
