package site

import (
	"maps"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// onPaper is the property of a command that is entered from paper.
const onPaper = "on_paper"

// paper is from which paper something is entered; nil for none. Errors: *api.Problem.
func (v *visit) paper(op string) (any, error) {
	body, err := read(form.Form{Op: v.contract().Operations[op], Words: v.W, Values: v.PostForm})
	return body[onPaper], err
}

// paperField asks for it. It stands closed until something is in it.
func (v *visit) paperField(op string, p *api.Problem) form.Field {
	f := form.Form{Op: v.contract().Operations[op], Words: v.W, Values: v.PostForm, Problem: p}
	for _, one := range f.Fields() {
		if one.Name == "/"+onPaper {
			return one
		}
	}
	return form.Field{}
}

// filled leaves out what nobody said.
func filled(body map[string]any) map[string]any {
	maps.DeleteFunc(body, func(_ string, value any) bool { return value == nil })
	return body
}

// paperWords are when and where it was written, and who wrote it.
func (v *visit) paperWords(paper map[string]any) []string {
	return []string{v.instant(text(paper, "at")), text(paper, "by"), text(paper, "place")}
}

func (v *visit) onPaper(paper map[string]any) string {
	said, _ := v.line("OnPaper", paper)
	return said
}
