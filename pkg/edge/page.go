package edge

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/fault"
)

// Page is what a person's browser is shown.
type Page struct {
	HTML []byte
	// Policy is its Content-Security-Policy.
	Policy string
	// See is the path at which the browser finds what it is to show: it is sent there
	// (303), so that loading the page anew repeats no form. Empty: this is the page.
	See string
	// Keep is what the browser brings back with its next request, once and within a
	// minute (Request.Kept). It is in a cookie and not in See, because addresses are
	// kept in histories and logs.
	Keep string
}

// Visit is how a browser came.
type Visit struct {
	// Languages is its Accept-Language.
	Languages string
	// Query is what stands in the address, also where the contract refuses it.
	Query url.Values
	// Form says that a form was sent.
	Form bool
}

// maxForm is how long a form may be.
const maxForm = 4 << 10

var errForm = fault.New(fault.Unsupported, "form_type", "The body must be a form as a browser posts it.")

// HandlePage serves an operation without a token to browsers: it takes a form
// and answers with HTML, also where it refuses. Otherwise it is Handle: the
// contract holds each field, and the chain is around it.
func HandlePage[B any](r *Router, route, id string, fn func(context.Context, Request[B]) (Page, error), refused func(Visit, *fault.Error) Page) {
	op := chain.Operation{ID: id, Permission: access.Public}
	promised := r.promised(route, op, asPage)
	if promised == nil {
		return
	}
	refuse := func(ctx context.Context, err error, w http.ResponseWriter) {
		f, req := fault.Of(err), ctx.Value(callKey{}).(*call).request
		visit := Visit{Languages: req.Header.Get("Accept-Language"), Query: req.URL.Query(), Form: req.Method == http.MethodPost}
		if statuses[f.Kind] == http.StatusTooManyRequests || statuses[f.Kind] == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "1")
		}
		tell(w, f.Code)
		writePage(w, req, refused(visit, f), statuses[f.Kind])
	}
	show := func(ctx context.Context, w http.ResponseWriter, response any) error {
		writePage(w, ctx.Value(callKey{}).(*call).request, response.(Page), http.StatusOK)
		return nil
	}
	r.serve(promised, show, refuse, r.cfg.Chain.Around(op, func(ctx context.Context, request any) (any, error) {
		in, err := decode[B](promised, r.contract, request.(*call).request)
		if err != nil {
			return nil, err
		}
		return fn(ctx, in)
	}))
}

// writePage sends a page with headers that keep its content and its address from
// other pages.
func writePage(w http.ResponseWriter, r *http.Request, p Page, status int) {
	h := w.Header()
	if p.Keep != "" || len(r.CookiesNamed(keptName)) > 0 {
		http.SetCookie(w, keep(r, p.Keep))
	}
	if p.See != "" {
		h.Set("Location", p.See)
		status = http.StatusSeeOther // RFC 9110, section 15.4.4: what follows is a GET
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.Policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = w.Write(p.HTML) // a caller that left is no fault
}

const (
	keptName    = "kept"
	keptSeconds = 60
)

// keep is the cookie in which a browser brings something back, or forgets it. It is
// sent over TLS alone where the browser came so. A proxy may have ended the TLS: then
// the browser itself says so, as it sends Sec-Fetch-Site to trustworthy addresses only
// (Fetch Metadata, section 2).
func keep(r *http.Request, what string) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // an office without TLS has browsers, too, that would drop a secure one
		Name: keptName, Value: base64.RawURLEncoding.EncodeToString([]byte(what)), Path: r.URL.Path, MaxAge: keptSeconds,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil || r.Header.Get("Sec-Fetch-Site") != "",
	}
	if what == "" {
		c.MaxAge = -1
	}
	return c
}

// kept is what a browser brings back. Of two it is not known which is ours: another
// host of the same domain can set one.
func kept(r *http.Request) string {
	sent := r.CookiesNamed(keptName)
	if len(sent) != 1 {
		return ""
	}
	what, err := base64.RawURLEncoding.DecodeString(sent[0].Value)
	if err != nil || len(what) > maxForm {
		return ""
	}
	return string(what)
}

// readForm gives a form as the JSON that its schema describes, behind a prefix.
// A field that is sent twice could mean two things. A field without anything is one
// that was not filled in: browsers send it all the same.
func readForm(r *http.Request, prefix []byte) ([]byte, error) {
	sent := r.Header["Content-Type"]
	if len(sent) != 1 || len(r.Header["Content-Encoding"]) > 0 {
		return nil, errForm
	}
	if media, _, err := mime.ParseMediaType(sent[0]); err != nil || media != "application/x-www-form-urlencoded" {
		return nil, errForm
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxForm+1))
	switch {
	case err != nil:
		return nil, errMalformed.Because(err)
	case len(raw) > maxForm:
		return nil, errTooLarge
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, errMalformed.At("", "is not a form")
	}
	fields := make(map[string]string, len(values))
	for name, v := range values {
		if len(v) > 1 {
			return nil, errMalformed.At("", "names a field twice")
		}
		if v[0] != "" {
			fields[name] = v[0]
		}
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return append(prefix, body...), nil
}
