package code

// EssentialSector is a sector of the Essential Services Package (UN Women, UNFPA, WHO, UNDP,
// UNODC, 2015).
type EssentialSector string

// The sectors.
const (
	SectorHealth       EssentialSector = "health"
	SectorJustice      EssentialSector = "justice_and_policing"
	SectorSocial       EssentialSector = "social_services"
	SectorCoordination EssentialSector = "coordination"
)

// EssentialGap says why nobody in an area gets an essential service.
type EssentialGap string

// The gaps, each less wide than the one before.
const (
	// NoProvider: nobody gives it there.
	NoProvider EssentialGap = "no_provider"
	// ProviderNotOpen: who gives it is suspended, full, or plans no opening.
	ProviderNotOpen EssentialGap = "not_open"
	// ProviderPlaceUnknown: nobody says where who gives it is.
	ProviderPlaceUnknown EssentialGap = "place_unknown"
	// OutOfReach: who gives it is further away than the programme states.
	OutOfReach EssentialGap = "out_of_reach"
	// NoAnswer: who gives it does not answer.
	NoAnswer EssentialGap = "no_answer"
)

// AnswerRecord says how an agency's answers stand, in one period.
type AnswerRecord string

// The three. None of them says how many answers there were.
const (
	AgencyAnswers AnswerRecord = "answers"
	AgencySilent  AnswerRecord = "does_not_answer"
	TooFewAsked   AnswerRecord = "too_few"
)

// StandardFinding is what was found of one standard.
type StandardFinding string

// The findings.
const (
	StandardMet           StandardFinding = "met"
	StandardPartly        StandardFinding = "partly_met"
	StandardNotMet        StandardFinding = "not_met"
	StandardNotApplicable StandardFinding = "not_applicable"
)
