package service

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/identity"
)

// operators serves what people do at the admin address who run the machines. The lists
// of what is stuck are open: they hold names of records and codes. A decision, who
// decided before, and a look at one referral are for a person who proves to be an
// operator: other programs and pages on the machine reach the address too.
//
// Nothing here pauses a consumer: what carries a survivor's no must always arrive.
func (h *Host) operators(mux *http.ServeMux) {
	mux.HandleFunc("GET /quarantine", h.answer(h.listQuarantine))
	mux.HandleFunc("POST /quarantine/{service}/{record}/release", h.answer(h.operator("service", h.release)))
	mux.HandleFunc("GET /deadletters", h.answer(h.listLetters))
	mux.HandleFunc("GET /deadletters/{id}", h.answer(h.operator("id", h.showLetter)))
	mux.HandleFunc("POST /deadletters/{id}/replay", h.answer(h.operator("id", h.replayLetter)))
	mux.HandleFunc("POST /deadletters/{id}/drop", h.answer(h.operator("id", h.dropLetter)))
	mux.HandleFunc("POST /ways", h.answer(h.way))
	mux.HandleFunc("GET /looks", h.answer(h.looks))
}

// answer writes what came of a question, or the problem that it met.
func (h *Host) answer(ask func(context.Context, *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		w.Header().Set("Cache-Control", "no-store")
		var body any
		err := error(errStartingYet)
		if h.state.ready.Load() {
			body, err = ask(ctx, r)
		}
		if err != nil {
			edge.Refuse(ctx, w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body) // who asked may have gone
	}
}

type asOperator func(ctx context.Context, r *http.Request, p identity.Principal, u *Unit) (any, error)

// operator lets through who proves to be one, to the service that a part of the path
// names, up to its first point.
func (h *Host) operator(part string, do asOperator) func(context.Context, *http.Request) (any, error) {
	return func(ctx context.Context, r *http.Request) (any, error) {
		p, err := h.proved(ctx, r)
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(r.PathValue(part), ".")
		for _, u := range h.units {
			if u.name == name {
				return do(ctx, r, p, u)
			}
		}
		if part == "id" {
			return nil, errNoLetter
		}
		return nil, errNotAside
	}
}

// proved is the operator who asks.
func (h *Host) proved(ctx context.Context, r *http.Request) (identity.Principal, error) {
	token, ok := edge.Bearer(r.Header)
	if !ok {
		return identity.Principal{}, identity.ErrUnauthenticated
	}
	p, err := h.verifier.Verify(ctx, token)
	if err != nil {
		return identity.Principal{}, err
	}
	if !access.May(p.Roles, access.Operate) {
		return identity.Principal{}, chain.ErrForbidden
	}
	return p, nil
}

// readBody reads one object with the fields of what it is read into, and nothing else.
// The media type keeps out the forms of foreign pages, which a browser sends without
// asking.
func readBody(r *http.Request, into any, fields string) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return errUnreadable.At("Content-Type", "must be application/json")
	}
	dec := json.NewDecoder(io.LimitReader(r.Body, mostBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return errUnreadable.At("", "must be an object with "+fields+", and nothing else")
	}
	if _, err := dec.Token(); err != io.EOF {
		return errUnreadable.At("", "must be one object")
	}
	return nil
}

// readReason reads {"reason": "…"} and nothing else.
func readReason(r *http.Request) (string, error) {
	var body struct {
		Reason *string `json:"reason"`
	}
	if err := readBody(r, &body, "reason"); err != nil {
		return "", err
	}
	if body.Reason == nil || !FitReason(*body.Reason) {
		return "", errReasonUnfit.At("/reason", "must be "+ReasonRule+", without a long number or an e-mail")
	}
	return *body.Reason, nil
}
