package code

// Indicator is a sign that somebody may be exploited: how she is controlled (CTDC, means of
// control). None is about nationality or papers that she lacks: only that somebody else keeps
// her papers.
type Indicator string

// The indicators.
const (
	DebtBondage           Indicator = "debt_bondage"
	TakesEarnings         Indicator = "takes_earnings"
	RestrictsMoney        Indicator = "restricts_financial_access"
	Threatened            Indicator = "threats"
	PsychologicallyAbused Indicator = "psychological_abuse"
	PhysicallyAbused      Indicator = "physical_abuse"
	SexuallyAbused        Indicator = "sexual_abuse"
	FalsePromises         Indicator = "false_promises"
	Substances            Indicator = "psychoactive_substances"
	RestrictsMovement     Indicator = "restricts_movement"
	RestrictsMedicalCare  Indicator = "restricts_medical_care"
	ExcessiveHours        Indicator = "excessive_working_hours"
	UsesChildren          Indicator = "uses_children"
	ThreatensWithPolice   Indicator = "threat_of_law_enforcement"
	WithholdsNecessities  Indicator = "withholds_necessities"
	WithholdsDocuments    Indicator = "withholds_documents"
	OtherIndicator        Indicator = "other"
)

// Identification is what somebody says of whether she was trafficked.
type Identification string

// The statuses. Not identified ends no service and no referral.
const (
	Presumed      Identification = "presumed"
	Identified    Identification = "identified"
	NotIdentified Identification = "not_identified"
)

// Identifier is who says so.
type Identifier string

// Who says so: a person at the desk, an agency, an authority that the law names.
const (
	ByPerson    Identifier = "person"
	ByAgency    Identifier = "agency"
	ByAuthority Identifier = "authority"
)

// IdentificationGround is why somebody says so.
type IdentificationGround string

// The grounds. None is about nationality or papers.
const (
	GroundIndicators   IdentificationGround = "indicators"
	GroundHerAccount   IdentificationGround = "her_account"
	GroundElements     IdentificationGround = "act_means_purpose"
	GroundChild        IdentificationGround = "child_exploited"
	GroundDecision     IdentificationGround = "decision_of_an_authority"
	GroundElementsLack IdentificationGround = "elements_not_found"
	OtherGround        IdentificationGround = "other"
)

// TraffickingElement is one part of the definition (Palermo Protocol, article 3(a)).
type TraffickingElement string

// The elements.
const (
	ElementAct     TraffickingElement = "act"
	ElementMeans   TraffickingElement = "means"
	ElementPurpose TraffickingElement = "purpose"
)

// Aggravation is what makes the smuggling of a person worse (Smuggling Protocol, article 6(3)).
type Aggravation string

// The aggravations.
const (
	LifeEndangered    Aggravation = "danger_to_life"
	InhumanTreatment  Aggravation = "inhuman_treatment"
	ExploitedOnTheWay Aggravation = "exploitation"
)
