package code

// SearchKind says by what a desk searched for a case. What it searched for is kept
// nowhere.
type SearchKind string

// The kinds of search.
const (
	ByReference SearchKind = "reference"
	ByName      SearchKind = "name"
)

// SearchReason says why a person searched for a case. A supervisor reads it.
type SearchReason string

// The reasons to search.
const (
	SheIsHere    SearchReason = "she_is_here"
	SheCalled    SearchReason = "she_called"
	AgencyCalled SearchReason = "agency_called"
	ForReview    SearchReason = "review"
	OtherSearch  SearchReason = "other"
)

// ExportReason says why a person took rows of incidents out. Who has a case reads it beside
// the look.
type ExportReason string

// The reasons to take rows out.
const (
	ReportDue    ExportReason = "report_due"
	DataChecked  ExportReason = "data_checked"
	RecordsMoved ExportReason = "records_moved"
	OtherExport  ExportReason = "other"
)
