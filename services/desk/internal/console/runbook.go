package console

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Runbooks are the pages that say what to do about an alert, as HTML, by the name of the
// alert. Operators read them here, because the internet may be away when they are needed.
type Runbooks map[string]Runbook

// Runbook is one page: its heading, and the rest as HTML. No HTML of the text is in it.
type Runbook struct{ Title, HTML string }

// ReadRunbooks reads runbooks/*.md. A link to another runbook leads to under; what leads
// elsewhere is text here.
func ReadRunbooks(files fs.FS, under string) (Runbooks, error) {
	// Cells are not aligned: that would need styles in the page, which its policy refuses.
	markdown := goldmark.New(goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))))
	names, err := fs.Glob(files, "runbooks/*.md")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(errors.New("there are no runbooks"), err)
	}
	all := Runbooks{}
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		root := markdown.Parser().Parse(text.NewReader(source))
		r := Runbook{Title: prepare(root, source, under, names)}
		var html bytes.Buffer
		if err := markdown.Renderer().Render(&html, source, root); err != nil || r.Title == "" {
			return nil, fmt.Errorf("%s: it cannot be shown, or has no title: %w", name, err)
		}
		r.HTML = wide.Replace(html.String())
		all[strings.TrimSuffix(path.Base(name), ".md")] = r
	}
	return all, nil
}

// wide are what is wider than a telephone: it moves within its own frame, also by keys.
var wide = strings.NewReplacer("<table>", `<div class="wide" tabindex="0"><table>`, "</table>", "</table></div>", "<pre>", `<pre class="wide" tabindex="0">`)

var noAnchor = regexp.MustCompile(`[^a-z0-9_-]`)

// prepare takes the title out, gives the other headings their anchors, and has links lead to
// where they lead here.
func prepare(root ast.Node, source []byte, under string, names []string) (title string) {
	var drop []ast.Node
	var plain []ast.Node
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			words := strings.ReplaceAll(string(n.Lines().Value(source)), "`", "")
			if n.Level == 1 {
				title = words
				drop = append(drop, n)
				return ast.WalkSkipChildren, nil
			}
			n.SetAttributeString("id", []byte(Anchor(words)))
		case *ast.Link:
			to, fragment, _ := strings.Cut(string(n.Destination), "#")
			switch {
			case to == "":
			case !strings.Contains(to, "/") && slices.Contains(names, "runbooks/"+to):
				n.Destination = []byte(strings.TrimSuffix(under+strings.TrimSuffix(to, ".md")+"#"+fragment, "#"))
			default:
				plain = append(plain, n)
			}
		case *ast.Image, *ast.AutoLink:
			plain = append(plain, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range drop {
		n.Parent().RemoveChild(n.Parent(), n)
	}
	for _, link := range plain {
		if auto, ok := link.(*ast.AutoLink); ok {
			link.Parent().InsertBefore(link.Parent(), link, ast.NewString(auto.Label(source)))
		}
		for child := link.FirstChild(); child != nil; child = link.FirstChild() {
			link.Parent().InsertBefore(link.Parent(), link, child)
		}
		link.Parent().RemoveChild(link.Parent(), link)
	}
	return title
}

// Anchor is what a heading is called in an address, as GitHub has it.
func Anchor(heading string) string {
	return noAnchor.ReplaceAllString(strings.ReplaceAll(strings.ToLower(heading), " ", "-"), "")
}

// Section is the part of a runbook about a code: its anchor, or nothing where it has none.
func (r Runbook) Section(code string) string {
	if strings.Contains(r.HTML, `id="`+Anchor(code)+`"`) {
		return "#" + Anchor(code)
	}
	return ""
}
