package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"
)

// conferred plans a conference, with a canary in each text: what she says is for her desk, and
// the place for the agency that is invited. When she takes her yes back the agency sees nothing
// of it any more.
func (w *world) conferred(ctx context.Context, p confided) {
	w.t.Helper()
	of, share := "/v1/cases/"+p.id, "/v1/disclosures/"+p.referral
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	talk := m{
		"recipient": p.lawyer.Agency, "service": "legal_assistance_service", "purpose": "case_conference",
		"categories": []string{"incident", "identity"}, "expires": time.Now().AddDate(0, 0, 20).UTC().Format(time.RFC3339),
		"method": "oral", "given_by": "survivor", "witnessed": true,
	}
	plan := m{
		"at": time.Now().Add(time.Minute).UTC().Format(time.RFC3339), "form": "in_person", "conference_place": marked("conference_place"),
		"may_be_said": []string{"what_happened"}, "invited": []string{p.referral},
	}
	if err := p.front.Post(ctx, of+"/conferences", plan, nil); err == nil || !strings.Contains(err.Error(), "consent_missing") {
		w.t.Errorf("without her consent: %v", err)
	}
	do(p.front.Post(ctx, of+"/consents", talk, nil))
	do(p.front.Post(ctx, of+"/conferences", plan, nil))
	var c struct {
		Conferences []struct {
			ID     string `json:"id"`
			Status string `json:"status"`
		} `json:"conferences"`
	}
	do(p.front.Get(ctx, of, &c))
	id := c.Conferences[0].ID
	do(p.front.Post(ctx, of+"/conferences/agree", m{"conference": id, "agreed_by": "oral", "she_attends": "yes", "conference_words": marked("conference_words")}, nil))
	do(p.lawyer.Post(ctx, share+"/conference", m{"conference": id, "answer": "attends"}, nil))
	var seen, is json.RawMessage
	do(p.lawyer.Post(ctx, share+"/share", m{}, &seen))
	if !bytes.Contains(seen, []byte(marked("conference_place"))) || bytes.Contains(seen, []byte(marked("conference_words"))) {
		w.t.Errorf("the agency sees of its invitation: %s", seen)
	}
	do(p.front.Get(ctx, of, &is))
	for _, text := range []string{marked("conference_place"), marked("conference_words"), `"attends"`} {
		if !bytes.Contains(is, []byte(text)) {
			w.t.Errorf("who has the case does not read %s", text)
		}
	}
	do(p.front.Post(ctx, of+"/conferences/hold", m{
		"conference": id, "attended": []string{p.referral}, "she_attended": "yes", "conference_word": marked("conference_word"),
	}, nil))
	do(p.lawyer.Post(ctx, share+"/share", m{}, &seen))
	if bytes.Contains(seen, []byte(marked("conference_word"))) {
		w.t.Errorf("the agency sees of what was held: %s", seen)
	}
	plan["at"] = time.Now().AddDate(0, 0, 7).UTC().Format(time.RFC3339)
	do(p.front.Post(ctx, of+"/conferences", plan, nil))
	do(p.front.Get(ctx, of, &c))
	id = c.Conferences[len(c.Conferences)-1].ID
	do(p.front.Post(ctx, of+"/conferences/agree", m{"conference": id, "agreed_by": "oral", "she_attends": "no"}, nil))
	do(p.front.Post(ctx, of+"/consents/refuse", m{"recipient": talk["recipient"], "service": talk["service"], "purpose": talk["purpose"]}, nil))
	do(p.lawyer.Post(ctx, share+"/share", m{}, &seen))
	if bytes.Contains(seen, []byte(id)) {
		w.t.Errorf("after her no the agency sees %s", seen)
	}
	if err := p.lawyer.Post(ctx, share+"/conference", m{"conference": id, "answer": "does_not_attend"}, nil); err == nil || !strings.Contains(err.Error(), "conference_invalid") {
		w.t.Errorf("after her no: %v", err)
	}
	do(p.front.Post(ctx, of+"/conferences/call-off", m{"conference": id, "reason": "she_decided_otherwise"}, nil))
}
