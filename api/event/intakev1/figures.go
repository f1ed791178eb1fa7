package intakev1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// CountingAnswered says that she answered whether she may be counted in figures, or that her answer
// ended. What she said is private: an event that told it would let somebody compute how many say
// yes.
type CountingAnswered struct {
	Case string `json:"case"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CountingAnswered) ConfinedToAddressees() {}

// PeriodClosed says that a period of a programme was counted, for good. The counts are private, and
// nobody is shown them.
type PeriodClosed struct {
	Figures   string       `json:"figures"`
	Programme string       `json:"programme"`
	Country   code.Country `json:"country"`
	// Period is its name: 2026-11, 2026-Q4 or 2026.
	Period string `json:"period"`
	// Version is that of the programme whose catalogue was counted by.
	Version int       `json:"version"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	// Tables are those of the catalogue, each of which may be released once.
	Tables []FigureTable `json:"tables"`
}

// FigureTable is a table of a catalogue, and for whom it is.
type FigureTable struct {
	Table string              `json:"table"`
	For   code.FigureAudience `json:"for"`
}

// TableReleased says that a person approved a table of a closed period. It holds what may be
// published and nothing else: a row that is withheld has no cells.
type TableReleased struct {
	Figures   string              `json:"figures"`
	Programme string              `json:"programme"`
	Country   code.Country        `json:"country"`
	Version   int                 `json:"version"`
	Period    string              `json:"period"`
	From      time.Time           `json:"from"`
	To        time.Time           `json:"to"`
	Table     string              `json:"table"`
	For       code.FigureAudience `json:"for"`
	Counted   string              `json:"counted"`
	K         int                 `json:"k"`
	Zeros     bool                `json:"zeros"`
	// Means says what a row that is withheld means.
	Means string `json:"withheld_means"`
	// Above are the dimensions of the paths of its rows.
	Above   []code.FigureDimension `json:"above"`
	Columns code.FigureDimension   `json:"columns,omitempty"`
	Rows    []FigureRow            `json:"rows"`
}

// FigureRow is a cell of the parent, divided.
type FigureRow struct {
	// Path leads to the cell of the parent; it is empty for the whole period.
	Path     []FigureValue `json:"path"`
	Total    int           `json:"total"`
	Cells    []FigureCell  `json:"cells"`
	Withheld bool          `json:"withheld"`
}

// FigureValue is one value of a dimension.
type FigureValue struct {
	Dimension code.FigureDimension `json:"dimension"`
	Value     string               `json:"value"`
}

// FigureCell is one number.
type FigureCell struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// ConfinedToAddressees says that it stays in the room: what was counted is told by its released
// tables alone.
func (PeriodClosed) ConfinedToAddressees() {}

// ForServicesAlone says that who is no service asks for the table, and is told what is for them.
func (TableReleased) ForServicesAlone() {}

// GrantNoted keeps what the trust fund says of a grant, as a whole: intake counts services by it,
// and asks her when it is suspended.
type GrantNoted struct {
	Grant     string       `json:"grant"`
	Agency    string       `json:"agency"`
	Country   code.Country `json:"country,omitempty"`
	From      time.Time    `json:"from,omitzero"`
	Until     time.Time    `json:"until,omitzero"`
	Suspended bool         `json:"suspended,omitempty"`
	// ClosedOn is the instant from which on it is closed.
	ClosedOn time.Time `json:"closed_on,omitzero"`
	Turn     int       `json:"turn"`
}

// ConfinedToAddressees says that it stays in the room: the trust fund has told the services
// already.
func (GrantNoted) ConfinedToAddressees() {}
