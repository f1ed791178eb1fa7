// Package page draws a released table for everybody: a chart, and the same numbers as a table. It
// asks no other server for anything, and works without scripts and without colour.
package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"encoding/csv"
	"html/template"

	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
	"github.com/sanad-network/sanad/services/intake/internal/period"
)

var (
	//go:embed page.html
	source string
	//go:embed page.css
	style string

	page = template.Must(template.New("page").Parse(source))

	// The chart says with attributes how it looks.
	policy = "default-src 'none'; style-src '" + hash(style) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

type view struct {
	Style                            template.CSS
	Title, Programme, Counted, Means string
	Version                          int
	Training, Missing                bool
	Chart                            template.HTML
	Head                             []string
	Lines                            [][]string
}

// Draw is the page of a table. The title is the programme's word for it; without one it is the name.
func Draw(r period.Released, title string, training bool) edge.Page {
	words := func(dimension, value string) string {
		if dimension == figures.TableWords {
			return cmp.Or(title, value)
		}
		return figures.English(dimension, value)
	}
	v := view{
		Title: cmp.Or(title, r.Name) + " · " + r.Period, Programme: r.Programme, Version: r.Version, Training: training,
		Counted: figures.English(figures.NoteWords, r.Counted), Means: figures.English(figures.NoteWords, r.Means),
		Chart: template.HTML(r.SVG(words, "ltr")), //nolint:gosec // the chart escapes what it is given
	}
	// What our own package wrote can be read.
	lines, _ := csv.NewReader(bytes.NewReader(r.CSV())).ReadAll()
	if len(lines) > 0 {
		v.Head, v.Lines = lines[0], lines[1:]
	}
	return draw(v)
}

// Missing is the page of what is not there, and of what is not for everybody: they look the same.
func Missing() edge.Page { return draw(view{Title: "Not found", Missing: true}) }

func draw(v view) edge.Page {
	v.Style = template.CSS(style) //nolint:gosec // it is ours
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		panic(err) // a template of ours, and text
	}
	return edge.Page{HTML: out.Bytes(), Policy: policy}
}
