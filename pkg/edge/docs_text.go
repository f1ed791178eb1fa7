package edge

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// repository is where a text's links go that leave the texts.
const repository = "https://github.com/sanad-network/sanad/blob/main/"

// pages shows every text. Markup inside a text is not markup on the page.
func (s *site) pages() error {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(names{}, 1))))
	return fs.WalkDir(s.texts, ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".md" {
			return err
		}
		source, err := fs.ReadFile(s.texts, file)
		if err != nil {
			return err
		}
		root := markdown.Parser().Parse(text.NewReader(source))
		title, sections, err := s.prepare(file, root, source)
		if err != nil {
			return fmt.Errorf("text %s: %w", file, err)
		}
		var html bytes.Buffer
		if err := markdown.Renderer().Render(&html, source, root); err != nil {
			return fmt.Errorf("text %s: %w", file, err)
		}
		// A table is wider than a telephone, and is moved within its frame.
		wide := strings.NewReplacer("<table>", `<div class="wide" tabindex="0"><table>`, "</table>", "</table></div>").Replace(html.String())
		link := docsLink{Title: title, Address: textAddress(file)}
		s.Groups[path.Dir(file)] = append(s.Groups[path.Dir(file)], link)
		return s.page(link.Address, textPolicy, "text", title, struct {
			Sections []docsLink
			Text     template.HTML
		}{sections, template.HTML(wide)}) //nolint:gosec // goldmark has escaped it
	})
}

// textAddress is where the page of a text is.
func textAddress(file string) string {
	return path.Join("/docs", strings.TrimSuffix(strings.TrimSuffix(file, "README.md"), ".md"))
}

// prepare gives headings their anchors and links their addresses here. It says what
// the first heading and those below it are.
func (s *site) prepare(file string, root ast.Node, source []byte) (title string, sections []docsLink, err error) {
	return title, sections, ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if !entering {
				break
			}
			words := strings.ReplaceAll(string(n.Lines().Value(source)), "`", "")
			id := anchor(words)
			n.SetAttributeString("id", []byte(id))
			switch n.Level {
			case 1:
				title = words
			case 2:
				sections = append(sections, docsLink{Title: words, Address: "#" + id})
			}
		case *ast.Link:
			if entering {
				n.Destination = []byte(s.target(file, string(n.Destination)))
			}
		}
		return ast.WalkContinue, nil
	})
}

var noAnchor = regexp.MustCompile(`[^a-z0-9_-]`)

// anchor is what GitHub makes of a heading, so that a link is one in both places.
func anchor(heading string) string {
	return noAnchor.ReplaceAllString(strings.ReplaceAll(strings.ToLower(heading), " ", "-"), "")
}

// target is where a text's link goes on this site.
func (s *site) target(file, link string) string {
	to, fragment, _ := strings.Cut(link, "#")
	if to == "" || strings.Contains(to, ":") {
		return link
	}
	if fragment != "" {
		fragment = "#" + fragment
	}
	name := path.Join(path.Dir(file), to)
	for _, page := range []string{name, path.Join(name, "README.md")} {
		if _, err := fs.Stat(s.texts, page); err == nil && path.Ext(page) == ".md" {
			return textAddress(page) + fragment
		}
	}
	return repository + path.Join("docs", name) + fragment
}

// names renders names in a text so that they break between their parts alone.
type names struct{}

func (names) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindCodeSpan, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			var code strings.Builder
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				code.Write(c.(*ast.Text).Value(source))
			}
			_, _ = w.WriteString("<code>" + string(breakable(strings.ReplaceAll(code.String(), "\n", " "))) + "</code>")
		}
		return ast.WalkSkipChildren, nil
	})
}

var parts = strings.NewReplacer(".", ".<wbr>", "/", "/<wbr>", "_", "_<wbr>")

// breakable lets a name break after its parts, and nowhere else.
func breakable(name string) template.HTML {
	return template.HTML(parts.Replace(template.HTMLEscapeString(name))) //nolint:gosec // escaped
}
