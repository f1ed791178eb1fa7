package code

// YesNo is what she said to a question. A missing answer is neither: it was not asked, or
// she did not want to say.
type YesNo string

// The answers.
const (
	Yes YesNo = "yes"
	No  YesNo = "no"
)

// DayTime is when in a day an incident was (GBVIMS intake form).
type DayTime string

// The times: from sunrise to noon, from noon to sunset, from sunset to sunrise, and that
// she does not know.
const (
	Morning     DayTime = "morning"
	Afternoon   DayTime = "afternoon"
	Night       DayTime = "evening_night"
	UnknownTime DayTime = "unknown"
)

// PlaceType is what kind of place an incident was at (Primero,
// lookup-gbv-incident-location-type).
type PlaceType string

// The kinds of places.
const (
	AtForest        PlaceType = "forest"
	AtGarden        PlaceType = "garden"
	AtSchool        PlaceType = "school"
	AtRoad          PlaceType = "road"
	AtHerHome       PlaceType = "clients_home"
	AtHisHome       PlaceType = "perpetrators_home"
	AtFriendsHome   PlaceType = "perpetrators_friends_home"
	AtMarket        PlaceType = "market"
	AtRiverside     PlaceType = "streamside"
	AtBeach         PlaceType = "beach"
	AtFarm          PlaceType = "farm"
	AtLatrine       PlaceType = "latrine"
	AtEntertainment PlaceType = "entertainment_centre"
	AtUnfinished    PlaceType = "unfinished_house"
	AtGuestHouse    PlaceType = "guest_house_hotel"
	AtOtherPlace    PlaceType = "other"
)

// Abduction is whether she was abducted when it happened, and for what (GBVIMS intake form).
type Abduction string

// The types of abduction. "none" is an answer; a missing answer is something else.
const (
	NoAbduction         Abduction = "none"
	ForcedConscription  Abduction = "forced_conscription"
	AbductedTrafficked  Abduction = "trafficked"
	OtherKindOfAbducted Abduction = "other_abduction_kidnapping"
)

// ReportedElsewhere is whether the incident was told to another organization before, and
// whether that one counts with GBVIMS.
type ReportedElsewhere string

// The answers. "no" is an answer; a missing answer is something else.
const (
	NotReported      ReportedElsewhere = "no"
	ReportedToGBVIMS ReportedElsewhere = "gbvims-org"
	ReportedToOther  ReportedElsewhere = "non-gbvims-org"
)

// PerpetratorSex is the sex of the primary perpetrators (GBVIMS intake form).
type PerpetratorSex string

// The sexes; both where there were several.
const (
	FemalePerpetrator PerpetratorSex = "female"
	MalePerpetrator   PerpetratorSex = "male"
	BothSexes         PerpetratorSex = "both"
)

// PerpetratorAge is the age of a perpetrator, as a band in years (GBVIMS intake form).
type PerpetratorAge string

// The bands.
const (
	PerpetratorTo11    PerpetratorAge = "0-11"
	PerpetratorTo17    PerpetratorAge = "12-17"
	PerpetratorTo25    PerpetratorAge = "18-25"
	PerpetratorTo40    PerpetratorAge = "26-40"
	PerpetratorTo60    PerpetratorAge = "41-60"
	PerpetratorOver60  PerpetratorAge = "61+"
	PerpetratorUnknown PerpetratorAge = "unknown"
)

// Relationship is what a perpetrator is to her (Primero,
// lookup-perpetrator-relationship).
type Relationship string

// The relationships.
const (
	IntimatePartner   Relationship = "intimate_partner_former_partner"
	PrimaryCaregiver  Relationship = "primary_caregiver"
	OtherFamily       Relationship = "family_other_than_spouse_or_caregiver"
	Employer          Relationship = "supervisor_employer"
	Schoolmate        Relationship = "schoolmate"
	Teacher           Relationship = "teacher_school_official"
	ServiceProvider   Relationship = "service_provider"
	Housemate         Relationship = "cotenant_housemate"
	FriendOrNeighbour Relationship = "family_friend_neighbor"
	OtherDisplaced    Relationship = "other_refugee_idp_returnee"
	OtherResident     Relationship = "other_resident_community_member"
	OtherRelationship Relationship = "other"
	NoRelationship    Relationship = "no_relation"
	UnknownRelation   Relationship = "unknown"
)

// CaseContext is what follows from the answers to an incident beside its type (GBVIMS). It
// is derived each time, and stored nowhere.
type CaseContext string

// The contexts.
const (
	IntimatePartnerViolence CaseContext = "intimate_partner_violence"
	ChildSexualAbuse        CaseContext = "child_sexual_abuse"
	EarlyMarriage           CaseContext = "early_marriage"
	PossibleExploitation    CaseContext = "possible_sexual_exploitation"
	PossibleSexualSlavery   CaseContext = "possible_sexual_slavery"
	HarmfulPractice         CaseContext = "harmful_traditional_practice"
)

// DangerSign is something that the desk asks about in her words. The list is this network's
// own, and nobody has validated it: its signs are not counted, and none of them weighs
// more than another. Whether she may harm herself is not asked here: that stays with her
// counsellor.
type DangerSign string

// The signs.
const (
	Strangulation      DangerSign = "strangulation"
	Weapon             DangerSign = "weapon"
	ThreatToKill       DangerSign = "threat_to_kill"
	SeparatedLately    DangerSign = "separated_lately"
	Followed           DangerSign = "followed"
	ChildrenThreatened DangerSign = "children_threatened"
	Pregnant           DangerSign = "pregnant"
)

// DangerAsk is what the desk is to ask her, or to offer her, after danger was asked about.
// Nothing is sent, and nobody is alerted: she decides.
type DangerAsk string

// What is asked.
const (
	// AskTeamOrShelter is whether a team or a shelter should be asked.
	AskTeamOrShelter DangerAsk = "team_or_shelter"
	// AskMedicalCare is whether she wants to see a clinic now: an injury by strangulation may
	// not show.
	AskMedicalCare DangerAsk = "medical_care"
)

// IncidentPart names a part of what she told of an incident.
type IncidentPart string

// The parts of an incident, each of which is written anew or removed by itself.
const (
	IncidentHappened       IncidentPart = "happened"
	IncidentTakenAt        IncidentPart = "taken_at"
	IncidentPenetration    IncidentPart = "penetration"
	IncidentSexualContact  IncidentPart = "sexual_contact"
	IncidentPhysical       IncidentPart = "physical"
	IncidentForcedMarriage IncidentPart = "forced_marriage"
	IncidentDenial         IncidentPart = "denial"
	IncidentPsychological  IncidentPart = "psychological"
	IncidentPractice       IncidentPart = "harmful_traditional_practice"
	IncidentExchange       IncidentPart = "goods_money_exchanged"
	IncidentAbduction      IncidentPart = "abduction"
	IncidentReported       IncidentPart = "reported_elsewhere"
	IncidentPrevious       IncidentPart = "previous_incidents"
	IncidentTimeOfDay      IncidentPart = "time_of_day"
	IncidentPlaceType      IncidentPart = "place_type"
	IncidentArea           IncidentPart = "area"
	IncidentPerpetrators   IncidentPart = "perpetrators"
)
