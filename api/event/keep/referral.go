package keep

var referral = map[string]Why{
	"referral.accepted.v1":               ClosesPacket, // the other candidates are asked no more
	"referral.acknowledged.v1":           Free,
	"referral.agency_channels_set.v1":    Free,
	"referral.agency_registered.v1":      Free,
	"referral.agency_suspended.v1":       ClosesPacket, // it gets no new ones
	"referral.appointment_cancelled.v1":  Free,
	"referral.assigned.v1":               ClosesPacket, // the packet is for one person from then on
	"referral.cancellation_requested.v1": HerNo,
	"referral.cancelled.v1":              HerNo,
	"referral.capacity_reported.v1":      Free,
	"referral.closed_to_readers.v1":      ClosesPacket,
	"referral.circle_noted.v1":           ClosesPacket, // who is outside loses sight
	"referral.completed.v1":              ClosesPacket,
	"referral.consent_ended.v1":          HerNo,
	"referral.consent_ending.v1":         Free,
	"referral.contact_closed.v1":         ClosesContact,
	"referral.contact_opened.v1":         Free, // until it is heard the contact stays closed
	"referral.contact_updated.v1":        ClosesContact,
	"referral.contacted.v1":              HerNo, // she may have said that she does not want to be contacted
	"referral.continued.v1":              Free,
	"referral.credential_changed.v1":     ClosesPacket, // a suspension takes away what somebody may do
	"referral.declined.v1":               ClosesPacket,
	"referral.denial_proposed.v1":        Free,
	"referral.denial_returned.v1":        Free,
	"referral.directory_listed.v1":       Free,
	"referral.entered_in_error.v1":       ClosesPacket,
	"referral.escalated.v1":              Free,
	"referral.expired.v1":                ClosesPacket,
	"referral.hold_ended.v1":             Free,
	"referral.invitation_ended.v1":       ClosesPacket,
	"referral.invitation_made.v1":        Free,
	"referral.invitation_notified.v1":    Free,
	"referral.invitation_tried.v1":       ClosesPacket, // too many wrong codes close it
	"referral.invitation_used.v1":        ClosesPacket, // a code opens once
	"referral.invitation_wanted.v1":      Free,
	"referral.lapsed.v1":                 ClosesPacket,
	"referral.no_show.v1":                Free,
	"referral.not_resumed.v1":            Free,
	"referral.notice_told.v1":            Free,
	"referral.offered.v1":                Free,
	"referral.outcome_reported.v1":       Free,
	"referral.overdue.v1":                Free,
	"referral.place_described.v1":        Free,
	"referral.place_held.v1":             Free,
	"referral.placement_begun.v1":        Free,
	"referral.placement_ended.v1":        Free,
	"referral.placement_outlived.v1":     Free,
	"referral.recalled.v1":               HerNo,
	"referral.received.v1":               Free,
	"referral.released.v1":               ClosesPacket,
	"referral.reminded.v1":               Free,
	"referral.renewed.v1":                ClosesPacket, // the new consent may be narrower
	"referral.reopened.v1":               Free,
	"referral.requested.v1":              Free,
	"referral.rerouted.v1":               ClosesPacket,
	"referral.response_alerted.v1":       HerCall,      // somebody is to be told
	"referral.response_closed_to.v1":     ClosesPacket, // who was asked loses sight
	"referral.response_ended.v1":         HerNo,        // her no ends it, too
	"referral.response_moved.v1":         Free,
	"referral.response_opened.v1":        Free,
	"referral.resumed.v1":                Free,
	"referral.rota_published.v1":         Free,
	"referral.scheduled.v1":              Free,
	"referral.sender_changed.v1":         ClosesPacket, // the office that had it loses sight
	"referral.service_assessed.v1":       Free,
	"referral.started.v1":                Free,
	"referral.team_described.v1":         ClosesPacket, // who is on it may be whom she must not meet
	"referral.withdrawn.v1":              HerNo,
	"referral.worker_changed.v1":         ClosesPacket, // who left loses sight
}
