package code

// EntryKind is what an entry of the directory is (Open Referral HSDS 3.x,
// those of its objects that stand on their own).
type EntryKind string

// The kinds of entry.
const (
	EntryOrganization EntryKind = "organization"
	EntryService      EntryKind = "service"
	EntryLocation     EntryKind = "location"
	EntryTaxonomy     EntryKind = "taxonomy"
	EntryTerm         EntryKind = "taxonomy_term"
)

// RegisteredAnew is why a worker who had left is registered again.
type RegisteredAnew string

// The reasons.
const (
	AnewReturned    RegisteredAnew = "returned"
	AnewLeftInError RegisteredAnew = "left_in_error"
)
