package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/services/standalone/internal/delivery"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// errRejected is the answer to a delivery of which not every row was taken.
var errRejected = errors.New("not every row was taken")

const directoryUsage = `usage:
  standalone directory import [-api URL] [-token-file FILE] [-encoding NAME] PATH…

Hands HSDS files in to a running network: JSON documents, and folders of
documents and of tables as CSV. All paths are one delivery. The token is a
coordinator's. A file that is neither in UTF-8 nor in UTF-16 with a byte order
mark is refused, unless -encoding names its encoding.

Environment: SANAD_API (http://127.0.0.1:8080), SANAD_TOKEN.
`

// directory imports what is under some paths, and prints the result.
func directory(ctx context.Context, args []string, out io.Writer) error {
	flags := flagsOf("directory", directoryUsage)
	api := flags.String("api", cmp.Or(os.Getenv("SANAD_API"), "http://127.0.0.1:8080"), "address of the network")
	tokenFile := flags.String("token-file", "", "file that holds the token")
	encoding := flags.String("encoding", "", "encoding of files that are not in UTF-8, such as windows-1252")
	if err := needs(flags, len(args) > 0 && args[0] == "import"); err != nil {
		return err
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return errors.New("name what to import")
	}
	token := os.Getenv("SANAD_TOKEN")
	if *tokenFile != "" {
		text, err := secret.Read(*tokenFile)
		if err != nil {
			return err
		}
		token = string(text)
	}
	if token = strings.TrimSpace(token); token == "" {
		return errors.New("a token is needed: set SANAD_TOKEN, or name a file with -token-file")
	}
	bar := newBar(out, 1)
	n := directoryOf{office.Desk{Token: token, Base: strings.TrimSuffix(*api, "/"), HTTP: &http.Client{Timeout: time.Minute}}}
	report, err := delivery.Hand(ctx, n, flags.Args(), *encoding, func(done, total int, of string) {
		bar.total = int64(total)
		bar.show(int64(done), int64(done)+1, of)
	})
	bar.done("")
	if err == nil || report.Taken+len(report.Rejected) > 0 {
		report.Write(out)
	}
	if err == nil && len(report.Rejected) > 0 {
		err = errRejected
	}
	return err
}

// directoryOf is the directory of a network, as one desk asks it.
type directoryOf struct{ desk office.Desk }

// Lookup gives what the directory holds of some identifiers.
func (d directoryOf) Lookup(ctx context.Context, ids []string) ([]delivery.Item, error) {
	var found struct {
		Items []delivery.Item
	}
	err := d.post(ctx, "/v1/directory/lookup", map[string]any{"ids": ids}, &found)
	return found.Items, err
}

// Import hands one request in.
func (d directoryOf) Import(ctx context.Context, body delivery.Body) (delivery.Report, error) {
	var report delivery.Report
	err := d.post(ctx, "/v1/directory/import", body, &report)
	return report, err
}

// attempts is how often a part is handed in again while the network is busy.
const attempts = 5

func (d directoryOf) post(ctx context.Context, path string, body, out any) error {
	key := uuid.NewString() // the same for every attempt: what was done is not done again
	for attempt := 1; ; attempt++ {
		err := d.desk.PostKey(ctx, path, key, body, out)
		refused, ok := errors.AsType[*office.Refused](err)
		busy := ok && (refused.Status == http.StatusServiceUnavailable || refused.Status == http.StatusTooManyRequests)
		if !busy || attempt == attempts {
			if ok {
				err = fmt.Errorf("%w%s", err, broken(refused.Body))
			}
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Duration(attempt) * time.Second):
		}
	}
}

// broken lists the rules that a problem names.
func broken(body []byte) string {
	var p struct {
		Errors []struct {
			Pointer, Rule string
		}
	}
	if json.Unmarshal(body, &p) != nil {
		return ""
	}
	var b bytes.Buffer
	for _, e := range p.Errors {
		fmt.Fprintf(&b, "; %s %s", e.Pointer, e.Rule)
	}
	return b.String()
}
