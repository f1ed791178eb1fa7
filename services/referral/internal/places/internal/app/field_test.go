package app

import "encoding/json"

// field is one text of a public half.
func field(data []byte, name string) string {
	var d map[string]any
	_ = json.Unmarshal(data, &d)
	text, _ := d[name].(string)
	return text
}
