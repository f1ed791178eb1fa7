package event_test

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
)

func BenchmarkMsg(b *testing.B) {
	e := envelope()
	b.ReportAllocs()
	for b.Loop() {
		e.Msg("sanad.events.referral.accepted.ref_1")
	}
}

func BenchmarkParse(b *testing.B) {
	msg := envelope().Msg("s")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := event.Parse(msg.Header, msg.Data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	categories := []code.Category{code.Identity, code.Contact, code.Incident}
	loop := referralv1.Loop{Referral: "ref_1", Case: "case_1", Sender: "alpha", Recipient: "beta", Service: code.Police, Turn: 3}
	catalogue := event.NewCatalogue(
		event.Type[intakev1.ServiceRequested](), event.Type[referralv1.Started](), event.Private[intakev1.CaseOpened, contact](),
	)
	for name, e := range map[string]fact.Event{
		"requested": {Data: intakev1.ServiceRequested{
			Case: "case_1", Referral: "ref_1", Sender: "alpha", Recipient: "beta", Service: code.Police, Urgency: code.Urgent,
			Mode: code.Directed, Consent: "cons_1", Purpose: code.ServiceDelivery, Categories: categories, ConsentExpires: at,
		}},
		"started": {Data: referralv1.Started{Loop: loop}},
		"opened": {
			Data:    intakev1.CaseOpened{Case: "case_1", Agency: "alpha", Channel: code.Hotline, Country: "KG", Programme: "core"},
			Private: contact{Name: "somebody"},
		},
	} {
		for how, c := range map[string]event.Catalogue{"typed": catalogue, "read back": catalogue.ReadingBack()} {
			b.Run(name+", "+how, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Encode(e); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
