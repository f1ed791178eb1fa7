package site

import (
	"net/url"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// caseCounting is her last answer whether she may be counted.
type caseCounting struct {
	Answer  string    `json:"answer"`
	Method  string    `json:"method"`
	GivenBy string    `json:"given_by"`
	Assent  string    `json:"assent"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// caseGrantee is an agency that helps her and whose grant was suspended.
type caseGrantee struct {
	Agency      string    `json:"agency"`
	Until       time.Time `json:"answer_until"`
	SuspendedAt time.Time `json:"suspended_at"`
	Answer      string    `json:"answer"`
	By          string    `json:"by"`
	AnsweredAt  time.Time `json:"answered_at"`
	Restored    bool      `json:"restored"`
	Overdue     bool      `json:"overdue"`
}

// Waits says that nobody has asked her yet.
func (g caseGrantee) Waits() bool { return g.Answer == "" && !g.Restored }

// granteesThere are the agencies about which she may be asked, those that wait first.
func granteesThere(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	for _, waits := range []bool{true, false} {
		for _, g := range k.Grantees {
			if g.Waits() == waits && !g.Restored {
				all = append(all, form.Option{Value: g.Agency, Label: g.Agency})
			}
		}
	}
	return all, err
}

// counts is the command of her answer, where the case takes it.
func (c caseShown) counts() []string {
	if c.May("answerCounting") {
		return []string{"answerCounting"}
	}
	return nil
}

// prefillCounting puts the words before the form that are read to her.
func prefillCounting(v *visit) (prefill, error) {
	return prefill{Version: v.Form.Get(versionField), Values: url.Values{}, Note: v.W.T("figures.read_to_her")}, nil
}
