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
// What is sent is sent within a bounded time and few at once. After a failure of the
// server the channel is not used for a while: meanwhile every notice gets ErrUnsent at
// once, and the bus delivers it again later. So a mail server that hangs does not hold
// up the deliveries of a service, for example withdrawals.
//
// # A full mailbox delays nobody else
//
// A server that takes no message for one recipient now (RFC 5321: 4yz) works. Only
// that recipient is not tried for a while, which doubles from 20 seconds to 5 minutes:
// many servers take a message of an unknown sender at the second try, some minutes
// later, and an answer may be needed within the hour.
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

// ErrDelayed says that a server takes no notice for this recipient now. Trying again
// helps, later. Its kind is that of a caller who asks too often: nothing of this network
// is away, so nobody is called.
var ErrDelayed = fault.New(fault.RateLimited, "notice_delayed", "A notice was not taken for its recipient now. It is tried again later.")

// ErrRefused says that a notice was refused for good, or that there is no way
// to send one on its channel. Trying again does not help.
var ErrRefused = errors.New("notify: refused")

// Letter is what a sender hands over. Key tells it from another letter with the same
// text, and is in none.
type Letter struct{ To, Key, Subject, Body string }

// Sender hands letters over on one channel. It ends when ctx does. An error
// that is ErrRefused is for good, ErrDelayed for now and for this recipient; any other
// says that the channel does not work now. None holds anything of the letter or of what
// a server said.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Notice says who is told that something waits, and how they reach it.
type Notice struct {
	Kind code.NoticeKind
	// Key names the notice among all, such as the event that it tells of. Copies of one
	// notice have one key, other notices others. It is hashed before it leaves the
	// process.
	Key      string
	Channel  code.NoticeChannel
	To       string
	Language code.NoticeLanguage
	// Path is the page where it waits, if there is one. Secret opens it at once, behind
	// a "#" so that it reaches no server's log; Code is typed there. Both or neither.
	Path, Secret, Code string
}

const (
	sendWithin = 10 * time.Second
	// restAfterFailure is how long a channel is not used after a failure.
	restAfterFailure = 15 * time.Second
	// firstDelay and lastDelay are how long a recipient is not tried after its first
	// refusal for now, and at most; it doubles in between.
	firstDelay, lastDelay = 20 * time.Second, 5 * time.Minute
	// atOnce is how many notices are under way on a channel.
	atOnce = 8
)

// Notifier sends notices. Its methods may be called concurrently.
type Notifier struct {
	base  string
	lines map[code.NoticeChannel]*line

	notices counters
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
	notices := newCounters(reg)
	n := &Notifier{base: publicURL, lines: make(map[code.NoticeChannel]*line), notices: notices}
	for ch, sender := range senders {
		n.lines[ch] = &line{sender: sender, clock: clock, slots: make(chan struct{}, atOnce), delays: delays{clock: clock}}
	}
	return n
}

// Reaches says whether notices can be sent on a channel at all.
func (n *Notifier) Reaches(ch code.NoticeChannel) bool { return n != nil && n.lines[ch] != nil }

// Tell hands a notice over. Its errors are ErrUnsent, ErrDelayed and ErrRefused.
func (n *Notifier) Tell(ctx context.Context, notice Notice) error {
	if !n.Reaches(notice.Channel) {
		return ErrRefused
	}
	letter, err := write(n.base, notice)
	if err == nil {
		err = n.lines[notice.Channel].try(ctx, letter)
	}
	if err != nil && !errors.Is(err, ErrRefused) && !errors.Is(err, ErrDelayed) {
		err = ErrUnsent.Because(err)
	}
	n.notices.count(notice, outcomeOf(err))
	return err
}

// OutOfTime counts a notice that was not handed over before its time was over.
// The caller has noted that, so that it counts once.
func (n *Notifier) OutOfTime(notice Notice) { n.notices.count(notice, outOfTime) }
