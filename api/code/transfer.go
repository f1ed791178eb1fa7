package code

// TransferReason says why an office asks another one to take a case over. The other office
// reads it before it answers, so no reason tells what happened to her.
type TransferReason string

// The reasons to ask another office.
const (
	SheAskedForIt TransferReason = "she_asked"
	SheMoves      TransferReason = "she_moves"
	NearerToHer   TransferReason = "nearer_to_her"
	SpeaksHer     TransferReason = "speaks_her_language"
	OfficeCloses  TransferReason = "office_closes"
	OtherTransfer TransferReason = "other"
)

// TransferDecline says why an office does not take a case over.
type TransferDecline string

// The reasons not to. Why an office cannot take a matter is nobody else's to know.
const (
	OfficeFull    TransferDecline = "at_capacity"
	NotOurArea    TransferDecline = "out_of_area"
	NotOurMandate TransferDecline = "out_of_scope"
	CannotTake    TransferDecline = "cannot_take_this"
)

// TransferStatus says what came of asking another office.
type TransferStatus string

// The statuses. Only an open transfer waits for the other office.
const (
	TransferAsked     TransferStatus = "open"
	TransferAccepted  TransferStatus = "accepted"
	TransferDeclined  TransferStatus = "declined"
	TransferLapsed    TransferStatus = "lapsed"
	TransferTakenBack TransferStatus = "taken_back"
	// TransferConsentEnded is one whose consent she took back.
	TransferConsentEnded TransferStatus = "consent_ended"
)
