package domain

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

// ReportCapacity says how much of a unit a service has left. Without Maximum
// the earlier one stays.
type ReportCapacity struct {
	Unit      string `json:"unit"`
	Available int64  `json:"available"`
	Maximum   *int64 `json:"maximum"`
}

// Count is the private half of CapacityReported: the unit is the agency's own
// word.
type Count struct {
	Capacity json.RawMessage `json:"capacity"`
}

// ReportCapacity counts what is left. More than the maximum is refused, not
// cut: one of the two numbers is wrong, and the agency knows which.
func (e Entry) ReportCapacity(by fact.By, cmd ReportCapacity) ([]fact.Event, error) {
	if err := e.mayReport(by); err != nil {
		return nil, err
	}
	row := map[string]any{
		"id":   hsds.CapacityID(e.Listed.Entry, cmd.Unit),
		"unit": map[string]any{"id": hsds.UnitID(cmd.Unit), "name": cmd.Unit},
	}
	maximum := cmd.Maximum
	if i := slices.IndexFunc(e.Service.Capacities, func(c hsds.Capacity) bool { return c.Unit.Is(cmd.Unit) }); i >= 0 {
		had := e.Service.Capacities[i]
		stored, _ := hsds.Document(e.Text)["capacities"].([]any)
		if i < len(stored) {
			row, _ = stored[i].(map[string]any)
		}
		if maximum == nil && had.Maximum != nil {
			n := int64(*had.Maximum)
			maximum = &n
		}
		if counted(had, cmd.Available, maximum) && by.At.Before(had.Updated.Add(time.Minute)) {
			return nil, nil // reported again at once
		}
	}
	if maximum != nil && cmd.Available > *maximum {
		return nil, ErrCapacity.At("/available", "must not be more than maximum")
	}
	row["available"] = json.Number(strconv.FormatInt(cmd.Available, 10))
	if maximum != nil {
		row["maximum"] = json.Number(strconv.FormatInt(*maximum, 10))
	}
	row["updated"] = by.At.Format(time.RFC3339Nano)
	text, err := hsds.Encode(row)
	if err != nil {
		return nil, err
	}
	id, _ := row["id"].(string)
	return fact.With(referralv1.CapacityReported{
		Service: e.Listed.Entry, Organization: e.Listed.Organization, Agency: e.Listed.Agency,
		Capacity: id, Available: cmd.Available, Maximum: maximum, Updated: by.At,
	}, Count{Capacity: text}), nil
}

func counted(c hsds.Capacity, available int64, maximum *int64) bool {
	return c.Available == float64(available) && (maximum == nil) == (c.Maximum == nil) &&
		(maximum == nil || *c.Maximum == float64(*maximum))
}

// CapacityView is what is counted at a service.
type CapacityView struct {
	Service    string      `json:"service"`
	Capacities []CountView `json:"capacities"`
}

// CountView is one count.
type CountView struct {
	Unit      string    `json:"unit"`
	Available int64     `json:"available"`
	Maximum   *int64    `json:"maximum,omitempty"`
	Updated   time.Time `json:"updated"`
}

// View is what the agency that keeps the entry counts. Everybody reads the
// entry itself as HSDS has it.
func (e Entry) View(by fact.By) any {
	v := CapacityView{Service: e.Listed.Entry, Capacities: []CountView{}}
	if e.Service == nil || e.kept(by) != nil {
		return v
	}
	for _, c := range e.Service.Capacities {
		count := CountView{Unit: c.Unit.Name, Available: int64(c.Available), Updated: c.Updated}
		if c.Maximum != nil {
			n := int64(*c.Maximum)
			count.Maximum = &n
		}
		v.Capacities = append(v.Capacities, count)
	}
	return v
}
