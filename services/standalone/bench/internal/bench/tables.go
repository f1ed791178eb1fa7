package bench

import (
	"fmt"
	"io"
	"time"

	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/intake/measure"
)

// Tables is how long it takes to count the cases of a period and to say what may be published.
type Tables struct {
	Cases  int     `json:"cases"`
	Rows   int     `json:"rows"`
	Tables float64 `json:"tables_ms"`
	Sums   float64 `json:"sums_ms"`
	// Ratio is to summing the same cases by one key.
	Ratio float64 `json:"ratio"`
}

// measureTables makes all tables of a programme with a fund, of made-up cases: the best of three.
func measureTables(cases int) (*Tables, error) {
	f := programmetest.Shipped().For("guatemala", "GT", time.Time{}, time.Time{}).Figures
	var best *Tables
	for range 3 {
		tables, sums, rows, err := measure.Figures(f, cases)
		if err != nil {
			return nil, err
		}
		if best == nil || milliseconds(tables) < best.Tables {
			best = &Tables{Cases: cases, Rows: rows, Tables: milliseconds(tables), Sums: milliseconds(sums), Ratio: float64(tables) / float64(sums)}
		}
	}
	return best, nil
}

func (t Tables) print(out io.Writer) {
	fmt.Fprintf(out, "tables of %d cases: %.0f ms for %d rows; summing them by one key: %.0f ms; ratio %.1f\n", t.Cases, t.Tables, t.Rows, t.Sums, t.Ratio)
}
