package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/sanad-network/sanad/pkg/embedded/internal/busdir"
)

// What NATS refuses.
var (
	// ErrBusKey says that the streams are sealed with a key that was not given.
	ErrBusKey = busdir.ErrKey
	// ErrBusStore says that streams that there are were not opened.
	ErrBusStore = errors.New("a stream that is there was not opened")
)

// Aside is what was moved out of the store because it was damaged: a stream or,
// with a name, one of its consumers. The journals fill a stream again, and a
// consumer begins from the first message; dead letters that were in it are in
// Where, and nowhere else.
type Aside struct {
	Stream, Consumer string
	// Reason says which file showed it. Where is the directory it was moved to.
	Reason, Where string
}

// Aside is what was moved aside since NATS was called.
func (s *NATSServer) Aside() []Aside {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.aside)
}

// rounds bounds how often a start is tried: each moves something aside.
const rounds = 4

// open starts the server on a store in which nothing is damaged.
func (s *NATSServer) open(ctx context.Context) error {
	damaged, err := busdir.Check(s.opts.StoreDir, busdir.Keys{s.opts.JetStreamKey, s.opts.JetStreamOldKey})
	if err != nil {
		return err
	}
	damaged = append(damaged, s.told.begin()...)
	for range rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.moveAside(damaged); err != nil {
			return err
		}
		running, err := s.start()
		if err != nil {
			return err
		}
		damaged, err = s.missing(running)
		if err == nil && len(damaged) == 0 {
			return s.use(running)
		}
		running.Shutdown()
		running.WaitForShutdown()
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %s", ErrBusStore, damaged[0])
}

func (s *NATSServer) moveAside(damaged []busdir.Damage) error {
	if len(damaged) == 0 {
		return nil
	}
	where, err := busdir.Aside(s.opts.StoreDir, time.Now(), damaged...)
	if err != nil {
		return fmt.Errorf("move aside %s: %w", damaged[0], err)
	}
	for _, d := range damaged {
		s.log.Error("the bus: what is damaged was moved aside, and is made again",
			slog.String("bus_stream", d.Stream), slog.String("consumer", d.Consumer),
			slog.String("state", d.String()), slog.String("aside", filepath.Base(where)))
		s.mu.Lock()
		s.aside = append(s.aside, Aside{Stream: d.Stream, Consumer: d.Consumer, Reason: d.String(), Where: where})
		s.mu.Unlock()
	}
	return nil
}

// missing compares what a server opened with what is in its directory. What it
// refused for a reason of its own is damaged; what it refused because the disk did
// not let it is an error.
func (s *NATSServer) missing(running *server.Server) ([]busdir.Damage, error) {
	there, err := busdir.Streams(s.opts.StoreDir)
	if err != nil {
		return nil, err
	}
	opened, err := openedBy(running)
	if err != nil {
		return nil, err
	}
	var damaged []busdir.Damage
	for _, stream := range there {
		name := stream.Account + "/" + stream.Name
		found, ok := opened[name]
		if !ok {
			damaged = append(damaged, busdir.Of(stream.Account, stream.Name, "", "the server did not open it"))
			continue
		}
		for _, consumer := range stream.Consumers {
			if !found[consumer] {
				damaged = append(damaged, busdir.Of(stream.Account, stream.Name, consumer, "the server did not open it"))
			}
		}
	}
	if len(damaged) == 0 {
		return nil, nil
	}
	// Files that cannot be opened or written look as damaged as those that are,
	// and a directory that the server cannot read is an empty one to it.
	if err := s.told.disk(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBusStore, damaged[0], err)
	}
	for _, d := range damaged {
		if !s.told.explained(cmp.Or(d.Consumer, d.Stream)) {
			return nil, fmt.Errorf("%w: %s", ErrBusStore, d)
		}
	}
	return damaged, nil
}

// openedBy names the streams that a server opened, and the consumers of each.
func openedBy(running *server.Server) (map[string]map[string]bool, error) {
	info, err := running.Jsz(&server.JSzOptions{Accounts: true, Streams: true, Consumer: true, Limit: accounts})
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]bool{}
	for _, account := range info.AccountDetails {
		for _, stream := range account.Streams {
			consumers := map[string]bool{}
			for _, c := range stream.Consumer {
				consumers[c.Name] = true
			}
			all[account.Name+"/"+stream.Name] = consumers
		}
	}
	return all, nil
}

// accounts is more than any office has.
const accounts = 1 << 20

// How much a probe writes: what a few events need, and what a start does.
const (
	probeSmall = 4 << 10
	probeLarge = 1 << 20
)

// probe asks the disk for a file, for room and for a sync, and says what it is
// refused. A question to the server would cost less and show nothing: it answers
// out of memory.
func probe(dir string, size int) error {
	f, err := os.OpenFile(filepath.Join(dir, ".probe"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return bare(err)
	}
	_, err = f.Write(make([]byte, size))
	if err == nil {
		err = f.Sync()
	}
	return bare(cmp.Or(err, f.Close(), os.Remove(f.Name())))
}

// bare takes the path off what the disk says: it is the operator's, and this
// goes where others read.
func bare(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
