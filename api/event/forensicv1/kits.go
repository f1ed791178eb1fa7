package forensicv1

import "time"

// KitMade says that a clinic keeps a kit of somebody whom it does not name, until a date. Its number
// and the hash of its secret are private.
type KitMade struct {
	Kit    string    `json:"kit"`
	Agency string    `json:"agency"`
	Until  time.Time `json:"until"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (KitMade) ConfinedToAddressees() {}

// KitConverted says that who holds its secret made the kit part of an examination. Which one is
// private.
type KitConverted struct {
	Kit string `json:"kit"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (KitConverted) ConfinedToAddressees() {}

// KitTaken says that a kit is part of the examination.
type KitTaken struct {
	Work
	Kit string `json:"kit"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (KitTaken) ConfinedToAddressees() {}
