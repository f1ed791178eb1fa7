package edge

import (
	"context"
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
}

// maxForm is how long a form may be.
const maxForm = 4 << 10

var errForm = fault.New(fault.Unsupported, "form_type", "The body must be a form as a browser posts it.")

// HandlePage serves an operation without a token to browsers: it takes a form
// and answers with HTML, also where it refuses. Otherwise it is Handle: the
// contract holds each field, and the chain is around it.
func HandlePage[B any](r *Router, route, id string, fn func(context.Context, Request[B]) (Page, error), refused func(languages string, f *fault.Error) Page) {
	op := chain.Operation{ID: id, Permission: access.Public}
	promised := r.promised(route, op, asPage)
	if promised == nil {
		return
	}
	refuse := func(ctx context.Context, err error, w http.ResponseWriter) {
		f := fault.Of(err)
		var languages string
		if c, ok := ctx.Value(callKey{}).(*call); ok {
			languages = c.request.Header.Get("Accept-Language")
		}
		if statuses[f.Kind] == http.StatusTooManyRequests || statuses[f.Kind] == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "1")
		}
		tell(w, f.Code)
		writePage(w, refused(languages, f), statuses[f.Kind])
	}
	show := func(_ context.Context, w http.ResponseWriter, response any) error {
		writePage(w, response.(Page), http.StatusOK)
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
func writePage(w http.ResponseWriter, p Page, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.Policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = w.Write(p.HTML) // a caller that left is no fault
}

// readForm gives a form as the JSON that its schema describes, behind a prefix.
// A field that is sent twice could mean two things.
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
		fields[name] = v[0]
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return append(prefix, body...), nil
}
