package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Report is everything that was measured.
type Report struct {
	Machine Machine `json:"machine"`
	Sizes   Sizes   `json:"sizes"`
	Rows    []Row   `json:"rows"`
	// LeftOut says of flows why they were not measured.
	LeftOut  map[string]string `json:"left_out,omitempty"`
	Bars     []Bar             `json:"bars,omitempty"`
	HalfPeak *HalfPeak         `json:"half_peak,omitempty"`
	History  []Point           `json:"history,omitempty"`
	// Start is by the engine on which the journals are.
	Start  map[string]Start `json:"start,omitempty"`
	Match  *Match           `json:"match,omitempty"`
	Tables *Tables          `json:"tables,omitempty"`
	Pages  *Pages           `json:"pages,omitempty"`
	Loop   *Loop            `json:"loop,omitempty"`
	Memory *Memory          `json:"memory,omitempty"`
	// Unwatched is the desk while nobody looks.
	Unwatched *Unwatched `json:"unwatched,omitempty"`
	// Blocks is whether time tells that she must not meet somebody.
	Blocks *Blocks `json:"blocks,omitempty"`
}

// Machine is what it was measured on.
type Machine struct {
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
}

// Sizes are the bytes that one run of Sanad stores and publishes, and so does
// every other flow. Only Sanad and the bare flow publish the outcome.
type Sizes struct {
	Request  int `json:"request_commit"`
	Referral int `json:"referral_commit"`
	Event    int `json:"event"`
	Outcome  int `json:"outcome"`
}

// Row is a flow at a number of clients.
type Row struct {
	Flow    string `json:"flow"`
	Clients int    `json:"clients"`
	Figures
}

// Bar holds a figure of Sanad's, at barClients, against that of another flow.
type Bar struct {
	// Figure is what is compared: a rate, or cost in processor time.
	Figure  string  `json:"figure"`
	Against string  `json:"against"`
	Clients int     `json:"clients"`
	Ratio   float64 `json:"ratio"`
	// Bar is what the ratio should be at least or, as a cost, at most.
	Bar float64 `json:"bar"`
	Met bool    `json:"met"`
}

// The figures that are compared.
const (
	rateFigure = "rate"
	costFigure = "processor time"
)

// bars are the aims. What is written by hand has a lead that rules, sealing and
// lists may take half of; against a framework there is no excuse.
var bars = []Bar{
	{Figure: costFigure, Against: Bare, Bar: 1.5},
	{Figure: rateFigure, Against: Bare, Bar: 0.7},
	{Figure: rateFigure, Against: WatermillTuned, Bar: 4},
	{Figure: rateFigure, Against: River, Bar: 5},
}

// HalfPeak is Sanad under requests that come on a schedule.
type HalfPeak struct {
	// Offered is how many came in a second.
	Offered float64 `json:"offered_per_second"`
	Figures
	// Bar is what the 99th percentile should stay under, in milliseconds.
	Bar float64 `json:"bar_p99_ms"`
	Met bool    `json:"met"`
}

// Point is the rate of commands after a length of history.
type Point struct {
	Commits   int     `json:"commits"`
	PerSecond float64 `json:"commands_per_second"`
}

// Start is a start on a long history, the engine's included.
type Start struct {
	Commits   int64   `json:"commits"`
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"commits_per_second"`
	// Bar is how many commits a second it should read at least.
	Bar float64 `json:"bar_commits_per_second"`
	Met bool    `json:"met"`
}

// The engines on which a start is measured.
const (
	Embedded = "embedded"
	MongoDB  = "mongodb"
)

const (
	// barStart is how many commits a second a start should read.
	barStart = 20_000
	// barHalfPeak is what the 99th percentile at half of the peak should stay
	// under, in milliseconds.
	barHalfPeak = 25
)

// barClients is the number of clients at which flows are compared.
const barClients = 64

// compare holds Sanad against the others.
func (r *Report) compare() {
	own := r.find(Sanad, barClients)
	if own == nil {
		return
	}
	for _, b := range bars {
		other := r.find(b.Against, barClients)
		if other == nil {
			continue
		}
		b.Clients = barClients
		if b.Figure == costFigure {
			b.Ratio = own.CPU / other.CPU
			b.Met = b.Ratio <= b.Bar
		} else {
			b.Ratio = own.PerSecond / other.PerSecond
			b.Met = b.Ratio >= b.Bar
		}
		r.Bars = append(r.Bars, b)
	}
}

func (r *Report) find(flow string, clients int) *Row {
	for i := range r.Rows {
		if r.Rows[i].Flow == flow && r.Rows[i].Clients == clients {
			return &r.Rows[i]
		}
	}
	return nil
}

// peak is Sanad's best rate.
func (r *Report) peak() float64 {
	var best float64
	for _, row := range r.Rows {
		if row.Flow == Sanad {
			best = max(best, row.PerSecond)
		}
	}
	return best
}

func (r *Report) head(out io.Writer) {
	fmt.Fprintf(out, "%d CPUs, %s. Every flow stores a commit of %d and one of %d bytes and publishes %d between them; sanad and bare publish %d behind.\n",
		r.Machine.CPUs, r.Machine.Go, r.Sizes.Request, r.Sizes.Referral, r.Sizes.Event, r.Sizes.Outcome)
	fmt.Fprintln(out, "Costs are of the whole process, with clients and stores; the server of river is another, and in no column.")
	fmt.Fprint(out, "Live is the heap after a collection at the end, peak the most memory taken from the system.\n\n")
	fmt.Fprintf(out, "%-16s %8s %11s %9s %9s %12s %12s %9s %9s\n",
		"flow", "clients", "per second", "p50 ms", "p99 ms", "cpu µs/flow", "allocs/flow", "live MB", "peak MB")
}

func (r Row) print(out io.Writer) {
	fmt.Fprintf(out, "%-16s %8d %11.0f %9.1f %9.1f %12.0f %12.0f %9.0f %9.0f\n",
		r.Flow, r.Clients, r.PerSecond, r.P50, r.P99, r.CPU, r.Allocs, r.Live, r.Peak)
}

// leaveOut says why a flow has no row.
func (r *Report) leaveOut(flow, reason string, out io.Writer) {
	if r.LeftOut == nil {
		r.LeftOut = map[string]string{}
	}
	r.LeftOut[flow] = reason
	fmt.Fprintf(out, "%-16s left out: %s\n", flow, reason)
}

func (r *Report) printBars(out io.Writer) {
	fmt.Fprintln(out)
	for _, b := range r.Bars {
		bound := "at least"
		if b.Figure == costFigure {
			bound = "at most"
		}
		fmt.Fprintf(out, "sanad's %s against %s at %d clients: %.2f times (bar: %s %.1f): %s\n",
			b.Figure, b.Against, b.Clients, b.Ratio, bound, b.Bar, verdict(b.Met))
	}
}

func (h HalfPeak) print(out io.Writer) {
	fmt.Fprintf(out, "at half of the peak rate, %.0f requests a second on a schedule: p50 %.1f ms, p99 %.1f ms (bar: under %.0f): %s\n",
		h.Offered, h.P50, h.P99, h.Bar, verdict(h.Met))
}

func (r *Report) printHistory(out io.Writer) {
	for _, p := range r.History {
		fmt.Fprintf(out, "after %d commits: %.0f commands a second of 64 clients, %.0f µs each\n", p.Commits, p.PerSecond, 1e6/p.PerSecond)
	}
}

func (s Start) print(engine string, out io.Writer) {
	fmt.Fprintf(out, "start with %d commits on %s: %.1f s, %.0f commits/s (bar: at least %.0f): %s\n",
		s.Commits, engine, s.Seconds, s.PerSecond, s.Bar, verdict(s.Met))
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "missed"
}

// Write puts the report into a file.
func (r *Report) Write(path string) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o600)
}
