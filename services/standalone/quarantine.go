package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/restore"
)

const quarantineUsage = `usage:
  standalone quarantine
  standalone quarantine mend --from DIR --service NAME --record ID --reason TEXT
  standalone quarantine release [--yes] --service NAME --record ID --reason TEXT
  standalone quarantine accept [--yes] --service NAME --reason TEXT

Lists the records that are closed because not every commit of them can be
trusted. The network must be stopped.

mend puts the commits of a record, or their data keys, back from an older data
directory. It takes only what fits the chain, and does not change what is sound.

release goes on without what cannot be trusted: the content of those commits is
lost, and those who wrote them must be asked. Mend first. The reason is never
deleted.

accept records that you know of commits that are signed for and not there, of
any record, or that were stored too late. verify and the alert do not report them
any longer. It restores nothing: mend and restore first.
`

// What quarantine refuses.
var (
	errRecord = errors.New("the record is not in quarantine")
	errNewer  = errors.New("a newer release wrote the record: an upgrade releases it, and no decision does")
	errBus    = errors.New("what the bus holds of the record cannot be restored from a database; restore it from the bus or release it")
	errRounds = errors.New("the record is still in quarantine for the same commit; nothing more was done")
)

// quarantining holds the arguments of quarantine.
type quarantining struct {
	settings
	service, record, reason, from string
	yes                           bool
	in                            io.Reader
	out                           io.Writer
}

// quarantine lists, mends or releases records that are set aside.
func quarantine(ctx context.Context, set settings, args []string, in io.Reader, out io.Writer) error {
	q := quarantining{settings: set, in: in, out: out}
	verb := ""
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	flags := flagsOf("quarantine", quarantineUsage)
	flags.StringVar(&q.service, "service", "", "the service that has the record")
	flags.StringVar(&q.record, "record", "", "the record")
	flags.StringVar(&q.reason, "reason", "", "why it was decided so")
	flags.StringVar(&q.from, "from", "", "an older data directory")
	flags.BoolVar(&q.yes, "yes", false, "do not ask")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if verb == "accept" && q.service != "" && q.record == "" && q.from == "" && flags.NArg() == 0 {
		return q.accept(ctx)
	}
	named := q.service != "" && q.record != "" && flags.NArg() == 0
	switch {
	case verb == "" && flags.NFlag() == 0 && flags.NArg() == 0:
		return q.list(ctx)
	case !named || (verb != "mend" || q.from == "") && (verb != "release" || q.from != ""):
		return needs(flags, false)
	}
	if err := cmp.Or(checkService(q.service), checkReason(q.reason)); err != nil {
		return err
	}
	if verb == "mend" {
		return q.mend(ctx)
	}
	return q.release(ctx)
}

func (q *quarantining) list(ctx context.Context) error {
	n := 0
	err := offline(ctx, q.settings, "", q.out, func(_ context.Context, w *service.Workshop) error {
		for _, r := range w.Quarantined() {
			n++
			fmt.Fprintf(q.out, "%s: %s version %d: %s\n", w.Name, r.Record, r.Version, r.Reason)
		}
		if !w.Compared() {
			fmt.Fprintf(q.out, "%s: the bus could not be asked what the journal lacks\n", w.Name)
		}
		return nil
	})
	if err == nil && n == 0 {
		fmt.Fprintln(q.out, "no record is in quarantine")
	}
	return err
}

// rounds calls do for the record as long as it is in quarantine, each time for
// another version or reason, and more accepts the reason. After each round
// everything is read again: only then is it known what else is wrong.
func (q *quarantining) rounds(ctx context.Context, more func(journal.Reason) bool, do func(context.Context, *service.Workshop, record.Quarantined) error) error {
	var last record.Quarantined
	for {
		var at record.Quarantined
		err := offline(ctx, q.settings, q.service, q.out, func(ctx context.Context, w *service.Workshop) error {
			i := slices.IndexFunc(w.Quarantined(), func(r record.Quarantined) bool { return r.Record == q.record })
			if i < 0 {
				return nil
			}
			at = w.Quarantined()[i]
			switch {
			case at == last:
				return errRounds
			case at.Reason == record.ReasonNewer:
				return errNewer
			case last.Record != "" && !more(at.Reason):
				return nil
			}
			// The events for the record since then, and those that caused what is
			// lost, are on the bus.
			if err := w.Bus.HearAgain(ctx); err != nil {
				return err
			}
			return do(ctx, w, at)
		})
		switch {
		case err != nil:
			return err
		case at.Record == "" && last.Record == "":
			return errRecord
		case at.Record == "":
			fmt.Fprintf(q.out, "%s: %s is out of quarantine\n", q.service, q.record)
			return nil
		case last.Record != "" && !more(at.Reason):
			return fmt.Errorf("version %d is closed for another reason, %s: look at it, and decide again", at.Version, at.Reason)
		}
		last = at
	}
}

// untrusted says whether a commit itself cannot be trusted.
func untrusted(r journal.Reason) bool {
	return slices.Contains([]journal.Reason{
		journal.ReasonUnreadable, journal.ReasonAltered, journal.ReasonForked, journal.ReasonMissing, journal.ReasonKeyLost,
	}, r)
}

func (q *quarantining) release(ctx context.Context) error {
	fmt.Fprintf(q.out, "The content of the commits of %s that cannot be trusted is lost for good: ask those who wrote them. "+
		"Of a case, the consents that she gave before now end with it, since she may have taken one back there: ask her again. "+
		"If there is an older copy of the database, mend the record instead.\n", q.record)
	if !q.yes {
		if err := confirmed(q.in, q.out, q.record); err != nil {
			return err
		}
	}
	more := func(r journal.Reason) bool { return untrusted(r) || r == record.ReasonFork }
	return q.rounds(ctx, more, func(ctx context.Context, w *service.Workshop, at record.Quarantined) error {
		switch at.Reason {
		case record.ReasonAhead:
			lost, err := restore.Look(ctx, w, at.Record)
			if err != nil {
				return err
			}
			filled, err := lost.Fill(ctx, w)
			for _, f := range filled {
				fmt.Fprintf(q.out, "%s: %s version %d: %s\n", w.Name, at.Record, f.Version, f.What())
			}
			return err
		case record.ReasonFork:
			if err := w.Journal.Stand(ctx, at.Record, at.Version, q.reason); err != nil {
				return err
			}
			fmt.Fprintf(q.out, "%s: %s version %d: the journal's commit stands, and not what the bus holds in its place\n", w.Name, at.Record, at.Version)
			return nil
		}
		return q.passOver(ctx, w, at)
	})
}

// passOver passes over a commit, and those after it that cannot be trusted either.
func (q *quarantining) passOver(ctx context.Context, w *service.Workshop, at record.Quarantined) error {
	for version := at.Version; ; version++ {
		if err := w.Journal.PassOver(ctx, at.Record, version, q.reason); err != nil {
			return err
		}
		fmt.Fprintf(q.out, "%s: %s version %d: passed over\n", w.Name, at.Record, version)
		next, err := w.Journal.At(ctx, at.Record, version+1)
		if err != nil || next == nil || next.Broken == "" {
			return err
		}
	}
}

func (q *quarantining) mend(ctx context.Context) error {
	m, held, err := openThere(q.from)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { _ = errors.Join(m.Close(), held.Release()) }()
	client, err := m.Connect()
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	from := client.Database(network.DatabaseName(q.service))
	return q.rounds(ctx, untrusted, func(ctx context.Context, w *service.Workshop, at record.Quarantined) error {
		switch at.Reason {
		case record.ReasonAhead, record.ReasonFork:
			return errBus
		case record.ReasonFold:
			return errors.New("the commit is as it was written, and this release fails on it: report it, or release the record")
		}
		return q.mendFrom(ctx, w, from, at)
	})
}

func (q *quarantining) mendFrom(ctx context.Context, w *service.Workshop, from *mongo.Database, at record.Quarantined) error {
	version := at.Version
	err := w.Journal.Mend(ctx, from, at.Record, version, q.reason)
	if errors.Is(err, journal.ErrSound) && at.Reason == journal.ReasonForked && version > 1 {
		// The commit before it is not what was written.
		version--
		err = w.Journal.Mend(ctx, from, at.Record, version, q.reason)
	}
	if err != nil {
		return fmt.Errorf("%s version %d (%s): %w", at.Record, at.Version, at.Reason, err)
	}
	fmt.Fprintf(q.out, "%s: %s version %d: put back from the copy\n", w.Name, at.Record, version)
	return nil
}

// accept records that a person knows of what is missing or late.
func (q *quarantining) accept(ctx context.Context) error {
	if err := cmp.Or(checkService(q.service), checkReason(q.reason)); err != nil {
		return err
	}
	return offline(ctx, q.settings, q.service, q.out, func(ctx context.Context, w *service.Workshop) error {
		all, err := w.Journal.Unexplained(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Fprintf(q.out, "%s: nothing is missing, and nothing came late\n", w.Name)
			return nil
		}
		for _, n := range all {
			missing, late := n.Count()
			fmt.Fprintf(q.out, "%s: lane %d: %d commits are missing, %d came late\n", w.Name, n.Lane, missing, late)
		}
		if !q.yes {
			if err := confirmed(q.in, q.out, q.service); err != nil {
				return err
			}
		}
		if _, err := w.Journal.Accept(ctx, q.reason); err != nil {
			return err
		}
		fmt.Fprintf(q.out, "%s: accepted\n", w.Name)
		return nil
	})
}
