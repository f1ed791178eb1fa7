package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sanad-network/sanad/api/event/keep"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

const deadlettersUsage = `usage:
  standalone deadletters [list] [--admin URL]
  standalone deadletters show ID [--admin URL] [--token-file FILE]
  standalone deadletters replay ID --reason TEXT [--admin URL] [--token-file FILE]
  standalone deadletters drop ID --reason TEXT [--admin URL] [--token-file FILE]

Dead letters are what a service refused for good. They are shown without data. The
services must run: only they can judge a letter again.

replay has the service judge a letter once more. What is refused again is a new
dead letter with its count.

drop says that nobody needs it any more. What it told does not happen. A letter that
is listed as kept can never be dropped: it carries her no, or it closes the contact
to her, or it ends what is shown of her, or nobody can tell what it carries.

The token is that of a person with the role operator. Who decided, when and why is
signed and never deleted; show prints it.

Environment: SANAD_ADMIN_ADDR (127.0.0.1:9090), SANAD_TOKEN.
`

// letters is what a person at a terminal does about dead letters.
type letters struct {
	desk   office.Desk
	reason string
	out    io.Writer
}

// deadletters lists, shows, replays or drops what services refused for good.
func deadletters(ctx context.Context, set settings, args []string, out io.Writer) error {
	verb, id := "list", ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		verb, args = args[0], args[1:]
	}
	if verb != "list" && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		id, args = args[0], args[1:]
	}
	l := letters{out: out}
	flags := flagsOf("deadletters", deadlettersUsage)
	admin := flags.String("admin", "http://"+reachable(set.AdminAddr), "the admin address of the service")
	tokenFile := flags.String("token-file", "", "file that holds the token")
	flags.StringVar(&l.reason, "reason", "", "why it was decided so")
	if err := parse(flags, args); err != nil {
		return err
	}
	do, known := map[string]func(context.Context, string) error{
		"list": l.list, "show": l.show, "replay": l.decide("replay"), "drop": l.decide("drop"),
	}[verb]
	decides := verb == "replay" || verb == "drop"
	if err := needs(flags, known && (id != "") == (verb != "list") && (decides || l.reason == "")); err != nil {
		return err
	}
	if decides {
		if err := checkReason(l.reason); err != nil {
			return err
		}
	}
	token := os.Getenv("SANAD_TOKEN")
	if *tokenFile != "" {
		text, err := secret.Read(*tokenFile)
		if err != nil {
			return err
		}
		token = string(text)
	}
	if token = strings.TrimSpace(token); token == "" && verb != "list" {
		return errors.New("an operator's token is needed: set SANAD_TOKEN, or name a file with --token-file")
	}
	l.desk = office.Desk{Token: token, Base: strings.TrimSuffix(*admin, "/"), HTTP: &http.Client{Timeout: time.Minute}}
	err := do(ctx, id)
	if refused, ok := errors.AsType[*office.Refused](err); ok {
		return fmt.Errorf("%w%s", err, broken(refused.Body))
	}
	return err
}

// reachable is an address on which a process listens as one that it can be reached
// at from its own machine.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return net.JoinHostPort(cmp.Or(host, "127.0.0.1"), port)
}

func (l *letters) list(ctx context.Context, _ string) error {
	var page service.LetterPage
	if err := l.desk.Get(ctx, "/deadletters", &page); err != nil {
		return err
	}
	if len(page.Items) == 0 {
		_, err := fmt.Fprintln(l.out, "no dead letter waits for a decision")
		return err
	}
	w := tabwriter.NewWriter(l.out, 0, 0, 2, ' ', 0)
	for _, i := range page.Items {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\ttried %d times, replayed %d times%s\n",
			i.ID, i.At.Format(time.RFC3339), i.Event, cmp.Or(i.Record, "-"), i.Code, i.Attempts, i.Replays, kept(", kept: ", i.Keep, ""))
	}
	if page.More {
		fmt.Fprintln(w, "there are more: they are listed when these are decided")
	}
	return w.Flush()
}

func (l *letters) show(ctx context.Context, id string) error {
	var file service.LetterFile
	if err := l.desk.Get(ctx, "/deadletters/"+url.PathEscape(id), &file); err != nil {
		return err
	}
	w := tabwriter.NewWriter(l.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "letter\t%s\nevent\t%s\nrecord\t%s\nrefused\t%s\nwhy\t%s\ntried\t%d times\nreplayed\t%d times\n%s",
		file.ID, file.Event, cmp.Or(file.Record, "-"), file.At.Format(time.RFC3339), file.Code, file.Attempts, file.Replays,
		kept("kept\t", file.Keep, "\n"))
	for _, d := range file.Decisions {
		fmt.Fprintf(w, "%s\t%s by %s at %s: %s\n", d.At.Format(time.RFC3339), strings.TrimSpace(d.Action+" "+d.Outcome), d.By, d.Agency, d.Reason)
	}
	return w.Flush()
}

func (l *letters) decide(verb string) func(context.Context, string) error {
	return func(ctx context.Context, id string) error {
		var out service.LetterOutcome
		if err := l.desk.Post(ctx, "/deadletters/"+url.PathEscape(id)+"/"+verb, map[string]string{"reason": l.reason}, &out); err != nil {
			return err
		}
		said := out.Outcome
		if out.Code != "" {
			said += " again: " + out.Code
		}
		_, err := fmt.Fprintf(l.out, "%s: %s\n", out.ID, said)
		return err
	}
}

// kept says why a letter can never be dropped, between some words; nothing where it can.
func kept(words string, why keep.Why, end string) string {
	if why == keep.Free {
		return ""
	}
	return words + string(why) + end
}
