package page

import (
	"bytes"
	_ "embed" // the words
	"encoding/json"

	"github.com/sanad-network/sanad/api/code"
)

// words is all that the page says in one language.
type words struct {
	// Name is that of the language, in it.
	Name, Languages                            string
	Title, Lead, AsOf, Paid, Given, Dollars    string
	Donors, Donor, Amount, NoDonors            string
	Grants, For, Country, Months, Help, Figure string
	Service, Period, AtLeast                   string
	NoFigures, NoGrants, Means, Failed         string

	SubProgrammes map[code.SubProgramme]string
	Services      map[code.Service]string
}

//go:embed words.json
var translations []byte

// said are the words by language. A language, a code or a name that is not known keeps the program
// from starting.
var said = func() (all map[code.NoticeLanguage]words) {
	d := json.NewDecoder(bytes.NewReader(translations))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		panic(err)
	}
	return all
}()
