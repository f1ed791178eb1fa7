package programme

// Reporting is which laws ask somebody to report to an authority without her consent. No law is
// ever applied by code: a person records which one it was. Empty: none is known.
type Reporting map[string]ReportLaw

// ReportLaw is one law, in the words of the programme.
type ReportLaw struct {
	Words Words
	// Reporters says who must report, Minimum what is the least that the law asks for.
	Reporters, Minimum Words
	// Authorities are those to whom the law has it reported.
	Authorities map[string]Words
}
