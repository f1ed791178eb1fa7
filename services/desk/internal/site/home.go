package site

import "github.com/a-h/templ"

// parts are the places that the navigation leads to, and who has them.
var parts = []struct {
	path, word string
	only       func(*visit) bool
}{
	{"/desk/", "nav.home", nil},
}

func (s *Site) pages() {
	s.page("GET /desk/{$}", s.home)
	s.page("GET /desk/do/{op}/{id}", s.askCommand)
	s.page("POST /desk/do/{op}/{id}", s.doCommand)
}

func (s *Site) home(v *visit) (templ.Component, error) { return homePage(v), nil }
