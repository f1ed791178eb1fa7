package trustfundv1

import "github.com/sanad-network/sanad/api/code"

// Served is at least how many services of one kind a grantee gave, by consent to be counted.
type Served struct {
	Grant   string       `json:"grant"`
	Service code.Service `json:"service"`
	AtLeast int          `json:"at_least"`
}

// ServedNoted keeps what a released table of figures says of grants. It stays in the room: intake has
// told it already.
type ServedNoted struct {
	// Served is the record: one for each table that was released.
	Served    string              `json:"served"`
	Figures   string              `json:"figures"`
	Table     string              `json:"table"`
	Programme string              `json:"programme"`
	Version   int                 `json:"version"`
	Period    string              `json:"period"`
	For       code.FigureAudience `json:"for"`
	Rows      []Served            `json:"rows"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ServedNoted) ConfinedToAddressees() {}
