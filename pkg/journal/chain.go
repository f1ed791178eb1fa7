package journal

import (
	"crypto/sha256"
	"maps"
	"slices"
)

// chain is a record as far as it was read without a gap, and the commits beyond.
type chain struct {
	version uint64
	last    link
	covered bool
	early   map[uint64]link
}

// link is what a commit's neighbours must fit.
type link struct {
	prev [sha256.Size]byte
	// stored is the hash as it stands there, computed is the one that it should
	// be. A follower fits either, so that one changed commit is one finding.
	stored, computed [sha256.Size]byte
	// lost says that the commit cannot be read or is not there.
	lost bool
	lane uint64
}

// link puts a commit into its chain.
func (v *verifier) link(record string, version uint64, l link) {
	c := v.chains[record]
	if c == nil {
		c = &chain{}
		v.chains[record] = c
	}
	if _, twice := c.early[version]; twice || version <= c.version {
		v.report(Finding{record, version, "it is there twice"})
		return
	}
	if version != c.version+1 {
		if c.early == nil {
			c.early = map[uint64]link{}
		}
		c.early[version] = l
		return
	}
	for there := true; there; l, there = c.early[c.version+1] {
		delete(c.early, c.version+1)
		v.join(record, c, l)
	}
}

// join puts the next commit behind the last one.
func (v *verifier) join(record string, c *chain, l link) {
	c.version++
	fits := l.prev == c.last.stored || l.prev == c.last.computed
	if c.covered && l.lane == 0 {
		fits = false // no release goes back to format 1
	}
	// What cannot be compared, or was reported already, is passed over.
	if !fits && !c.last.lost && !l.lost && l.stored == l.computed {
		v.report(Finding{record, c.version, "it does not follow the version before it"})
	}
	c.last, c.covered = l, c.covered || l.lane > 0
}

// finishChains reports the gaps, each by its first version, and checks what is
// beyond them.
func (v *verifier) finishChains() {
	for _, record := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[record]
		for _, version := range slices.Sorted(maps.Keys(c.early)) {
			if version != c.version+1 {
				gap := c.version + 1
				for gap < version && v.passed(record, gap) {
					gap++
				}
				if gap < version {
					v.report(Finding{record, gap, "it is missing"})
				}
				c.version, c.last = version-1, link{lost: true}
			}
			v.join(record, c, c.early[version])
		}
	}
}

func (v *verifier) passed(record string, version uint64) bool {
	_, ok := v.ledger.passedOver(identify(record, version))
	return ok
}
