package programme

import "slices"

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

// Names are the codes of a list in their order.
func Names[T any](list map[string]T) []string {
	names := make([]string, 0, len(list))
	for name := range list {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
