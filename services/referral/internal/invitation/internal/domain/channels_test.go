package domain

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

func TestChannels(t *testing.T) {
	cmd := SetChannels{Agency: counsel, Language: code.Spanish, Channels: []Channel{{code.Email, "front.desk@clinic.example"}, {code.SMS, "+50255550100"}}}
	set := func(c Channels, by fact.By) (Channels, error) {
		events, err := c.Set(by, cmd)
		return fold(c, noon, events), err
	}
	c, err := set(Channels{}, focalPoint)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(ChannelsView{counsel, code.Spanish, cmd.Channels}, c.View(focalPoint)); d != "" {
		t.Error(d)
	}
	if again, err := c.Set(coordinator, cmd); again != nil || err != nil {
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

func TestAddressesHaveTheFormOfTheirKind(t *testing.T) {
	for address, kinds := range map[string]string{
		"a@b.test": "email", "first.last+x@sub.domain.test": "email", "+50255550100": "sms", "+999005550100": "sms",
		"": "", "a": "", "a@b": "", "a@b.test\r\nBcc: c@d.test": "", "a b@c.test": "", "<a@b.test>": "", "a@b..test": "", "0100": "", "+0100555010": "", "+1": "",
		"+50255550100 ": "", "a@b.test,c@d.test": "",
	} {
		for _, kind := range code.NoticeChannels {
			events, err := Channels{}.Set(focalPoint, SetChannels{Agency: counsel, Language: code.English, Channels: []Channel{{kind, address}}})
			if (err == nil) != (kinds == string(kind)) {
				t.Errorf("%s %q: %v, %v", kind, address, events, err)
			}
			if f := fault.Of(err); err != nil && (f.Code != "notice_address" || f.Fields[0].Pointer != "/channels/0/address") {
				t.Errorf("%v", f)
			}
		}
	}
}
