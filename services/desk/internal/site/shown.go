package site

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

type problem = api.Problem

// link is one of the navigation.
type link struct {
	Path, Label string
	Here        bool
}

// links are the pages for the roles of the person.
func (v *visit) links() (all []link) {
	for _, p := range parts {
		if p.only == nil || p.only(v) {
			here := p.path == v.URL.Path || p.path != "/desk/" && strings.HasPrefix(v.URL.Path, p.path)
			all = append(all, link{p.path, v.W.T(p.word), here})
		}
	}
	return all
}

// here is the page to which a form comes back.
func (v *visit) here() string {
	if v.Method == http.MethodPost {
		return "/desk/"
	}
	return v.URL.RequestURI()
}

// problem says in words what was refused.
func (v *visit) problem(p *problem) string {
	return v.W.Or(v.W.T("problem.status_"+strconv.Itoa(p.Status/100)+"xx"), "problem."+p.Code)
}

// refusedPacket is the referral to which a page leads back that was asked for its packet.
func (v *visit) refusedPacket() (id string, ok bool) {
	return v.PathValue("id"), strings.HasPrefix(v.URL.Path, "/desk/referrals/") && strings.HasSuffix(v.URL.Path, "/packet")
}

// pointer is the field of a pointer in words.
func (v *visit) pointer(pointer string) string {
	of, name := pointer[:max(0, strings.LastIndex(pointer, "/"))], pointer[strings.LastIndex(pointer, "/")+1:]
	if i, err := strconv.Atoi(name); err == nil && of != "" {
		return v.pointer(of) + " " + strconv.Itoa(i+1) // one of a list
	}
	return v.W.Or(strings.ReplaceAll(name, "_", " "), "field."+name)
}

func described(f form.Field) templ.Attributes {
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.ID()+"-help")
	}
	if f.Fault == "" && len(ids) == 0 {
		return nil
	}
	a := templ.Attributes{}
	if f.Fault != "" {
		ids = append(ids, f.ID()+"-fault")
		a["aria-invalid"] = "true"
	}
	a["aria-describedby"] = strings.Join(ids, " ")
	return a
}

func limited(f form.Field) templ.Attributes {
	if f.Max == 0 {
		return nil
	}
	return templ.Attributes{"maxlength": strconv.Itoa(f.Max)}
}

// awaited says whether an answer is awaited.
func awaited(r referral) bool {
	return slices.Contains([]string{"requested", "received", "denial_pending"}, r.Status)
}

// reason is why the referral was declined or called off.
func (v *visit) reason(r referral) string {
	if r.DeclineReason != "" {
		return v.W.Code("DeclineReason", r.DeclineReason)
	}
	return v.W.Code("CancelReason", r.CancelReason)
}

// event is what happened, in words. A type is org.sanad.<service>.<event>.v<N>.
func (v *visit) event(kind string) string {
	parts := strings.Split(kind, ".")
	if len(parts) < 3 {
		return kind
	}
	name := parts[len(parts)-2]
	return v.W.Or(strings.ReplaceAll(name, "_", " "), "event."+parts[len(parts)-3]+"."+name, "event."+name)
}

func names(document map[string]any) []string { return slices.Sorted(maps.Keys(document)) }
