package domain

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// Reserve holds one unit. It says how many come, and answers what the place asks; the
// answers are compared and forgotten.
type Reserve struct {
	Adults   int64 `json:"adults"`
	Children int64 `json:"children,omitempty"`
	// BoysWithin says that each boy is within the age that the place says.
	BoysWithin *bool `json:"boys_within,omitempty"`
	Wheelchair bool  `json:"wheelchair,omitempty"`
	// Referral is for which it is held, where that is sent already.
	Referral string `json:"referral,omitempty"`
	// Programme is that of her case. A referral that is named knows it better.
	Programme string `json:"programme,omitempty"`
}

// Tie says for which referral a hold is.
type Tie struct {
	Hold     string `json:"hold"`
	Referral string `json:"referral"`
}

// Renew holds a place for longer.
type Renew struct {
	Hold string `json:"hold"`
}

// End ends a hold.
type End struct {
	Hold string `json:"hold"`
}

// Standing is how a referral stands, as the loop knows it. The type has no name, so that
// the loop need not know this package.
type Standing = struct {
	// Sender asked in a programme, Asks wait to answer, and Taken took it.
	Sender    string
	Programme string
	Asks      []string
	Taken     string
	// Ended says that it is over.
	Ended bool
}

// Referral is a look at a referral, or why it cannot be had now.
type Referral struct {
	Is  look.Fresh[Standing]
	Err error
}

// Asked is what a hold hangs on: the service as the directory has it, and the referral.
// Whether she lets this agency be asked joins here.
type Asked struct {
	Listing
	Referral
}

// Asks is the programme that asks for the hold: that of the referral, or else the one that is
// named. What other programmes say never counts.
func (cmd Reserve) Asks(on Asked) string { return cmp.Or(on.Is.Value().Programme, cmd.Programme) }

// Reserve keeps one unit free for the desk. It is refused at the field where the place says
// that it does not take them (ErrTakesNot), and where none is free (ErrNoneFree).
func (p Place) Reserve(by fact.By, cmd Reserve, on Asked, rule Rule) ([]fact.Event, error) {
	if on.Listing.Err != nil {
		return nil, on.Listing.Err
	}
	is := on.Service.Value()
	if by.Agency == "" || is.Agency != p.Agency || is.Agency == "" || is.Agency != by.Agency && !open(is.Visibility) {
		return nil, ErrNotFound
	}
	if err := p.takes(cmd); err != nil {
		return nil, err
	}
	if cmd.Referral != "" {
		if err := p.mayTie(by, cmd.Referral, on.Referral); err != nil {
			return nil, err
		}
	}
	if is.Suspended || p.Free <= 0 {
		return nil, ErrNoneFree
	}
	return fact.With(referralv1.PlaceHeld{
		Place: p.ID, Hold: by.ID("hold", 0), Agency: by.Agency, Until: by.At.Add(rule.Hold), Referral: cmd.Referral,
	}, Kept{Adults: cmd.Adults, Children: cmd.Children, Programme: cmd.Asks(on)}), nil
}

// takes compares who comes with what the place says.
func (p Place) takes(cmd Reserve) error {
	t := p.Takes
	switch {
	case cmd.Adults+cmd.Children < 1:
		return ErrTakesNot.At("/adults", "at least one person")
	case t.For == code.ForOnePerson && cmd.Children > 0 && cmd.Adults > 0:
		return ErrTakesNot.At("/children", "for one person")
	case t.For == code.ForOnePerson && cmd.Adults+cmd.Children > 1:
		return ErrTakesNot.At("/adults", "for one person")
	case t.For == code.ForFamily && cmd.Children > t.Children:
		return ErrTakesNot.At("/children", "at most "+strconv.FormatInt(t.Children, 10))
	case cmd.Wheelchair && !t.Wheelchair:
		return ErrTakesNot.At("/wheelchair", "not usable with a wheelchair")
	case t.BoysTo == nil || cmd.Children == 0:
		return nil
	case cmd.BoysWithin == nil:
		return ErrTakesNot.At("/boys_within", "required: boys up to "+strconv.FormatInt(*t.BoysTo, 10)+" years")
	case !*cmd.BoysWithin:
		return ErrTakesNot.At("/boys_within", "boys up to "+strconv.FormatInt(*t.BoysTo, 10)+" years")
	}
	return nil
}

// mayTie lets a hold be for a referral of the desk that waits for the place's agency. Of a
// referral of others it says the same as of none.
func (p Place) mayTie(by fact.By, referral string, on Referral) error {
	if on.Err != nil {
		return on.Err
	}
	is := on.Is.Value()
	if is.Ended || is.Taken != "" || is.Sender != by.Agency || !slices.Contains(is.Asks, p.Agency) {
		return ErrHoldReferral.At("/referral", "own, and waiting for this agency")
	}
	if p.heldFor(referral) >= 0 || p.stay(referral) >= 0 {
		return ErrHoldExists
	}
	return nil
}

// mine finds a hold of the desk that has not run out (ErrHoldEnded).
func (p Place) mine(by fact.By, id string) (Hold, error) {
	i := p.held(id)
	if i < 0 || p.Holds[i].Agency != by.Agency || !by.At.Before(p.Holds[i].Until) {
		return Hold{}, ErrHoldEnded
	}
	return p.Holds[i], nil
}

// says is the event that says all that holds of a hold.
func (p Place) says(h Hold) []fact.Event {
	return fact.With(referralv1.PlaceHeld{
		Place: p.ID, Hold: h.ID, Agency: h.Agency, Until: h.Until, Renewed: h.Renewed, Referral: h.Referral,
	}, h.Kept)
}

// Tie says for which referral a hold is, so that the acceptance takes it.
func (p Place) Tie(by fact.By, cmd Tie, on Referral) ([]fact.Event, error) {
	h, err := p.mine(by, cmd.Hold)
	if err != nil {
		return nil, err
	}
	if h.Referral == cmd.Referral {
		return nil, nil
	}
	if err := p.mayTie(by, cmd.Referral, on); err != nil {
		return nil, err
	}
	h.Referral, h.Programme = cmd.Referral, cmp.Or(on.Is.Value().Programme, h.Programme)
	return p.says(h), nil
}

// Renew holds the place anew from now on, once (ErrHoldRenewed).
func (p Place) Renew(by fact.By, cmd Renew, rule Rule) ([]fact.Event, error) {
	h, err := p.mine(by, cmd.Hold)
	if err != nil {
		return nil, err
	}
	if h.Renewed {
		return nil, ErrHoldRenewed
	}
	h.Until, h.Renewed = by.At.Add(rule.Hold), true
	return p.says(h), nil
}

// AskedBy is the programme that asked for a hold.
func (p Place) AskedBy(hold string) string {
	if i := p.held(hold); i >= 0 {
		return p.Holds[i].Programme
	}
	return ""
}

// End gives a hold back, or corrects it where the agency of the place says so.
func (p Place) End(by fact.By, cmd End) ([]fact.Event, error) {
	i := p.held(cmd.Hold)
	if i < 0 {
		return nil, ErrHoldEnded
	}
	reason := code.HoldGivenBack
	switch by.Agency {
	case p.Holds[i].Agency:
	case p.Agency:
		reason = code.HoldCorrected
	default:
		return nil, ErrHoldEnded // of another's hold nothing is told
	}
	return fact.Of(referralv1.HoldEnded{Place: p.ID, Hold: cmd.Hold, Reason: reason}), nil
}
