package edge

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// repository is where a text's links go that leave the texts.
const repository = "https://github.com/sanad-network/sanad/blob/main/"

// pages shows every text. Markup inside a text is not markup on the page.
func (s *site) pages() error {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table))
	return fs.WalkDir(s.texts, ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".md" {
			return err
		}
		source, unread := fs.ReadFile(s.texts, file)
		var html bytes.Buffer
		root := markdown.Parser().Parse(text.NewReader(source))
		headings, err := s.prepare(file, root, source)
		if err = cmp.Or(unread, err, markdown.Renderer().Render(&html, source, root)); err != nil || len(headings[1]) == 0 {
			return fmt.Errorf("text %s: %w", file, cmp.Or(err, errors.New("it has no title")))
		}
		// A table is wider than a telephone, and is moved within its frame.
		wide := strings.NewReplacer("<table>", `<div class="wide" tabindex="0"><table>`, "</table>", "</table></div>").Replace(html.String())
		link := docsLink{Title: headings[1][0].Title, Address: textAddress(file)}
		s.Groups[path.Dir(file)] = append(s.Groups[path.Dir(file)], link)
		return s.page(link.Address, textPolicy, "text", link.Title, map[string]any{
			"Sections": headings[2], "Text": template.HTML(wide), //nolint:gosec // goldmark has escaped it
		})
	})
}

// textAddress is where the page of a text is.
func textAddress(file string) string {
	return path.Join("/docs", strings.TrimSuffix(strings.TrimSuffix(file, "README.md"), ".md"))
}

// prepare gives headings their anchors and links their addresses here. It lists
// the headings of each level.
func (s *site) prepare(file string, root ast.Node, source []byte) (headings [7][]docsLink, err error) {
	err = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		heading, isHeading := n.(*ast.Heading)
		link, isLink := n.(*ast.Link)
		switch {
		case isHeading && entering:
			words := strings.ReplaceAll(string(n.Lines().Value(source)), "`", "")
			// What GitHub makes of a heading, so that a link is one in both places.
			id := noAnchor.ReplaceAllString(strings.ReplaceAll(strings.ToLower(words), " ", "-"), "")
			n.SetAttributeString("id", []byte(id))
			headings[heading.Level] = append(headings[heading.Level], docsLink{words, "#" + id})
		case isLink && entering:
			link.Destination = []byte(s.target(file, string(link.Destination)))
		}
		return ast.WalkContinue, nil
	})
	return headings, err
}

var noAnchor = regexp.MustCompile(`[^a-z0-9_-]`)

// target is where a text's link goes on this site.
func (s *site) target(file, link string) string {
	to, _, _ := strings.Cut(link, "#")
	if to == "" || strings.Contains(to, ":") {
		return link
	}
	name, fragment := path.Join(path.Dir(file), to), link[len(to):]
	for _, page := range []string{name, path.Join(name, "README.md")} {
		if _, err := fs.Stat(s.texts, page); err == nil && path.Ext(page) == ".md" {
			return textAddress(page) + fragment
		}
	}
	return repository + path.Join("docs", name) + fragment
}
