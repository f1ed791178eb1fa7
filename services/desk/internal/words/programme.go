package words

// Programme is what a country programme calls the codes that it has in use, by list. It is data
// of reviewed files, and not of the desk.
type Programme map[string][]Used

// Used is a code in use, with its words by language (ISO 639).
type Used struct {
	Code  string `json:"code"`
	Words []struct {
		Language string `json:"language"`
		Text     string `json:"text"`
	} `json:"words"`
}

// In is what a language calls the code; empty where the programme does not say.
func (u Used) In(tag string) string {
	for _, w := range u.Words {
		if w.Language == tag {
			return w.Text
		}
	}
	return ""
}

// In is the same texts with the words of a programme in the place of the desk's, where it has a word
// in the language of the reader. A code that it does not have in use keeps the word of the desk. For what the desk
// has no word for, as a table of figures, its English one is better than none.
func (w Words) In(p Programme) Words {
	w.theirs = map[string]string{}
	for list, used := range p {
		for _, u := range used {
			id := textOf(list, u.Code)
			text := u.In(w.Tag)
			if text == "" && !w.book.Has(id) {
				text = u.In("en")
			}
			if text != "" {
				w.theirs[id] = text
			}
		}
	}
	return w
}

func textOf(list, of string) string { return "code." + list + "." + of }
