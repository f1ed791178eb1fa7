package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
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

// SetAside is a record that is set aside, as operators may know it: where, and why.
type SetAside struct {
	Service string         `json:"service"`
	Record  string         `json:"record"`
	Version uint64         `json:"version"`
	Reason  journal.Reason `json:"reason"`
	// Release says what can be done: one of the codes below.
	Release string `json:"release"`
}

// What can be done about a record that is set aside.
const (
	// releasePossible: a person may go on without what cannot be trusted.
	releasePossible = "possible"
	// releaseDecided: somebody did; it opens with the next start.
	releaseDecided = "decided"
	// releaseNewer: it opens with the release that wrote it.
	releaseNewer = "newer"
	// releaseTool: what the bus holds has to be put back, while the service stands still.
	releaseTool = "tool"
)

// QuarantinePage are the records that are set aside.
type QuarantinePage struct {
	Items []SetAside `json:"items"`
}

// listQuarantine lists the records that are set aside, and nothing of what is in
// them.
func (h *Host) listQuarantine(context.Context, *http.Request) (any, error) {
	page := QuarantinePage{Items: []SetAside{}}
	for _, u := range h.units {
		for _, r := range u.Book.Quarantined() {
			page.Items = append(page.Items, SetAside{u.name, r.Record, r.Version, r.Reason, u.releasable(r)})
		}
	}
	return page, nil
}

func (u *Unit) releasable(r record.Quarantined) string {
	switch {
	case r.Reason == record.ReasonNewer:
		return releaseNewer
	case r.Reason == record.ReasonAhead:
		return releaseTool
	case u.journal.Decided(r.Record, r.Version):
		return releaseDecided
	}
	return releasePossible
}

// Release is what a person decided about a record in quarantine.
type Release struct {
	Service string `json:"service"`
	Record  string `json:"record"`
	// Versions are those whose content is given up, or which stand from now on.
	Versions []uint64 `json:"versions"`
	// Opens says when the record does.
	Opens string `json:"opens"`
}

// opensNextStart says that a record stays closed until its service starts again.
const opensNextStart = "next_start"

// release records that a person goes on without what cannot be trusted of a record. The
// decision is in the journal at once; the record opens with the next start of the service.
// To open it while the service runs would be to decide about her on half of what is known:
// only a start reads the whole record again and finds what else is wrong with it, tells
// the lists and what watches them, ends the consents that may have ended in what is lost,
// and hears again the events that caused it, from the first one on. Until then everything
// handles the record as closed.
func (h *Host) release(ctx context.Context, r *http.Request, p identity.Principal, u *Unit) (any, error) {
	reason, err := readReason(r)
	if err != nil {
		return nil, err
	}
	u.deciding.Lock() // of two who decide at once the second is told of the first
	defer u.deciding.Unlock()
	all := u.Book.Quarantined()
	i := slices.IndexFunc(all, func(q record.Quarantined) bool { return q.Record == r.PathValue("record") })
	if i < 0 {
		return nil, errNotAside
	}
	at := all[i]
	switch at.Reason {
	case record.ReasonNewer:
		return nil, errNewerOpens
	case record.ReasonAhead:
		return nil, errNeedsTool
	}
	out := Release{Service: u.name, Record: at.Record, Versions: []uint64{}, Opens: opensNextStart}
	d := journal.Decision{Record: at.Record, Reason: reason, By: p.Subject, Agency: p.Agency, Stands: at.Reason == record.ReasonFork}
	for d.Version = at.Version; ; d.Version++ {
		// What a request decided that did not come to its end is not decided twice.
		if !u.journal.Decided(d.Record, d.Version) {
			if err := u.journal.Decide(ctx, d); err != nil {
				return nil, fault.Of(err)
			}
			out.Versions = append(out.Versions, d.Version)
		}
		if d.Stands {
			break
		}
		next, err := u.journal.At(ctx, d.Record, d.Version+1)
		if err != nil {
			return nil, err
		}
		if next == nil || next.Broken == "" && !next.Passed {
			break
		}
	}
	if len(out.Versions) == 0 {
		return nil, errReleased
	}
	return out, nil
}

// hearAgain has the service hear all events again when somebody released a record while it
// ran: those that caused what is lost may still be on the bus. What is not lost it
// recognizes. A bus that is away is asked again when it is there, and at the next start.
func (u *Unit) hearAgain(ctx context.Context) error {
	number := u.journal.Unheard()
	if number == 0 {
		return nil
	}
	if err := u.bus.HearAgain(ctx); err != nil {
		u.logger.Warn("all events are to be heard again, and the bus is away", slog.Any("error", err))
		u.bus.Rewind(bus.Positions{})
		return nil
	}
	return u.journal.Heard(ctx, number)
}
