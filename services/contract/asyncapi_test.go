package contract

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
)

func network(t *testing.T) document {
	t.Helper()
	text, err := api.Files.ReadFile("asyncapi/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := yaml.Unmarshal(text, &d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

// The messages of the network are the events that leave their room, each with its schema.
func TestMessages(t *testing.T) {
	messages, _ := at(network(t).root, "components", "messages")
	want := map[string]string{}
	for _, e := range events {
		if leaves(e) {
			want[e.EventType()] = schemaPath(e.EventType())
		}
	}
	got := map[string]string{}
	for name := range messages {
		if name == "refused" { // a dead letter: any message, as it came
			continue
		}
		payload, _ := at(messages, name, "payload")
		ref, _ := payload["$ref"].(string)
		got[name] = path.Join("asyncapi", ref)
		if m, _ := at(messages, name); m["name"] != name || len(m["traits"].([]any)) == 0 {
			t.Errorf("%s: name %v, traits %v", name, m["name"], m["traits"])
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Each service has a channel with its events, and no other; what is confined to
// its addressees, or stays in the room, is not on it. On the channel of the agencies is what is
// addressed to them.
func TestChannels(t *testing.T) {
	d := network(t)
	want := map[string][]string{"deadletters": {"refused"}}
	for _, e := range events {
		service, event := split(e.EventType())
		_, confined := e.(interface{ ConfinedToAddressees() })
		if _, inner := e.(interface{ ForServicesAlone() }); !confined && !inner {
			want[service] = append(want[service], event)
		}
		if _, ok := e.(interface{ Addressees() []string }); ok {
			want["agencies"] = append(want["agencies"], event)
		}
	}
	channels, _ := at(d.root, "channels")
	got := map[string][]string{}
	for name := range channels {
		messages, _ := at(channels, name, "messages")
		got[name] = slices.Collect(maps.Keys(messages))
		for event := range messages {
			m, _ := at(messages, event)
			if _, known := at(d.resolve(m), "payload"); !known {
				t.Errorf("%s: %s leads nowhere", name, event)
			}
		}
		if parameter, ok := at(channels, name, "parameters", "event"); ok {
			if d := cmp.Diff(sorted(got[name]), sorted(words(parameter["enum"]))); d != "" {
				t.Errorf("%s: events in the subject: %s", name, d)
			}
		}
	}
	for _, m := range []map[string][]string{want, got} {
		for name := range m {
			m[name] = sorted(m[name])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Who is told of an event is decided by methods of its type, and the contract is
// made from them. So what is not for everybody is written here once more, by hand:
// a method that was forgotten, or put where it does not belong, is seen.
func TestWhoIsTold(t *testing.T) {
	want := map[string][]string{
		"no service": {
			"forensic-services.certificate_drafted.v1", "forensic-services.certificate_kept.v1", "forensic-services.certificate_kept_annulled.v1",
			"forensic-services.certificate_released.v1", "forensic-services.certificate_signed.v1", "forensic-services.certificate_upheld.v1", "forensic-services.circle_noted.v1",
			"forensic-services.credential_noted.v1", "forensic-services.custody_held.v1", "forensic-services.custody_hold_lifted.v1", "forensic-services.custody_key_ended.v1",
			"forensic-services.custody_key_registered.v1", "forensic-services.custody_linked.v1", "forensic-services.custody_opened.v1", "forensic-services.custody_proposed.v1",
			"forensic-services.custody_seen.v1", "forensic-services.examination_amended.v1", "forensic-services.examination_assigned.v1",
			"forensic-services.examination_ending_answered.v1", "forensic-services.examination_ending_asked.v1", "forensic-services.examination_held.v1", "forensic-services.examination_hold_lifted.v1", "forensic-services.examination_kept_closed.v1",
			"forensic-services.examination_recorded.v1", "forensic-services.examination_renewed.v1", "forensic-services.examination_rested.v1",
			"forensic-services.examination_seen.v1", "forensic-services.exhibit_collected.v1", "forensic-services.file_stored.v1", "forensic-services.finding_recorded.v1", "forensic-services.hold_told.v1",
			"forensic-services.kit_converted.v1", "forensic-services.kit_made.v1", "forensic-services.kit_taken.v1", "forensic-services.photograph_kept.v1",
			"forensic-services.review_answered.v1", "forensic-services.review_came.v1", "forensic-services.review_recorded.v1", "forensic-services.reviews_planned.v1",
			"forensic-services.step_answered.v1", "forensic-services.worker_awaited.v1",
			"forensic-services.worker_noted.v1", "intake.account_heard.v1", "intake.account_recorded.v1",
			"intake.action_goal_set.v1", "intake.action_goal_settled.v1", "intake.action_plan_closed.v1", "intake.action_plan_review_due.v1",
			"intake.action_plan_reviewed.v1", "intake.action_step_set.v1", "intake.action_step_settled.v1", "intake.age_turned.v1", "intake.agency_noted.v1",
			"intake.cards_ended.v1", "intake.cards_made.v1", "intake.case_amended.v1", "intake.case_closed_with.v1", "intake.case_handed_over.v1",
			"intake.case_merged.v1", "intake.case_owner_left.v1", "intake.case_restricted.v1", "intake.case_seen.v1", "intake.case_unmerged.v1",
			"intake.cases_searched.v1", "intake.centre_described.v1", "intake.circle_drawn.v1", "intake.conference_agreed.v1", "intake.conference_answered.v1",
			"intake.conference_called_off.v1", "intake.conference_due.v1", "intake.conference_held.v1", "intake.conference_proposed.v1",
			"intake.consent_question_ended.v1", "intake.consent_requested.v1",
			"intake.counting_answered.v1", "intake.credential_noted.v1", "intake.danger_asked.v1", "intake.danger_news_brought.v1", "intake.danger_news_overdue.v1", "intake.danger_news_reopened.v1",
			"intake.danger_news_settled.v1", "intake.desk_awaited.v1", "intake.displaced_settled.v1", "intake.duplicate_hinted.v1", "intake.duplicate_settled.v1",
			"intake.enquiry_made.v1", "intake.enquiry_overdue.v1", "intake.enquiry_settled.v1", "intake.enquiry_taken.v1", "intake.grant_noted.v1", "intake.grantee_answered.v1", "intake.grantee_overdue.v1",
			"intake.grantee_restored.v1", "intake.grantee_suspended.v1", "intake.identification_recorded.v1",
			"intake.incident_amended.v1", "intake.incident_entered_in_error.v1", "intake.incident_recorded.v1", "intake.indicators_asked.v1", "intake.onward_answered.v1",
			"intake.onward_asked.v1", "intake.onward_overdue.v1", "intake.passage_recorded.v1", "intake.period_closed.v1", "intake.receipt_offered.v1", "intake.referral_assigned.v1",
			"intake.reflection_ended.v1", "intake.reflection_lengthened.v1", "intake.report_recorded.v1", "intake.response_asked.v1", "intake.response_called_off.v1",
			"intake.response_followed.v1", "intake.response_shown.v1", "intake.room_given_back.v1", "intake.room_held.v1", "intake.share_seen.v1",
			"intake.table_released.v1", "intake.team_noted.v1", "intake.topic_told.v1", "intake.transfer_asked.v1", "intake.transfer_ended.v1", "intake.transfer_noted.v1",
			"intake.visit_begun.v1", "intake.visit_left.v1", "intake.visit_step_moved.v1", "intake.visit_step_planned.v1", "intake.worker_noted.v1",
			"legal-aid.advice_given.v1", "legal-aid.alarm_acknowledged.v1", "legal-aid.alarm_raised.v1", "legal-aid.annulment_filed.v1",
			"legal-aid.booking_changed.v1", "legal-aid.booking_noted.v1", "legal-aid.booking_passed.v1", "legal-aid.booking_told.v1",
			"legal-aid.certificate_filed.v1", "legal-aid.certificate_noted.v1", "legal-aid.certificate_outdated.v1", "legal-aid.certificate_settled.v1",
			"legal-aid.circle_noted.v1", "legal-aid.conflict_matched.v1", "legal-aid.conflict_named.v1", "legal-aid.conflict_settled.v1",
			"legal-aid.court_described.v1", "legal-aid.credential_noted.v1", "legal-aid.document_kept.v1", "legal-aid.eligibility_assessed.v1",
			"legal-aid.file_stored.v1", "legal-aid.following_answered.v1", "legal-aid.hearing_moved.v1", "legal-aid.hearing_planned.v1",
			"legal-aid.hearing_settled.v1", "legal-aid.legal_duty_settled.v1", "legal-aid.matter_amended.v1", "legal-aid.matter_assigned.v1",
			"legal-aid.matter_ending_answered.v1", "legal-aid.matter_ending_asked.v1", "legal-aid.matter_kept_closed.v1", "legal-aid.matter_renewed.v1",
			"legal-aid.matter_rested.v1", "legal-aid.matter_seen.v1", "legal-aid.opposing_noted.v1", "legal-aid.options_chosen.v1",
			"legal-aid.options_explained.v1", "legal-aid.order_changed.v1", "legal-aid.order_served.v1", "legal-aid.order_service_planned.v1",
			"legal-aid.proceeding_opened.v1", "legal-aid.proceeding_stepped.v1", "legal-aid.protection_order_applied.v1",
			"legal-aid.protection_order_decided.v1", "legal-aid.reminder_came.v1", "legal-aid.slot_freed.v1", "legal-aid.slot_held.v1",
			"legal-aid.worker_awaited.v1", "legal-aid.worker_noted.v1", "psychosocial.circle_noted.v1", "psychosocial.credential_noted.v1",
			"psychosocial.follow_up_agreed.v1", "psychosocial.follow_up_done.v1", "psychosocial.goal_reviewed.v1", "psychosocial.goal_set.v1",
			"psychosocial.instrument_answered.v1", "psychosocial.placement_changed.v1", "psychosocial.placement_ended.v1", "psychosocial.placement_started.v1",
			"psychosocial.plan_amended.v1", "psychosocial.plan_assigned.v1", "psychosocial.plan_duty_came.v1", "psychosocial.plan_ending_answered.v1",
			"psychosocial.plan_ending_asked.v1", "psychosocial.plan_kept_closed.v1", "psychosocial.plan_renewed.v1", "psychosocial.plan_rested.v1",
			"psychosocial.plan_seen.v1", "psychosocial.risk_handled.v1", "psychosocial.safety_planned.v1", "psychosocial.session_recorded.v1",
			"psychosocial.worker_awaited.v1", "psychosocial.worker_noted.v1", "referral.circle_noted.v1", "referral.hold_ended.v1", "referral.notice_told.v1",
			"referral.offered.v1", "referral.place_described.v1", "referral.place_held.v1", "referral.placement_begun.v1", "referral.placement_ended.v1",
			"referral.placement_outlived.v1", "referral.response_alerted.v1", "referral.response_closed_to.v1", "referral.response_ended.v1",
			"referral.response_moved.v1", "referral.response_opened.v1", "referral.rota_published.v1", "referral.service_assessed.v1",
			"referral.team_described.v1",
			"trust-fund.call_drafted.v1",
			"trust-fund.call_extended.v1",
			"trust-fund.call_published.v1",
			"trust-fund.call_revoked.v1",
			"trust-fund.clarification_asked.v1",
			"trust-fund.clarification_given.v1",
			"trust-fund.donation_corrected.v1",
			"trust-fund.donation_paid.v1",
			"trust-fund.donation_pledged.v1",
			"trust-fund.funds_committed.v1",
			"trust-fund.funds_paid.v1",
			"trust-fund.funds_released.v1",
			"trust-fund.funds_returned.v1",
		},
		"no agency": {
			"referral.agency_channels_set.v1", "referral.agency_registered.v1", "referral.agency_suspended.v1",
			"referral.capacity_reported.v1", "referral.circle_noted.v1", "referral.consent_ended.v1", "referral.credential_changed.v1", "referral.directory_listed.v1",
			"referral.hold_ended.v1",
			"referral.invitation_ended.v1", "referral.invitation_made.v1", "referral.invitation_notified.v1",
			"referral.invitation_tried.v1", "referral.invitation_used.v1", "referral.invitation_wanted.v1",
			"referral.notice_told.v1", "referral.place_described.v1", "referral.place_held.v1", "referral.placement_begun.v1",
			"referral.placement_ended.v1", "referral.placement_outlived.v1",
			"referral.response_alerted.v1", "referral.response_closed_to.v1", "referral.response_ended.v1", "referral.response_moved.v1", "referral.response_opened.v1",
			"referral.rota_published.v1", "referral.service_assessed.v1", "referral.team_described.v1", "referral.worker_changed.v1",
		},
		"agencies, of another service than referral": nil,
	}
	channels, _ := at(network(t).root, "channels")
	got := map[string][]string{"agencies, of another service than referral": nil}
	for _, e := range events {
		service, event := split(e.EventType())
		if _, told := at(channels, service, "messages", event); !told {
			got["no service"] = append(got["no service"], e.EventType())
		}
		_, told := at(channels, "agencies", "messages", event)
		switch {
		case service == "referral" && !told:
			got["no agency"] = append(got["no agency"], e.EventType())
		case service != "referral" && told:
			got["agencies, of another service than referral"] = append(got["agencies, of another service than referral"], e.EventType())
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Operations refer to channels and messages that exist.
func TestOperationsLeadSomewhere(t *testing.T) {
	d := network(t)
	operations, _ := at(d.root, "operations")
	for name := range operations {
		o, _ := at(operations, name)
		refs := []any{o["channel"]}
		messages, _ := o["messages"].([]any)
		for _, ref := range append(refs, messages...) {
			m, _ := at(ref)
			if len(d.resolve(m)) == 0 {
				t.Errorf("%s: %v leads nowhere", name, ref)
			}
		}
		if sender, ok := strings.CutSuffix(name, ".sends"); ok {
			if c, _ := at(o, "channel"); c["$ref"] != "#/channels/"+sender {
				t.Errorf("%s sends on %v", sender, c["$ref"])
			}
		}
	}
}
