package domain

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
)

// safely is a contact in which everything is told.
func safely() Contact {
	return Contact{
		Phone: "+502 5550 7219", Email: "canary-email", SafeNote: "canary-note",
		Channels: []SafeChannel{
			{Kind: code.Call, Address: "+502 5550 7220", Person: "canary-person", WhoMayAnswer: code.NamedPerson, Voicemail: true, Device: code.SharedDevice},
			{Kind: code.ThroughPerson, Person: "canary-sister"},
		},
		Zone: "America/Guatemala", Hours: []SafeHours{{days(code.Monday, code.Friday), "18:30", "20:00"}},
		CodeWord: "canary-word", Language: "quc",
		Never:      []NeverContact{{Kind: code.InPerson}, {Address: "+502 5550 7221"}},
		DangerNews: &SafeChannel{Kind: code.MessagingApp, Address: "canary-app"},
	}
}

// Each field alone is something that was told: a part that holds it can be written anew.
func TestEachFieldOfAContactIsTold(t *testing.T) {
	if (Contact{}).told() {
		t.Error("nothing is told")
	}
	whole := reflect.ValueOf(safely())
	for i := range whole.NumField() {
		var c Contact
		reflect.ValueOf(&c).Elem().Field(i).Set(whole.Field(i))
		if whole.Field(i).IsZero() || !c.told() {
			t.Errorf("%s alone is not told", whole.Type().Field(i).Name)
		}
	}
}

// What contradicts itself, or nobody could keep, is refused at its field.
func TestSafeContactIsRefusedAtTheField(t *testing.T) {
	channel := func(s SafeChannel) Contact { return Contact{Channels: []SafeChannel{own, s}} }
	hours := func(from, until string) Contact { return reachable("UTC", SafeHours{days(code.Monday), from, until}) }
	never := func(n NeverContact, c Contact) Contact {
		c.Never = append(c.Never, n)
		return c
	}
	for name, c := range map[string]struct {
		contact Contact
		fields  []fault.Field
	}{
		"everything":               {contact: safely()},
		"a note alone":             {contact: Contact{SafeNote: "In the morning."}},
		"a zone alone":             {contact: Contact{Zone: "Asia/Bishkek"}},
		"an address that is other": {contact: never(NeverContact{Address: "+502 5555 0999"}, channel(sisters))},
		"another kind of it":       {contact: never(NeverContact{Kind: code.Call, Address: own.Address}, channel(sisters))},

		"no kind":               {channel(SafeChannel{Address: "x"}), []fault.Field{{Pointer: "/contact/safe_channels/1/kind", Rule: "enum"}}},
		"a call to nowhere":     {channel(SafeChannel{Kind: code.Call}), []fault.Field{{Pointer: "/contact/safe_channels/1/address", Rule: "required"}}},
		"a call to a word":      {channel(SafeChannel{Kind: code.Call, Address: "her sister"}), []fault.Field{{Pointer: "/contact/safe_channels/1/address", Rule: "must be a telephone number, and nothing else"}}},
		"an email to a number":  {channel(SafeChannel{Kind: code.ByEmail, Address: "5555 0101"}), []fault.Field{{Pointer: "/contact/safe_channels/1/address", Rule: "must be an email address, and nothing else"}}},
		"an email with a name":  {channel(SafeChannel{Kind: code.ByEmail, Address: "Ana <a@example.org>"}), []fault.Field{{Pointer: "/contact/safe_channels/1/address", Rule: "must be an email address, and nothing else"}}},
		"an app without a name": {channel(SafeChannel{Kind: code.MessagingApp}), []fault.Field{{Pointer: "/contact/safe_channels/1/address", Rule: "required"}}},
		"through nobody":        {channel(SafeChannel{Kind: code.ThroughPerson}), []fault.Field{{Pointer: "/contact/safe_channels/1/person", Rule: "required"}}},
		"nobody named answers":  {channel(SafeChannel{Kind: code.InPerson, WhoMayAnswer: code.NamedPerson}), []fault.Field{{Pointer: "/contact/safe_channels/1/person", Rule: "required"}}},
		"a voice in a letter":   {channel(SafeChannel{Kind: code.InPerson, Voicemail: true}), []fault.Field{{Pointer: "/contact/safe_channels/1/voicemail", Rule: "only with a call"}}},
		"no zone":               {reachable("", anyDay...), []fault.Field{{Pointer: "/contact/zone", Rule: "required"}}},
		"a zone of nobody":      {reachable("Mars/Olympus", anyDay...), []fault.Field{{Pointer: "/contact/zone", Rule: "must be the name of an IANA time zone"}}},
		"the machine's zone":    {reachable("Local", anyDay...), []fault.Field{{Pointer: "/contact/zone", Rule: "must be the name of an IANA time zone"}}},
		"no day":                {reachable("UTC", SafeHours{From: "10:00", Until: "11:00"}), []fault.Field{{Pointer: "/contact/safe_hours/0/days", Rule: "required"}}},
		"no time":               {hours("10:00", "10:00"), []fault.Field{{Pointer: "/contact/safe_hours/0/until", Rule: "another time than the beginning"}}},
		"a time of nobody":      {hours("10h", "24:30"), []fault.Field{{Pointer: "/contact/safe_hours/0/from", Rule: "must be a time of day, as 18:30"}, {Pointer: "/contact/safe_hours/0/until", Rule: "must be a time of day, as 18:30"}}},
		"it begins at its end":  {hours("24:00", "10:00"), []fault.Field{{Pointer: "/contact/safe_hours/0/from", Rule: "must be a time of day, as 18:30"}}},
		"a language in words":   {Contact{Language: "Spanish"}, []fault.Field{{Pointer: "/contact/language", Rule: "must be a code of ISO 639"}}},
		"never nothing":         {never(NeverContact{}, Contact{}), []fault.Field{{Pointer: "/contact/never_contact/0", Rule: "a kind or an address"}}},

		"a kind that is never used": {never(NeverContact{Kind: code.Call}, channel(sisters)), []fault.Field{{Pointer: "/contact/safe_channels/1", Rule: "not what must never be used"}}},
		"an address, in other digits": {
			never(NeverContact{Address: "(5555)-٠١٠١"}, channel(sisters)),
			[]fault.Field{{Pointer: "/contact/safe_channels/1", Rule: "not what must never be used"}},
		},
		"a name in other letters": {
			never(NeverContact{Address: "JUAN"}, channel(SafeChannel{Kind: code.ThroughPerson, Person: "juan"})),
			[]fault.Field{{Pointer: "/contact/safe_channels/1", Rule: "not what must never be used"}},
		},
		"the channel for danger": {
			never(NeverContact{Kind: code.Call, Address: sisters.Address}, Contact{DangerNews: &sisters}),
			[]fault.Field{{Pointer: "/contact/danger_news", Rule: "not what must never be used"}},
		},
		"danger news to nowhere": {Contact{DangerNews: &SafeChannel{Kind: code.Call}}, []fault.Field{{Pointer: "/contact/danger_news/address", Rule: "required"}}},
		"the telephone":          {never(NeverContact{Address: "5555 0101"}, Contact{Phone: sisters.Address}), []fault.Field{{Pointer: "/contact/phone", Rule: "not what must never be used"}}},
		"the email":              {never(NeverContact{Kind: code.ByEmail}, Contact{Email: "a@example.org"}), []fault.Field{{Pointer: "/contact/email", Rule: "not what must never be used"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []fault.Field
			if err := c.contact.check("GT"); err != nil {
				if !errors.Is(err, ErrSafeContact) {
					t.Fatalf("refused with %v", err)
				}
				got = fault.Of(err).Fields
			}
			if diff := cmp.Diff(c.fields, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Writing anew any part of how to reach her tells those who hold it, at once and without
// anything of it.
func TestEachChangeOfTheContactIsTold(t *testing.T) {
	whole := reflect.ValueOf(safely())
	for i := range whole.NumField() {
		d, id := referred(t, code.Contact)
		d.must(t)(do(d, news[code.Accepted], d.loop(id)))
		without := safely()
		reflect.ValueOf(&without).Elem().Field(i).SetZero()
		if without.Zone == "" {
			without.Hours = nil
		}
		events := d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Change, Opening: Opening{Contact: without}}))
		told := events[len(events)-1]
		if told.Private != nil || !slices.Equal(leaves(t, told.Data)["/referrals"].([]any), []any{id}) || len(leaves(t, told.Data)) != 2 {
			t.Errorf("%s: %+v", whole.Type().Field(i).Name, told)
		}
		if diff := cmp.Diff(without, func() Contact {
			d.must(t)(disclose(d, legal, id))
			return shown(d, legal, id).Packet.Contact
		}()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	}
}
