package site

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/session"
)

func (s *Site) kitPages() {
	s.open("GET /desk/kit", s.askKit)
	s.open("POST /desk/kit", s.doAskKit)
	s.page("GET /desk/kits", s.kits)
	s.page("POST /desk/kits", s.makeKit)
}

// anonymousKit is one that the clinic keeps of somebody whom it does not name. A test holds the names
// against the contract.
type anonymousKit struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	MadeAt    time.Time `json:"made_at"`
	Until     time.Time `json:"until"`
	Converted bool      `json:"converted"`
}

// kitMade is a new one. The secret is shown this once, on paper.
type kitMade struct {
	anonymousKit
	Secret string `json:"secret"`
}

// kitsKept is the page of kits, with the form for a new one.
type kitsKept struct {
	sheet
	Items []anonymousKit
	Next  string
	Made  *kitMade
}

func (s *Site) kits(v *visit) (templ.Component, error) {
	var page struct {
		Items []anonymousKit `json:"items"`
	}
	next, err := v.leaf("listKits", "", nil, &page)
	if err != nil {
		return nil, err
	}
	k := kitsKept{Items: page.Items, Next: next}
	if v.S.Is("examiner") {
		f := v.form(v.contract().Operations["makeKit"])
		f.Values = url.Values{}
		k.sheet = sheet{Op: f.Op, Key: newKey(), Fields: f.Fields()}
	}
	return kitsPage(v, k), nil
}

// makeKit answers with the number and the secret: no address shows them again.
func (s *Site) makeKit(v *visit) (templ.Component, error) {
	f := v.form(v.contract().Operations["makeKit"])
	k := kitsKept{sheet: sheet{Op: f.Op, Key: v.PostFormValue(keyField), Fields: f.Fields()}}
	var made kitMade
	answer, err := v.send(f.Op, k.sheet, f)
	if err == nil {
		err = answer.Into(&made)
	}
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, k.Problem = p, p
			k.Key, k.Fields = nextKey(k.Key, p), f.Fields()
			return kitsPage(v, k)
		})
	}
	v.sheet = true
	return kitsPage(v, kitsKept{Made: &made}), nil
}

// kitAsked is the page for who holds the paper of a kit, and what it answers.
type kitAsked struct {
	sheet
	Status string    `json:"status"`
	Until  time.Time `json:"until"`
}

// askKit is for everybody, so it knows nobody, also not who is signed in at this browser.
func (s *Site) askKit(v *visit) (templ.Component, error) {
	v.S = session.Session{}
	f := v.form(v.contract().Operations["askKit"])
	f.Values = url.Values{}
	return kitPage(v, kitAsked{sheet: sheet{Op: f.Op, Key: newKey(), Fields: f.Fields()}}), nil
}

// doAskKit answers a wrong number or secret with the same page. What was sent stands on it no more.
func (s *Site) doAskKit(v *visit) (templ.Component, error) {
	v.S = session.Session{}
	if err := v.ParseForm(); err != nil {
		return nil, &api.Problem{Status: http.StatusBadRequest, Code: "malformed"}
	}
	f := v.form(v.contract().Operations["askKit"])
	f.Values = v.PostForm
	one := kitAsked{sheet: sheet{Op: f.Op, Key: v.PostFormValue(keyField), Fields: f.Fields()}}
	if wait := s.tells.take(v.Request); wait > 0 {
		v.w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		one.Problem = &api.Problem{Status: http.StatusTooManyRequests, Code: "rate_limited"}
		v.render(http.StatusTooManyRequests, kitPage(v, one))
		return nil, nil
	}
	answer, err := v.send(f.Op, one.sheet, f)
	if err == nil {
		stands := kitAsked{}
		if err = answer.Into(&stands); err == nil {
			return kitPage(v, stands), nil
		}
	}
	return v.again(err, func(p *api.Problem) templ.Component {
		f.Problem, one.Problem = p, p
		one.Key, one.Fields = nextKey(one.Key, p), f.Fields()
		return kitPage(v, one)
	})
}
