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
