package hsds

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sanad-network/sanad/api/code"
)

// The taxonomies of this network. A term of one is an attribute that carries a
// code; every other taxonomy is its publisher's own.
const (
	TaxonomyService       = "sanad-service"
	TaxonomySex           = "sanad-sex"
	TaxonomySituation     = "sanad-situation"
	TaxonomyAccessibility = "sanad-accessibility"
	TaxonomyVisibility    = "sanad-visibility"
	TaxonomyArea          = "sanad-area"
	TaxonomyTimezone      = "sanad-timezone"
)

// SchemeAgency is the scheme of an organization's identifier that is its slug
// in this network.
const SchemeAgency = "sanad-agency"

// taxonomy says which codes a taxonomy of ours has, and what may carry them.
type taxonomy struct {
	about string
	codes []string
	// takes is set where the codes are too many for a list.
	takes func(string) bool
	on    []string
}

var ours = map[string]taxonomy{
	TaxonomyService: {
		about: "What help a service is, as referrals name it.", codes: texts(code.Services), on: []string{"service"},
	},
	TaxonomySex: {
		about: "Whom a service is for, by sex. None said: everybody.", codes: texts(code.Sexes), on: []string{"service"},
	},
	TaxonomySituation: {
		about: "Whom a service is for, by situation. None said: everybody.", codes: texts(code.Situations), on: []string{"service"},
	},
	TaxonomyAccessibility: {
		about: "What makes a service or a location usable for her.", codes: texts(code.Accessibilities),
		on: []string{"service", "location", "service_at_location"},
	},
	TaxonomyVisibility: {
		about: "Who may know of the entry.", codes: texts(code.Visibilities),
		on: []string{"organization", "service", "location", "service_at_location"},
	},
	TaxonomyArea: {
		about: "Where a service is given: a country (ISO 3166-1) or a part of one (ISO 3166-2), finer ones behind a further hyphen.", takes: isArea,
		on: []string{"service", "service_at_location", "service_area"},
	},
	TaxonomyTimezone: {
		about: "The time zone of a schedule, as in the IANA list.", takes: func(s string) bool {
			_, ok := zoneNamed(s)
			return ok
		}, on: []string{"schedule"},
	},
}

var area = regexp.MustCompile(`^([A-Z]{2})(-[A-Z0-9]{1,12}){0,3}$`)

func isArea(s string) bool {
	m := area.FindStringSubmatch(s)
	return m != nil && slices.Contains(code.Countries, code.Country(m[1]))
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return out
}

// claims says whether a taxonomy bears a name of ours, or nearly so. A misspelled
// sanad-visibility must not make an entry public.
func claims(name string) bool {
	name = plain(name)
	if strings.HasPrefix(name, "sanad") || strings.Contains(name, "visib") {
		return true
	}
	for ours := range ours {
		if slips(name, plain(ours)) <= 2 {
			return true
		}
	}
	return false
}

// plain leaves the letters of a name, small and of usual width: a space that nobody sees
// is no part of a name.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if 0xff01 <= r && r <= 0xff5e {
			r -= 0xfee0
		}
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// slips is how many letters must be changed, added or left out to make one name of
// another (Levenshtein).
func slips(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 2*len(y) {
		return len(x)
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		before := row[0]
		row[0] = i + 1
		for j, s := range y {
			change := before
			if r != s {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, before+1, row[j]+1)
		}
	}
	return row[len(y)]
}

// listed says whether a taxonomy of ours has a code.
func listed(taxonomy, word string) bool {
	t, ok := ours[taxonomy]
	return ok && (t.takes == nil && slices.Contains(t.codes, word) || t.takes != nil && t.takes(word))
}

// judge says why a term of ours is not allowed on a shape, or nothing.
func judge(taxonomy, word, shape string) string {
	t, known := ours[taxonomy]
	switch {
	case !known:
		return "names a taxonomy that is not one of this network"
	case !slices.Contains(t.on, shape):
		return "carries a code of this network that is not read there"
	case !listed(taxonomy, word):
		return "has a code that is not on the list of " + taxonomy
	}
	return ""
}

// derived is the identifier of something of ours, always the same: a UUID of
// version 8 (RFC 9562), made of a name that is no datum of a person.
func derived(name string) string {
	sum := sha256.Sum256([]byte("sanad/hsds/" + name))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Taxonomies are the taxonomies of this network as HSDS has them.
func Taxonomies() []map[string]any {
	var list []map[string]any
	for _, name := range slices.Sorted(keys(ours)) {
		list = append(list, taxonomyOf(name))
	}
	return list
}

func taxonomyOf(name string) map[string]any {
	return map[string]any{"id": derived(name), "name": name, "description": ours[name].about}
}

// Terms are the codes of this network as terms of HSDS.
func Terms() []map[string]any {
	var list []map[string]any
	for _, name := range slices.Sorted(keys(ours)) {
		for _, c := range ours[name].codes {
			list = append(list, termOf(name, c))
		}
	}
	return list
}

func termOf(taxonomy, word string) map[string]any {
	return map[string]any{
		"id": derived(taxonomy + "/" + word), "code": word, "taxonomy": taxonomy,
		"name": strings.ReplaceAll(word, "_", " "), "description": "The code " + word + " of " + taxonomy + ".",
		"taxonomy_detail": taxonomyOf(taxonomy),
	}
}

// CapacityID is the identifier of a capacity that an agency reports and no
// delivery has named.
func CapacityID(service, unit string) string {
	return derived("capacity/" + service + "/" + strings.ToLower(unit))
}

// UnitID is the identifier of a unit that no delivery has named.
func UnitID(unit string) string { return derived("unit/" + strings.ToLower(unit)) }

// Bears says whether a term describes what a document is about, or something in it.
func Bears(document map[string]any, term string) bool {
	return within(document, func(a map[string]any) bool {
		is, _ := a["taxonomy_term"].(map[string]any)
		return is["id"] == term || a["taxonomy_term_id"] == term
	})
}

// Describes says whether some term of a taxonomy does, by the identifier or the name of
// the taxonomy.
func Describes(document map[string]any, taxonomy, name string) bool {
	return within(document, func(a map[string]any) bool {
		term, _ := a["taxonomy_term"].(map[string]any)
		detail, _ := term["taxonomy_detail"].(map[string]any)
		return detail["id"] == taxonomy || term["taxonomy_id"] == taxonomy || name != "" && taxonomyIn(a) == name
	})
}

func within(v any, attribute func(map[string]any) bool) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return within(item, attribute) })
	case map[string]any:
		for name, item := range v {
			if name == "attributes" && slices.ContainsFunc(objects(item), attribute) || name != "attributes" && within(item, attribute) {
				return true
			}
		}
	}
	return false
}
