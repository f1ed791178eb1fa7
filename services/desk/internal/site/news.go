package site

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// dangerNews is news of danger that was brought to her desk.
type dangerNews struct {
	lies
	ID        string    `json:"id"`
	By        string    `json:"by"`
	Agency    string    `json:"agency"`
	Kind      string    `json:"news_kind"`
	Words     string    `json:"news_words"`
	BroughtAt time.Time `json:"brought_at"`
	Until     time.Time `json:"settle_until"`
	Status    string    `json:"status"`
	Overdue   bool      `json:"overdue"`
	Results   []struct {
		Result      string    `json:"news_result"`
		Way         string    `json:"told_by"`
		By          string    `json:"by"`
		At          time.Time `json:"at"`
		TakenBackBy string    `json:"taken_back_by"`
		TakenBackAt time.Time `json:"taken_back_at"`
	} `json:"news_results"`
}

// newsThat is the news of a case that waits, or was settled, the latest first.
func newsThat(status string) func(*visit) ([]form.Option, error) {
	return func(v *visit) (all []form.Option, err error) {
		k, _, err := v.kase()
		for _, n := range slices.Backward(k.News) {
			if n.Status == status && n.Case == "" {
				all = append(all, form.Option{Value: n.ID, Label: v.W.Code("DangerNewsKind", n.Kind) + ", " + v.at(n.BroughtAt)})
			}
		}
		return all, err
	}
}

// unheard are the answers after which news of danger is left to her desk.
var unheard = []string{"danger_news_to_duty", "nothing_to_show"}

// Leaves is the way to the form on which news of danger is left to her desk; empty where nobody
// asked how to tell her of it, or there is a way.
func (r answered) Leaves(v *visit) string {
	if r.Leave == "" || r.Problem == nil || v.PostFormValue("purpose") != "danger_news" || !slices.Contains(unheard, r.Problem.Code) {
		return ""
	}
	return "/desk/do/" + r.Leave + "/" + url.PathEscape(v.PathValue("id")) + "?" + url.Values{backField: {r.Back}}.Encode()
}
