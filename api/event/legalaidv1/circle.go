package legalaidv1

import "github.com/sanad-network/sanad/api/staff"

// CircleNoted keeps who may work on a referral, as intake said it to the services alone. It
// stays in the room.
type CircleNoted struct{ staff.Circle }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CircleNoted) ConfinedToAddressees() {}

// Said is who may.
func (e CircleNoted) Said() staff.Circle { return e.Circle }
