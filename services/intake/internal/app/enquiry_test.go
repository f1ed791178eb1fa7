package app_test

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// The country of a desk is that of the directory. What is told at a desk of which no country is known, or
// whose copy cannot be read, is taken all the same, under the base of the network.
func TestTheCountryOfADeskSaysHowLongAnEnquiryWaits(t *testing.T) {
	d := opened(t)
	d.Rules = domain.Rules{Programmes: programmetest.Made("guatemala", "GT", func(f *programme.Fields) { f.Enquiries.Is.Take = 6 * time.Hour })}
	waits := func(want time.Duration, country code.Country) {
		t.Helper()
		by := d.person("ana")
		events, err := domain.Enquiry{}.Record(by, domain.RecordReport{Seen: "x"}, d.Desk(t.Context(), "", by))
		if err != nil {
			t.Fatal(err)
		}
		if made := events[0].Data.(intakev1.EnquiryMade); !made.Until.Equal(d.now.Add(want)) || made.Country != string(country) {
			t.Errorf("until %s in %q, want %s in %q", made.Until, made.Country, d.now.Add(want), country)
		}
	}
	waits(24*time.Hour, "")
	ctx := record.With(t.Context(), record.Command{Op: "hear", Cause: "registered"})
	if _, err := d.Agencies.Execute(ctx, front, func(a agencies.Agency, by fact.By) ([]fact.Event, error) {
		return a.OnRegistered(by, referralv1.AgencyRegistered{Agency: front, Country: "GT", Turn: 1})
	}); err != nil {
		t.Fatal(err)
	}
	waits(6*time.Hour, "GT")
	d.book.Quarantine(d.Agencies.Name(front), 1, journal.ReasonUnreadable)
	waits(24*time.Hour, "")
}
