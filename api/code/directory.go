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

// EntryKinds lists every EntryKind.
var EntryKinds = []EntryKind{EntryOrganization, EntryService, EntryLocation, EntryTaxonomy, EntryTerm}

// UnmarshalText refuses a code that is not on the list.
func (c *EntryKind) UnmarshalText(b []byte) error { return parse(c, b, EntryKinds, "kind of entry") }
