package guarantees_test

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// none is an attribute that is not there.
const none = "\x00"

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return none
}

// elements are those of some names, in their order.
func elements(n *html.Node, names ...string) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && slices.Contains(names, d.Data) && !yield(d) {
				return
			}
		}
	}
}

// above is the nearest element of a name around another.
func above(n *html.Node, name string) *html.Node {
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && a.Data == name {
			return a
		}
	}
	return nil
}

// raw is the text as it was written, and text is as it is read. What cannot be seen is none.
func raw(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "script" && d.Parent.Data != "title" && d.Parent.Data != "option" || n.Data == "option") {
			s.WriteString(d.Data)
		}
	}
	return s.String()
}

func text(n *html.Node) string { return strings.Join(strings.Fields(unheard.Replace(raw(n))), " ") }

// unheard is what isolates a text from its neighbours: it is drawn, and not read.
var unheard = strings.NewReplacer("\u2068", "", "\u2069", "")

func byID(root *html.Node, id string) *html.Node {
	for d := range root.Descendants() {
		if d.Type == html.ElementNode && attribute(d, "id") == id {
			return d
		}
	}
	return nil
}

// name is how a field is called: its label, or what it says of itself. In a group it has the
// group's name before its own, as a reader says it.
func (b *browser) name(n *html.Node) string { return name(b.doc, n) }

func name(doc, n *html.Node) string {
	own := ""
	if label := attribute(n, "aria-label"); label != none {
		own = label
	} else if id := attribute(n, "id"); id != none {
		for l := range elements(doc, "label") {
			if attribute(l, "for") == id {
				own = caption(l)
			}
		}
	}
	if own == "" {
		if l := above(n, "label"); l != nil {
			own = caption(l)
		}
	}
	if group := above(n, "fieldset"); group != nil && own != "" {
		for l := range elements(group, "legend") {
			if above(l, "fieldset") == group {
				return caption(l) + " › " + own
			}
		}
	}
	return own
}

// caption is a label without what stands beside it.
func caption(l *html.Node) string {
	s := text(l)
	for d := range elements(l, "span") {
		if attribute(d, "class") == "optional" {
			s = strings.TrimSpace(strings.Replace(s, text(d), "", 1))
		}
	}
	return s
}

var landmarks = map[string]string{"header": "banner", "nav": "navigation", "main": "main", "footer": "contentinfo", "section": "region", "form": "form"}

// outline is the page as a reader of screens has it: role, name and state of each thing, in
// their order. Ids of records, moments and what stands in a value are left out: the outlines
// of two runs are the same.
func (b *browser) outline() string {
	var s strings.Builder
	for body := range elements(b.doc, "body") {
		outline(&s, b.doc, body, 0)
	}
	return varies.ReplaceAllString(s.String(), "…")
}

var varies = regexp.MustCompile(`\b[a-z]+_[0-9A-Za-z]{20,}\b|\b\d{1,2} \p{L}+ \d{4}, \d{2}:\d{2}\b|\b\d+ (minute|hour|day)s? left\b|⟦\d+ [^⟧ ]+ lëft~+⟧|(Application|Åpplïçátïôñ|Matter|[Ss]upport plan|Examination|Máttër|[Šš]üppôrt pláñ|Éxámïñátïôñ|Stay|Štáý|Booking|Bôôkïñg|custody|çüštôdý|Version|Vëršïôñ|Draft|Dráft) \b[0-9a-hjkmnp-tv-z]{6}\b|\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){1,2}\b|\b[0-9]{4}-Q[1-4]\b`)

func outline(s *strings.Builder, doc, n *html.Node, depth int) {
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode || attribute(c, "hidden") != none || attribute(c, "type") == "hidden" {
			continue
		}
		line, deeper := spoken(doc, c)
		if line == "" {
			outline(s, doc, c, depth)
			continue
		}
		fmt.Fprintf(s, "%s%s\n", strings.Repeat("  ", depth), line)
		if deeper {
			outline(s, doc, c, depth+1)
		}
	}
}

// spoken is one thing, and whether there is more in it.
func spoken(doc, n *html.Node) (line string, deeper bool) {
	role := attribute(n, "role")
	switch {
	case role == "alert" || role == "status":
		return role + " " + quoted(text(n)), true
	case n.Data == "h1", n.Data == "h2", n.Data == "h3":
		return "heading " + n.Data[1:] + " " + quoted(text(n)), false
	case n.Data == "summary":
		return "more " + quoted(text(n)), false
	case n.Data == "a":
		return "link " + quoted(text(n)) + state(doc, n), false
	case n.Data == "button":
		return "button " + quoted(text(n)) + state(doc, n), false
	case n.Data == "fieldset":
		for l := range elements(n, "legend") {
			return "group " + quoted(caption(l)), true
		}
		return "group without a name", true
	case n.Data == "textarea":
		return "text of several lines " + quoted(name(doc, n)) + state(doc, n), false
	case n.Data == "select":
		return "choice " + quoted(name(doc, n)) + state(doc, n), false
	case n.Data == "input":
		kind := strings.TrimPrefix(attribute(n, "type"), none)
		if kind == "" {
			kind = "text"
		}
		return kind + " " + quoted(name(doc, n)) + state(doc, n), false
	case n.Data == "dt":
		return "term " + quoted(text(n)), false
	case n.Data == "ul" || n.Data == "ol":
		return "list", true
	case landmarks[n.Data] != "":
		label := attribute(n, "aria-label")
		if n.Data == "form" && label == none || n.Data == "section" && label == none {
			return "", true
		}
		line = landmarks[n.Data]
		if label != none {
			line += " " + quoted(label)
		}
		return line, true
	}
	return "", true
}

func quoted(s string) string { return `"` + s + `"` }

// state is what a reader adds: what must be filled in, what is wrong, and where one is.
func state(doc, n *html.Node) string {
	var s strings.Builder
	for _, is := range []string{"required", "checked", "disabled"} {
		if attribute(n, is) != none {
			s.WriteString(", " + is)
		}
	}
	if attribute(n, "aria-current") != none {
		s.WriteString(", current")
	}
	if attribute(n, "aria-invalid") == "true" {
		s.WriteString(", invalid")
	}
	if ids := attribute(n, "aria-describedby"); ids != none {
		for id := range strings.FieldsSeq(ids) {
			if d := byID(doc, id); d != nil {
				s.WriteString(", described by " + quoted(text(d)))
			} else {
				s.WriteString(", described by nothing")
			}
		}
	}
	return s.String()
}
