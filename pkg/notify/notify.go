// Package notify tells a person outside the network, by e-mail or SMS, that
// something waits for them. It refuses to say what. Its texts come out of one table
// in which nothing names a service, a survivor, a reason or an agency, because
// other people read messages on shared telephones. No address, text or answer of a
// server gets into a log, span, metric or error.
//
// # At least once, and no more often than that needs
//
// A notice is sent by a reaction to an event, so the bus delivers it again until it
// was handed over. The network cannot know whether a mail server that broke off
// took the message. It either sends again, and a person may get two messages, or it
// does not, and a person may get none. Here no message is the greater harm. So the
// room that sends
//
//  1. appends to its journal that a notice is owed, with what it carries (only
//     the hash of a secret, so a process that restarts makes a new one),
//  2. sends,
//  3. appends to its journal what became of it.
//
// A delivery that finds the third does nothing. One that finds the first alone
// sends, again perhaps: the same message while the process lives, with the same
// Message-ID, so that a mail server may tell the copies; one with a new secret,
// which replaces the old, after a restart. To record the sending before it happens
// would lose a message at every crash in between.
//
// # A slow server does not stop others
//
// What is sent is sent within a bounded time and few at once. After a failure the
// channel is not used for a while: meanwhile every notice gets ErrUnsent at once,
// and the bus delivers it again later. So a mail server that hangs does not hold up
// the deliveries of a service, for example withdrawals.
package notify

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
)

// ErrUnsent says that a notice could not be handed over now. Trying again
// helps.
var ErrUnsent = fault.New(fault.Unavailable, "notice_unsent", "A notice could not be handed over. It is tried again.")

// ErrRefused says that a notice was refused for good, or that there is no way
// to send one on its channel. Trying again does not help.
var ErrRefused = errors.New("notify: refused")

// Letter is what a sender hands over.
type Letter struct{ To, Subject, Body string }

// Sender hands letters over on one channel. It ends when ctx does. An error
// that is ErrRefused is for good, any other for now; none holds anything of the
// letter or of what a server said.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Notice says who is told that something waits, and how they reach it.
type Notice struct {
	Channel  code.NoticeChannel
	To       string
	Language code.NoticeLanguage
	// Path is the page where it waits; Secret opens it at once, behind a "#" so
	// that it reaches no server's log; Code is typed there.
	Path, Secret, Code string
}

const (
	sendWithin = 10 * time.Second
	// restAfterFailure is how long a channel is not used after a failure.
	restAfterFailure = 15 * time.Second
	// atOnce is how many notices are under way on a channel.
	atOnce = 8
)

// Notifier sends notices. Its methods may be called concurrently.
type Notifier struct {
	base  string
	lines map[code.NoticeChannel]*line
}

// New makes a notifier of the channels that are configured, none perhaps, and
// registers its metric. A nil clock is the wall clock.
func New(cfg Config, reg prometheus.Registerer, clock func() time.Time) (*Notifier, error) {
	senders, err := cfg.senders()
	if err != nil {
		return nil, err
	}
	return With(strings.TrimSuffix(cfg.PublicURL, "/"), senders, reg, clock), nil
}

// With makes a notifier of senders.
func With(publicURL string, senders map[code.NoticeChannel]Sender, reg prometheus.Registerer, clock func() time.Time) *Notifier {
	if clock == nil {
		clock = time.Now
	}
	notices := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sanad_notices_total", Help: "Notices by channel and outcome: sent, refused for good, or unsent and to be tried again.",
	}, []string{"channel", "outcome"})
	reg.MustRegister(notices)
	n := &Notifier{base: publicURL, lines: make(map[code.NoticeChannel]*line)}
	for _, ch := range code.NoticeChannels {
		outcomes := notices.MustCurryWith(prometheus.Labels{"channel": string(ch)})
		l := &line{
			sender: senders[ch], clock: clock, slots: make(chan struct{}, atOnce),
			sent: outcomes.WithLabelValues("sent"), refused: outcomes.WithLabelValues("refused"), unsent: outcomes.WithLabelValues("unsent"),
		}
		if l.sender != nil {
			n.lines[ch] = l
		}
	}
	return n
}

// Reaches says whether notices can be sent on a channel at all.
func (n *Notifier) Reaches(ch code.NoticeChannel) bool { return n != nil && n.lines[ch] != nil }

// Tell hands a notice over. Its errors are ErrUnsent and ErrRefused.
func (n *Notifier) Tell(ctx context.Context, notice Notice) error {
	if !n.Reaches(notice.Channel) {
		return ErrRefused
	}
	letter, err := write(n.base, notice)
	if err != nil {
		return err
	}
	return n.lines[notice.Channel].send(ctx, letter)
}
