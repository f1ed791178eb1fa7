package code

// ExaminationStep is a part of a forensic examination that a survivor agrees to by itself (WHO,
// Guidelines for medico-legal care for victims of sexual violence, 2003).
type ExaminationStep string

// The steps, in the order in which they are mostly asked. She may answer in any order.
const (
	StepHistory       ExaminationStep = "history"
	StepGeneral       ExaminationStep = "general_examination"
	StepGenitoAnal    ExaminationStep = "genito_anal_examination"
	StepPhotographs   ExaminationStep = "photographs"
	StepSamples       ExaminationStep = "samples"
	StepToxicology    ExaminationStep = "toxicology"
	StepStorage       ExaminationStep = "storage"
	StepTesting       ExaminationStep = "testing"
	StepPoliceRelease ExaminationStep = "police_release"
	// The last two are of the certificate alone.
	StepLawyerRelease     ExaminationStep = "lawyer_release"
	StepProsecutorRelease ExaminationStep = "prosecutor_release"
)

// StepAnswer is what she said to a step.
type StepAnswer string

// What she may say. She may stop a step half-way, and say yes to it again.
const (
	StepConsented StepAnswer = "consented"
	StepRefused   StepAnswer = "refused"
	StepStopped   StepAnswer = "stopped"
)

// InjuryType is a type of injury (Istanbul Protocol 2022; WHO 2003).
type InjuryType string

// The types.
const (
	Abrasion      InjuryType = "abrasion"
	Bruise        InjuryType = "bruise"
	Laceration    InjuryType = "laceration"
	IncisedWound  InjuryType = "incised_wound"
	StabWound     InjuryType = "stab_wound"
	Burn          InjuryType = "burn"
	BiteMark      InjuryType = "bite_mark"
	Fracture      InjuryType = "fracture"
	AnotherInjury InjuryType = "other"
)

// BodyRegion is a region of the body map.
type BodyRegion string

// The regions, from head to foot.
const (
	RegionScalp    BodyRegion = "scalp"
	RegionFace     BodyRegion = "face"
	RegionMouth    BodyRegion = "mouth"
	RegionEar      BodyRegion = "ear"
	RegionNeck     BodyRegion = "neck"
	RegionShoulder BodyRegion = "shoulder"
	RegionUpperArm BodyRegion = "upper_arm"
	RegionForearm  BodyRegion = "forearm"
	RegionHand     BodyRegion = "hand"
	RegionChest    BodyRegion = "chest"
	RegionBreast   BodyRegion = "breast"
	RegionAbdomen  BodyRegion = "abdomen"
	RegionBack     BodyRegion = "back"
	RegionButtock  BodyRegion = "buttock"
	RegionGenital  BodyRegion = "genital"
	RegionAnal     BodyRegion = "anal"
	RegionThigh    BodyRegion = "thigh"
	RegionKnee     BodyRegion = "knee"
	RegionLowerLeg BodyRegion = "lower_leg"
	RegionFoot     BodyRegion = "foot"
)

// BodySide is a side of her body, as she has it and not as it is seen.
type BodySide string

// The sides.
const (
	SideLeft   BodySide = "left"
	SideRight  BodySide = "right"
	SideMiddle BodySide = "middle"
)

// BodyAspect says from where a region is seen.
type BodyAspect string

// The two aspects.
const (
	AspectFront BodyAspect = "front"
	AspectBack  BodyAspect = "back"
)

// CustodyAct is what is done to an exhibit in the chain of custody.
type CustodyAct string

// What is done, from its collection to its end.
const (
	CustodyCollected  CustodyAct = "collected"
	CustodySealPut    CustodyAct = "sealed"
	CustodyStored     CustodyAct = "stored"
	CustodyHandedOver CustodyAct = "handed_over"
	CustodyReceived   CustodyAct = "received"
	CustodyOpened     CustodyAct = "opened"
	CustodySealAnew   CustodyAct = "resealed"
	CustodyTested     CustodyAct = "tested"
	CustodyReturned   CustodyAct = "returned"
	CustodyDestroyed  CustodyAct = "destroyed"
)

// CustodyParty is what somebody in the chain is who has no key.
type CustodyParty string

// Who signs on paper.
const (
	PartyPolice     CustodyParty = "police"
	PartyCourier    CustodyParty = "courier"
	PartyLaboratory CustodyParty = "laboratory"
	PartyCourt      CustodyParty = "court"
	PartySurvivor   CustodyParty = "survivor"
	PartyOther      CustodyParty = "other"
)

// Container is what an exhibit is in.
type Container string

// The containers.
const (
	PaperBag         Container = "paper_bag"
	Envelope         Container = "envelope"
	SwabBox          Container = "swab_box"
	Tube             Container = "tube"
	UrineJar         Container = "jar"
	KitBox           Container = "kit_box"
	AnotherContainer Container = "other"
)

// Storage is the condition under which an exhibit is stored.
type Storage string

// The conditions.
const (
	RoomTemperature Storage = "room_temperature"
	Refrigerated    Storage = "refrigerated"
	Frozen          Storage = "frozen"
)

// HoldGround is on what a legal hold stands: never on a wish.
type HoldGround string

// The grounds.
const (
	HoldByOrder   HoldGround = "order"
	HoldByStatute HoldGround = "statute"
)

// HoldPart is the part of an examination that a legal hold closes to readers.
type HoldPart string

// The parts. What she told, and the certificate, say what was found: they are closed with the findings.
const (
	HoldOnFindings    HoldPart = "findings"
	HoldOnPhotographs HoldPart = "photographs"
	HoldOnAll         HoldPart = "examination"
)

// MedicalReview is one of the reviews after an examination (WHO, Guidelines for medico-legal care for
// victims of sexual violence, 2003, chapter 6). It is the clinic's clock, and not a counsellor's.
type MedicalReview string

// The reviews, by how long after the examination they are due.
const (
	ReviewTwoWeeks    MedicalReview = "two_weeks"
	ReviewThreeMonths MedicalReview = "three_months"
	ReviewSixMonths   MedicalReview = "six_months"
)

// ReviewAnswer is what she says to a review.
type ReviewAnswer string

// What she may say.
const (
	AgreesToReview  ReviewAnswer = "agreed"
	RefusesToReview ReviewAnswer = "refused"
)

// ReviewResult is what came of a review. None says anything against her.
type ReviewResult string

// The results.
const (
	ReviewMade       ReviewResult = "done"
	ReviewMissed     ReviewResult = "missed"
	ReviewNotReached ReviewResult = "not_reached"
)

// ReviewStatus is how a review stands.
type ReviewStatus string

// The statuses. One that is due and to which she was not asked yet is planned.
const (
	ReviewIsPlanned  ReviewStatus = "planned"
	ReviewIsAgreed   ReviewStatus = "agreed"
	ReviewIsRefused  ReviewStatus = "refused"
	ReviewIsDone     ReviewStatus = "done"
	ReviewIsMissed   ReviewStatus = "missed"
	ReviewWentUnheld ReviewStatus = "not_reached"
)

// ExaminationDuty is what waits for the worker of an examination.
type ExaminationDuty string

// What waits.
const (
	DutyMedicalReview ExaminationDuty = "medical_review"
	// DutyTellOfHold is that she does not know of a legal hold yet, or of its end.
	DutyTellOfHold ExaminationDuty = "tell_of_hold"
	// DutyOpenCustody is that an exhibit was collected, and has no chain of custody.
	DutyOpenCustody ExaminationDuty = "open_custody"
)

// CustodyBreak is what does not join between two links of a chain of custody.
type CustodyBreak string

// What may not join.
const (
	BreakOfHolder CustodyBreak = "holder"
	BreakOfSeal   CustodyBreak = "seal"
)

// CertificateTo is to whom a certificate is released.
type CertificateTo string

// To whom. It is hers: she takes it, or has it kept for her, without anybody's leave.
const (
	ToSurvivor   CertificateTo = "survivor"
	KeptForHer   CertificateTo = "kept_for_her"
	ToLawyer     CertificateTo = "lawyer"
	ToProsecutor CertificateTo = "prosecutor"
	ToPolice     CertificateTo = "police"
)

// KitStatus is how an anonymous kit stands, as it is told to who holds its number and secret.
type KitStatus string

// How it may stand. Of a number or a secret that is wrong nothing is known.
const (
	KitUnknown   KitStatus = "unknown"
	KitHeld      KitStatus = "held"
	KitOver      KitStatus = "over"
	KitConverted KitStatus = "converted"
	KitDestroyed KitStatus = "destroyed"
)

// CustodyStatus says how an exhibit in custody stands.
type CustodyStatus string

// How it may stand. Unsigned has no link yet.
const (
	CustodyUnsigned  CustodyStatus = "unsigned"
	CustodyUnderSeal CustodyStatus = "sealed"
	CustodyNoSeal    CustodyStatus = "unsealed"
	CustodyOver      CustodyStatus = "destroyed"
)
