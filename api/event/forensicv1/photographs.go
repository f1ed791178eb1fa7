package forensicv1

// FileStored says that the file of a photograph was given to the examination. What it is, is private.
type FileStored struct {
	Work
	File string `json:"file"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FileStored) ConfinedToAddressees() {}

// PhotographKept says that a photograph was recorded. What it shows, when and by whom it was taken, is
// private.
type PhotographKept struct {
	Work
	Photograph string `json:"photograph"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (PhotographKept) ConfinedToAddressees() {}
