package site

import (
	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// inUse is what a programme has in use. A test holds its names against the contract.
type inUse struct {
	Programme string       `json:"programme"`
	Country   string       `json:"country"`
	Asks      []doorAsks   `json:"asks"`
	Services  []words.Used `json:"services"`
	Reasons   struct {
		Decline []words.Used `json:"decline"`
		Cancel  []words.Used `json:"cancel"`
		Close   []words.Used `json:"close"`
	} `json:"reasons"`
	Reporting []reportLaw `json:"reporting"`
	// Figures are the tables of its catalogue.
	Figures []words.Used `json:"figures"`
}

// words are what it calls its services and reasons, by the lists of the contracts.
func (p inUse) words() words.Programme {
	return words.Programme{
		"Service": p.Services, "DeclineReason": p.Reasons.Decline, "CancelReason": p.Reasons.Cancel, "CloseReason": p.Reasons.Close,
		"FigureTableName": p.Figures,
	}
}

// programmes are those in force.
func (v *visit) programmes() ([]inUse, error) {
	var page struct {
		Items []inUse `json:"items"`
	}
	_, err := v.get("listProgrammes", "", nil, &page)
	return page.Items, err
}

// programme is what the programme of a record has in use; empty where it is in force no more.
// Errors: where the service does not tell.
func (v *visit) programme(name, country string) (inUse, error) {
	if v.uses != nil && v.uses.Programme == name && v.uses.Country == country {
		return *v.uses, nil
	}
	all, err := v.programmes()
	for _, p := range all {
		if p.Programme == name && p.Country == country {
			v.uses = &p
			return p, nil
		}
	}
	return inUse{}, err
}

// speak has the rest of the page call services and reasons as the programme of its record does.
// Where the service does not tell, the desk's own words stay. Errors: 401.
func (v *visit) speak(name, country string) error {
	if name == "" {
		return nil
	}
	p, err := v.programme(name, country)
	if err == nil {
		v.W = v.W.In(p.words())
	}
	return also(err)
}

// speakFor has the form of a command on a case or a referral speak as the programme of that record
// does, where it asks for such a code. The form does without, where the record is not read.
func (v *visit) speakFor(o api.Operation) {
	switch {
	case v.uses != nil || v.PathValue("id") == "" || !worded(o):
	case v.contract().Reader(o) == "getCase":
		_, _, _ = v.kase()
	case v.contract().Reader(o) == "getReferral":
		_, _, _ = v.referral()
	}
}

// worded says whether a command asks for a code that a programme has words for.
func worded(o api.Operation) bool {
	if o.Body == nil {
		return false
	}
	for _, p := range o.Body.Properties {
		if _, has := (inUse{}).words()[p.Schema.Name]; has {
			return true
		}
	}
	return false
}
