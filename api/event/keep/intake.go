package keep

var intake = map[string]Why{
	"intake.action_goal_set.v1":           Free,
	"intake.action_goal_settled.v1":       HerNo, // she may have said that she wants it no more
	"intake.action_plan_closed.v1":        HerNo, // she may have said so
	"intake.action_plan_review_due.v1":    Free,
	"intake.action_plan_reviewed.v1":      Free,
	"intake.action_step_set.v1":           Free,
	"intake.action_step_settled.v1":       HerNo,        // she may have said that she wants it no more
	"intake.age_turned.v1":                ClosesPacket, // who consented for her as a child loses sight
	"intake.agency_noted.v1":              Free,
	"intake.case_amended.v1":              ClosesPacket, // her age may be another: who consented for her loses sight
	"intake.case_closed.v1":               ClosesPacket,
	"intake.case_closed_with.v1":          ClosesPacket,
	"intake.case_entered_in_error.v1":     ClosesPacket,
	"intake.case_handed_over.v1":          ClosesPacket, // who had it loses sight
	"intake.case_merged.v1":               Free,
	"intake.case_opened.v1":               Free,
	"intake.case_owner_left.v1":           ClosesPacket,
	"intake.case_reopened.v1":             Free,
	"intake.case_restricted.v1":           ClosesPacket, // no search finds it any more
	"intake.case_resumed.v1":              Free,
	"intake.case_seen.v1":                 Free,
	"intake.case_transferred.v1":          ClosesPacket, // the office that had it loses sight
	"intake.case_unmerged.v1":             ClosesPacket, // one case does not show the other any more
	"intake.cards_ended.v1":               Free,
	"intake.cards_made.v1":                Free,
	"intake.centre_described.v1":          Free,
	"intake.room_held.v1":                 Free,
	"intake.room_given_back.v1":           Free,
	"intake.visit_begun.v1":               Free,
	"intake.visit_step_planned.v1":        Free,
	"intake.visit_step_moved.v1":          HerNo, // she may not want the step
	"intake.visit_left.v1":                HerNo, // she left: nobody waits for her any more
	"intake.account_recorded.v1":          Free,
	"intake.account_heard.v1":             Free,
	"intake.cases_searched.v1":            Free,
	"intake.enquiry_made.v1":              Free,
	"intake.enquiry_overdue.v1":           Free,
	"intake.enquiry_settled.v1":           Free,
	"intake.enquiry_taken.v1":             Free,
	"intake.circle_drawn.v1":              ClosesPacket, // who is outside loses sight
	"intake.conference_agreed.v1":         Free,
	"intake.conference_answered.v1":       Free,
	"intake.conference_called_off.v1":     HerNo, // she may have decided so
	"intake.conference_due.v1":            Free,
	"intake.conference_held.v1":           Free,
	"intake.conference_proposed.v1":       Free,
	"intake.consent_given.v1":             Free,
	"intake.consent_question_ended.v1":    Free,
	"intake.consent_refused.v1":           HerNo,
	"intake.consent_requested.v1":         Free,
	"intake.consent_withdrawn.v1":         HerNo,
	"intake.contact_changed.v1":           ClosesContact, // the old address is used no more
	"intake.contact_restored.v1":          Free,          // until it is heard the contact stays closed
	"intake.contact_suspended.v1":         ClosesContact,
	"intake.credential_noted.v1":          ClosesPacket, // a suspension takes away what somebody may do
	"intake.danger_asked.v1":              Free,
	"intake.danger_news_brought.v1":       Free,
	"intake.danger_news_overdue.v1":       Free,
	"intake.danger_news_reopened.v1":      Free,
	"intake.danger_news_settled.v1":       ClosesPacket, // who is on duty sees the case no more
	"intake.disclosed.v1":                 Free,
	"intake.desk_awaited.v1":              Free, // it stands on the list of the desk as well
	"intake.displaced_settled.v1":         Free,
	"intake.duplicate_hinted.v1":          Free,
	"intake.duplicate_settled.v1":         ClosesPacket, // the hint shows the other case no more
	"intake.identification_recorded.v1":   Free,
	"intake.incident_amended.v1":          ClosesPacket, // what was written before is shown no more
	"intake.incident_entered_in_error.v1": ClosesPacket, // it is shown no more
	"intake.incident_recorded.v1":         Free,
	"intake.indicators_asked.v1":          Free,
	"intake.need_settled.v1":              HerNo, // she may have said that she wants it no more
	"intake.onward_answered.v1":           Free,
	"intake.onward_asked.v1":              Free,
	"intake.onward_overdue.v1":            Free,
	"intake.counting_answered.v1":         HerNo,   // she may not want to be counted
	"intake.grant_noted.v1":               HerCall, // somebody is to ask her
	"intake.grantee_answered.v1":          HerNo,   // she may want another agency
	"intake.grantee_overdue.v1":           HerCall,
	"intake.grantee_restored.v1":          Free,
	"intake.grantee_suspended.v1":         HerCall,
	"intake.period_closed.v1":             Free,
	"intake.table_released.v1":            Free,
	"intake.passage_recorded.v1":          Free,
	"intake.receipt_offered.v1":           Free,
	"intake.referral_assigned.v1":         ClosesPacket, // the packet is for one person from then on
	"intake.referral_followed.v1":         ClosesPacket, // a candidate may be asked no more
	"intake.referral_renewed.v1":          ClosesPacket, // the new consent may be narrower
	"intake.referral_resumed.v1":          Free,
	"intake.referrals_finished.v1":        Free,
	"intake.reflection_ended.v1":          Free,
	"intake.reflection_lengthened.v1":     Free,
	"intake.report_recorded.v1":           Free,
	"intake.response_asked.v1":            HerCall,
	"intake.response_called_off.v1":       HerNo,
	"intake.response_followed.v1":         HerNo, // it may be off
	"intake.response_shown.v1":            Free,
	"intake.service_requested.v1":         Free,
	"intake.share_seen.v1":                Free,
	"intake.team_noted.v1":                ClosesPacket, // who is on it may be whom she must not meet
	"intake.topic_told.v1":                HerNo,        // she may have said that it is not passed on
	"intake.transfer_asked.v1":            Free,
	"intake.transfer_ended.v1":            ClosesPacket,
	"intake.transfer_noted.v1":            Free,
	"intake.worker_noted.v1":              ClosesPacket, // who left loses sight
}
