package domain

import (
	"maps"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/psychosocial/internal/instrument"
)

// Asked is an instrument as a counsellor asks it.
type Asked struct {
	Instrument code.Instrument `json:"instrument"`
	// Most is the highest answer to an item; the lowest is 0.
	Most  int    `json:"most"`
	Items []Item `json:"items"`
}

// Item is one question by its number, with the text that the programme installed; without one it
// is read from paper.
type Item struct {
	Number int    `json:"number"`
	Words  []Word `json:"words,omitempty"`
}

// Word is a text in a language (ISO 639).
type Word struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Asks are the instruments of the network, with the texts of a programme.
func (r Rule) Asks() []Asked {
	all := make([]Asked, 0, len(instrument.Kinds))
	for _, k := range instrument.Kinds {
		one := Asked{Instrument: k.ID, Most: k.Most, Items: make([]Item, k.Items)}
		texts := r.Texts[k.ID]
		for i := range one.Items {
			one.Items[i].Number = i + 1
			if i < len(texts) {
				one.Items[i].Words = words(texts[i])
			}
		}
		all = append(all, one)
	}
	return all
}

func words(text programme.Words) (all []Word) {
	for _, language := range slices.Sorted(maps.Keys(text)) {
		all = append(all, Word{language, text[language]})
	}
	return all
}
