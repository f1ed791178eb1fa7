package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/pkg/fault"
)

// What a case refuses because a command is wrong in itself.
var (
	// ErrUnknownCode refuses a code that is missing or not on its list.
	ErrUnknownCode = fault.New(fault.Invalid, "unknown_code", "A code is not on its list.")
	// ErrSlug refuses a name of an agency or a programme that is not a slug.
	ErrSlug = fault.New(fault.Invalid, "slug_invalid", "Agencies and programmes are named by slugs: 3 to 40 small letters, digits and inner hyphens.")
	// ErrEnquiry refuses a word that leads to nobody, and a settling that does not fit.
	ErrEnquiry = fault.New(fault.Invalid, "enquiry_invalid", "An enquiry says what is needed to act on it, and its result fits what it is.")
	// ErrSheAgrees refuses a case in the name of somebody who was not asked.
	ErrSheAgrees = fault.New(fault.Invalid, "she_has_not_agreed", "What another person told opens no case in her name before she agrees.")
	// ErrCards refuses too many cards, or cards that hold too long.
	ErrCards = fault.New(fault.Invalid, "cards_invalid", "Cards are made in small numbers and end.")
	// ErrUnclassified refuses an incident without a type.
	ErrUnclassified = fault.New(fault.Invalid, "incident_unclassified", "An incident has at least one type, or is trafficking. Leave it out until it is known.")
	// ErrNonGBV refuses "non-gbv" beside a type of gender-based violence.
	ErrNonGBV = fault.New(fault.Invalid, "non_gbv_contradicted", "An incident that is not gender-based violence has no type of it.")
	// ErrIncident refuses an incident of which nothing is said, or that cannot be so.
	ErrIncident = fault.New(fault.Invalid, "incident_invalid", "An incident says at least one thing, and was told before now.")
	// ErrDanger refuses an asking about danger in which nothing was asked.
	ErrDanger = fault.New(fault.Invalid, "danger_invalid", "Write down at least one answer, and not from a time to come.")
	// ErrInstrument refuses answers that the instrument does not know.
	ErrInstrument = fault.New(fault.Invalid, "instrument_invalid", "The programme has no such instrument, or the instrument has no such item, answer or score.")
	// ErrTrafficking refuses trafficking of which nothing is known.
	ErrTrafficking = fault.New(fault.Invalid, "trafficking_incomplete", "Name at least one act, means or purpose. Leave trafficking out until something is known.")
	// ErrIndicators refuses an asking about indicators in which nothing was asked.
	ErrIndicators = fault.New(fault.Invalid, "indicators_invalid", "Write down at least one answer, and not from a time to come.")
	// ErrIdentification refuses that somebody says something without who and why.
	ErrIdentification = fault.New(fault.Invalid, "identification_invalid", "Name who says so and at least one ground, and not from a time to come.")
	// ErrSafeContact refuses a safe contact that contradicts itself, or that nobody could keep.
	ErrSafeContact = fault.New(fault.Invalid, "safe_contact_invalid", "How to reach her contradicts itself, or lacks what it means nothing without.")
	// ErrAmend refuses an amendment of nothing, or of one part in two ways.
	ErrAmend = fault.New(fault.Invalid, "amendment_invalid", "An amendment writes at least one part anew, or removes it; not both.")
	// ErrOnPaper refuses paper that cannot have been written so.
	ErrOnPaper = fault.New(fault.Invalid, "on_paper_invalid", "What is entered from paper names who wrote it, and when: not before the case, not before what it tells of, and not before her last no.")
	// ErrSince refuses that something was true from a time to come.
	ErrSince = fault.New(fault.Invalid, "since_invalid", "What is written now was not true from a time to come.")
	// ErrInterval refuses an interval that runs backwards or beyond today.
	ErrInterval = fault.New(fault.Invalid, "interval_invalid", "The earliest instant is not after the latest and not in the future, and the latest is not after today.")
	// ErrOwnDesk refuses her desk as one that she must not meet: it has her case.
	ErrOwnDesk = fault.New(fault.Invalid, "own_desk_blocked", "The desk that has the case cannot be one that she must not meet. Ask another office to take the case over.")
	// ErrTelephone refuses a contact that nobody can dial.
	ErrTelephone = fault.New(fault.Invalid, "telephone_invalid", "This is no telephone number. Write how to reach her in the safe note.")
	// ErrCardsShown refuses to show codes again.
	ErrCardsShown = fault.New(fault.Conflict, "cards_shown", "The codes of these cards were shown once and are stored nowhere. End these cards and make new ones.")
	// ErrCardsEnded refuses to end cards that hold no more.
	ErrCardsEnded = fault.New(fault.Conflict, "cards_ended", "The codes of these cards hold no more.")
	// ErrEnquirySettled refuses a command on an enquiry that was settled.
	ErrEnquirySettled = fault.New(fault.Conflict, "enquiry_settled", "The enquiry was settled.")
	// ErrEnquiryTaken refuses an enquiry that somebody has.
	ErrEnquiryTaken = fault.New(fault.Conflict, "enquiry_taken", "Somebody of the desk has the enquiry. They, or a supervisor, hand it over.")
	// ErrNotYourEnquiry refuses to act for who has the enquiry.
	ErrNotYourEnquiry = fault.New(fault.Forbidden, "not_your_enquiry", "The enquiry is for the person of the desk who has it.")
	// ErrCategories refuses a consent to nothing.
	ErrCategories = fault.New(fault.Invalid, "categories_missing", "A consent names the categories of data that it covers.")
	// ErrTerm refuses a consent without a reasonable end.
	ErrTerm = fault.New(fault.Invalid, "consent_term_invalid", "A consent ends in the future, and not later than the programme allows.")
	// ErrReport refuses the record of a report without what must be on record.
	ErrReport = fault.New(fault.Invalid, "report_invalid", "Name a law of the programme and an authority of it; say what she was told before, her safety plan, and the least that was sent, and not from a time to come.")
	// ErrConsentEnd refuses an end on a ground that does not fit the consent.
	ErrConsentEnd = fault.New(fault.Invalid, "consent_end_invalid", "The ground does not fit this consent. What she gave herself is hers to take back; a suspected caregiver needs a consent of a caregiver.")
	// ErrCaregiverNeeded refuses consent of a child alone, and of another adult, without a reason.
	ErrCaregiverNeeded = fault.New(fault.Invalid, "caregiver_needed", "At her age a caregiver consents, unless a reason says why not and the programme lets another person consent instead.")
	// ErrSurvivorNeeded refuses consent over her head.
	ErrSurvivorNeeded = fault.New(fault.Invalid, "survivor_needed", "At her age the survivor herself consents, alone or with a caregiver.")
	// ErrCaregiverBarred refuses the consent of a caregiver who may not speak for her.
	ErrCaregiverBarred = fault.New(fault.Invalid, "caregiver_barred", "This caregiver may not consent for her. Say why no caregiver is asked, and who consents instead.")
	// ErrSupervisorNeeded refuses that a caseworker alone consents for a child.
	ErrSupervisorNeeded = fault.New(fault.Invalid, "supervisor_unnamed", "A caseworker consents for a child only together with a supervisor. Name the supervisor.")
	// ErrAssentNeeded refuses consent over the head of a child who was not asked.
	ErrAssentNeeded = fault.New(fault.Invalid, "assent_needed", "At her age the child is asked as well. Write down what she said.")
	// ErrDissent refuses a dissent that contradicts the consent, and a danger against it that no
	// supervisor records.
	ErrDissent = fault.New(fault.Invalid, "dissent_invalid", "A dissent stands beside the consent of another person. Only a supervisor lets a request go on against it, for a danger to life or health.")
	// ErrBorn refuses a birth that cannot be, or that the age band contradicts.
	ErrBorn = fault.New(fault.Invalid, "birth_invalid", "When she was born is no day of the calendar, is still to come, or contradicts her age band.")
	// ErrAgeUnknown refuses that somebody speaks for her whose age nobody knows.
	ErrAgeUnknown = fault.New(fault.Invalid, "age_unknown", "Her age is not known. She herself consents, and no caregiver for her.")
	// ErrSearch refuses a search for nothing, or for two things.
	ErrSearch = fault.New(fault.Invalid, "search_invalid", "Search by a whole reference or by a name, not by both.")
	// ErrExport refuses rows of incidents for nobody, for no time or without a reason.
	ErrExport = fault.New(fault.Invalid, "export_invalid", "Say for which period the rows are. A period is a year at most.")
	// ErrRequests refuses an empty or an endless list of requests.
	ErrRequests = fault.New(fault.Invalid, "requests_out_of_bounds", "Ask for 1 to 20 services at once.")
	// ErrOpposingParty refuses names without a conflict check.
	ErrOpposingParty = fault.New(fault.Invalid, "opposing_party_unasked", "An opposing party is named where a conflict check is asked for, of a service that makes one.")
	// ErrMode refuses a request without an agency to ask, or with one twice.
	ErrMode = fault.New(fault.Invalid, "mode_mismatch", "A directed request has a recipient; a broadcast or a queued one has candidates, each once.")
)

// What a case refuses in its present state, or to some people.
var (
	// ErrIncidentUnknown refuses an incident that the case does not hold, or that was entered
	// in error.
	ErrIncidentUnknown = fault.New(fault.Conflict, "incident_unknown", "The case has no such incident, or it was entered in error.")
	// ErrGrantee refuses an answer about an agency of which nothing is to be asked.
	ErrGrantee = fault.New(fault.Conflict, "grantee_not_suspended", "No grant of this agency is suspended while it helps her.")
	// ErrNotTheOwner refuses to show or to change a case that somebody else has.
	ErrNotTheOwner = fault.New(fault.Forbidden, "not_the_owner", "Only the person who has this case, and who covers for them, can do this. A supervisor gives a case that nobody has to somebody.")
	// ErrBlocked tells who has the case that she must not meet whom the command names.
	// Nobody else is told so.
	ErrBlocked = fault.New(fault.Conflict, "blocked_by_her", "She must not meet them: she said so. Choose somebody else, or take it out of what is written of her.")
	// ErrReflection refuses what a period of reflection holds back, and a consent for a period
	// that does not go on.
	ErrReflection = fault.New(fault.Conflict, "reflection_period", "While she is left in peace, this goes only by a consent that she gave in this time and for it.")
	// ErrPacketOnce refuses to show the packet of a crossing again.
	ErrPacketOnce = fault.New(fault.Conflict, "packet_shown_once", "To another programme the packet is shown once. Your own record has it; ask her, or her desk, for what is new.")
	// ErrMerge refuses a chain or a ring of merged cases.
	ErrMerge = fault.New(fault.Conflict, "merge_impossible", "A case points to an older one, and neither of them is merged already or was entered in error.")
	// ErrContactClosed shows nothing while all that an agency may be shown is how to reach her.
	ErrContactClosed = fault.New(fault.Conflict, "contact_closed", "It is not safe to reach her now. Her desk opens the contact again.")
	// ErrNotSafeNow refuses a contact outside her hours. It says from when it is safe.
	ErrNotSafeNow = fault.New(fault.Conflict, "contact_not_safe_now", "It is not safe to contact her now. not_before says from when it is.")
	// ErrNoSafeContact refuses a contact of which nobody knows that it is safe.
	ErrNoSafeContact = fault.New(fault.Conflict, "no_safe_contact", "No safe channel with safe hours is on record. Nobody contacts her first; she is met when she comes.")
	// ErrToDuty says who learns danger news where she chose no channel for it.
	ErrToDuty = fault.New(fault.Conflict, "danger_news_to_duty", "Danger news may not be told to her now by any channel. Bring it to her desk: those on duty are told at once.")
	// ErrNothingToShow says that her consent lets nothing through of what the service needs.
	ErrNothingToShow = fault.New(fault.Conflict, "nothing_to_show", "The referral goes on. Nothing that she consented to is for this service: ask her, or her desk.")
	// ErrConsentAnew shows nothing more while her desk has to ask for the consent anew. It
	// does not say why: how old she is, and who spoke for her, may be what is not shown.
	ErrConsentAnew = fault.New(fault.Conflict, "consent_anew", "The referral goes on. Her desk asks for the consent anew, and until she has answered nothing more is shown: wait for her desk.")
	// ErrTopic refuses a topic that was told at no possible time.
	ErrTopic = fault.New(fault.Invalid, "topic_invalid", "What she told cannot be written down so.")
	// ErrActionPlan refuses what does not fit the plan as it stands.
	ErrActionPlan = fault.New(fault.Conflict, "action_plan_invalid", "The action plan does not take this as it stands.")
	// ErrConference refuses what does not fit a conference as it stands.
	ErrConference = fault.New(fault.Conflict, "conference_invalid", "The conference does not take this as it stands.")
	// ErrConferenceOpen refuses a second conference, and to close a case, while one is planned.
	ErrConferenceOpen = fault.New(fault.Conflict, "conference_open", "A conference is planned. Say that it was held, or call it off, first.")
	// ErrVisitOpen refuses a second visit, and to close a case, while she is in a centre.
	ErrVisitOpen = fault.New(fault.Conflict, "visit_open", "A visit to a centre goes on. Say that she left first.")
	// ErrRecording refuses what does not fit a recorded account.
	ErrRecording = fault.New(fault.Conflict, "recording_invalid", "The recorded account cannot be written down so.")
	// ErrOnward refuses what does not fit an onward referral as it stands.
	ErrOnward = fault.New(fault.Conflict, "onward_invalid", "The onward referral does not take this as it stands.")
	// ErrOnwardOpen refuses to close a case while an agency waits for an answer of the desk.
	ErrOnwardOpen = fault.New(fault.Conflict, "onward_open", "An agency found with her that she needs something more. Answer it first.")
	// ErrNewsHasWay refuses to leave news of danger to her desk where who has it may tell her now.
	ErrNewsHasWay = fault.New(fault.Conflict, "danger_news_has_way", "She may be told now. Ask how with the purpose danger_news, and tell her by the way that the answer names.")
	// ErrDangerNews refuses what does not fit news of danger as it stands.
	ErrDangerNews = fault.New(fault.Conflict, "danger_news_invalid", "The news of danger does not take this as it stands.")
	// ErrNewsOpen refuses to close a case while news of danger waits for her.
	ErrNewsOpen = fault.New(fault.Conflict, "danger_news_open", "News of danger waits for her. Tell her, or say why not, first.")
	// ErrResponseOpen refuses a second team, and to close a case or settle an enquiry, while one is under way.
	ErrResponseOpen = fault.New(fault.Conflict, "response_open", "A response team is asked for already. Wait until it stands down, or call it off, first.")
	// ErrResponseNone refuses to call off, or to link, what is not there.
	ErrResponseNone = fault.New(fault.Conflict, "response_none", "No response team is under way.")
	// ErrResponseGround refuses a team without her yes where not all is said that permits it.
	ErrResponseGround = fault.New(fault.Invalid, "response_ground", "A team goes on her yes, or on a record of immediate danger to life and of the law that permits it.")
	// ErrResponseLink refuses to name referrals of another case.
	ErrResponseLink = fault.New(fault.Invalid, "response_link", "Only referrals of the case are linked to its response.")
	// ErrNotYours shows nothing of an alert. It says the same to who did not acknowledge, of an
	// alert that is not there, and where the acknowledgement is not known here yet.
	ErrNotYours = fault.New(fault.Conflict, "response_not_yours", "Nothing is shown before you have acknowledged the alert. If you have just done so, try again in a moment.").After(time.Second)
	// ErrTransfer refuses to ask another office in the present state, or to take over.
	ErrTransfer = fault.New(fault.Conflict, "transfer_impossible", "The case cannot go to this office as it stands.")
	// ErrTransferOpen refuses to close or to merge a case that another office is asked to
	// take over.
	ErrTransferOpen = fault.New(fault.Conflict, "transfer_open", "Another office is asked to take the case over. Wait for its answer, or take the question back, first.")
	// ErrNotDue meets a deadline of a clock that is ahead of ours: it is to come again, and
	// must not be lost.
	ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")
	// ErrTooEarly refuses to show anything before the referral is taken. An
	// acceptance reaches intake a moment later, so it says when to ask again.
	ErrTooEarly = fault.New(fault.Conflict, "disclosure_too_early", "Nothing is shown before the referral is accepted. If you have just accepted it, try again in a moment.").After(time.Second)
	// ErrOpposingUntold refuses to name the opposing party to an agency that may
	// not know what happened. Its fields name the requests.
	ErrOpposingUntold = fault.New(fault.Conflict, "opposing_party_not_consented", "Whom she is up against is a part of what happened, and the consent does not cover that.")
	// ErrNotRerouted refuses to ask another agency while one may still take the referral.
	ErrNotRerouted = fault.New(fault.Conflict, "not_to_reroute", "Only what nobody took, or what did not help, can be asked of another agency.")
	// ErrAlreadyOpened refuses to open a case twice.
	ErrAlreadyOpened = fault.New(fault.Conflict, "case_already_opened", "The case is open already.")
	// ErrNotOpen refuses a command on a case that is closed, or was never opened.
	ErrNotOpen = fault.New(fault.Conflict, "case_not_open", "The case is closed.")
	// ErrOpenReferrals refuses to close a case that still waits for somebody.
	ErrOpenReferrals = fault.New(fault.Conflict, "case_has_open_referrals", "Referrals of the case are still open. Let them end, or cancel them, first.")
	// ErrUnmetNeeds refuses to close a case in which she lacks what she asked for.
	ErrUnmetNeeds = fault.New(fault.Conflict, "case_has_unmet_needs", "She lacks a service that she asked for. Ask another agency, or settle the need with her, first.")
	// ErrStillOpen refuses to take up again what is open.
	ErrStillOpen = fault.New(fault.Conflict, "case_still_open", "The case is open.")
	// ErrNotUnmet refuses to settle what is no unmet need.
	ErrNotUnmet = fault.New(fault.Conflict, "need_not_unmet", "This referral is no unmet need.")
	// ErrNotResumed refuses to ask a recipient again.
	ErrNotResumed = fault.New(fault.Conflict, "not_to_resume", "Only a referral that its recipient took can be resumed, for two weeks after its end, and not after her no. Ask for a new one.")
	// ErrNewConsent refuses to resume on a consent from before the end.
	ErrNewConsent = fault.New(fault.Conflict, "new_consent_needed", "A referral is resumed on a consent that she gave after its end.")
	// ErrContact refuses to close or open a contact twice.
	ErrContact = fault.New(fault.Conflict, "contact_unchanged", "The contact is so already.")
	// ErrConsentUnknown refuses to withdraw a consent that the case does not hold.
	ErrConsentUnknown = fault.New(fault.Conflict, "consent_unknown", "The case has no such consent.")
	// ErrConsentRefused refuses to withdraw a consent that was never given.
	ErrConsentRefused = fault.New(fault.Conflict, "consent_refused", "This consent was refused: there is nothing to withdraw.")
	// ErrConsentMissing refuses a request without consent in force for exactly
	// that recipient, service and purpose. Its fields name the requests.
	ErrConsentMissing = fault.New(fault.Conflict, "consent_missing", "No consent in force covers this recipient and service.")
	// ErrStepRequired refuses a request without what the country requires with it.
	ErrStepRequired = fault.New(fault.Invalid, "step_required", "This service is not asked for without a step that is required here.")
	// ErrVisitUnknown refuses to join a visit that the case does not have.
	ErrVisitUnknown = fault.New(fault.Conflict, "visit_unknown", "The case has no such visit.")
	// ErrAlreadyRequested refuses a second request that the first still covers.
	// Its fields name the requests.
	ErrAlreadyRequested = fault.New(fault.Conflict, "already_requested", "This service was asked of this agency already, and the referral is open.")
)

// known refuses a code that is not on its list. Decoding refuses wrong codes,
// but not missing ones, and a commit that held one could never be read again.
func known[T ~string](pointer string, c T, list []T) error {
	if !slices.Contains(list, c) {
		return ErrUnknownCode.At(pointer, "enum")
	}
	return nil
}

// slug refuses what does not match ^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$. These
// names travel on the bus, where no free text may.
func slug(pointer, s string) error {
	ok := len(s) >= 3 && len(s) <= 40 && s[0] != '-' && s[len(s)-1] != '-'
	for _, r := range s {
		ok = ok && (r == '-' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9')
	}
	if !ok {
		return ErrSlug.At(pointer, "pattern")
	}
	return nil
}
