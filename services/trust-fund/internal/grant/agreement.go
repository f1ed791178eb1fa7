package grant

import (
	"strconv"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// Award is what the board awarded to an application. The zero value: nothing.
type Award struct {
	Agency       string
	Country      code.Country
	Call         string
	SubProgramme code.SubProgramme
	Cents        int64
	Months       int
	// MostMonths is what the call permits.
	MostMonths int
}

// On is what a draft hangs on.
type On struct {
	Award look.Fresh[Award]
	Err   error
}

// Draft writes the agreement on an award, or writes it anew before both parts have signed.
type Draft struct {
	Application string         `json:"application"`
	Agency      string         `json:"agency"`
	Name        string         `json:"name"`
	HiddenPlace bool           `json:"hidden_place"`
	Services    []code.Service `json:"services"`
	Cents       int64          `json:"cents"`
	Months      int            `json:"months"`
	From        string         `json:"from"`
	Instalments []Instalment   `json:"instalments"`
	Budget      []Line         `json:"budget"`
}

// Record is the grant of the application.
func (c Draft) Record() string { return ID(c.Application) }

// Sign signs the draft of a number.
type Sign struct {
	Draft int `json:"draft"`
}

// Signed is who signed: the private half of AgreementSigned.
type Signed struct {
	By string `json:"by"`
}

// DraftAgreement takes what was awarded, to the cent. Errors: ErrNotManager, ErrNotDrafted,
// ledger.ErrNoAward, ErrAgreement.
func (g Grant) DraftAgreement(by fact.By, cmd Draft, on On) ([]fact.Event, error) {
	if err := g.mayDraft(by); err != nil {
		return nil, err
	}
	if on.Err != nil {
		return nil, on.Err
	}
	award := on.Award.Value()
	switch {
	case award.Agency == "":
		return nil, ledger.ErrNoAward
	case cmd.Agency != award.Agency:
		return nil, ErrAgreement.At("/agency", "the one that was awarded")
	case by.Agency == award.Agency:
		return nil, ErrNotManager
	case cmd.Cents != award.Cents:
		return nil, ErrAgreement.At("/cents", "what was awarded")
	case cmd.Months != award.Months:
		return nil, ErrAgreement.At("/months", "what was awarded")
	}
	terms := Terms{
		Application: cmd.Application, Call: award.Call, Agency: award.Agency, Country: award.Country, SubProgramme: award.SubProgramme,
		Name: cmd.Name, HiddenPlace: cmd.HiddenPlace, Services: cmd.Services, Cents: award.Cents, Months: award.Months, MostMonths: award.MostMonths,
		From: cmd.From, Instalments: cmd.Instalments, Budget: cmd.Budget,
	}
	if err := terms.check(); err != nil {
		return nil, err
	}
	return fact.With(trustfundv1.AgreementDrafted{GrantStep: trustfundv1.GrantStep{Grant: ID(cmd.Application)}}, terms), nil
}

// check refuses terms that do not add up. Errors: ErrAgreement.
func (t Terms) check() error {
	if _, err := vienna.Day(t.From); err != nil {
		return ErrAgreement.At("/from", "a day")
	}
	if len(t.Instalments) == 0 {
		return ErrAgreement.At("/instalments", "at least 1")
	}
	left, before := t.Cents, t.From
	for n, i := range t.Instalments {
		at := "/instalments/" + strconv.Itoa(n)
		_, err := vienna.Day(i.ReportDue)
		switch {
		case i.Cents <= 0 || i.Cents > left:
			return ErrAgreement.At(at+"/cents", "above zero, and together what was awarded")
		case err != nil || i.ReportDue <= before:
			return ErrAgreement.At(at+"/report_due", "a day, after the one before it")
		}
		left, before = left-i.Cents, i.ReportDue
	}
	_, until := t.period()
	last := len(t.Instalments) - 1
	switch {
	case left != 0:
		return ErrAgreement.At("/instalments", "together what was awarded")
	case before < vienna.Of(until):
		return ErrAgreement.At("/instalments/"+strconv.Itoa(last)+"/report_due", "after the last day of the grant")
	}
	if at, ok := adds(t.Budget, t.Cents); !ok {
		return ErrAgreement.At("/budget"+at, "each line once, above zero, and together what was awarded")
	}
	return nil
}

// adds says whether lines are named once and add up to an amount; at is where they do not.
func adds(lines []Line, cents int64) (at string, ok bool) {
	seen := map[string]bool{}
	for n, l := range lines {
		if l.Line == "" || seen[l.Line] || l.Cents <= 0 || l.Cents > cents {
			return "/" + strconv.Itoa(n), false
		}
		seen[l.Line], cents = true, cents-l.Cents
	}
	return "", cents == 0
}

func (g Grant) mayDraft(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if g.Exists() && g.Status != code.GrantDrafted {
		return ErrNotDrafted
	}
	return nil
}

// SignForGrantee signs for the grantee. Errors: ErrNotGrantee, ErrNotDrafted, ErrSigned, ErrDraft.
func (g Grant) SignForGrantee(by fact.By, cmd Sign) ([]fact.Event, error) {
	if err := g.maySignForGrantee(by); err != nil {
		return nil, err
	}
	return g.sign(by, cmd, code.GranteePart, g.FundSigned)
}

// SignForFund signs for the fund. Errors: ErrNotManager, ErrNotDrafted, ErrSigned, ErrDraft,
// ErrTwoPersons.
func (g Grant) SignForFund(by fact.By, cmd Sign) ([]fact.Event, error) {
	if err := g.maySignForFund(by); err != nil {
		return nil, err
	}
	return g.sign(by, cmd, code.FundPart, g.GranteeSigned)
}

func (g Grant) sign(by fact.By, cmd Sign, part code.GrantPart, other string) ([]fact.Event, error) {
	switch {
	case cmd.Draft != g.Draft:
		return nil, ErrDraft
	case by.Principal == other:
		return nil, ErrTwoPersons
	}
	events := fact.With(trustfundv1.AgreementSigned{GrantStep: g.step(), Part: part}, Signed{by.Principal})
	if other != "" {
		events = append(events, fact.Of(g.inForceNow())...)
	}
	return events, nil
}

func (g Grant) maySignForGrantee(by fact.By) error {
	if err := g.grantee(by); err != nil {
		return err
	}
	return g.unsigned(g.GranteeSigned)
}

func (g Grant) maySignForFund(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	return g.unsigned(g.FundSigned)
}

func (g Grant) unsigned(part string) error {
	switch {
	case g.Status != code.GrantDrafted:
		return ErrNotDrafted
	case part != "":
		return ErrSigned
	}
	return nil
}
