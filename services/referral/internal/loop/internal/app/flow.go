package app

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// FlowEvery is how long what operators see of the flow stays the same. Who asks often would
// see one referral move from one band to the next, and know when it did.
const FlowEvery = 15 * time.Minute

// Flow is how many referrals stand where, as it was at an instant.
type Flow struct {
	AsOf  time.Time        `json:"as_of"`
	Items []domain.FlowRow `json:"items"`
}

// flow counts referrals as they move, so that nobody walks over them to answer.
type flow struct {
	mu     sync.Mutex
	counts domain.Flow
	shown  Flow
	// heard is told what came of each ask; nil where nobody counts it.
	heard func(domain.Answered)
}

// Hear lets a function count what comes of each ask, at start of the old ones too. Call it
// before the book is opened.
func (a App) Hear(fn func(domain.Answered)) { a.flow.heard = fn }

// follow moves a referral in the counts. One that was set aside is at no stage.
func (a App) follow(id string, was domain.Referral) {
	service, to := was.Service, domain.NoStage
	if now, ok := a.Referrals.Held(id); ok {
		service, to = now.State.Service, now.State.Stage()
		if answer, ok := was.Answered(now.State); ok && a.flow.heard != nil {
			a.flow.heard(answer)
		}
	}
	from := was.Stage()
	if from == to {
		return
	}
	a.flow.mu.Lock()
	defer a.flow.mu.Unlock()
	a.flow.counts.Move(service, from, to)
}

// Flow shows operators how referrals flow.
func (a App) Flow(_ context.Context, by fact.By, _ string, _ url.Values) (Flow, error) {
	a.flow.mu.Lock()
	defer a.flow.mu.Unlock()
	if a.flow.shown.Items == nil || by.At.Sub(a.flow.shown.AsOf) >= FlowEvery {
		a.flow.shown = Flow{AsOf: by.At.UTC().Truncate(time.Millisecond), Items: a.flow.counts.Rows()}
	}
	return a.flow.shown, nil
}
