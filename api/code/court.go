package code

// RoomEquipment is what a protected room at a court has.
type RoomEquipment string

// What a room can have.
const (
	// VideoLink lets her be heard from the room, without entering the courtroom.
	VideoLink   RoomEquipment = "video_link"
	ChildCorner RoomEquipment = "child_corner"
	Wheelchair  RoomEquipment = "wheelchair"
)

// BookedFor says for whom a protected room at a court is booked.
type BookedFor string

// For whom.
const (
	ForSurvivor     BookedFor = "survivor"
	ForWitness      BookedFor = "witness"
	ForAccompanying BookedFor = "accompanying_person"
)

// BookingStatus says how a booking of a protected room stands.
type BookingStatus string

// The statuses of a booking.
const (
	// BookingAsked waits for the court's calendar. It lasts for a moment, or until it is asked again.
	BookingAsked BookingStatus = "asked"
	BookingHeld  BookingStatus = "held"
	// BookingToMove keeps its place, and is not safe there any more: it must be moved or freed.
	BookingToMove  BookingStatus = "to_move"
	BookingRefused BookingStatus = "refused"
	BookingFreed   BookingStatus = "freed"
)

// BookingReason says why a booking must move. It says nothing of the other side's times.
type BookingReason string

// The reasons.
const (
	// BookingHearingMoved is that its hearing has another time, and there is no place for her then.
	BookingHearingMoved BookingReason = "hearing_moved"
	// BookingHearingPutOff is that its hearing has no time now.
	BookingHearingPutOff BookingReason = "hearing_put_off"
	// BookingNotSafe is that the court cannot keep her safe where it is.
	BookingNotSafe BookingReason = "not_safe"
)

// BookingStep is what an usher saw of a booking.
type BookingStep string

// The steps, in their order.
const (
	BookingArrived    BookingStep = "arrived"
	BookingInRoom     BookingStep = "in_room"
	BookingTestifying BookingStep = "testifying"
	BookingLeft       BookingStep = "left"
)

// ConflictResult is what the comparison of the names of a matter with those of the other
// matters of its agency gave.
type ConflictResult string

// What it can give. Writing varies, so no name that was not found is free of doubt.
const (
	NotFoundAsWritten ConflictResult = "not_found_as_written"
	ConflictDoubt     ConflictResult = "doubt"
	ConflictMatch     ConflictResult = "match"
)

// ConflictAnswer is what the conflicts officer says of a match or a doubt.
type ConflictAnswer string

// What they say.
const (
	ConflictCleared ConflictAnswer = "cleared"
	// CannotTakeMatter is all that anybody is told, too: a reason would say whom the agency acts for.
	CannotTakeMatter ConflictAnswer = "cannot_take_this_matter"
)

// ConflictStanding says how far the conflict check of a matter has come, for its worker.
type ConflictStanding string

// How far.
const (
	ConflictNotChecked ConflictStanding = "not_checked"
	ConflictWaits      ConflictStanding = "waits_for_officer"
	ConflictNotFound   ConflictStanding = "not_found_as_written"
	ConflictClear      ConflictStanding = "cleared"
	ConflictCannotTake ConflictStanding = "cannot_take_this_matter"
)
