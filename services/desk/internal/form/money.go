package form

import (
	"regexp"
	"strconv"
	"strings"
)

// money says whether the value at a pointer is an amount of US dollars in cents: its name ends so.
func money(at string) bool {
	return strings.HasSuffix(at, "/cents") || strings.HasSuffix(at, "_cents")
}

var dollars = regexp.MustCompile(`^[0-9]{1,12}([.][0-9]{1,2})?$`)

// cents reads an amount as a person writes it: dollars, and after a point the cents. A comma or a space
// between thousands is nothing. Errors: *Fault.
func cents(at, text string) (any, error) {
	text = strings.NewReplacer(",", "", " ", "", "\u00a0", "").Replace(text)
	if !dollars.MatchString(text) {
		return nil, &Fault{at, "an amount of dollars"}
	}
	whole, rest, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(whole + (rest + "00")[:2])
	if err != nil {
		return nil, &Fault{at, "an amount of dollars"}
	}
	return n, nil
}

// Dollars is how an amount of cents stands in a form.
func Dollars(cents int64) string {
	text := strconv.FormatInt(cents/100, 10)
	if rest := cents % 100; rest != 0 {
		text += "." + strconv.FormatInt(100+rest, 10)[1:]
	}
	return text
}
