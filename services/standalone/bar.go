package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// bar shows how far something is: a line that is drawn again on a terminal,
// lines elsewhere.
type bar struct {
	out      io.Writer
	total    int64
	terminal bool
}

func newBar(out io.Writer, total int64) bar {
	f, ok := out.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return bar{out, total, ok}
}

const barWidth = 30

// show tells what is done, and which part it is at.
func (b bar) show(done, at int64, name string) {
	if !b.terminal {
		fmt.Fprintf(b.out, "%d of %d: %s\n", at, b.total, name)
		return
	}
	n := int(barWidth * done / max(b.total, 1))
	if len(name) > 40 {
		name = "…" + name[len(name)-39:]
	}
	fmt.Fprintf(b.out, "\r\x1b[K[%s%s] %d of %d  %s", strings.Repeat("█", n), strings.Repeat("·", barWidth-n), at, b.total, name)
}

// done ends the bar, full; a name may stay behind it.
func (b bar) done(name string) {
	if b.terminal {
		fmt.Fprintf(b.out, "\r\x1b[K[%s] %d of %d  %s\n", strings.Repeat("█", barWidth), b.total, b.total, name)
	}
}

// clear makes room for a line that is not the bar's.
func (b bar) clear() {
	if b.terminal {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
