package hsds

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Merge is a document after another delivery of the same entry. What the
// delivery does not name stays. A list that it names replaces the one that was
// there, with three exceptions that keep a short delivery from doing harm: a
// service keeps its locations; attributes are replaced taxonomy by taxonomy, so
// that nothing becomes visible because a delivery does not mention that it is
// hidden; and of two counts of a capacity the later one stays, so that
// yesterday's file does not undo today's report.
func Merge(stored, incoming map[string]any) map[string]any {
	merged := maps.Clone(stored)
	if merged == nil {
		merged = map[string]any{}
	}
	for name, v := range incoming {
		was, is := objects(stored[name]), objects(v)
		switch name {
		case "service_at_locations":
			merged[name] = union(was, is, Merge)
		case "capacities":
			merged[name] = union(was, is, later)
		case "attributes":
			merged[name] = byTaxonomy(was, is)
		default:
			merged[name] = v
		}
	}
	return merged
}

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	out := make([]map[string]any, 0, len(list))
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func anys(list []map[string]any) []any {
	out := make([]any, len(list))
	for i, m := range list {
		out[i] = m
	}
	return out
}

func union(was, is []map[string]any, both func(was, is map[string]any) map[string]any) []any {
	merged := slices.Clone(was)
	for _, m := range is {
		if i := slices.IndexFunc(merged, func(o map[string]any) bool { return o["id"] == m["id"] }); i >= 0 {
			merged[i] = both(merged[i], m)
		} else {
			merged = append(merged, m)
		}
	}
	return anys(merged)
}

// dated is where a count keeps the instant that its publisher wrote, when that was in the
// future.
const dated = "sanad_dated"

// Arrived is a document at its arrival. A count that somebody's clock dates in the future
// counts from then on, so that a later report wins. It gives the same document where
// there is none, and says whether there was one.
func Arrived(document map[string]any, at time.Time) (map[string]any, bool) {
	counts := objects(document["capacities"])
	future := false
	for i, c := range counts {
		if updated(c).After(at) {
			c = maps.Clone(c)
			c[dated], c["updated"] = c["updated"], at.UTC().Format(time.RFC3339Nano)
			counts[i], future = c, true
		}
	}
	if !future {
		return document, false
	}
	document = maps.Clone(document)
	document["capacities"] = anys(counts)
	return document, true
}

// Counted is a document after a report of one count, which replaces the one before it.
func Counted(stored, capacity map[string]any) map[string]any {
	counted := maps.Clone(stored)
	if counted == nil {
		counted = map[string]any{}
	}
	counted["capacities"] = union(objects(stored["capacities"]), []map[string]any{capacity}, func(_, is map[string]any) map[string]any { return is })
	return counted
}

func later(was, is map[string]any) map[string]any {
	if was[dated] != nil && (is[dated] == was[dated] || is["updated"] == was[dated]) {
		return was // the same count again: it came when it first came
	}
	if updated(is).Before(updated(was)) {
		return was
	}
	return is
}

func updated(capacity map[string]any) time.Time {
	text, _ := capacity["updated"].(string)
	t, _ := time.Parse(time.RFC3339, text) // a capacity without an instant is older than any
	return t
}

func byTaxonomy(was, is []map[string]any) []any {
	named := map[string]bool{}
	for _, a := range is {
		named[taxonomyIn(a)] = true
	}
	var merged []map[string]any
	for _, a := range was {
		if !named[taxonomyIn(a)] {
			merged = append(merged, a)
		}
	}
	return anys(append(merged, is...))
}

func taxonomyIn(attribute map[string]any) string {
	term, _ := attribute["taxonomy_term"].(map[string]any)
	if name, _ := term["taxonomy"].(string); name != "" {
		return name
	}
	detail, _ := term["taxonomy_detail"].(map[string]any)
	name, _ := detail["name"].(string)
	return name
}

// Document reads a document that Encode wrote.
func Document(text []byte) map[string]any {
	v, err := decode(text)
	if err != nil {
		return nil
	}
	object, _ := v.(map[string]any)
	return object
}

// Handed reads a document that somebody else wrote; nil for one that cannot be read.
func Handed(text []byte) map[string]any {
	v, err := decodeOther(text)
	if err != nil {
		return nil
	}
	object, _ := v.(map[string]any)
	return object
}

// Encode writes a document, always in the same form.
func Encode(document map[string]any) ([]byte, error) { return json.Marshal(document) }
