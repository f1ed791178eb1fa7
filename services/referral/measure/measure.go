// Package measure is what the bench sees of the referral service: how much room its
// memory takes, and how fast its pure parts are. It holds no rule.
package measure

import (
	directory "github.com/sanad-network/sanad/services/referral/internal/directory/measure"
	loop "github.com/sanad-network/sanad/services/referral/internal/loop/measure"
)

// Each context measures its own.
var (
	Live = loop.Live
	// Withdrawn rehearses two writers on one journal.
	Withdrawn = loop.Withdrawn
	Matches   = directory.Matches
	Pages     = directory.Pages
)
