package site

import (
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// atWorkers are the roles that keep the register of who works at their agency.
var atWorkers = []string{"supervisor", "focal_point"}

func (s *Site) workerPages() {
	s.page("GET /desk/workers", s.workers)
	s.page("GET /desk/workers/{id}", s.oneWorker)
}

// worker is somebody who works at the person's own agency.
type worker struct {
	ID          string    `json:"worker"`
	Agency      string    `json:"agency"`
	Subject     string    `json:"subject"`
	AbsentUntil time.Time `json:"absent_until"`
	Cover       string    `json:"cover"`
	DutyFrom    time.Time `json:"duty_from"`
	DutyUntil   time.Time `json:"duty_until"`
	Left        bool      `json:"left"`
	Anew        string    `json:"registered_anew"`
	Commands    []string  `json:"commands"`
}

// workers are the people of the person's own agency, or those who have left it.
func (s *Site) workers(v *visit) (templ.Component, error) {
	query := url.Values{}
	for _, name := range []string{"left", "cursor"} {
		if value := v.URL.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	var page struct {
		Items []worker `json:"items"`
	}
	answer, err := v.get("listWorkers", "", query, &page)
	if err != nil {
		return nil, err
	}
	next := ""
	if answer.Cursor != "" {
		query.Set("cursor", answer.Cursor)
		next = "/desk/workers?" + query.Encode()
	}
	return workersPage(v, page.Items, query.Get("left") == "true", next), nil
}

func (s *Site) oneWorker(v *visit) (templ.Component, error) {
	var w worker
	answer, err := v.get("getWorker", v.PathValue("id"), nil, &w)
	if err != nil {
		return nil, err
	}
	return workerPage(v, w, w.buttons(v, answer.Version)), nil
}

// buttons are the commands of an entry. Who is not away is not said to be back.
func (w worker) buttons(v *visit, version string) []button {
	all := slices.DeleteFunc(v.buttons("worker", w.Commands, w.ID, version), func(b button) bool {
		return b.Op.ID == "setWorkerBack" && w.AbsentUntil.IsZero()
	})
	if slices.Contains(w.Commands, "registerWorker") {
		o := v.site.cfg.Client.Contract().Operations["registerWorker"]
		query := url.Values{backField: {v.URL.Path}}
		all = slices.Insert(all, 0, button{o, w.Change(v), sheet{Op: o, ID: w.ID}.Action() + "?" + query.Encode()})
	}
	return all
}

// Change is what a new registration is for.
func (w worker) Change(v *visit) string {
	if w.Left {
		return v.W.T("worker.again")
	}
	return v.W.T("worker.change_cover")
}

// beginWorker is the form of a registration. A person who is on the register is not named a
// second time, and only one who has left needs a reason.
func beginWorker(v *visit) (b begun, err error) {
	b.Values, b.Fixed = url.Values{}, []string{"agency"}
	if v.PathValue("id") != unnamed {
		var w worker
		if b.Version, err = v.fill(&b, "registerWorker", "getWorker", &w); err != nil {
			return b, err
		}
		b.Title, b.Fixed = w.Change(v), append(b.Fixed, "subject")
		if !w.Left {
			b.Fixed = append(b.Fixed, "reason")
		}
	}
	b.Values.Set("/agency", v.S.Agency)
	return b, nil
}

// covers are the colleagues who may cover for the person of the address.
func covers(v *visit) ([]form.Option, error) {
	all, err := colleagues(v)
	if id := v.PathValue("id"); err == nil && id != unnamed {
		var w worker
		_, err = v.get("getWorker", id, nil, &w)
		all = slices.DeleteFunc(all, func(o form.Option) bool { return o.Value == w.Subject })
	}
	return all, err
}
