package edge

import (
	"net/http"
	"strings"
)

const (
	headerPrefer  = "Prefer"
	returnMinimal = "return=minimal"
)

// The header is shared and never written to.
var preferenceApplied = []string{returnMinimal}

// minimal reports whether the caller prefers an answer without the record (RFC
// 7240, section 4.2). Of a preference that is given twice the first counts. Other
// preferences are ignored.
func minimal(h http.Header) bool {
	for _, line := range h[headerPrefer] {
		for line != "" {
			var preference string
			preference, line = cut(line, ',')
			preference, _ = cut(preference, ';') // its parameters
			name, value, _ := strings.Cut(preference, "=")
			if strings.EqualFold(strings.Trim(name, " \t"), "return") {
				value = strings.Trim(value, " \t")
				return value == "minimal" || value == `"minimal"`
			}
		}
	}
	return false
}

// cut is strings.Cut at the first separator that is not quoted.
func cut(text string, separator byte) (before, after string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
