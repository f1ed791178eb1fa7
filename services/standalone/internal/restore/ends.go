package restore

// ends says of each event type that a service records whether it closes, refuses
// or withdraws. Such an event is applied again from its public half when its
// commit is lost: that a consent has ended, or a referral, must not depend on the
// age of a backup. Of all others a person decides.
//
// A new type needs a row here: a test compares the table with what the services
// record. An event with a private half ends nothing: half of it would be lost.
var ends = map[string]bool{
	"intake.agency_noted.v1":       false, // it stays in the room
	"intake.case_closed.v1":        true,
	"intake.case_opened.v1":        false,
	"intake.case_resumed.v1":       false,
	"intake.consent_given.v1":      false,
	"intake.consent_refused.v1":    true,
	"intake.consent_withdrawn.v1":  true,
	"intake.disclosed.v1":          false,
	"intake.referral_followed.v1":  false,
	"intake.referrals_finished.v1": false,
	"intake.service_requested.v1":  false,
	"intake.worker_noted.v1":       false, // it stays in the room

	"referral.accepted.v1":               false,
	"referral.acknowledged.v1":           true,
	"referral.agency_channels_set.v1":    false,
	"referral.agency_registered.v1":      false,
	"referral.agency_suspended.v1":       true,
	"referral.appointment_cancelled.v1":  false,
	"referral.assigned.v1":               false,
	"referral.cancellation_requested.v1": false, // asked for, and not done
	"referral.cancelled.v1":              true,
	"referral.capacity_reported.v1":      false,
	"referral.completed.v1":              true,
	"referral.consent_ended.v1":          true,
	"referral.contacted.v1":              false,
	"referral.continued.v1":              false,
	"referral.declined.v1":               true,
	"referral.denial_proposed.v1":        false, // proposed, and not done
	"referral.denial_returned.v1":        false,
	"referral.directory_listed.v1":       false,
	"referral.entered_in_error.v1":       true,
	"referral.escalated.v1":              false,
	"referral.expired.v1":                true,
	"referral.invitation_ended.v1":       true,
	"referral.invitation_made.v1":        false,
	"referral.invitation_notified.v1":    false,
	"referral.invitation_tried.v1":       false,
	"referral.invitation_used.v1":        false,
	"referral.invitation_wanted.v1":      false,
	"referral.no_show.v1":                false,
	"referral.offered.v1":                false,
	"referral.outcome_reported.v1":       false,
	"referral.overdue.v1":                false,
	"referral.recalled.v1":               true,
	"referral.received.v1":               false,
	"referral.released.v1":               false,
	"referral.reminded.v1":               false,
	"referral.reopened.v1":               false,
	"referral.requested.v1":              false,
	"referral.rerouted.v1":               true,
	"referral.scheduled.v1":              false,
	"referral.started.v1":                false,
	"referral.withdrawn.v1":              true,
	"referral.worker_changed.v1":         false,

	"legal-aid.advice_given.v1":             false,
	"legal-aid.certificate_filed.v1":        false,
	"legal-aid.certificate_noted.v1":        false,
	"legal-aid.matter_closed.v1":            true,
	"legal-aid.matter_ended.v1":             true,
	"legal-aid.matter_opened.v1":            false,
	"legal-aid.matter_reopened.v1":          false,
	"legal-aid.protection_order_applied.v1": false,
	"legal-aid.protection_order_decided.v1": false,
	"legal-aid.worker_noted.v1":             false,

	"psychosocial.plan_closed.v1":      true,
	"psychosocial.plan_ended.v1":       true,
	"psychosocial.plan_opened.v1":      false,
	"psychosocial.plan_reopened.v1":    false,
	"psychosocial.safety_planned.v1":   false,
	"psychosocial.session_recorded.v1": false,
	"psychosocial.worker_noted.v1":     false,

	"forensic-services.certificate_issued.v1":   false,
	"forensic-services.examination_closed.v1":   true,
	"forensic-services.examination_ended.v1":    true,
	"forensic-services.examination_opened.v1":   false,
	"forensic-services.examination_recorded.v1": false,
	"forensic-services.examination_reopened.v1": false,
	"forensic-services.exhibit_collected.v1":    false,
	"forensic-services.worker_noted.v1":         false,
}
