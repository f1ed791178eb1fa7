package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/sanad-network/sanad/pkg/embedded/internal/busdir"
)

// serverLog takes the log of the server. It passes on codes, because the texts hold
// subjects, addresses and names of users. It also finds the faults that the server
// does not repair by itself, since for some of them the log is the only sign.
type serverLog struct {
	log *slog.Logger
	// alarm is told that there is trouble.
	alarm chan struct{}

	mu      sync.Mutex
	trouble error
	// damaged are streams of which the server found a block damaged.
	damaged []busdir.Damage
	// cause is what the disk refused since the server was started, dead what
	// kept it from starting.
	cause error
	dead  error
	// refused are the texts that say what it did not open.
	refused []string
	// said is when each code was last handed on.
	said map[string]time.Time
}

func newServerLog(log *slog.Logger) *serverLog {
	return &serverLog{log: log, alarm: make(chan struct{}, 1), said: map[string]time.Time{}}
}

// kind is what a text of the server means. A text that is not known is handed on
// as one that is not.
type kind struct {
	text, code string
	// lasts is trouble that ends only when the store is opened again.
	lasts bool
	// damage is a block that is not what was written.
	damage bool
	// refused is something that the server did not open.
	refused bool
}

// kinds are looked through in order.
var kinds = []kind{
	{text: "critical write error", code: "write_refused", lasts: true},
	{text: "failed to store a msg", code: "write_refused", lasts: true},
	{text: "will be disabled", code: "streams_off", lasts: true},
	{text: "disabling jetstream", code: "streams_off", lasts: true},
	{text: "resource limits exceeded for server", code: "full", lasts: true},
	{text: "corrupt record state", code: "block_damaged", lasts: true, damage: true},
	{text: "error decrypting", code: "key_refused"},
	{text: "encryption key length", code: "key_refused"},
	{text: "consumer metafile", code: "consumer_undescribed", refused: true},
	{text: "missing consumer checksum", code: "consumer_undescribed", refused: true},
	{text: "metafile", code: "stream_undescribed", refused: true},
	{text: "missing stream checksum", code: "stream_undescribed", refused: true},
	{text: "error recreating stream", code: "stream_not_opened", refused: true},
	{text: "error adding consumer", code: "consumer_not_opened", refused: true},
	{text: "past last stream sequence", code: "consumer_ahead"},
	{text: "stream create failed", code: "stream_refused"},
	{text: "consumer create failed", code: "consumer_refused"},
	{text: "stream state", code: "index_rebuilt"},
	{text: "loadblock error", code: "block_unreadable"},
	{text: "error looking up message", code: "message_unreadable"},
	{text: "resource not found", code: "file_gone"},
	{text: "slow consumer", code: "slow_client"},
	{text: "authentication", code: "client_refused"},
	{text: "authorization", code: "client_refused"},
	{text: "permissions violation", code: "client_refused"},
}

// refusals are the errors of a disk, or of the machine.
var refusals = []syscall.Errno{
	syscall.ENOSPC, syscall.EMFILE, syscall.ENFILE, syscall.EIO, syscall.EROFS, syscall.EACCES, syscall.EDQUOT,
}

// refusal finds what the disk said in a text: some come rendered.
func refusal(text string) error {
	for _, no := range refusals {
		if strings.Contains(text, no.Error()) {
			return no
		}
	}
	if strings.Contains(text, "storage directory is not writable") {
		return errors.New("the store cannot be written")
	}
	return nil
}

func (l *serverLog) hear(level slog.Level, format string, args []any) {
	text := fmt.Sprintf(format, args...)
	lower := strings.ToLower(text)
	k := kind{code: "other"}
	for _, known := range kinds {
		if strings.Contains(lower, known.text) {
			k = known
			break
		}
	}
	stream, cause := streamIn(text), refusal(text)
	l.mu.Lock()
	if cause != nil {
		l.cause = cause
	}
	if k.damage && stream != "" {
		l.damaged = append(l.damaged, busdir.Of(accountIn(text), stream, "", "a block is not what was written"))
	}
	if k.refused {
		l.refused = append(l.refused, text)
	}
	if k.lasts && l.trouble == nil {
		l.trouble = troubled(k.code, stream, cause)
	}
	now := time.Now()
	again := now.Sub(l.said[k.code+stream]) < time.Minute
	if !again {
		l.said[k.code+stream] = now
	}
	l.mu.Unlock()
	if k.lasts {
		select {
		case l.alarm <- struct{}{}:
		default:
		}
	}
	if again {
		return
	}
	attrs := []slog.Attr{slog.String("code", k.code)}
	if stream != "" {
		attrs = append(attrs, slog.String("bus_stream", stream))
	}
	if cause != nil {
		attrs = append(attrs, slog.Any("error", cause))
	}
	l.log.LogAttrs(context.Background(), level, "the bus server", attrs...)
}

func troubled(code, stream string, cause error) error {
	text := "bus: " + code
	if stream != "" {
		text += ": " + stream
	}
	if cause == nil {
		return errors.New(text)
	}
	return fmt.Errorf("%s: %w", text, cause)
}

// streamIn finds the stream that a text of the store is about.
func streamIn(text string) string {
	if _, behind, ok := strings.Cut(text, "Filestore ["); ok {
		name, _, _ := strings.Cut(behind, "]")
		return name
	}
	if _, behind, ok := strings.Cut(text, "JetStream stream '"); ok {
		_, name, _ := strings.Cut(strings.SplitN(behind, "'", 2)[0], " > ")
		return name
	}
	return ""
}

// accountIn finds the account in a path of the store.
func accountIn(text string) string {
	before, _, ok := strings.Cut(text, "/streams/")
	if !ok {
		return "$G"
	}
	return before[strings.LastIndex(before, "/")+1:]
}

// begin drops what an earlier server logged, and gives what it found damaged.
func (l *serverLog) begin() []busdir.Damage {
	l.mu.Lock()
	defer l.mu.Unlock()
	damaged := l.damaged
	l.trouble, l.damaged, l.cause, l.dead, l.refused = nil, nil, nil, nil, nil
	return damaged
}

// lasting is the trouble that ends only when the store is opened again.
func (l *serverLog) lasting() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trouble
}

// disk is what the disk refused since the server was started.
func (l *serverLog) disk() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}

// explained reports whether the server said that it did not open something.
func (l *serverLog) explained(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.refused, func(text string) bool { return strings.Contains(text, name) })
}

func (l *serverLog) fatal() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

// Fatalf takes what stops the server. It comes before the server listens, so that
// its text is for the operator.
func (l *serverLog) Fatalf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	l.mu.Lock()
	l.dead = errors.New(text)
	l.mu.Unlock()
	l.hear(slog.LevelError, format, args)
}

// Errorf and Warnf are handed on; the rest says nothing that is needed.
func (l *serverLog) Errorf(format string, args ...any) { l.hear(slog.LevelError, format, args) }

// Warnf see Errorf.
func (l *serverLog) Warnf(format string, args ...any) { l.hear(slog.LevelWarn, format, args) }

// Noticef see Errorf.
func (l *serverLog) Noticef(string, ...any) {}

// Debugf see Errorf.
func (l *serverLog) Debugf(string, ...any) {}

// Tracef see Errorf.
func (l *serverLog) Tracef(string, ...any) {}
