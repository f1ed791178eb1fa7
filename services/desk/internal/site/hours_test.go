package site

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Hours are in words that nobody has to work out. What is not plain says to ask.
func TestHoursAreInWords(t *testing.T) {
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	v := &visit{site: open(Config{Clock: func() time.Time { return now }}), W: book.In("en", time.UTC)}
	one := func(s hsdsSchedule) hsdsSchedule {
		if s.Opens == "" {
			s.Opens, s.Closes = "08:00", "16:30:00"
		}
		return s
	}
	for _, c := range []struct {
		name string
		in   hsdsSchedule
		want []openTime
	}{
		{"a run", hsdsSchedule{Freq: "WEEKLY", ByDay: "MO,TU,WE,TH,FR"}, []openTime{{"Monday to Friday", "08:00 to 16:30", ""}}},
		{"two runs", hsdsSchedule{Freq: "WEEKLY", ByDay: "SU,MO,TU,WE,FR"}, []openTime{{"Monday to Wednesday, Friday, Sunday", "08:00 to 16:30", ""}}},
		{"two days", hsdsSchedule{Freq: "WEEKLY", ByDay: "TU, MO"}, []openTime{{"Monday, Tuesday", "08:00 to 16:30", ""}}},
		{"always", hsdsSchedule{Freq: "WEEKLY", ByDay: "MO,TU,WE,TH,FR,SA,SU", Opens: "00:00", Closes: "23:59"}, []openTime{{"Every day", "Day and night", ""}}},
		{"over night", hsdsSchedule{Freq: "WEEKLY", ByDay: "SA", Opens: "9:00", Closes: "2:00"}, []openTime{{"Saturday", "09:00 to 02:00 on the next day", ""}}},
		{"in the month", hsdsSchedule{Freq: "MONTHLY", ByDay: "1SU,-1MO"}, []openTime{{"First Sunday of the month, Last Monday of the month", "08:00 to 16:30", ""}}},
		{"a day of the month", hsdsSchedule{Freq: "MONTHLY", ByMonthDay: "1,15"}, []openTime{{"Days of the month: 1, 15", "08:00 to 16:30", ""}}},
		{"the day of the beginning", hsdsSchedule{Freq: "WEEKLY", Start: "2026-11-26"}, []openTime{{"Thursday", "08:00 to 16:30", ""}}},
		{"what is not known", hsdsSchedule{ByDay: "-3FR", Opens: "soon", Closes: "late"}, []openTime{{"On some days", "Times are not known", ""}}},
		{"nothing", hsdsSchedule{Opens: "10:00"}, []openTime{{"On some days", "Times are not known", ""}}},
		{"each second week", hsdsSchedule{Freq: "WEEKLY", ByDay: "MO", Interval: 2}, []openTime{{"Monday", "08:00 to 16:30", "Not each time. Ask the place first."}}},
		{"to come", hsdsSchedule{ByDay: "MO", ValidFrom: "2026-12-01", ValidTo: "2026-12-31"}, []openTime{{"Monday", "08:00 to 16:30", "From 2026-12-01. Until 2026-12-31."}}},
		{"over", hsdsSchedule{ByDay: "MO", ValidTo: "2026-11-26"}, nil},
		{"the last day", hsdsSchedule{ByDay: "MO", Until: "2026-11-27"}, []openTime{{"Monday", "08:00 to 16:30", "Until 2026-11-27."}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, v.openings([]hsdsSchedule{one(c.in)})); d != "" {
				t.Error(d)
			}
		})
	}
}
