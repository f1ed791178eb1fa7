package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Blocks compares how long answers to others take about a case in which she must not meet
// somebody, and about one without. The time of an answer is not to tell. It is a result and
// no bar: on a machine that others use the two differ by chance.
type Blocks struct {
	// Frame is of the case as a colleague reads it, Refused of a disclosure that is refused
	// to who was named, or is somebody else's. Each is the blocked median by the plain one.
	Frame   float64 `json:"frame_ratio"`
	Refused float64 `json:"refused_ratio"`
	// Assigned is of a referral that is given to somebody whom the agency does not have.
	Assigned float64 `json:"assigned_ratio"`
}

// measureBlocks opens both cases in one network, and asks about them by turns.
func measureBlocks(ctx context.Context, dir string) (_ *Blocks, err error) {
	s, err := openSanad(ctx, dir, "", nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	seat := func(agency, role, subject string) office.Desk {
		p := network.Seat(agency, role)
		if subject != "" {
			p.Subject = subject
		}
		d, e := s.network.DeskOf(p)
		err = errors.Join(err, e)
		d.HTTP = http.DefaultClient
		return d
	}
	at := offers[0]
	owner, colleague := seat("citizen-service-office", "caseworker", ""), seat("citizen-service-office", "caseworker", "another")
	kin, other := seat(at.agency, "lawyer", "kin"), seat(at.agency, "lawyer", "worker")
	if err != nil {
		return nil, err
	}
	if err := seat(at.agency, "supervisor", "").Post(ctx, "/v1/workers", object{"agency": at.agency, "subject": "worker"}, nil); err != nil {
		return nil, err
	}
	var cases, referrals [2]string
	for i, said := range []object{{}, {"must_not_meet": object{"persons": []string{at.agency + "/kin"}, "agencies": []string{offers[2].agency}}}} {
		said["channel"], said["country"], said["programme"] = "hotline", "GT", "guatemala"
		var c struct {
			ID        string
			Referrals []struct{ ID string }
		}
		ask := object{"requests": []object{{"recipient": at.agency, "service": at.service, "urgency": "standard"}}}
		if err := owner.Post(ctx, "/v1/cases", said, &c); err != nil {
			return nil, err
		}
		cases[i] = c.ID
		if err := errors.Join(owner.Post(ctx, "/v1/cases/"+c.ID+"/consents", consent(at.agency, at.service, time.Now()), nil), owner.Post(ctx, "/v1/cases/"+c.ID+"/requests", ask, &c)); err != nil {
			return nil, err
		}
		referrals[i] = c.Referrals[0].ID
		var r struct{}
		if err := other.Until(ctx, "/v1/referrals/"+referrals[i], &r, func() bool { return true }); err != nil {
			return nil, err
		}
		if err := other.Post(ctx, "/v1/referrals/"+referrals[i]+"/accept", object{}, nil); err != nil {
			return nil, err
		}
		if err := other.Post(ctx, "/v1/referrals/"+referrals[i]+"/assign", object{"worker": "worker"}, nil); err != nil {
			return nil, err
		}
		if err := settles(ctx, kin, referrals[i]); err != nil {
			return nil, err
		}
	}
	b := &Blocks{}
	if b.Frame, err = byTurns(func(i int) (office.Answer, error) {
		return colleague.Do(ctx, http.MethodGet, "/v1/cases/"+cases[i], nil, nil)
	}, http.StatusOK); err != nil {
		return nil, err
	}
	if b.Refused, err = byTurns(func(i int) (office.Answer, error) { return disclosure(ctx, kin, referrals[i]) }, http.StatusForbidden); err != nil {
		return nil, err
	}
	head := seat(at.agency, "supervisor", "")
	b.Assigned, err = byTurns(func(i int) (office.Answer, error) {
		return head.Do(ctx, http.MethodPost, "/v1/referrals/"+referrals[i]+"/assign", []byte(`{"worker":"kin"}`),
			http.Header{"Idempotency-Key": {uuid.NewString()}, "Content-Type": {"application/json"}})
	}, http.StatusConflict)
	return b, err
}

func disclosure(ctx context.Context, d office.Desk, referral string) (office.Answer, error) {
	return d.Do(ctx, http.MethodPost, "/v1/disclosures", []byte(`{"referral":"`+referral+`"}`),
		http.Header{"Idempotency-Key": {uuid.NewString()}, "Content-Type": {"application/json"}})
}

// settles waits until the room of intake knows who has a referral: from then on a colleague
// is refused in both cases.
func settles(ctx context.Context, d office.Desk, referral string) error {
	for {
		a, err := disclosure(ctx, d, referral)
		if err != nil || a.Status == http.StatusForbidden && bytes.Contains(a.Body, []byte("not_the_worker")) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// byTurns is the median of the second by that of the first, where each answers in turn.
func byTurns(ask func(i int) (office.Answer, error), status int) (float64, error) {
	var took [2][]time.Duration
	for range looks {
		for i := range took {
			began := time.Now()
			a, err := ask(i)
			if err != nil || a.Status != status {
				return 0, errors.Join(err, fmt.Errorf("answered %d, not %d", a.Status, status))
			}
			took[i] = append(took[i], time.Since(began))
		}
	}
	for i := range took {
		slices.Sort(took[i])
	}
	return float64(quantile(took[1], 0.5)) / float64(quantile(took[0], 0.5)), nil
}

func (b Blocks) print(out io.Writer) {
	fmt.Fprintf(out, "with a block by without: the frame of a case %.2f, a disclosure that is refused %.2f, an assignment %.2f\n", b.Frame, b.Refused, b.Assigned)
}
