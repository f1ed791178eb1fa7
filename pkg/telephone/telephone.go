// Package telephone says what a telephone number means that somebody wrote: with
// brackets, an extension, a slash, in the digits of any script, with or without the
// country. Two writings of one number mean the same. It refuses what is no number,
// and never rewrites one: what was written stays as it was.
//
// The numbering plans are those of libphonenumber. They are older than the plans of
// the countries. So a number that they do not know is one all the same, and means
// the digits that were written: a wrong refusal would cost the way to a survivor.
package telephone

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/sanad-network/sanad/pkg/writing"
)

// Meaning is what a writing means, for comparison: "+50255550123" (E.164), with
// ";ext=12" behind it for an extension (RFC 3966); "GT:1500" for digits that mean
// something in that country only. Of several numbers in one writing each is there
// once, sorted, with "/" between them.
type Meaning string

// How many digits a number has: from those of a help line to 15 in E.164, and two
// more with the prefix that is dialled before them.
const shortest, longest = 3, 17

var (
	// extended takes an extension off, as people name it where the network works.
	extended = regexp.MustCompile(`(?i)^(.*[0-9)\]]) *[,;]? *(?:ext(?:ensi[oó]n|ension|n)?|int(?:erno)?|anexo|доб(?:авочный)?|вн|تحويلة|داخلي|x|#|;ext=)[.:=]? *([0-9]{1,7})$`)
	// dialled is what may stand around digits.
	dialled = regexp.MustCompile(`^[(\[]?\+?[0-9 ()\[\]./~-]+$`)
	global  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	digits  = regexp.MustCompile(`[^0-9]`)
)

// Read gives what a writing means in a country (ISO 3166-1, two letters; empty for
// none). Not ok: it is no telephone number, or holds more than one.
func Read(written, country string) (Meaning, bool) {
	text, extension := split(written)
	if m, known := read(text, country); known || m != "" && !strings.Contains(text, "/") {
		return m + extension, m != ""
	}
	// A slash is a part of one number, or stands between two.
	var all []Meaning
	for part := range strings.SplitSeq(text, "/") {
		m, known := read(strings.TrimSpace(part), country)
		if !known {
			m, _ := read(text, country)
			return m + extension, m != ""
		}
		all = append(all, m)
	}
	all[len(all)-1] += extension
	return join(all), true
}

// International gives the E.164 form of a number that is written with "+" and its
// country, and has no extension: what a message can be sent to from anywhere. Not
// ok: it is something else.
func International(written string) (string, bool) {
	text, extension := split(written)
	if extension != "" || !strings.HasPrefix(strings.TrimLeft(text, "(["), "+") || !dialled.MatchString(text) {
		return "", false
	}
	if m, known := read(text, ""); known {
		return string(m), true
	}
	plain := "+" + digits.ReplaceAllString(text, "")
	// A bracket may hold digits that are not dialled from abroad: +44 (0)20.
	return plain, global.MatchString(plain) && !strings.ContainsAny(text, "([")
}

// split takes the extension off a number in plain digits and signs.
func split(written string) (text string, extension Meaning) {
	text = strings.TrimSpace(writing.Plain(written))
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "tel:"), "Tel:"))
	if parts := extended.FindStringSubmatch(text); parts != nil {
		return strings.TrimSpace(parts[1]), Meaning(";ext=" + parts[2])
	}
	return text, ""
}

// read reads one number without an extension. It is known when its country's plan
// has numbers of that length.
func read(text, country string) (m Meaning, known bool) {
	plain := digits.ReplaceAllString(text, "")
	if !dialled.MatchString(text) || len(plain) < shortest || len(plain) > longest {
		return "", false
	}
	if n, err := phonenumbers.Parse(text, country); err == nil && phonenumbers.IsPossibleNumber(n) {
		if e164 := phonenumbers.Format(n, phonenumbers.E164); global.MatchString(e164) {
			return Meaning(e164), true
		}
	}
	if strings.HasPrefix(strings.TrimLeft(text, "(["), "+") {
		return Meaning("+" + plain), false
	}
	return Meaning(country + ":" + plain), false
}

func join(all []Meaning) Meaning {
	texts := make([]string, len(all))
	for i, m := range all {
		texts[i] = string(m)
	}
	slices.Sort(texts)
	return Meaning(strings.Join(slices.Compact(texts), "/"))
}
