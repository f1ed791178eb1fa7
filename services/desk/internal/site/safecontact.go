package site

import (
	"slices"
	"strconv"
	"strings"
)

// caseContact is how she may be reached, as it was written. Every field that the contract
// has is shown: one that a page left out could be the one that keeps her safe.
type caseContact map[string]any

// Note is what a worker reads first.
func (k caseContact) Note() string {
	note, _ := k["safe_note"].(string)
	return note
}

// Safe says that somebody wrote what is safe, in a note or in channels.
func (k caseContact) Safe() bool { return k.Note() != "" || k["safe_channels"] != nil }

// contactRows are all of it but the note.
func (v *visit) contactRows(k caseContact) []row {
	rest := map[string]any{}
	for name, value := range k {
		if name != "safe_note" {
			rest[name] = value
		}
	}
	return v.rows(v.written("contact"), "", rest)
}

// inLine are the objects that people read in one line, by their schemas.
var inLine = map[string]func(*visit, map[string]any) []string{
	"SafeChannel": (*visit).channelWords, "NeverContact": (*visit).neverWords, "SafeHours": (*visit).hoursWords,
	"OnPaper": (*visit).paperWords,
}

// line is such an object.
func (v *visit) line(schema string, value any) (string, bool) {
	say, ok := inLine[schema]
	one, is := value.(map[string]any)
	if !ok || !is {
		return "", false
	}
	return strings.Join(slices.DeleteFunc(say(v, one), func(s string) bool { return s == "" }), v.W.T("format.comma")), true
}

// channelWords say also what was not allowed: who may answer, and that no message may be left.
func (v *visit) channelWords(c map[string]any) []string {
	said := append(v.neverWords(c), text(c, "person"))
	who := text(c, "who_may_answer")
	if who == "" {
		who = "only_her"
	}
	said = append(said, v.W.Code("WhoMayAnswer", who))
	if text(c, "kind") == "call" {
		voicemail := "contact.no_voicemail"
		if c["voicemail"] == true {
			voicemail = "contact.voicemail"
		}
		said = append(said, v.W.T(voicemail))
	}
	if device := text(c, "device"); device != "" {
		said = append(said, v.W.Code("Device", device))
	}
	return said
}

func (v *visit) neverWords(n map[string]any) []string {
	kind := text(n, "kind")
	if kind != "" {
		kind = v.W.Code("ContactChannel", kind)
	}
	return []string{kind, isolate(text(n, "address"))}
}

func (v *visit) hoursWords(h map[string]any) []string {
	var days []string
	list, _ := h["days"].([]any)
	for _, d := range list {
		if day, ok := d.(string); ok {
			days = append(days, day)
		}
	}
	return []string{v.codes("Weekday", days), isolate(text(h, "from") + "–" + text(h, "until"))}
}

func text(of map[string]any, name string) string {
	s, _ := of[name].(string)
	return s
}

// listed are the items of a list, each in a row of its own.
func (v *visit) listed(label, schema string, list []any) (all []row, ok bool) {
	for i, one := range list {
		said, ok := v.line(schema, one)
		if !ok {
			return nil, false
		}
		all = append(all, row{label + " " + strconv.Itoa(i+1), said})
	}
	return all, len(all) > 0
}
