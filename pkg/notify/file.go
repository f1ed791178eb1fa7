package notify

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// File writes letters into a folder instead of sending them: for development,
// and for an office whose person hands messages on by telephone.
type File struct {
	Dir     string
	Channel code.NoticeChannel
	// Clock dates the letters; nil is the wall clock.
	Clock func() time.Time
}

// Send writes one file, readable by its owner alone. It is there as a whole or
// not at all.
func (f File) Send(_ context.Context, l Letter) error {
	suffix, content := ".txt", []byte("To: "+l.To+"\n\n"+l.Body+"\n")
	if f.Channel == code.Email {
		now := time.Now
		if f.Clock != nil {
			now = f.Clock
		}
		m, err := message(mail.Address{Address: "notices@localhost"}, l, now())
		if err != nil {
			return err
		}
		var written bytes.Buffer
		if _, err := m.WriteTo(&written); err != nil {
			return err
		}
		suffix, content = ".eml", written.Bytes()
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("notices folder: %w", err)
	}
	file, err := os.CreateTemp(f.Dir, string(f.Channel)+"-*.part")
	if err != nil {
		return fmt.Errorf("notices folder: %w", err)
	}
	_, err = file.Write(content)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(f.Dir, strings.TrimSuffix(filepath.Base(file.Name()), ".part")+suffix))
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("notices folder: %w", err)
	}
	return nil
}
