package site

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// hsdsSchedule says when something is open, as HSDS has it: a part of RFC 5545.
type hsdsSchedule struct {
	ValidFrom  string  `json:"valid_from"`
	ValidTo    string  `json:"valid_to"`
	Start      string  `json:"dtstart"`
	Until      string  `json:"until"`
	Count      float64 `json:"count"`
	Interval   float64 `json:"interval"`
	Freq       string  `json:"freq"`
	ByDay      string  `json:"byday"`
	ByMonthDay string  `json:"bymonthday"`
	ByWeek     string  `json:"byweekno"`
	ByYearDay  string  `json:"byyearday"`
	Opens      string  `json:"opens_at"`
	Closes     string  `json:"closes_at"`
}

// openTime is a schedule in words.
type openTime struct{ Days, Hours, But string }

// openings are schedules in words. One that is over is left out.
func (v *visit) openings(all []hsdsSchedule) (out []openTime) {
	today := v.site.cfg.Clock().In(v.W.Zone).Format(time.DateOnly)
	for _, s := range all {
		if ended(s.ValidTo, today) || ended(s.Until, today) {
			continue
		}
		out = append(out, openTime{v.openDays(s), v.openHours(s), v.openBut(s, today)})
	}
	return out
}

func ended(day, today string) bool { return len(day) >= len(today) && day[:len(today)] < today }

// weekdays are the days of RFC 5545, in its order.
var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// nths are the words for a day of the month that is counted.
var nths = map[int]string{1: "hours.first", 2: "hours.second", 3: "hours.third", 4: "hours.fourth", 5: "hours.fifth", -1: "hours.last"}

// openDays is on which days: runs of days have their ends alone.
func (v *visit) openDays(s hsdsSchedule) string {
	var plain []int
	var said []string
	for part := range strings.SplitSeq(s.ByDay, ",") {
		part = strings.TrimSpace(part)
		at := len(part) - 2
		if at < 0 || !slices.Contains(weekdays, part[at:]) {
			continue
		}
		day := slices.Index(weekdays, part[at:])
		n, err := strconv.Atoi(part[:at])
		switch word, counted := nths[n]; {
		case at == 0:
			plain = append(plain, day)
		case err == nil && counted:
			said = append(said, v.W.T(word, "Day", v.weekday(day)))
		default:
			return v.W.T("hours.some_days")
		}
	}
	said = append(v.runs(plain), said...)
	if s.ByMonthDay != "" {
		said = append(said, v.W.T("hours.month_days", "Days", strings.ReplaceAll(s.ByMonthDay, ",", ", ")))
	}
	if start, err := time.Parse(time.DateOnly, s.Start); err == nil && len(said) == 0 && s.Freq == "WEEKLY" {
		said = append(said, v.weekday((int(start.Weekday())+6)%7))
	}
	if len(said) == 0 {
		return v.W.T("hours.some_days")
	}
	return strings.Join(said, v.W.T("format.comma"))
}

// runs are days of the week, where three and more in a row are one.
func (v *visit) runs(days []int) (said []string) {
	slices.Sort(days)
	days = slices.Compact(days)
	if len(days) == len(weekdays) {
		return []string{v.W.T("hours.every_day")}
	}
	for len(days) > 0 {
		n := 1
		for n < len(days) && days[n] == days[0]+n {
			n++
		}
		if n > 2 {
			said = append(said, v.W.T("hours.from_to", "From", v.weekday(days[0]), "To", v.weekday(days[n-1])))
		} else {
			for _, d := range days[:n] {
				said = append(said, v.weekday(d))
			}
		}
		days = days[n:]
	}
	return said
}

func (v *visit) weekday(i int) string { return v.W.Code("HSDSWeekday", weekdays[i]) }

// openHours is from when to when.
func (v *visit) openHours(s hsdsSchedule) string {
	opens, closes := clock(s.Opens), clock(s.Closes)
	switch {
	case opens == "" || closes == "":
		return v.W.T("hours.no_times")
	case opens == "00:00" && (closes == "23:59" || closes == "24:00" || closes == "00:00"):
		return v.W.T("hours.whole_day")
	case closes < opens:
		return v.W.T("hours.over_night", "From", opens, "To", closes)
	}
	return v.W.T("hours.from_to", "From", opens, "To", closes)
}

// clock is a time of the day without what stands behind its minutes.
func clock(text string) string {
	if len(text) == len("8:00") || len(text) > 4 && text[1] == ':' {
		text = "0" + text
	}
	if len(text) < len("08:00") || text[2] != ':' {
		return ""
	}
	return text[:len("08:00")]
}

// openBut is what else limits the rule: people are told to ask where it is not plain.
func (v *visit) openBut(s hsdsSchedule, today string) string {
	var said []string
	if s.Interval > 1 || s.Count > 0 || s.ByWeek != "" || s.ByYearDay != "" {
		said = append(said, v.W.T("hours.not_each"))
	}
	if len(s.ValidFrom) >= len(today) && s.ValidFrom > today {
		said = append(said, v.W.T("hours.from_day", "Day", s.ValidFrom[:len(today)]))
	}
	for _, end := range []string{s.ValidTo, s.Until} {
		if len(end) >= len(today) {
			said = append(said, v.W.T("hours.until_day", "Day", end[:len(today)]))
		}
	}
	return strings.Join(said, " ")
}
