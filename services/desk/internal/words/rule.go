package words

import (
	"regexp"
	"strings"
)

// coded are the rules that name a code of a list, or a name (without a list).
var coded = []struct{ before, after, list string }{
	{"consent to ", " in force", "Purpose"},
	{"one for the purpose ", " exists", "Purpose"},
	{"one for the service ", " exists", "Service"},
	{"one for the agency ", " exists", ""},
	{"in force: scope ", "", "CredentialScope"},
	{"in force: course ", "", "Course"},
	{"in force: content ", "", "CourseContent"},
	{"not ", "", "ReferralStatus"},
}

var amount = regexp.MustCompile(`-?[0-9]+([.][0-9]+)?`)

// Rule says in words which rule a value broke, as a service named it. When it reports false,
// there are no words for it, and the rule is given as the service said it, in English.
func (w Words) Rule(rule string) (text string, known bool) {
	if text, known := w.one(rule); known {
		return text, true
	}
	parts := strings.Split(rule, "; ")
	for i, part := range parts {
		text, known := w.one(part)
		if !known {
			return rule, false
		}
		parts[i] = text
	}
	return strings.Join(parts, " "), true
}

func (w Words) one(rule string) (string, bool) {
	id, pairs := w.find(rule)
	if id == "" {
		return "", false
	}
	return w.T(id, pairs...), true
}

// find gives the text of a rule and what stands in it; no text where there is none.
func (w Words) find(rule string) (id string, pairs []any) {
	if id := ruleID(rule); w.book.Has(id) {
		return id, nil
	}
	if numbers := amount.FindAllString(rule, -1); len(numbers) == 1 {
		if id := ruleID(strings.Replace(rule, numbers[0], "N", 1)); w.book.Has(id) {
			return id, []any{"N", numbers[0]}
		}
	}
	for _, c := range coded {
		code, begins := strings.CutPrefix(rule, c.before)
		code, ends := strings.CutSuffix(code, c.after)
		switch {
		case !begins || !ends:
		case c.list == "":
			return ruleID(c.before + "CODE" + c.after), []any{"Code", code}
		case w.book.Has("code." + c.list + "." + code):
			return ruleID(c.before + "CODE" + c.after), []any{"Code", w.Code(c.list, code)}
		}
	}
	return "", nil
}

func ruleID(rule string) string { return "rule." + strings.ReplaceAll(rule, " ", "_") }
