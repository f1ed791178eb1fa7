// Package code holds the network's code lists. A code that is not on its list
// is an error wherever it is read, from HTTP, from the bus or from a journal:
// an unknown service must never become a default. Each type lists all of its
// constants, in their order.
package code

import "fmt"

// parse gives the code of the list, not the text that was read: there are a few
// hundred codes, and a service reads them a million times.
func parse[T ~string](into *T, text []byte, list []T, name string) error {
	for _, c := range list {
		if string(c) == string(text) {
			*into = c
			return nil
		}
	}
	return fmt.Errorf("unknown %s", name)
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, c := range list {
		all[i] = string(c)
	}
	return all
}

// Channel says at which kind of door a survivor came in.
type Channel string

// The doors of the network (the systems of the domain note, section 1).
const (
	CitizenServiceOffice Channel = "citizen_service_office"
	RapidResponseTeam    Channel = "rapid_response_team"
	OneStopCentre        Channel = "one_stop_centre"
	Hotline              Channel = "hotline"
	HealthFacility       Channel = "health_facility"
	Court                Channel = "court"
	NGO                  Channel = "ngo"
	Self                 Channel = "self"
)

// Service is a kind of help (Primero lookup-service-type, codes as they stand;
// family_seunification_service is misspelt in the source).
type Service string

// The services that agencies give: the source's fifteen, and the two that the
// network's forensic clinics and courts add.
const (
	SafeHouse       Service = "safehouse_service"
	HealthMedical   Service = "health_medical_service"
	Psychosocial    Service = "psychosocial_service"
	Police          Service = "police_other_service"
	LegalAssistance Service = "legal_assistance_service"
	Livelihoods     Service = "livelihoods_service"
	ChildProtection Service = "child_protection_service"
	FamilyMediation Service = "family_mediation_service"
	FamilyReunion   Service = "family_seunification_service"
	Education       Service = "education_service"
	NonFoodItems    Service = "nfi_clothes_shoes_service"
	WaterSanitation Service = "water_sanitation_service"
	Registration    Service = "registration_service"
	Food            Service = "food_service"
	OtherService    Service = "other_service"
	ForensicExam    Service = "forensic_examination_service"
	CourtSafeRoom   Service = "court_safe_room_service"
)

// Urgency says how soon an answer is needed (FABT's three steps).
type Urgency string

// The three steps of urgency.
const (
	Standard  Urgency = "standard"
	Urgent    Urgency = "urgent"
	Emergency Urgency = "emergency"
)

// Purpose says what a consent allows its recipient to do.
type Purpose string

// The purposes a survivor may consent to.
const (
	ServiceDelivery Purpose = "service_delivery"
	Prosecution     Purpose = "prosecution"
	Statistics      Purpose = "statistics"
	// CaseTransfer lets another office have the whole case. No service is given on it.
	CaseTransfer Purpose = "case_transfer"
	// ProgrammeCrossing lets what she consented to go to the programme of another country,
	// beside the consent to the service.
	ProgrammeCrossing Purpose = "programme_crossing"
	// CaseConference lets the recipient be at a talk about her, beside the consent to the service.
	CaseConference Purpose = "case_conference"
	// HearAccount lets the recipient hear a recorded account of hers again, beside the consent to the service.
	HearAccount Purpose = "hear_account"
)

// Category is a class of data that a consent covers.
type Category string

// The classes of data.
const (
	Identity            Category = "identity"
	Contact             Category = "contact"
	Incident            Category = "incident"
	Narrative           Category = "narrative"
	SafetyNeeds         Category = "safety_needs"
	HealthData          Category = "health"
	ForensicCertificate Category = "forensic_certificate"
	// Appointments is when she is expected at the recipient and whether she came: her desk
	// knows that only where she lets it.
	Appointments Category = "appointments"
)

// DeclineReason says why an agency does not take a referral (the union of the
// reasons of CLA, findhelp, SDOHCC capacity and FABT).
type DeclineReason string

// The reasons to decline.
const (
	AtCapacity         DeclineReason = "at_capacity"
	NotEligible        DeclineReason = "not_eligible"
	OutOfArea          DeclineReason = "out_of_area"
	OutOfScope         DeclineReason = "out_of_scope"
	ConflictOfInterest DeclineReason = "conflict_of_interest"
	Duplicate          DeclineReason = "duplicate"
	ServedElsewhere    DeclineReason = "already_served_elsewhere"
	UnsafeToServe      DeclineReason = "unsafe_to_serve"
	ServiceSuspended   DeclineReason = "service_suspended"
	WrongRecipient     DeclineReason = "wrong_recipient"
	OtherReason        DeclineReason = "other"
)

// CancelReason says why a referral or a piece of work was called off.
type CancelReason string

// The reasons to cancel.
const (
	SurvivorDeclined CancelReason = "survivor_declined"
	NoLongerNeeded   CancelReason = "no_longer_needed"
	MadeInError      CancelReason = "made_in_error"
	UnsafeToContinue CancelReason = "unsafe_to_continue"
	OtherCancel      CancelReason = "other"
)

// Outcome says how a service ended, as its agency sees it.
type Outcome string

// The outcomes of a service.
const (
	NeedsMet           Outcome = "needs_met"
	NeedsPartlyMet     Outcome = "needs_partly_met"
	NeedsNotMet        Outcome = "needs_not_met"
	NoContact          Outcome = "no_contact"
	SurvivorEnded      Outcome = "survivor_ended"
	TransferredToOther Outcome = "transferred"
	// CannotTakeOutcome is of legal work alone: its conflicts officer said so, and nobody is
	// told why.
	CannotTakeOutcome Outcome = "cannot_take_this_matter"
)

// CloseReason says why a case is closed (the GBV case closure checklist).
type CloseReason string

// The reasons to close a case.
const (
	CloseNeedsMet     CloseReason = "needs_met"
	CloseNoContact    CloseReason = "no_contact"
	CloseRequested    CloseReason = "survivor_request"
	CloseLeftArea     CloseReason = "left_area"
	CloseTransferred  CloseReason = "transferred"
	CloseFundingEnded CloseReason = "funding_ended"
)
