package form

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Fill writes a value into a form as a person would: what Read makes of the form is that
// value again. Moments are as exact as people write them, to the minute. What the schema
// does not know is left out.
func Fill(w words.Words, to url.Values, at string, s *api.Schema, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, p := range s.Properties {
			if one, ok := v[p.Name]; ok {
				Fill(w, to, at+"/"+p.Name, p.Schema, one)
			}
		}
	case []any:
		fillList(w, to, at, s, v)
	case bool:
		to.Set(at, strconv.FormatBool(v))
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil && s.Format == "date-time" {
			v = t.In(w.Zone).Format(local)
		}
		to.Set(at, v)
	case nil:
	case float64:
		if money(at) {
			to.Set(at, Dollars(int64(v)))
			return
		}
		to.Set(at, strconv.FormatFloat(v, 'f', -1, 64))
	default:
		to.Set(at, fmt.Sprint(v))
	}
}

func fillList(w words.Words, to url.Values, at string, s *api.Schema, list []any) {
	if s.Items == nil {
		return
	}
	var lines []string
	for i, one := range list {
		switch {
		case s.Items.Type == "object":
			Fill(w, to, at+"/"+strconv.Itoa(i), s.Items, one)
		case len(s.Items.Enum) > 0:
			to.Add(at, fmt.Sprint(one))
		default:
			lines = append(lines, fmt.Sprint(one))
		}
	}
	if lines != nil {
		to.Set(at, strings.Join(lines, "\n"))
	}
}
