package figures

// Words are the words of the reader for a value of a dimension. For the dimensions of the notes see
// NoteWords. Where it has none it gives the value.
type Words func(dimension, value string) string

// CSV is the table as RFC 4180 with a head, one line a cell. A row that is withheld is one line
// without a cell. Each line says what is counted and which k.
func (t Table) CSV() []byte { return nil }

// SVG is the table as a chart of bars, which reads without colour and by a screen reader. The
// direction is ltr or rtl.
func (t Table) SVG(words Words, direction string) string { return "" }
