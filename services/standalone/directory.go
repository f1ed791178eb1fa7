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
  standalone directory import [-api URL] [-token-file FILE] PATH…

Hands HSDS files in to a running network: JSON documents, and folders of
documents and of tables as CSV. The token is a coordinator's.

Environment: SANAD_API (http://127.0.0.1:8080), SANAD_TOKEN.
`

// directory imports what is under some paths, and prints the result.
func directory(ctx context.Context, args []string, out io.Writer) error {
	flags := flagsOf("directory", directoryUsage)
	api := flags.String("api", cmp.Or(os.Getenv("SANAD_API"), "http://127.0.0.1:8080"), "address of the network")
	tokenFile := flags.String("token-file", "", "file that holds the token")
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
	parts, remarks, err := delivery.Read(flags.Args())
	if err != nil {
		return err
	}
	desk := office.Desk{Token: token, Base: strings.TrimSuffix(*api, "/"), HTTP: &http.Client{Timeout: time.Minute}}
	bar := newBar(out, int64(len(parts)))
	total := delivery.Report{}
	for i, part := range parts {
		bar.show(int64(i), int64(i)+1, part.Source)
		report, err := hand(ctx, desk, part)
		if err != nil {
			bar.done("")
			return fmt.Errorf("%s: %w", part.Source, err)
		}
		total.Add(part.Named(report))
	}
	bar.done("")
	total.Add(remarks)
	total.Write(out)
	if len(total.Rejected) > 0 {
		return errRejected
	}
	return nil
}

// attempts is how often a part is handed in again while the network is busy.
const attempts = 5

func hand(ctx context.Context, desk office.Desk, part delivery.Part) (delivery.Report, error) {
	key := uuid.NewString() // the same for every attempt: what was done is not done again
	for attempt := 1; ; attempt++ {
		var report delivery.Report
		err := desk.PostKey(ctx, "/v1/directory/import", key, part.Body, &report)
		refused, ok := errors.AsType[*office.Refused](err)
		busy := ok && (refused.Status == http.StatusServiceUnavailable || refused.Status == http.StatusTooManyRequests)
		if !busy || attempt == attempts {
			if ok {
				err = fmt.Errorf("%w%s", err, broken(refused.Body))
			}
			return report, err
		}
		select {
		case <-ctx.Done():
			return report, context.Cause(ctx)
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
