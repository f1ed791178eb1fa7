//go:build unix

package secret

import (
	"io/fs"
	"os"
	"syscall"
)

// own reports whether the process owns a file. A file of which nobody says whose
// it is counts as owned: that is the stricter rule.
func own(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}
