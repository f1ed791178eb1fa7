package site

import (
	"net/url"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// fileOf gives a file to the machine of the person. A browser keeps it where they say, and does
// not show it as a page.
func (v *visit) fileOf(r *room) error {
	answer, err := v.ask(api.Ask{Op: r.file, ID: v.PathValue("id"), Query: url.Values{"file": {v.PathValue("file")}}})
	if err != nil {
		return err
	}
	header := v.w.Header()
	header.Set("Content-Type", answer.Type)
	header.Set("Content-Disposition", `attachment; filename="`+number(v.PathValue("file"))+`"`)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Del("Refresh")
	_, err = v.w.Write(answer.Body)
	return err
}
