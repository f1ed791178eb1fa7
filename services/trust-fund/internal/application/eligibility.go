package application

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// Judges are the rules that a person judges. The others are compared with the call.
var Judges = []code.EligibilityRule{
	code.NonProfit, code.OwnBankAccount, code.OwnResponsibility, code.MeasuresAgainstSEA, code.PapersGenuine,
}

// Eligibility is what one manager judged, and whether another one agreed.
type Eligibility struct {
	Judged
	// At is when it was judged.
	At time.Time
	// Countersigner agreed; empty until then. Disagreed is the last countersignature that was refused.
	Countersigner string
	Disagreed     *Countersigned
}

// Judged is the private half of EligibilityJudged.
type Judged struct {
	By       string    `json:"by"`
	Findings []Finding `json:"findings"`
}

// Finding is what was found of one rule. Asked and Found are what was compared, where a machine did;
// Reason is what a person says.
type Finding struct {
	Rule   code.EligibilityRule `json:"rule"`
	Met    bool                 `json:"met"`
	Asked  string               `json:"asked,omitempty"`
	Found  string               `json:"found,omitempty"`
	Reason string               `json:"reason,omitempty"`
}

// Judgement is what a manager says of one rule.
type Judgement struct {
	Rule   code.EligibilityRule `json:"rule"`
	Met    bool                 `json:"met"`
	Reason string               `json:"reason"`
}

// Judge is the command that judges eligibility.
type Judge struct {
	Findings []Judgement `json:"findings"`
}

// Countersign is the command of another manager.
type Countersign struct {
	Agrees bool `json:"agrees"`
	// Reason is why not.
	Reason string `json:"reason,omitempty"`
}

// Countersigned is the private half of EligibilityCountersigned.
type Countersigned struct {
	By string `json:"by"`
	Countersign
}

// Judge judges an application after the deadline: each rule of Judges once, with its reason. What can
// be compared with the call is compared now. Errors: ErrNotFound, ErrStage, ErrPart, ErrFindings.
func (a Application) Judge(by fact.By, cmd Judge) ([]fact.Event, error) {
	if err := a.manages(by, code.ApplicationSubmitted); err != nil {
		return nil, err
	}
	if a.Judged.By != "" {
		return nil, ErrStage
	}
	findings := a.Submitted.compared(a.terms())
	for i, said := range cmd.Findings {
		at := "/findings/" + strconv.Itoa(i)
		switch {
		case !slices.Contains(Judges, said.Rule):
			return nil, ErrFindings.At(at+"/rule", "one that a person judges")
		case slices.ContainsFunc(cmd.Findings[:i], func(o Judgement) bool { return o.Rule == said.Rule }):
			return nil, ErrFindings.At(at+"/rule", "judged once")
		case blank(said.Reason):
			return nil, ErrFindings.At(at+"/reason", "required")
		}
		findings = append(findings, Finding{Rule: said.Rule, Met: said.Met, Reason: said.Reason})
	}
	if len(cmd.Findings) < len(Judges) {
		return nil, ErrFindings.At("/findings", "one for each rule")
	}
	return fact.With(trustfundv1.EligibilityJudged{OfApplication: a.of()}, Judged{By: by.Principal, Findings: findings}), nil
}

// Countersign agrees with what another manager judged: then the application is eligible, or it is not.
// Who does not agree says why, and it is judged again. Errors: ErrStage, ErrCountersign, ErrReason, ErrPart.
func (a Application) Countersign(by fact.By, cmd Countersign) ([]fact.Event, error) {
	if err := a.manages(by, code.ApplicationSubmitted); err != nil {
		return nil, err
	}
	switch {
	case a.Judged.By == "":
		return nil, ErrStage
	case a.Judged.By == by.Principal:
		return nil, ErrCountersign
	case !cmd.Agrees && blank(cmd.Reason):
		return nil, ErrReason.At("/reason", "required")
	}
	return fact.With(trustfundv1.EligibilityCountersigned{OfApplication: a.of()}, Countersigned{By: by.Principal, Countersign: cmd}), nil
}

// after is the eligibility after a countersignature. One that was refused clears the judgement.
func (e Eligibility) after(c Countersigned) Eligibility {
	if !c.Agrees {
		return Eligibility{Disagreed: &c}
	}
	e.Countersigner = c.By
	return e
}

// begun says that somebody has judged, whether another one agreed or not.
func (e Eligibility) begun() bool { return e.Judged.By != "" || e.Disagreed != nil }

func (e Eligibility) countersigned() bool { return e.Countersigner != "" }

// eligible says whether each rule is met.
func (e Eligibility) eligible() bool {
	return len(e.Findings) > 0 && !slices.ContainsFunc(e.Findings, func(f Finding) bool { return !f.Met })
}

// compared is what a machine can judge of what was submitted. Submission refuses most of it; it is
// compared again, since the finding is the reason of a decision and stands by itself.
func (s Submitted) compared(c call.Call) []Finding {
	missing := slices.ContainsFunc(c.Papers, func(p code.FundPaper) bool {
		return !slices.ContainsFunc(s.Papers, func(h Handed) bool { return h.Paper == p })
	})
	return []Finding{
		day(code.RegisteredInTime, c.RegisteredBy, s.Organisation.RegisteredOn),
		{Rule: code.CountryOfCall, Met: len(c.Countries) == 0 || slices.Contains(c.Countries, s.Country), Found: string(s.Country)},
		{
			Rule: code.AmountOfCall, Met: c.LeastCents <= s.RequestedCents && s.RequestedCents <= c.MostCents,
			Asked: between(c.LeastCents, c.MostCents), Found: strconv.FormatInt(s.RequestedCents, 10),
		},
		{
			Rule: code.DurationOfCall, Met: c.LeastMonths <= s.Months && s.Months <= c.MostMonths,
			Asked: between(int64(c.LeastMonths), int64(c.MostMonths)), Found: strconv.Itoa(s.Months),
		},
		day(code.DirectAssistance, c.DirectSince, s.Organisation.DirectSince),
		{Rule: code.PapersComplete, Met: !missing, Asked: strconv.Itoa(len(c.Papers)), Found: strconv.Itoa(len(s.Papers))},
	}
}

// day compares a day with the last one that the call takes. Days are written 2006-01-02, and compare as texts.
func day(rule code.EligibilityRule, asked, found string) Finding {
	return Finding{Rule: rule, Met: asked == "" || found != "" && found <= asked, Asked: asked, Found: found}
}

func between(least, most int64) string {
	return strconv.FormatInt(least, 10) + ".." + strconv.FormatInt(most, 10)
}
