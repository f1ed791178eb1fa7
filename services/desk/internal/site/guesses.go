package site

import (
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// guessesMost is how many wrong codes an address may send at once, and guessEach how
	// soon it may send one more.
	guessesMost = 30
	guessEach   = 2 * time.Second
	// guessers is how many addresses are remembered.
	guessers = 4096
)

// guesses bounds how many codes can be tried from one address. A code has 60 bits and holds
// ten minutes: the bound is there so that nobody finds one by asking, and so that asking
// costs the desk little. People behind one proxy share an address.
type guesses struct {
	now  func() time.Time
	mu   sync.Mutex
	full map[string]time.Time // when an address has all its tries again
}

// take uses up a try. Where there is none, it says after how long there is.
func (g *guesses) take(r *http.Request) (wait time.Duration) {
	from, now := remote(r), g.now()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.full) >= guessers {
		g.sweep(now)
	}
	at := g.full[from]
	if at.Before(now) {
		at = now
	}
	if at = at.Add(guessEach); at.Sub(now) > guessesMost*guessEach {
		return at.Sub(now) - guessesMost*guessEach
	}
	g.full[from] = at
	return 0
}

// back gives a try back: the code was right.
func (g *guesses) back(r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.full[remote(r)] = g.full[remote(r)].Add(-guessEach)
}

// sweep forgets who has all tries again. Where nobody has, all begin anew: an attacker from
// so many addresses is not bounded by a bound on each.
func (g *guesses) sweep(now time.Time) {
	for from, at := range g.full {
		if !at.After(now) {
			delete(g.full, from)
		}
	}
	if len(g.full) >= guessers {
		clear(g.full)
	}
}

// remote is the address of a request; of IPv6 the network, in which one machine has many.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
