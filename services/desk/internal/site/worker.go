package site

import (
	"net/url"
	"slices"
	"strings"
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
	ID          string       `json:"worker"`
	Agency      string       `json:"agency"`
	Subject     string       `json:"subject"`
	AbsentUntil time.Time    `json:"absent_until"`
	Cover       string       `json:"cover"`
	DutyFrom    time.Time    `json:"duty_from"`
	DutyUntil   time.Time    `json:"duty_until"`
	Left        bool         `json:"left"`
	Anew        string       `json:"registered_anew"`
	Roles       []string     `json:"roles"`
	Languages   []string     `json:"languages"`
	Supervisor  string       `json:"supervisor"`
	Credentials []credential `json:"credentials"`
	Commands    []string     `json:"commands"`
}

// credential is what somebody learned and may do.
type credential struct {
	ID        string    `json:"credential"`
	Status    string    `json:"status"`
	Issuer    string    `json:"issuer"`
	Course    string    `json:"course"`
	Name      string    `json:"name"`
	Content   []string  `json:"content"`
	Scope     []string  `json:"scope"`
	From      time.Time `json:"valid_from"`
	Until     time.Time `json:"valid_until"`
	Suspended time.Time `json:"suspended"`
	Reason    string    `json:"reason"`
}

// ending is a credential that ends soon.
type ending struct {
	Worker  string    `json:"worker"`
	Subject string    `json:"subject"`
	Course  string    `json:"course"`
	Until   time.Time `json:"valid_until"`
}

// workers are the people of the person's own agency, or those who have left it.
func (s *Site) workers(v *visit) (templ.Component, error) {
	query := v.query("left")
	var page struct {
		Items []worker `json:"items"`
	}
	next, err := v.leaf("listWorkers", "", query, &page)
	if err != nil {
		return nil, err
	}
	var soon struct {
		Items []ending `json:"items"`
	}
	if anyOf(atWorkers...)(v) {
		if _, err := v.get("listEndingCredentials", "", nil, &soon); err != nil {
			return nil, err
		}
	}
	return workersPage(v, page.Items, soon.Items, query.Get("left") == "true", next), nil
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
		o := v.contract().Operations["registerWorker"]
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

// prefillWorker is what the register has of a worker. A person who is on the register is not named a
// second time, and only one who has left needs a reason.
func prefillWorker(v *visit) (p prefill, err error) {
	p.Values, p.Fixed = url.Values{}, []string{"agency"}
	if v.PathValue("id") != unnamed {
		var w worker
		if err = p.read(v, "registerWorker", "getWorker", &w); err != nil {
			return p, err
		}
		p.Title, p.Fixed = w.Change(v), append(p.Fixed, "subject")
		if !w.Left {
			p.Fixed = append(p.Fixed, "reason")
		}
	}
	p.Values.Set("/agency", v.S.Agency)
	return p, nil
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

// prefillProfile is what a worker does at the agency now: what is sent comes in its place.
func prefillProfile(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	return p, p.read(v, "describeWorker", "getWorker", &worker{})
}

// credentials are those of the person of the address that are in one of some statuses.
func credentials(statuses ...string) func(*visit) ([]form.Option, error) {
	return func(v *visit) (all []form.Option, err error) {
		var w worker
		if _, err = v.get("getWorker", v.PathValue("id"), nil, &w); err != nil {
			return nil, err
		}
		for _, c := range w.Credentials {
			if slices.Contains(statuses, c.Status) {
				label := v.W.Code("Course", c.Course) + ", " + c.Issuer + ", " + v.at(c.From)
				all = append(all, form.Option{Value: c.ID, Label: label})
			}
		}
		return all, nil
	}
}

// codes are some codes in words.
func codes(v *visit, list string, all []string) string {
	said := make([]string, len(all))
	for i, code := range all {
		said[i] = v.W.Code(list, code)
	}
	return strings.Join(said, ", ")
}
