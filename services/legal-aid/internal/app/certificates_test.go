package app

import (
	"context"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// shelf keeps records in memory, as record.Records does in an image.
type shelf[S interface{ Evolve(fact.Event) S }] struct {
	keys func(S) [][]string

	mu      sync.Mutex
	states  map[string]S
	version map[string]uint64
}

func newShelf[S interface{ Evolve(fact.Event) S }](keys func(S) [][]string) *shelf[S] {
	return &shelf[S]{keys: keys, states: map[string]S{}, version: map[string]uint64{}}
}

func (s *shelf[S]) Get(_ context.Context, id string) (record.Result[S], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return record.Result[S]{ID: id, State: s.states[id], Version: s.version[id]}, nil
}

func (s *shelf[S]) Find(_ string, prefix ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id, state := range s.states {
		if slices.ContainsFunc(s.keys(state), func(key []string) bool { return slices.Equal(key, prefix) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *shelf[S]) Execute(_ context.Context, id string, decide record.Decide[S]) (record.Result[S], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.states[id]
	events, err := decide(state, fact.By{At: worktest.Dawn})
	if err != nil {
		return record.Result[S]{}, err
	}
	if len(events) > 0 {
		s.version[id]++
	}
	for _, e := range events {
		state = state.Evolve(e)
	}
	s.states[id] = state
	return record.Result[S]{ID: id, State: state, Version: s.version[id]}, nil
}

func desk() (Certificates, *shelf[domain.Matter]) {
	matters := newShelf(domain.ByCase)
	return Certificates{matters: matters, files: newShelf(func(domain.CaseFile) [][]string { return nil })}, matters
}

func issued(name string) forensicv1.CertificateIssued {
	return forensicv1.CertificateIssued{Work: forensicv1.Work{Case: worktest.Case}, Certificate: fact.ID("cert", name)}
}

var accepted = worktest.Accepted(code.LegalAssistance, code.ForensicCertificate)

func noted(matters *shelf[domain.Matter]) []string {
	return slices.Sorted(slices.Values(matters.states[domain.MatterID(worktest.Referral)].Certificates))
}

func TestNoOrderLosesACertificate(t *testing.T) {
	want := slices.Sorted(slices.Values([]string{issued("one").Certificate, issued("two").Certificate}))
	rapid.Check(t, func(t *rapid.T) {
		c, matters := desk()
		again := rapid.SliceOfN(rapid.IntRange(0, 2), 0, 3).Draw(t, "again")
		for _, i := range rapid.Permutation(append(again, 0, 1, 2)).Draw(t, "order") {
			err := []func() error{
				func() error { return c.OnReferralAccepted(t.Context(), accepted) },
				func() error { return c.OnCertificateIssued(t.Context(), issued("one")) },
				func() error { return c.OnCertificateIssued(t.Context(), issued("two")) },
			}[i]()
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := noted(matters); !slices.Equal(got, want) {
			t.Fatalf("noted %v, want %v", got, want)
		}
	})
}

func TestTheSameInstantLosesNoCertificate(t *testing.T) {
	for range 500 {
		c, matters := desk()
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := c.OnReferralAccepted(t.Context(), accepted); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := c.OnCertificateIssued(t.Context(), issued("one")); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if got := noted(matters); len(got) != 1 {
			t.Fatalf("noted %v, want one certificate", got)
		}
	}
}

func TestAnotherServiceOpensNothing(t *testing.T) {
	c, matters := desk()
	if err := c.OnReferralAccepted(t.Context(), worktest.Accepted(code.Psychosocial, code.ForensicCertificate)); err != nil {
		t.Fatal(err)
	}
	if matters.version[domain.MatterID(worktest.Referral)] != 0 {
		t.Error("a referral to another service opened a matter")
	}
}
