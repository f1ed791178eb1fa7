package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// Gateway sends SMS through an HTTP gateway: it posts {"to": …, "text": …} as
// JSON with a bearer token. Providers differ in what they want; for one that
// wants something else a small adapter stands in between.
type Gateway struct {
	URL, Token string
	// HTTP carries the requests; nil is one that follows no redirect.
	HTTP *http.Client
}

var gatewayClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// forNow are the refusals that are not about the letter: too often, too slow,
// or a gateway that is not configured as it should be.
var forNow = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
}

// Send hands a letter to the gateway.
func (g Gateway) Send(ctx context.Context, l Letter) error {
	body, err := json.Marshal(map[string]string{"to": l.To, "text": l.Body})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("sms gateway: not an address")
	}
	req.Header.Set("Content-Type", "application/json")
	if g.Token != "" {
		req.Header.Set("Authorization", "Bearer "+g.Token)
	}
	client := g.HTTP
	if client == nil {
		client = gatewayClient
	}
	resp, err := client.Do(req)
	if err != nil {
		// Its text holds the address of the gateway, and perhaps a key in it.
		if broken, ok := errors.AsType[*url.Error](err); ok {
			err = broken.Err
		}
		return fmt.Errorf("sms gateway: %w", err)
	}
	_ = resp.Body.Close()
	switch {
	case resp.StatusCode < 300:
		return nil
	case resp.StatusCode >= 400 && resp.StatusCode < 500 && !slices.Contains(forNow, resp.StatusCode):
		return ErrRefused
	}
	return errors.New("sms gateway: status " + strconv.Itoa(resp.StatusCode))
}
