package embedded_test

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/journal/journaltest"
)

// BenchmarkAppend counts commits, each to a record of its own. There are fewer
// owners than commits, as in life.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			f := journaltest.New(b, connected(b, within))
			b.ReportAllocs()
			b.ResetTimer()
			fill(b, f, b.N, writers)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

// BenchmarkReplay counts commits that are read, decrypted and applied.
func BenchmarkReplay(b *testing.B) {
	const commits = 20_000
	f := journaltest.New(b, connected(b, within))
	fill(b, f, commits, 64)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if err := f.Replay(b.Context(), func(*journal.Commit) error { n++; return nil }, nil); err != nil || n != commits {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(commits)*float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

func fill(b *testing.B, f *journaltest.Fixture, commits, writers int) {
	b.Helper()
	var next atomic.Int64
	var tasks sync.WaitGroup
	for range writers {
		tasks.Go(func() {
			for n := next.Add(1); n <= int64(commits); n = next.Add(1) {
				c := journaltest.Commit(fmt.Sprintf("ref_%022d", n), 1, [sha256.Size]byte{})
				c.Owner = fmt.Sprint("case_", n/4)
				if err := f.Append(b.Context(), c); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	tasks.Wait()
}
