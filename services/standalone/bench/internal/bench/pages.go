package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/sanad-network/sanad/services/referral/measure"
)

// Pages is how long a page of the directory takes, by how many services there
// are. It is not to grow with them.
type Pages struct {
	Few     int     `json:"few"`
	Many    int     `json:"many"`
	FewP50  float64 `json:"few_p50_ms"`
	ManyP50 float64 `json:"many_p50_ms"`
	ManyP99 float64 `json:"many_p99_ms"`
	// Ratio is of the medians.
	Ratio float64 `json:"ratio"`
}

// measurePages reads pages of /hsds/services among many, and among a twentieth
// of them.
func measurePages(ctx context.Context, services int, d time.Duration) (*Pages, error) {
	p := &Pages{Few: services / 20, Many: services}
	few, err := measure.Pages(ctx, p.Few, d)
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	many, err := measure.Pages(ctx, p.Many, d)
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	slices.Sort(few)
	slices.Sort(many)
	p.FewP50, p.ManyP50, p.ManyP99 = milliseconds(quantile(few, 0.5)), milliseconds(quantile(many, 0.5)), milliseconds(quantile(many, 0.99))
	p.Ratio = p.ManyP50 / p.FewP50
	return p, nil
}

func (p Pages) print(out io.Writer) {
	fmt.Fprintf(out, "page of 50 of %d services: p50 %.3f ms, p99 %.3f ms; of %d: p50 %.3f ms; ratio %.2f\n",
		p.Many, p.ManyP50, p.ManyP99, p.Few, p.FewP50, p.Ratio)
}
