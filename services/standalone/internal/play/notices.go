package play

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
)

// Letters are the texts of the notices to an address that lie in the folder of an
// office which sends none.
func Letters(dir, address string) (texts []string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		suffix := filepath.Ext(f)
		if suffix != ".eml" && suffix != ".txt" {
			continue // it is not whole yet
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		to, text, err := letter(suffix, raw)
		if err != nil {
			return nil, err
		}
		if to == address {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

func letter(suffix string, raw []byte) (to, text string, err error) {
	if suffix == ".txt" {
		head, body, _ := strings.Cut(string(raw), "\n\n")
		return strings.TrimPrefix(head, "To: "), body, nil
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "", "", err
	}
	addr, err := mail.ParseAddress(m.Header.Get("To"))
	if err != nil {
		return "", "", err
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	return addr.Address, m.Header.Get("Subject") + "\n" + string(body), err
}
