package hsds

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
)

func scheduled(t testing.TB, text string) Schedule {
	t.Helper()
	s, broken := compile(Document([]byte("{" + text + "}")))
	if len(broken) > 0 {
		t.Fatalf("%s: %v", text, broken)
	}
	return s
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const berlin = `"attributes": [{"taxonomy_term": {"taxonomy": "sanad-timezone", "code": "Europe/Berlin"}}]`

func TestOpenAt(t *testing.T) {
	const office = `"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00", `
	for name, c := range map[string]struct {
		schedule, at string
		want         bool
	}{
		"at the opening":                {office + berlin, "2026-11-23T09:00:00+01:00", true},
		"at the closing":                {office + berlin, "2026-11-23T17:00:00+01:00", false},
		"on Saturday":                   {office + berlin, "2026-11-28T10:00:00+01:00", false},
		"in summer, an hour earlier":    {office + berlin, "2026-07-06T07:00:00Z", true},
		"in winter, not yet":            {office + berlin, "2026-11-23T07:30:00Z", false},
		"by the offset":                 {office + `"timezone": -6`, "2026-11-23T15:00:00Z", true},
		"by half an offset":             {office + `"timezone": 5.5`, "2026-11-23T03:30:00Z", true},
		"past midnight":                 {`"freq": "WEEKLY", "byday": "FR", "opens_at": "20:00", "closes_at": "08:00", "timezone": 0`, "2026-11-28T07:59:59Z", true},
		"past midnight, the day after":  {`"freq": "WEEKLY", "byday": "FR", "opens_at": "20:00", "closes_at": "08:00", "timezone": 0`, "2026-11-28T20:00:00Z", false},
		"a day and a night":             {`"freq": "WEEKLY", "byday": "SU", "opens_at": "00:00", "closes_at": "00:00", "timezone": 0`, "2026-11-22T23:59:59Z", true},
		"the last minute of the day":    {`"freq": "WEEKLY", "byday": "SU", "opens_at": "00:00", "closes_at": "23:59", "timezone": 0`, "2026-11-22T23:59:30Z", true},
		"the last minute of an evening": {`"freq": "WEEKLY", "byday": "SU", "opens_at": "09:00", "closes_at": "23:59", "timezone": 0`, "2026-11-22T23:59:30Z", false},
		"up to midnight":                {`"freq": "WEEKLY", "byday": "SU", "opens_at": "18:00", "closes_at": "24:00", "timezone": 0`, "2026-11-23T00:00:00Z", false},
		"second Monday":                 {`"freq": "MONTHLY", "byday": "2MO", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-09T09:00:00Z", true},
		"third Monday":                  {`"freq": "MONTHLY", "byday": "2MO", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-16T09:00:00Z", false},
		"last Friday":                   {`"freq": "MONTHLY", "byday": "-1FR", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-27T09:00:00Z", true},
		"last day of February":          {`"freq": "MONTHLY", "bymonthday": "-1", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2028-02-29T09:00:00Z", true},
		"every second week, on":         {`"freq": "WEEKLY", "interval": 2, "dtstart": "2026-11-02", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-16T09:00:00Z", true},
		"every second week, off":        {`"freq": "WEEKLY", "interval": 2, "dtstart": "2026-11-02", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-23T09:00:00Z", false},
		"weeks that begin on Sunday":    {`"freq": "WEEKLY", "interval": 2, "wkst": "SU", "dtstart": "2026-11-07", "byday": "SU,SA", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-15T09:00:00Z", true},
		"the third and last time":       {`"freq": "WEEKLY", "count": 3, "dtstart": "2026-11-02", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-16T09:00:00Z", true},
		"a fourth time":                 {`"freq": "WEEKLY", "count": 3, "dtstart": "2026-11-02", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-23T09:00:00Z", false},
		"until that day":                {office + `"until": "2026-11-23", ` + berlin, "2026-11-23T16:00:00+01:00", true},
		"after until":                   {office + `"until": "2026-11-23", ` + berlin, "2026-11-24T10:00:00+01:00", false},
		"no longer valid":               {office + `"valid_to": "2026-11-20", ` + berlin, "2026-11-23T10:00:00+01:00", false},
		"not yet valid":                 {office + `"valid_from": "2026-12-01", ` + berlin, "2026-11-23T10:00:00+01:00", false},
		"one day only":                  {`"dtstart": "2026-11-23", "opens_at": "09:00", "closes_at": "10:00", "timezone": 0`, "2026-11-23T09:30:00Z", true},
		"without a time zone":           {office + `"notes": ""`, "2026-11-23T10:00:00Z", false},
		"without hours":                 {`"freq": "WEEKLY", "byday": "MO", "timezone": 0`, "2026-11-23T10:00:00Z", false},
		"the hour of the clock's own":   {`"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00+02:00", "closes_at": "10:00+02:00"`, "2026-11-23T07:30:00Z", true},
	} {
		s := scheduled(t, c.schedule).At(nil)
		if got := s.OpenAt(moment(t, c.at)); got != c.want {
			t.Errorf("%s: open at %s: %v", name, c.at, got)
		}
	}
}

// The night of a clock change: the hour that is skipped and the one that comes
// twice.
func TestClockChange(t *testing.T) {
	for name, c := range map[string]struct{ hours, at, opens, closes string }{
		"it opens in the hour that is skipped":  {`"opens_at": "02:30", "closes_at": "04:00"`, "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z"},
		"it opens in the hour that comes twice": {`"opens_at": "02:30", "closes_at": "04:00"`, "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z"},
		"a night of eleven hours":               {`"opens_at": "20:00", "closes_at": "08:00"`, "2026-03-28T18:00:00Z", "2026-03-28T19:00:00Z", "2026-03-29T06:00:00Z"},
		"a night of thirteen hours":             {`"opens_at": "20:00", "closes_at": "08:00"`, "2026-10-24T17:00:00Z", "2026-10-24T18:00:00Z", "2026-10-25T07:00:00Z"},
	} {
		s := scheduled(t, `"freq": "WEEKLY", "byday": "SA,SU", `+c.hours+", "+berlin).At(nil)
		opens, closes, ok := s.NextOpen(moment(t, c.at))
		if !ok || !opens.Equal(moment(t, c.opens)) || !closes.Equal(moment(t, c.closes)) {
			t.Errorf("%s: %s to %s, %v", name, opens.UTC(), closes.UTC(), ok)
		}
	}
}

// A clinic that is closed until hour 73 after the incident.
func TestNextOpen(t *testing.T) {
	s := scheduled(t, `"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "timezone": 2`)
	friday := moment(t, "2026-11-20T08:00:00+02:00")
	opens, _, ok := s.In("EG").NextOpen(friday)
	if !ok || opens.Sub(friday) != 73*time.Hour {
		t.Errorf("after %s", opens.Sub(friday))
	}
	opens, _, ok = s.In("EG").NextOpen(opens.Add(time.Hour))
	if !ok || opens.Sub(friday) != 73*time.Hour {
		t.Error("the opening under way is not the next one")
	}
	if _, _, ok := scheduled(t, `"freq": "WEEKLY", "until": "2020-01-01", "opens_at": "09:00", "closes_at": "17:00", "timezone": 2`).In("EG").NextOpen(friday); ok {
		t.Error("what has ended opens again")
	}
}

// An offset was meant as the country's zone, where the zone ever shows it.
func TestOffsetAndCountry(t *testing.T) {
	s := scheduled(t, `"freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00", "timezone": 2`)
	july := moment(t, "2026-07-06T06:00:00Z")
	for country, want := range map[code.Country]bool{"EG": true, "VN": false, "MX": false} {
		if got := s.In(country).OpenAt(july); got != want {
			t.Errorf("%s: %v", country, got)
		}
	}
}

func TestEveryCapitalHasAZone(t *testing.T) {
	for country := range capitals {
		if ZoneOf(country) == nil {
			t.Errorf("%s has none", country)
		}
	}
}

// Whatever the rule and the instant: the next opening is not over, opens and
// closes in order, and is open from its beginning to its end.
func TestNextOpenIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
		text := `"opens_at": "` + part("opens", "00:00", "02:30", "09:00", "23:30") + `", "closes_at": "` + part("closes", "00:00", "02:15", "12:00", "24:00") + `",` +
			part("rule", `"freq": "WEEKLY"`, `"freq": "WEEKLY", "byday": "SA,SU"`, `"freq": "MONTHLY", "byday": "-1SU,2MO"`, `"freq": "MONTHLY", "bymonthday": "31,-2"`,
				`"freq": "WEEKLY", "interval": 3, "dtstart": "2026-01-01", "count": 30`, `"dtstart": "2026-10-25"`) + `, "attributes": [{"taxonomy_term": {"taxonomy": "sanad-timezone", "code": "` +
			part("zone", "Europe/Berlin", "Africa/Cairo", "America/Guatemala", "Asia/Kolkata") + `"}}]`
		s, broken := compile(Document([]byte("{" + text + "}")))
		if len(broken) > 0 {
			t.Fatal(broken)
		}
		s = s.At(nil)
		at := time.Unix(rapid.Int64Range(1767225600, 1830297600).Draw(t, "at"), 0)
		opens, closes, ok := s.NextOpen(at)
		if !ok {
			if s.OpenAt(at) {
				t.Fatal("open, and never opens")
			}
			return
		}
		if !at.Before(closes) || closes.Before(opens) {
			t.Fatalf("at %s: %s to %s", at, opens, closes)
		}
		if s.OpenAt(at) != !at.Before(opens) {
			t.Fatalf("at %s: %s to %s, open %v", at, opens, closes, s.OpenAt(at))
		}
		if opens.Before(closes) && (!s.OpenAt(opens) || !s.OpenAt(closes.Add(-time.Second))) {
			t.Fatalf("closed between %s and %s", opens, closes)
		}
	})
}

// What was said until a day that is over is not known after it.
func TestKnownAt(t *testing.T) {
	const office = `"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "timezone": 0`
	monday := moment(t, "2026-11-23T10:00:00Z")
	for name, c := range map[string]struct {
		hours []string
		want  bool
	}{
		"no end":                {[]string{office}, true},
		"its last day":          {[]string{office + `, "valid_to": "2026-11-23"`}, true},
		"over":                  {[]string{office + `, "valid_to": "2026-11-22"`}, false},
		"over, and another":     {[]string{office + `, "valid_to": "2026-11-22"`, office}, true},
		"over, and one to come": {[]string{office + `, "valid_to": "2026-11-22"`, office + `, "valid_from": "2026-12-01"`}, true},
		"a rule that has ended": {[]string{office + `, "until": "2026-11-22"`}, true},
	} {
		var h Hours
		for _, text := range c.hours {
			h = append(h, scheduled(t, text).At(nil))
		}
		if h.KnownAt(monday) != c.want {
			t.Errorf("%s: %t", name, !c.want)
		}
	}
}
