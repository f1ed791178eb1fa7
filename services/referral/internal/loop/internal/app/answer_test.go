package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// An agency without an account answers what it is asked, until the answer is due. To
// everybody else, and to what is no answer, there is no referral, and it stays as it
// is.
func TestAnswerWithoutAnAccount(t *testing.T) {
	for name, c := range map[string]struct {
		agency string
		answer code.Answer
		reason code.DeclineReason
		after  time.Duration
		want   code.ReferralStatus
		err    error
	}{
		"accept":       {"clinic", code.Accept, "", 0, code.Accepted, nil},
		"decline":      {"clinic", code.Decline, code.AtCapacity, 0, code.Declined, nil},
		"no answer":    {"clinic", "perhaps", code.AtCapacity, 0, code.Requested, domain.ErrNotFound},
		"not asked":    {"shelter", code.Accept, "", 0, code.Requested, domain.ErrNotFound},
		"late, yes":    {"clinic", code.Accept, "", 25 * time.Hour, code.Requested, domain.ErrNotFound},
		"late, no":     {"clinic", code.Decline, code.AtCapacity, 25 * time.Hour, code.Requested, domain.ErrNotFound},
		"just in time": {"clinic", code.Accept, "", 23 * time.Hour, code.Accepted, nil},
	} {
		h := listen(t)
		h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
		h.now = now.Add(c.after)
		by := fact.By{Principal: "invitation", Agency: c.agency}
		ctx := record.With(t.Context(), record.Command{Op: "answer", Cause: "x", By: by, Digest: []byte("d")})
		err := h.Answer(ctx, "ref_1", 0, by, c.answer, c.reason)
		if s := h.status("ref_1"); !errors.Is(err, c.err) || s != c.want {
			t.Errorf("%s: %v, and the referral is %s", name, err, s)
		}
	}
}

// meanwhile is the directory, in which something happens right after it was asked.
type meanwhile struct {
	Agencies
	happens func()
}

func (m meanwhile) Asked(ctx context.Context, agency string, s code.Service) (look.Fresh[domain.Agency], error) {
	defer m.happens()
	return m.Agencies.Asked(ctx, agency, s)
}

// An agency that is suspended while it is asked is looked at again, for its
// suspension may have been told before there was a referral.
func TestASuspensionMeetsTheRequest(t *testing.T) {
	h := listen(t)
	asked := 0
	h.Agencies = meanwhile{h.Agencies, func() {
		if asked++; asked == 1 { // before the referral is made
			h.must(h.say(h.next(), "clinic", referralv1.AgencySuspended{Agency: "clinic"}))
		}
	}}
	h.must(h.OnServiceRequested(h.next(), please("ref_1", "clinic", "cons_1")))
	if s := h.status("ref_1"); s != code.Declined {
		t.Errorf("nobody answers for the agency: the referral is %s", s)
	}
}
