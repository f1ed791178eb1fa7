package site

import (
	"net/url"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// fileOf gives a file to the machine of the person. A browser keeps it where they say, and does
// not show it as a page.
func (v *visit) fileOf(r *room) error {
	return v.download(r.file, url.Values{"file": {v.PathValue("file")}}, number(v.PathValue("file")))
}

// download gives a file of the record of the address, under a name.
func (v *visit) download(op string, query url.Values, name string) error {
	answer, err := v.ask(api.Ask{Op: op, ID: v.PathValue("id"), Query: query})
	if err != nil {
		return err
	}
	header := v.w.Header()
	header.Set("Content-Type", answer.Type)
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Del("Refresh")
	_, err = v.w.Write(answer.Body)
	return err
}
