package code

// PlaceUnit is what an agency counts at a service.
type PlaceUnit string

// The units.
const (
	UnitBed  PlaceUnit = "bed"
	UnitRoom PlaceUnit = "room"
	UnitSlot PlaceUnit = "slot"
)

// PlaceFor says for whom one unit is.
type PlaceFor string

// A unit is for one person, or for a family together.
const (
	ForOnePerson PlaceFor = "one_person"
	ForFamily    PlaceFor = "family"
)

// HoldEnd says why a place is not held any more.
type HoldEnd string

// The ends of a hold.
const (
	HoldTaken     HoldEnd = "taken"
	HoldGivenBack HoldEnd = "given_back"
	HoldExpired   HoldEnd = "expired"
	// HoldCorrected is the word of the agency whose place it is.
	HoldCorrected HoldEnd = "corrected"
)

// StayEnd says how somebody left a place, or why she is not counted there any more.
type StayEnd string

// The ends of a stay.
const (
	StayLeft      StayEnd = "left"
	StayMoved     StayEnd = "moved"
	StayNeverCame StayEnd = "never_came"
	// StayCorrected is for a place that was counted as taken by mistake.
	StayCorrected StayEnd = "corrected"
)
