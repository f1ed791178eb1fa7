package domain

import (
	"github.com/sanad-network/sanad/api/code"
)

// Stage is where a referral stands in the flow that operators see.
type Stage int

// The stages. Each referral is at one of them at most, so that none is a sum of others.
const (
	// NoStage is that of a referral that does not exist, that was made in error, or in
	// whose place there is another one.
	NoStage Stage = iota
	AskedStage
	OverdueStage
	AnsweredStage
	InServiceStage
	FinishedStage
	UnmetStage
	stages
)

// Stage says where the referral stands. What she took back, what ran out and what was done
// are all finished: a number of refusals by her is nobody's to see.
func (r Referral) Stage() Stage {
	status := r.Status
	if status == code.CancellationRequested {
		status = r.Before
	}
	switch status {
	case code.Requested, code.Received, code.DenialPending:
		if r.OverdueAt.IsZero() {
			return AskedStage
		}
		return OverdueStage
	case code.Accepted, code.Scheduled, code.Missed:
		return AnsweredStage
	case code.InService:
		return InServiceStage
	case code.Completed, code.Cancelled, code.Withdrawn, code.Lapsed:
		return FinishedStage
	case code.Declined, code.Expired:
		return UnmetStage
	}
	return NoStage
}

// Flow is how many referrals of each service stand where.
type Flow map[code.Service]*[stages]int

// Move counts a referral that was at one stage and is at another.
func (f Flow) Move(s code.Service, from, to Stage) {
	row := f[s]
	if row == nil {
		row = &[stages]int{}
		f[s] = row
	}
	row[from]--
	row[to]++
}

// FlowRow is what operators see of the referrals to one service.
type FlowRow struct {
	Service   code.Service  `json:"service"`
	Asked     code.FlowBand `json:"asked"`
	Overdue   code.FlowBand `json:"overdue"`
	Answered  code.FlowBand `json:"answered"`
	InService code.FlowBand `json:"in_service"`
	Finished  code.FlowBand `json:"finished"`
	Unmet     code.FlowBand `json:"unmet"`
}

// Rows are what operators see: a row for each service there is, whether anybody asked for it
// or not, and each number by its own band alone. So no number that is hidden follows from
// what is shown: nothing is a sum, and nothing is missing because something is small.
func (f Flow) Rows() []FlowRow {
	rows := make([]FlowRow, len(code.Services))
	for i, s := range code.Services {
		n := f[s]
		if n == nil {
			n = &[stages]int{}
		}
		rows[i] = FlowRow{
			Service: s, Asked: band(n[AskedStage]), Overdue: band(n[OverdueStage]), Answered: band(n[AnsweredStage]),
			InService: band(n[InServiceStage]), Finished: band(n[FinishedStage]), Unmet: band(n[UnmetStage]),
		}
	}
	return rows
}

// bands are where each begins.
var bands = []struct {
	from int
	band code.FlowBand
}{
	{1000, code.From1000Up},
	{500, code.From500},
	{250, code.From250},
	{100, code.From100},
	{50, code.From50To99},
	{11, code.From11To49},
}

func band(n int) code.FlowBand {
	for _, b := range bands {
		if n >= b.from {
			return b.band
		}
	}
	return code.FewerThan11
}
