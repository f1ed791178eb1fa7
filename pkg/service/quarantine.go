package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
)

// count exports how many records there are, and how many are set aside.
func (u *Unit) count() {
	for kind := range u.Book.Len() {
		promauto.With(u.deps.Registerer).NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sanad_records", Help: "Records in the image, by kind.", ConstLabels: prometheus.Labels{"kind": kind},
		}, func() float64 { return float64(u.Book.Len()[kind]) })
	}
	for _, reason := range record.Reasons {
		promauto.With(u.deps.Registerer).NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sanad_quarantined_records", Help: "Records that are closed because not every commit of them can be trusted, by reason.",
			ConstLabels: prometheus.Labels{"reason": string(reason)},
		}, func() float64 {
			n := 0
			for _, r := range u.Book.Quarantined() {
				if r.Reason == reason {
					n++
				}
			}
			return float64(n)
		})
	}
}

// aside says that records are in quarantine. Those that a newer release wrote wait
// for that release, and need no decision.
func (u *Unit) aside() error {
	newer, others := 0, 0
	for _, r := range u.Book.Quarantined() {
		if r.Reason == record.ReasonNewer {
			newer++
		} else {
			others++
		}
	}
	var errs error
	if others > 0 {
		errs = errors.Join(errs, fmt.Errorf("quarantine: %d records are closed until somebody decides; see /quarantine", others))
	}
	if newer > 0 {
		errs = errors.Join(errs, fmt.Errorf("quarantine: %d records are closed until the newer release is back that wrote them; see /quarantine", newer))
	}
	return errs
}

// setAside is a record that is set aside, as operators may know it: where, and why.
type setAside struct {
	Service string         `json:"service"`
	Record  string         `json:"record"`
	Version uint64         `json:"version"`
	Reason  journal.Reason `json:"reason"`
}

// tellQuarantine lists the records that are set aside, and nothing of what is in
// them. While a service starts, the list is not complete.
func (h *Host) tellQuarantine(w http.ResponseWriter, _ *http.Request) {
	if !h.state.ready.Load() {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	page := struct {
		Items []setAside `json:"items"`
	}{[]setAside{}}
	for _, u := range h.units {
		for _, r := range u.Book.Quarantined() {
			page.Items = append(page.Items, setAside{u.name, r.Record, r.Version, r.Reason})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(page) // who asked may have gone
}
