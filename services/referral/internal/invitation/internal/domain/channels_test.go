package domain

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// The channels of duty are set, read and kept like the others. An address of the desk may
// stand among them, and no code that was told is lost when only they change.
func TestChannelsOfDuty(t *testing.T) {
	cmd := SetChannels{
		Agency: counsel, Language: code.English, Channels: []Channel{{code.SMS, "+50255550100"}, {code.Email, "a@b.test"}},
		Duty: []Channel{{code.SMS, "+502 5555-0100"}},
	}
	events, err := Channels{}.Set(focalPoint, cmd, registered("GT"))
	if err != nil {
		t.Fatal(err)
	}
	if wire, err := json.Marshal(events[0].Data); err != nil || strings.Contains(string(wire), "5555") {
		t.Errorf("the event has the address: %s, %v", wire, err)
	}
	c := fold(Channels{}, noon, events)
	if d := cmp.Diff(ChannelsView{Agency: counsel, Language: code.English, Channels: cmd.Channels, Duty: cmd.Duty}, c.View(focalPoint)); d != "" {
		t.Error(d)
	}
	if again, err := c.Set(focalPoint, cmd, registered("GT")); again != nil || err != nil {
		t.Errorf("the same again: %v %v", again, err)
	}
	phone, mail := Channel{code.SMS, "+50255550100"}, Channel{code.Email, "a@b.test"}
	for onDuty, want := range map[bool]int{true: 1, false: 2} {
		all, first := c.Alarm(onDuty)
		if d := cmp.Diff([]Channel{phone, mail}, all); d != "" || first != want {
			t.Errorf("on duty %t: %d are told first, want %d: %s", onDuty, first, want, d)
		}
	}
	turn := c.Turn()
	cmd.Duty = nil
	if events, err = c.Set(focalPoint, cmd, registered("GT")); err != nil || len(events) != 1 {
		t.Fatalf("without duty: %v %v", events, err)
	}
	if c = fold(c, noon, events); c.Turn() != turn || c.View(focalPoint).(ChannelsView).Duty != nil {
		t.Errorf("turn %d, was %d: %+v", c.Turn(), turn, c.View(focalPoint))
	}
	cmd.Duty = []Channel{phone, {code.SMS, "0100"}}
	var f *fault.Error
	if _, err = c.Set(focalPoint, cmd, registered("GT")); !errors.As(err, &f) || f.Fields[0].Pointer != "/duty/1/address" {
		t.Errorf("an address that is none: %v", err)
	}
}

func TestChannels(t *testing.T) {
	cmd := SetChannels{Agency: counsel, Language: code.Spanish, Zone: "America/Guatemala", Channels: []Channel{{code.Email, "front.desk@clinic.example"}, {code.SMS, "+50255550100"}}}
	set := func(c Channels, by fact.By) (Channels, error) {
		events, err := c.Set(by, cmd, registered("GT"))
		return fold(c, noon, events), err
	}
	c, err := set(Channels{}, focalPoint)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(ChannelsView{Agency: counsel, Language: code.Spanish, Zone: "America/Guatemala", Channels: cmd.Channels}, c.View(focalPoint)); d != "" {
		t.Error(d)
	}
	if again, err := c.Set(coordinator, cmd, registered("GT")); again != nil || err != nil {
		t.Error(again, err)
	}
	if _, err := set(c, neighbour); !errors.Is(err, ErrNotYourAgency) {
		t.Errorf("another agency: %v", err)
	}
	for _, by := range []fact.By{neighbour, {Principal: fact.Anonymous}, {}} {
		if c.Visible(by) || (Channels{}).Visible(by) {
			t.Errorf("%v sees them", by)
		}
	}
	if !c.Visible(focalPoint) || !c.Visible(coordinator) {
		t.Error("the agency does not see them")
	}
	cmd.Channels = nil
	if c, err = set(c, focalPoint); err != nil || len(c.All()) != 0 {
		t.Errorf("none: %v %v", c, err)
	}
}

// registered is an agency in the directory.
func registered(country code.Country) Home { return Home{Country: look.Made(country)} }

// Where an agency is told is for the coordinators of the country in which it is
// registered, and for no others. What cannot be known now stops coordinators and not
// the agency itself.
func TestChannelsAreOfTheCountryOfTheirAgency(t *testing.T) {
	cmd := SetChannels{Agency: counsel, Language: code.English, Channels: []Channel{{code.Email, "a@b.test"}}}
	with := func(country, programme string) fact.By {
		return fact.By{Agency: "coordination", Roles: []string{"coordinator"}, Country: country, Programme: programme, At: noon}
	}
	away := errors.New("away")
	for name, c := range map[string]struct {
		by   fact.By
		home Home
		err  error
	}{
		"of its country":             {with("GT", "spotlight"), registered("GT"), nil},
		"of another country":         {with("KG", "spotlight"), registered("GT"), coordination.ErrElsewhere},
		"of an unregistered agency":  {with("GT", "spotlight"), registered(""), coordination.ErrElsewhere},
		"without a country":          {with("", "spotlight"), registered(""), coordination.ErrNowhere},
		"without a programme":        {with("GT", ""), registered("GT"), coordination.ErrNowhere},
		"not known now":              {with("GT", "spotlight"), Home{Err: away}, away},
		"the agency itself, unknown": {focalPoint, Home{Err: away}, nil},
		"the agency, unregistered":   {focalPoint, registered(""), nil},
		"another agency":             {neighbour, registered("GT"), ErrNotYourAgency},
	} {
		if _, err := (Channels{}).Set(c.by, cmd, c.home); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	set := func(c Channels, by fact.By, home Home) Channels {
		events, err := c.Set(by, cmd, home)
		if err != nil {
			t.Fatal(err)
		}
		return fold(c, noon, events)
	}
	ours := set(Channels{}, with("GT", "spotlight"), registered("GT"))
	moved := set(ours, focalPoint, registered("KG"))
	unknown := set(moved, focalPoint, Home{Err: away})
	before := fold(Channels{}, noon, fact.With(referralv1.AgencyChannelsSet{Agency: counsel, Language: code.English}, Reach{Channels: []kept{{Channel: cmd.Channels[0]}}}))
	for name, c := range map[string]struct {
		c    Channels
		by   fact.By
		sees bool
	}{
		"its country":                           {ours, with("GT", "spotlight"), true},
		"another":                               {ours, with("KG", "spotlight"), false},
		"no country":                            {ours, with("", "spotlight"), false},
		"no programme":                          {ours, with("GT", ""), false},
		"the country that it left":              {moved, with("GT", "spotlight"), false},
		"its new country":                       {moved, with("KG", "spotlight"), true},
		"its country, while it cannot be known": {unknown, with("KG", "spotlight"), true},
		"set before countries were noted":       {before, with("GT", "spotlight"), false},
		"then, the agency":                      {before, focalPoint, true},
	} {
		if c.c.Visible(c.by) != c.sees {
			t.Errorf("%s: seen %t", name, !c.sees)
		}
	}
}

func TestAddressesHaveTheFormOfTheirKind(t *testing.T) {
	for address, kinds := range map[string]string{
		"a@b.test": "email", "first.last+x@sub.domain.test": "email", "+50255550100": "sms", "+999005550100": "sms",
		"": "", "a": "", "a@b": "", "a@b.test\r\nBcc: c@d.test": "", "a b@c.test": "", "<a@b.test>": "", "a@b..test": "", "0100": "", "+0100555010": "", "+1": "",
		"+50255550100 ": "sms", "(+502) 5555\u20110100": "sms", "\u200e+٥٠٢ ٥٥٥٥ ٠١٠٠": "sms", "5555 0100": "", "+502 5555 0100 ext 1": "", "a@b.test,c@d.test": "",
	} {
		for _, kind := range code.NoticeChannels {
			events, err := Channels{}.Set(focalPoint, SetChannels{Agency: counsel, Language: code.English, Channels: []Channel{{kind, address}}}, registered("GT"))
			if (err == nil) != (kinds == string(kind)) {
				t.Errorf("%s %q: %v, %v", kind, address, events, err)
			}
			if f := fault.Of(err); err != nil && (f.Code != "notice_address" || f.Fields[0].Pointer != "/channels/0/address") {
				t.Errorf("%v", f)
			}
		}
	}
}

// A number is shown as it was written, and notices go to what it means.
func TestANumberIsToldByWhatItMeans(t *testing.T) {
	set := func(c Channels, channels ...Channel) (Channels, error) {
		events, err := c.Set(focalPoint, SetChannels{Agency: counsel, Language: code.Arabic, Channels: channels}, registered("GT"))
		return fold(c, noon, events), err
	}
	const written = "\u200e(+٥٠٢) ٥٥٥٥-٠١٠٠"
	c, err := set(Channels{}, Channel{code.SMS, written}, Channel{code.Email, "a@b.test"})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]Channel{{code.SMS, "+50255550100"}, {code.Email, "a@b.test"}}, c.All()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Channel{{code.SMS, written}, {code.Email, "a@b.test"}}, c.View(focalPoint).(ChannelsView).Channels); d != "" {
		t.Error(d)
	}
	again, err := set(c, Channel{code.SMS, "+502 5555 0100"}, Channel{code.Email, "a@b.test"})
	if d := cmp.Diff(c.All(), again.All()); d != "" || err != nil {
		t.Errorf("another writing is another number: %s %v", d, err)
	}
	_, err = set(c, Channel{code.SMS, written}, Channel{code.SMS, "+50255550100"})
	if f := fault.Of(err); !errors.Is(err, ErrAddress) || f.Fields[0].Pointer != "/channels/1/address" {
		t.Errorf("one number twice: %v", err)
	}
}

// What earlier releases kept of channels is read as it was.
func TestChannelsOfEarlierReleases(t *testing.T) {
	var r Reach
	if err := json.Unmarshal([]byte(`{"channels":[{"kind":"sms","address":"+50255550100"}]}`), &r); err != nil {
		t.Fatal(err)
	}
	c := Channels{}.Evolve(fact.Event{Data: referralv1.AgencyChannelsSet{Agency: counsel, Language: code.English}, Private: r})
	want := []Channel{{code.SMS, "+50255550100"}}
	if d := cmp.Diff(want, c.All()) + cmp.Diff(want, c.View(focalPoint).(ChannelsView).Channels); d != "" || c.Zone() != time.UTC {
		t.Error(d, c.Zone())
	}
}

func TestZones(t *testing.T) {
	for zone, ok := range map[string]bool{
		"": true, "UTC": true, "America/Guatemala": true, "Asia/Dushanbe": true, "Local": false, "America/Nowhere": false, "../etc/passwd": false, "+06:00": false, "/": false,
	} {
		events, err := Channels{}.Set(focalPoint, SetChannels{Agency: counsel, Language: code.English, Zone: zone}, registered("GT"))
		if (err == nil) != ok || err != nil && (!errors.Is(err, ErrZone) || fault.Of(err).Fields[0].Pointer != "/zone") {
			t.Errorf("%q: %v", zone, err)
		}
		if c := fold(Channels{}, noon, events); ok && zone != "" && c.Zone().String() != zone {
			t.Errorf("%q is %s", zone, c.Zone())
		}
	}
}

// Who speaks for the coordination of a country is a coordinator of it, and sets the
// channels of her own agency. Who only corrects an address ends nothing.
func TestOnlyACoordinatorSpeaksForTheCoordination(t *testing.T) {
	const desk = "coordination"
	cmd := SetChannels{Agency: desk, Language: code.English, Channels: []Channel{{code.Email, "a@b.test"}}, Coordinates: true}
	nowhere, colleague := coordinator, fact.By{Agency: desk, Roles: []string{"focal_point"}, At: noon}
	nowhere.Programme = ""
	others := cmd
	others.Agency = counsel
	for name, c := range map[string]struct {
		by  fact.By
		cmd SetChannels
		err error
	}{
		"a coordinator":           {coordinator, cmd, nil},
		"of nothing":              {nowhere, cmd, coordination.ErrNowhere},
		"no coordinator":          {colleague, cmd, ErrNotYourAgency},
		"of another agency":       {coordinator, others, ErrNotYourAgency},
		"another agency's person": {neighbour, cmd, ErrNotYourAgency},
	} {
		events, err := (Channels{}).Set(c.by, c.cmd, registered("GT"))
		if !errors.Is(err, c.err) || (len(events) > 0) != (c.err == nil) {
			t.Errorf("%s: %v %v, want %v", name, events, err, c.err)
		}
	}
	set := func(c Channels, by fact.By, coordinates bool, address string) Channels {
		t.Helper()
		cmd.Coordinates, cmd.Channels = coordinates, []Channel{{code.Email, address}}
		events, err := c.Set(by, cmd, registered("GT"))
		if err != nil {
			t.Fatal(err)
		}
		return fold(c, noon, events)
	}
	told := func(what string, c Channels, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, ByCoordination.Keys(c)); d != "" || c.View(colleague).(ChannelsView).Coordinates != (want != nil) {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}
	c := set(Channels{}, coordinator, true, "a@b.test")
	told("said", c, fact.Key("GT"))
	c = set(c, colleague, false, "b@b.test")
	told("an address is corrected", c, fact.Key("GT"))
	told("taken back", set(c, coordinator, false, "b@b.test"))
}
