package bus

// Digests names what a network declares, streams and the consumers that keep
// their place, each with the digest that stands in its metadata. When one changes,
// Release must be raised.
func Digests(parts []Part) map[string]string {
	all := map[string]string{}
	for _, s := range Streams(1, parts...) {
		all[s.Name] = string(streamShape(s))
	}
	for _, p := range parts {
		for _, c := range p.durables() {
			all[c.stream+" "+p.Service] = string(consumerShape(c.config(p.Service)))
		}
	}
	return all
}
