package credential

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
)

// undelayed are the services of medical care and of safety. A paper that is missing never
// delays them: what it limits is what may be certified afterwards.
var undelayed = []code.Service{code.HealthMedical, code.ForensicExam, code.SafeHouse, code.Police, code.ChildProtection}

// Undelayed says whether a service is medical care or safety, so that no missing credential may
// keep somebody from giving it.
func Undelayed(s code.Service) bool { return slices.Contains(undelayed, s) }

// Doing is the role of who does the work of a service.
func Doing(s code.Service) code.WorkerRole {
	switch s {
	case code.LegalAssistance:
		return code.WorksAsLawyer
	case code.Psychosocial:
		return code.WorksAsCounsellor
	case code.ForensicExam:
		return code.ForensicExaminer
	default:
		return code.WorksAsCaseworker
	}
}

// Given judges whether somebody may be given the work of a service, who lacks something. What
// bars them refuses it, but never medical care or safety. Errors: ErrMissing at the place in
// the command that names the person.
func Given(pointer string, s code.Service, missing []Lack) error {
	if Undelayed(s) {
		return nil
	}
	return Refuse(pointer, Barring(missing))
}
