package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
)

// mark keeps beside the database how much was acknowledged. SQLite takes a log that
// is gone, or cut, for one that never was: without the mark the loss of the last
// writes would be silent.
//
// It is written after each batch is on the disk, and not synced itself. When
// the machine stops at once it may be behind the database, which does no harm;
// it is never ahead.
type mark struct {
	file *os.File
	at   int64
}

// markSize is that of a number and its checksum: one write within a sector.
const markSize = 8 + 4

func openMark(path string) (*mark, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the mark of what was acknowledged: %w", err)
	}
	m := &mark{file: file}
	raw := make([]byte, markSize)
	n, err := file.ReadAt(raw, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("read the mark of what was acknowledged: %w", err), file.Close())
	}
	// Half a mark is what a power cut leaves, and counts for nothing.
	if n == markSize && crc32.ChecksumIEEE(raw[:8]) == binary.BigEndian.Uint32(raw[8:]) {
		m.at = int64(binary.BigEndian.Uint64(raw))
	}
	return m, nil
}

func (m *mark) set(at int64) error {
	if at == m.at {
		return nil
	}
	raw := binary.BigEndian.AppendUint64(make([]byte, 0, markSize), uint64(at))
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(raw))
	if _, err := m.file.WriteAt(raw, 0); err != nil {
		return fmt.Errorf("write the mark of what was acknowledged: %w", err)
	}
	m.at = at
	return nil
}

func (m *mark) close() error {
	if err := m.file.Close(); !errors.Is(err, fs.ErrClosed) {
		return err
	}
	return nil
}
