package keep

var legalAid = map[string]Why{
	"legal-aid.advice_given.v1":             Free,
	"legal-aid.annulment_filed.v1":          ClosesPacket, // the certificate shows nothing any more
	"legal-aid.alarm_acknowledged.v1":       Free,
	"legal-aid.alarm_raised.v1":             HerCall, // somebody must come now
	"legal-aid.booking_changed.v1":          Free,
	"legal-aid.booking_noted.v1":            Free,
	"legal-aid.booking_passed.v1":           Free,
	"legal-aid.booking_told.v1":             Free,
	"legal-aid.certificate_filed.v1":        Free,
	"legal-aid.certificate_noted.v1":        Free,
	"legal-aid.certificate_outdated.v1":     ClosesPacket,
	"legal-aid.certificate_settled.v1":      Free,
	"legal-aid.document_kept.v1":            Free,
	"legal-aid.eligibility_assessed.v1":     Free,
	"legal-aid.file_stored.v1":              Free,
	"legal-aid.following_answered.v1":       HerNo, // she may have said no
	"legal-aid.hearing_moved.v1":            Free,
	"legal-aid.hearing_planned.v1":          Free,
	"legal-aid.hearing_settled.v1":          Free,
	"legal-aid.legal_duty_settled.v1":       Free,
	"legal-aid.options_chosen.v1":           HerNo, // she may have chosen to do nothing
	"legal-aid.options_explained.v1":        Free,
	"legal-aid.order_changed.v1":            Free,
	"legal-aid.order_served.v1":             Free,
	"legal-aid.order_service_planned.v1":    Free,
	"legal-aid.proceeding_opened.v1":        Free,
	"legal-aid.proceeding_stepped.v1":       Free,
	"legal-aid.reminder_came.v1":            Free,
	"legal-aid.circle_noted.v1":             ClosesPacket, // who is outside loses sight
	"legal-aid.conflict_matched.v1":         ClosesPacket, // the matter may not be read until an officer answers
	"legal-aid.conflict_named.v1":           ClosesPacket, // the check begins anew
	"legal-aid.conflict_settled.v1":         ClosesPacket, // the matter may not be taken
	"legal-aid.court_described.v1":          Free,
	"legal-aid.credential_noted.v1":         ClosesPacket, // a suspension takes away what somebody may do
	"legal-aid.matter_amended.v1":           Free,
	"legal-aid.matter_assigned.v1":          ClosesPacket, // the matter is for one person from then on
	"legal-aid.matter_closed.v1":            ClosesPacket,
	"legal-aid.matter_contact_problem.v1":   Free,
	"legal-aid.matter_ended.v1":             HerNo,
	"legal-aid.matter_ending_answered.v1":   HerNo,
	"legal-aid.matter_ending_asked.v1":      HerNo,
	"legal-aid.matter_kept_closed.v1":       ClosesPacket,
	"legal-aid.matter_opened.v1":            Free,
	"legal-aid.matter_renewed.v1":           ClosesPacket, // the new consent may be narrower
	"legal-aid.matter_reopened.v1":          Free,
	"legal-aid.matter_rested.v1":            ClosesPacket,
	"legal-aid.matter_seen.v1":              Free,
	"legal-aid.matter_started.v1":           Free,
	"legal-aid.opposing_noted.v1":           Free,
	"legal-aid.protection_order_applied.v1": Free,
	"legal-aid.protection_order_decided.v1": Free,
	"legal-aid.slot_freed.v1":               Free,
	"legal-aid.slot_held.v1":                Free,
	"legal-aid.worker_awaited.v1":           Free,         // it stands on the list as well
	"legal-aid.worker_noted.v1":             ClosesPacket, // who left loses sight
}

var psychosocial = map[string]Why{
	"psychosocial.circle_noted.v1":         ClosesPacket, // who is outside loses sight
	"psychosocial.credential_noted.v1":     ClosesPacket, // a suspension takes away what somebody may do
	"psychosocial.follow_up_agreed.v1":     Free,
	"psychosocial.follow_up_done.v1":       HerNo, // she may have said that she wants no more
	"psychosocial.goal_reviewed.v1":        HerNo, // she may have said that she wants it no more
	"psychosocial.goal_set.v1":             Free,
	"psychosocial.instrument_answered.v1":  Free,
	"psychosocial.placement_changed.v1":    ClosesContact, // the old address is used no more
	"psychosocial.placement_ended.v1":      Free,
	"psychosocial.placement_started.v1":    Free,
	"psychosocial.plan_amended.v1":         Free,
	"psychosocial.plan_assigned.v1":        ClosesPacket, // the plan is for one person from then on
	"psychosocial.plan_closed.v1":          ClosesPacket,
	"psychosocial.plan_contact_problem.v1": Free,
	"psychosocial.plan_duty_came.v1":       Free,
	"psychosocial.plan_ended.v1":           HerNo,
	"psychosocial.plan_ending_answered.v1": HerNo,
	"psychosocial.plan_ending_asked.v1":    HerNo,
	"psychosocial.plan_kept_closed.v1":     ClosesPacket,
	"psychosocial.plan_opened.v1":          Free,
	"psychosocial.plan_renewed.v1":         ClosesPacket, // the new consent may be narrower
	"psychosocial.plan_reopened.v1":        Free,
	"psychosocial.plan_rested.v1":          ClosesPacket,
	"psychosocial.plan_seen.v1":            Free,
	"psychosocial.plan_started.v1":         Free,
	"psychosocial.risk_handled.v1":         Free,
	"psychosocial.safety_planned.v1":       Free,
	"psychosocial.session_recorded.v1":     Free,
	"psychosocial.worker_awaited.v1":       Free,         // it stands on the list as well
	"psychosocial.worker_noted.v1":         ClosesPacket, // who left loses sight
}

var forensic = map[string]Why{
	"forensic-services.certificate_drafted.v1":         Free,
	"forensic-services.certificate_released.v1":        Free,
	"forensic-services.certificate_signed.v1":          Free,
	"forensic-services.custody_held.v1":                Free,
	"forensic-services.custody_hold_lifted.v1":         Free,
	"forensic-services.custody_key_ended.v1":           Free,
	"forensic-services.custody_key_registered.v1":      Free,
	"forensic-services.custody_linked.v1":              Free,
	"forensic-services.custody_opened.v1":              Free,
	"forensic-services.custody_proposed.v1":            Free,
	"forensic-services.custody_seen.v1":                Free,
	"forensic-services.finding_recorded.v1":            Free,
	"forensic-services.file_stored.v1":                 Free,
	"forensic-services.photograph_kept.v1":             Free,
	"forensic-services.reviews_planned.v1":             Free,
	"forensic-services.review_answered.v1":             HerNo, // she may have said no
	"forensic-services.review_recorded.v1":             HerNo, // she may have said that she does not come
	"forensic-services.review_came.v1":                 Free,
	"forensic-services.examination_held.v1":            ClosesPacket, // what is held is not read
	"forensic-services.examination_hold_lifted.v1":     Free,
	"forensic-services.hold_told.v1":                   Free,
	"forensic-services.worker_awaited.v1":              Free, // it stands on the list as well
	"forensic-services.kit_converted.v1":               Free,
	"forensic-services.kit_made.v1":                    Free,
	"forensic-services.kit_taken.v1":                   Free,
	"forensic-services.step_answered.v1":               HerNo,        // or her yes: what she said to a step is never lost
	"forensic-services.certificate_annulled.v1":        ClosesPacket, // the certificate shows nothing any more
	"forensic-services.certificate_issued.v1":          Free,
	"forensic-services.certificate_kept.v1":            Free,
	"forensic-services.certificate_kept_annulled.v1":   ClosesPacket,
	"forensic-services.certificate_upheld.v1":          Free,
	"forensic-services.circle_noted.v1":                ClosesPacket, // who is outside loses sight
	"forensic-services.credential_noted.v1":            ClosesPacket, // a suspension takes away what somebody may do
	"forensic-services.examination_amended.v1":         Free,
	"forensic-services.examination_assigned.v1":        ClosesPacket, // the examination is for one person from then on
	"forensic-services.examination_closed.v1":          ClosesPacket,
	"forensic-services.examination_contact_problem.v1": Free,
	"forensic-services.examination_ended.v1":           HerNo,
	"forensic-services.examination_ending_answered.v1": HerNo,
	"forensic-services.examination_ending_asked.v1":    HerNo,
	"forensic-services.examination_kept_closed.v1":     ClosesPacket,
	"forensic-services.examination_opened.v1":          Free,
	"forensic-services.examination_recorded.v1":        Free,
	"forensic-services.examination_renewed.v1":         ClosesPacket, // the new consent may be narrower
	"forensic-services.examination_reopened.v1":        Free,
	"forensic-services.examination_rested.v1":          ClosesPacket,
	"forensic-services.examination_seen.v1":            Free,
	"forensic-services.examination_started.v1":         Free,
	"forensic-services.exhibit_collected.v1":           Free,
	"forensic-services.worker_noted.v1":                ClosesPacket, // who left loses sight
}

var trustFund = map[string]Why{
	"trust-fund.call_revoked.v1":        Free,
	"trust-fund.call_drafted.v1":        Free,
	"trust-fund.call_extended.v1":       Free,
	"trust-fund.call_published.v1":      Free,
	"trust-fund.clarification_asked.v1": Free,
	"trust-fund.clarification_given.v1": Free,
	"trust-fund.donation_corrected.v1":  Free,
	"trust-fund.donation_paid.v1":       Free,
	"trust-fund.donation_pledged.v1":    Free,
	"trust-fund.funds_committed.v1":     Free,
	"trust-fund.funds_paid.v1":          Free,
	"trust-fund.funds_released.v1":      Free,
	"trust-fund.funds_returned.v1":      Free,
	"trust-fund.grant_agreed.v1":        Free,
	"trust-fund.grant_closed.v1":        Free,
	"trust-fund.grant_restored.v1":      Free,
	"trust-fund.grant_suspended.v1":     ClosesPacket, // the desks of her cases must ask her
}
