package code

// EnquirySource says who turned to the desk, before there is a case.
type EnquirySource string

// Who turned to the desk.
const (
	// HerOwnWord came by a code that she was given.
	HerOwnWord EnquirySource = "her_own_word"
	// ThirdPerson saw or heard something of somebody else.
	ThirdPerson EnquirySource = "third_person"
)

// EnquiryStatus is how far a desk has come with an enquiry.
type EnquiryStatus string

// How far it has come.
const (
	// EnquiryWaits says that nobody has it.
	EnquiryWaits   EnquiryStatus = "waits"
	EnquiryTaken   EnquiryStatus = "taken"
	EnquirySettled EnquiryStatus = "settled"
)

// EnquiryResult says what came of an enquiry.
type EnquiryResult string

// What came of it.
const (
	// CaseThere says that a case of hers was opened, or was there.
	CaseThere EnquiryResult = "case_opened"
	// DeclinedHelp says that she was reached safely and wants nothing now.
	DeclinedHelp EnquiryResult = "she_declined"
	// ToldWhere says that she was reached safely and knows where to come.
	ToldWhere    EnquiryResult = "told_where_to_come"
	HerUnreached EnquiryResult = "not_reached_safely"
	NobodyFound  EnquiryResult = "nobody_found"
	NoConcern    EnquiryResult = "no_concern"
	EnquiryTwice EnquiryResult = "duplicate"
)
