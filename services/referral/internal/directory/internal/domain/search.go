package domain

import "strings"

// Mentions says whether every word of a text begins a word of an entry as it is shown: of
// what it says, and not of its identifiers.
func Mentions(d map[string]any, text string) bool {
	var b strings.Builder
	gather(&b, d)
	words := b.String()
	for word := range strings.FieldsSeq(fold(text)) {
		if !strings.Contains(words, " "+word) {
			return false
		}
	}
	return true
}

func gather(b *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		b.WriteString(fold(v))
	case []any:
		for _, item := range v {
			gather(b, item)
		}
	case map[string]any:
		for name, item := range v {
			if !isID(name) {
				gather(b, item)
			}
		}
	}
}
