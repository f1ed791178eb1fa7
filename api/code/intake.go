package code

// Country is a country or territory (ISO 3166-1 alpha-2).
type Country string

// Countries lists every officially assigned Country.
var Countries = []Country{
	"AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
	"BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
	"BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
	"CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
	"EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
	"GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
	"HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
	"JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
	"LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
	"ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
	"NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
	"PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
	"SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
	"ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
	"TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
	"VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
}

// GBVType is a type of gender-based violence (GBVIMS classification tool: six
// core types, and what is none of them; codes as in Primero's
// lookup-gbv-sexual-violence-type).
type GBVType string

// The types, in the order in which the tool tries them.
const (
	Rape               GBVType = "rape"
	SexualAssault      GBVType = "sexual_assault"
	PhysicalAssault    GBVType = "physical_assault"
	ForcedMarriage     GBVType = "forced_marriage"
	DenialOfResources  GBVType = "denial_of_resources_opportunities_or_services"
	PsychologicalAbuse GBVType = "psychological_emotional_abuse"
	NonGBV             GBVType = "non-gbv"
)

// TraffickingAct is what was done (Palermo Protocol, article 3(a)).
type TraffickingAct string

// The acts.
const (
	ActRecruitment TraffickingAct = "recruitment"
	ActTransport   TraffickingAct = "transport"
	ActTransfer    TraffickingAct = "transfer"
	ActHarbouring  TraffickingAct = "harbouring"
	ActReceipt     TraffickingAct = "receipt"
)

// TraffickingMeans is how it was done (Palermo Protocol, article 3(a)).
type TraffickingMeans string

// The means. "Giving and receiving of payments or benefits" is to get the
// consent of a person who has control over her.
const (
	MeansForce     TraffickingMeans = "threat_or_use_of_force"
	MeansCoercion  TraffickingMeans = "coercion"
	MeansAbduction TraffickingMeans = "abduction"
	MeansFraud     TraffickingMeans = "fraud"
	MeansDeception TraffickingMeans = "deception"
	MeansAbuse     TraffickingMeans = "abuse_of_power_or_vulnerability"
	MeansPayments  TraffickingMeans = "payments_or_benefits"
)

// TraffickingPurpose is what it was done for: a form of exploitation (Palermo
// Protocol, article 3(a), which names these "at a minimum").
type TraffickingPurpose string

// The purposes.
const (
	ForProstitution       TraffickingPurpose = "prostitution_of_others"
	ForSexualExploitation TraffickingPurpose = "sexual_exploitation"
	ForLabour             TraffickingPurpose = "forced_labour_or_services"
	ForSlavery            TraffickingPurpose = "slavery_or_similar"
	ForServitude          TraffickingPurpose = "servitude"
	ForOrganRemoval       TraffickingPurpose = "organ_removal"
	ForOther              TraffickingPurpose = "other"
)

// Sex is a survivor's sex (GBVIMS, with the other and unknown of proGres).
type Sex string

// The sexes.
const (
	Female     Sex = "female"
	Male       Sex = "male"
	OtherSex   Sex = "other"
	UnknownSex Sex = "unknown"
)

// AgeBand is a survivor's age in years, as a band: a date of birth identifies
// her and a band does not.
type AgeBand string

// The bands of Primero. Of the bands in use they alone have the edges of the
// rules: a caregiver speaks for a child under 12, and a person under 18 is a
// child (Palermo Protocol, article 3(d)). UNHCR has no edge at 6 years, CTDC none
// at 12.
const (
	AgeTo5   AgeBand = "0-5"
	Age6To11 AgeBand = "6-11"
	AgeTo17  AgeBand = "12-17"
	AgeAdult AgeBand = "18+"
)

// Displacement is a survivor's displacement status (GBVIMS intake form).
type Displacement string

// The displacement statuses.
const (
	Resident        Displacement = "resident"
	IDP             Displacement = "idp"
	Refugee         Displacement = "refugee"
	StatelessPerson Displacement = "stateless_person"
	Returnee        Displacement = "returnee"
	ForeignNational Displacement = "foreign_national"
	AsylumSeeker    Displacement = "asylum_seeker"
)

// Disability says whether a survivor has a disability (GBVIMS intake form).
type Disability string

// The disabilities. "no" is an answer; a missing answer is something else.
const (
	NoDisability       Disability = "no"
	MentalDisability   Disability = "mental"
	PhysicalDisability Disability = "physical"
	BothDisabilities   Disability = "both"
)

// MaritalStatus is a survivor's marital status (GBVIMS intake form).
type MaritalStatus string

// The marital statuses.
const (
	Single   MaritalStatus = "single"
	Married  MaritalStatus = "married_cohabitating"
	Divorced MaritalStatus = "divorced_separated"
	Widowed  MaritalStatus = "widowed"
)

// Unaccompanied says whether a child is without its caregivers (GBVIMS intake
// form).
type Unaccompanied string

// The answers. "no" is an answer; a missing answer is something else.
const (
	NotUnaccompanied     Unaccompanied = "no"
	UnaccompaniedMinor   Unaccompanied = "unaccompanied_minor"
	SeparatedChild       Unaccompanied = "separated_child"
	OtherVulnerableChild Unaccompanied = "other_vulnerable_child"
)

// ConsentMethod says how consent was given. A spoken yes counts as much as a
// signature.
type ConsentMethod string

// The methods.
const (
	Written ConsentMethod = "written"
	Oral    ConsentMethod = "oral"
	Digital ConsentMethod = "digital"
)

// GivenBy says who gave a consent.
type GivenBy string

// The persons who may speak; both is the caregiver with the assent of the
// child.
const (
	BySurvivor  GivenBy = "survivor"
	ByCaregiver GivenBy = "caregiver"
	ByBoth      GivenBy = "both"
	// ByTrustedAdult and ByCaseworker consent where no caregiver is asked; the caseworker with a
	// supervisor.
	ByTrustedAdult GivenBy = "trusted_adult"
	ByCaseworker   GivenBy = "caseworker"
)

// CaregiverRelation is who a caregiver is to the child.
type CaregiverRelation string

// The caregivers.
const (
	Mother          CaregiverRelation = "mother"
	Father          CaregiverRelation = "father"
	StepParent      CaregiverRelation = "step_parent"
	Grandparent     CaregiverRelation = "grandparent"
	Sibling         CaregiverRelation = "sibling"
	OtherRelative   CaregiverRelation = "other_relative"
	FosterCaregiver CaregiverRelation = "foster_caregiver"
	LegalGuardian   CaregiverRelation = "legal_guardian"
	OtherCaregiver  CaregiverRelation = "other"
)

// Assent is what a child said where another person consents.
type Assent string

// What was said. Sought was asked without a clear answer, as of a very small child.
const (
	AssentSought Assent = "sought"
	AssentGiven  Assent = "given"
	Dissent      Assent = "dissent"
)

// OverDissent is the danger for which a request goes on against a child's dissent.
type OverDissent string

// The dangers. There is no other ground.
const (
	DangerToLife   OverDissent = "danger_to_life"
	DangerToHealth OverDissent = "danger_to_health"
)

// ThoughtChild is why somebody thinks her a child whose age is not known.
type ThoughtChild string

// The reasons.
const (
	SaysChild          ThoughtChild = "she_says_so"
	DocumentsChild     ThoughtChild = "documents"
	CaregiverSaysChild ThoughtChild = "somebody_close_says_so"
	LooksChild         ThoughtChild = "looks_or_behaves_so"
	SchoolSaysChild    ThoughtChild = "at_school"
)

// WithoutCaregiver says why a young child's caregiver was not asked (Caring
// for Child Survivors guidelines).
type WithoutCaregiver string

// The reasons.
const (
	CaregiverIsAbuser   WithoutCaregiver = "caregiver_is_abuser"
	NotInChildsInterest WithoutCaregiver = "not_in_childs_interest"
	NoCaregiver         WithoutCaregiver = "no_caregiver"
)

// ConsentStatus says what a consent is worth at an instant (PublicSchema
// consent-status). Only a given one is in force; an ended one never is again.
type ConsentStatus string

// The statuses of a consent.
const (
	ConsentGiven     ConsentStatus = "given"
	ConsentRefused   ConsentStatus = "refused"
	ConsentWithdrawn ConsentStatus = "withdrawn"
	ConsentExpired   ConsentStatus = "expired"
	// ConsentRenewed is one in whose place she gave a new one.
	ConsentRenewed ConsentStatus = "renewed"
	// ConsentRequested is a question that was put to her and waits for her answer.
	ConsentRequested ConsentStatus = "requested"
	// ConsentRevoked is one that another person who may speak for her ended, or the law.
	ConsentRevoked ConsentStatus = "revoked"
	// ConsentInvalidated is one that was never good.
	ConsentInvalidated ConsentStatus = "invalidated"
)

// ConsentEndGround says why a consent ended otherwise than by her word. Status says what the
// consent is worth then.
type ConsentEndGround string

// The grounds. The first four revoke, the others invalidate.
const (
	ConsenterTookBack   ConsentEndGround = "who_consented_took_it_back"
	LegalRepresentative ConsentEndGround = "legal_representative"
	ByCourtOrder        ConsentEndGround = "court_order"
	ByStatute           ConsentEndGround = "statute"
	WrongPerson         ConsentEndGround = "wrong_person"
	NotUnderstood       ConsentEndGround = "not_understood"
	UnderPressure       ConsentEndGround = "under_pressure"
	ConsentInError      ConsentEndGround = "entered_in_error"
	SuspectedCaregiver  ConsentEndGround = "suspected_caregiver"
)

// Status is what a consent is that ended on this ground. An unknown ground ends it all the same.
func (g ConsentEndGround) Status() ConsentStatus {
	switch g {
	case "":
		return ConsentWithdrawn
	case ConsenterTookBack, LegalRepresentative, ByCourtOrder, ByStatute:
		return ConsentRevoked
	default:
		return ConsentInvalidated
	}
}

// ReceiptAnswer is what became of a receipt that she was offered.
type ReceiptAnswer string

// The answers.
const (
	ReceiptGiven     ReceiptAnswer = "given"
	ReceiptKept      ReceiptAnswer = "kept_for_her"
	ReceiptNotWanted ReceiptAnswer = "not_wanted"
)

// ToldOfReport says whether she was told of the duty to report before she disclosed.
type ToldOfReport string

// The answers.
const (
	ToldBefore ToldOfReport = "before_she_disclosed"
	ToldAfter  ToldOfReport = "after_she_disclosed"
	NotTold    ToldOfReport = "not_told"
)

// Attention names what of a case her desk must look at.
type Attention string

// What waits for her desk.
const (
	// UnmetNeed is a service that she asked for and did not get.
	UnmetNeed Attention = "unmet_need"
	// ContactUnsafe is a contact that is closed, until her desk opens it.
	ContactUnsafe Attention = "contact_closed"
	// NewsToTell is news of danger that waits for her: somebody of the desk tells her, or says why
	// not.
	NewsToTell Attention = "danger_news"
	// NewsLate is such news that nobody settled in time.
	NewsLate Attention = "danger_news_late"
	// WithoutOwner is a case that nobody has: its owner has left, or is not known.
	WithoutOwner Attention = "without_owner"
	// ConsentAnew is a referral on a consent of a person who may not speak for her at the
	// age on record: her desk asks for it anew.
	ConsentAnew Attention = "consent_anew"
	// ConsentAsked is a question that waits for her answer.
	ConsentAsked Attention = "consent_requested"
	// PossibleDuplicate is a case beside which another one may be about the same person.
	// Only whoever has the case learns of it.
	PossibleDuplicate Attention = "possible_duplicate"
	// AskElsewhere is a need that was left when she said whom she must not meet. Only who
	// has the case learns of it.
	AskElsewhere Attention = "ask_elsewhere"
	// GivenToBlocked is a referral that its agency gave to a person whom she must not meet.
	// Only who has the case learns of it.
	GivenToBlocked Attention = "given_to_blocked"
	// TransferOpen is a case that another office is asked to take over.
	TransferOpen Attention = "transfer_open"
	// TransferUntaken is a case that another office was asked to take over and did not, until
	// her desk has seen it.
	TransferUntaken Attention = "transfer_untaken"
	// CredentialMissing is a case that was given to somebody who lacked a credential.
	CredentialMissing Attention = "credential_missing" //nolint:gosec // a code, and no credential
	// ReflectionOver is a case in which the time to be left in peace is over. Nothing follows
	// from it, and only who has the case learns of it.
	ReflectionOver Attention = "reflection_over"
	// ActionPlanDue is an action plan whose day of review has come.
	ActionPlanDue Attention = "action_plan_due"
	// ConferenceDue is a conference whose time has passed, and of which nobody has written down
	// whether it took place.
	ConferenceDue Attention = "conference_due"
	// OnwardToAnswer is an onward referral of an agency. Only who has the case learns of it
	// at first.
	OnwardToAnswer Attention = "onward_to_answer"
	// GranteeToAsk is an agency that helps her and whose grant was suspended: she is to be asked.
	// Only who has the case learns of it at first.
	GranteeToAsk Attention = "grantee_to_ask"
	// GranteeUnasked is one about which nobody asked her in time.
	GranteeUnasked Attention = "grantee_unasked"
	// OnwardUnanswered is one that nobody answered in time: the whole desk learns that there
	// is one.
	OnwardUnanswered Attention = "onward_unanswered"
)

// CaseStatus says where a case stands at its front desk.
type CaseStatus string

// The statuses of a case. A finished one waits to be closed, or for a new
// request. A resumed one is closed, and one of its referrals was taken up again.
const (
	CaseOpen     CaseStatus = "open"
	CaseFinished CaseStatus = "finished"
	CaseClosed   CaseStatus = "closed"
	CaseResumed  CaseStatus = "resumed"
	// CaseInError is one that should never have been opened.
	CaseInError CaseStatus = "entered_in_error"
)

// DisclosureStage says how much an agency was shown of what she said.
type DisclosureStage string

// The stages of disclosure.
const (
	// ForConflictCheck is before acceptance: whom she is up against, and no more.
	ForConflictCheck DisclosureStage = "conflict_check"
	// ForService is after acceptance: what she consented to.
	ForService DisclosureStage = "service"
	// ForContact is a question after acceptance: may she be contacted now, and how.
	ForContact DisclosureStage = "contact"
	// ForResponse is for the member of a response team who acknowledged: where she is, the
	// danger, and how to come near.
	ForResponse DisclosureStage = "response"
)

// CasePart names a part of what was said at the desk.
type CasePart string

// The parts of a case that can be put right.
const (
	PartIncident  CasePart = "incident"
	PartHappened  CasePart = "happened"
	PartSurvivor  CasePart = "survivor"
	PartName      CasePart = "name"
	PartContact   CasePart = "contact"
	PartNarrative CasePart = "narrative"
	// PartMustNotMeet is whom she must not meet: the only part that no agency is ever shown.
	PartMustNotMeet CasePart = "must_not_meet"
)

// AmendReason says why what was written is written anew.
type AmendReason string

// The reasons.
const (
	// Correction is of what was never right.
	Correction AmendReason = "correction"
	// Addition is of what was not known, or not asked.
	Addition AmendReason = "addition"
	// Change is of what was right, and is no more.
	Change AmendReason = "change"
)

// NeedSettlement says why nobody looks any more for a service that she asked for and
// did not get.
type NeedSettlement string

// How an unmet need is settled.
const (
	// NoLongerWanted is her own word, which her desk asked her for.
	NoLongerWanted NeedSettlement = "no_longer_wanted"
	// MetElsewhere is a service that she got outside this network.
	MetElsewhere NeedSettlement = "met_elsewhere"
	// NotReachedSafely is a need that her desk could not ask her about.
	NotReachedSafely NeedSettlement = "not_reached_safely"
)
