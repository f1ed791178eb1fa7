package contract

import (
	"maps"
	"reflect"

	"github.com/sanad-network/sanad/api/code"
)

// codes are the code lists of package code by the name of their type.
var codes = gather(
	list(code.Channels), list(code.Services), list(code.Urgencies), list(code.Purposes), list(code.Categories),
	list(code.DeclineReasons), list(code.CancelReasons), list(code.Outcomes), list(code.CloseReasons),
	list(code.ReferralStatuses), list(code.AgencyStatuses),
	list(code.ReferralModes), list(code.SurvivorOutcomes), list(code.ContactResults), list(code.EscalationSteps),
	list(code.DeadlineKinds), list(code.ReleaseReasons), list(code.Erasures), list(code.Worklists),
	list(code.LegalTopics), list(code.OrderResults), list(code.Sessions), list(code.Attendances),
	list(code.ExhibitKinds), list(code.Opinions),
	list(code.Countries), list(code.GBVTypes), list(code.TraffickingActs), list(code.TraffickingMeansList),
	list(code.TraffickingPurposes), list(code.Sexes), list(code.AgeBands), list(code.Displacements),
	list(code.Disabilities), list(code.MaritalStatuses), list(code.UnaccompaniedList), list(code.ConsentMethods),
	list(code.GivenByList), list(code.WithoutCaregiverList), list(code.ConsentStatuses), list(code.CaseStatuses),
	list(code.Situations), list(code.Accessibilities), list(code.Visibilities), list(code.Windows), list(code.WindowStates),
	list(code.MatchReasons), list(code.PlanReasons), list(code.PlanStages),
	list(code.NoticeChannels), list(code.NoticeLanguages), list(code.NoticeOutcomes), list(code.Answers),
	list(code.EntryKinds),
	list(code.DisclosureStages),
)

func list[T ~string](all []T) map[string][]string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = string(c)
	}
	return map[string][]string{reflect.TypeFor[T]().Name(): texts}
}

func gather(lists ...map[string][]string) map[string][]string {
	all := map[string][]string{}
	for _, l := range lists {
		maps.Copy(all, l)
	}
	return all
}

// CodesOf lists the codes of a type of package code. It is nil for any other type.
func CodesOf(t reflect.Type) []string {
	if t.PkgPath() != reflect.TypeFor[code.Service]().PkgPath() {
		return nil
	}
	return codes[t.Name()]
}
