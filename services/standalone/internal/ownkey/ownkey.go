// Package ownkey is what people do with keys of their own, and with what was signed: the commands
// `standalone custody` and `standalone certificate`. It needs no network and reaches none: a key never
// leaves the machine of its owner, and a file is checked with public keys alone.
package ownkey

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/pkg/schema"
	attest "github.com/sanad-network/sanad/services/internal/signed"
)

// Usage is how the commands are called.
const Usage = `usage:
  standalone custody key FILE
  standalone custody sign FILE KEY < TEXT
  standalone custody verify FILE KEYS...
  standalone certificate verify FILE KEYS...
`

// ErrUsage refuses what is none of the commands.
var ErrUsage = errors.New("this is none of the commands")

// mostText bounds what is signed or verified, in bytes.
const mostText = 64 << 20

// Run runs one of the commands. Its files are in a directory; empty is that of the process.
func Run(dir string, args []string, in io.Reader, out io.Writer) error {
	if len(args) < 3 {
		return ErrUsage
	}
	files := slices.Clone(args[2:])
	for i := range files {
		files[i] = filepath.Join(dir, files[i])
	}
	switch what := args[0] + " " + args[1]; {
	case what == "custody key" && len(files) == 1:
		return makeKey(files[0], out)
	case what == "custody sign" && len(files) == 2:
		return signText(files[0], args[3], in, out)
	case what == "custody verify" && len(files) >= 2:
		return verifyCustody(files[0], files[1:], out)
	case what == "certificate verify" && len(files) >= 2:
		return verifyCertificate(files[0], files[1:], out)
	}
	return ErrUsage
}

// makeKey writes a private key into a file that is not there yet, and says the public one.
func makeKey(file string, out io.Writer) error {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(private.Seed()))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	_, err = fmt.Fprintln(out, base64.StdEncoding.EncodeToString(public))
	return err
}

// signText signs a text, as the network gives it, for a key by its identifier there.
func signText(file, key string, in io.Reader, out io.Writer) error {
	held, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the key: %w", err)
	}
	seed, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(string(held)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return errors.New("read the key: the file holds none")
	}
	text, err := io.ReadAll(io.LimitReader(in, mostText))
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if !strings.HasPrefix(string(text), "sanad ") {
		return errors.New("the text is not one of the network: it begins with its kind")
	}
	return json.NewEncoder(out).Encode(attest.Sign(key, ed25519.NewKeyFromSeed(seed), string(text)))
}

func verifyCustody(file string, keys []string, out io.Writer) error {
	var c attest.Custody
	known, err := readSigned(file, keys, &c)
	if err != nil {
		return err
	}
	stands, breaks, err := c.Verify(known)
	if err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	for _, b := range breaks {
		_, _ = fmt.Fprintf(out, "break (%s) between link %d and link %d: %s, and then %s\n", b.What, b.After, b.Before, person(b.Expected), person(b.Found))
	}
	where := "with " + person(stands.Holder)
	if stands.Over {
		where = "destroyed"
	}
	_, err = fmt.Fprintf(out, "%s: %d links, all signed and in order; %d breaks; %s; last link %s\n", c.Exhibit, len(c.Links), len(breaks), where, c.Last)
	return err
}

// person is a party for people.
func person(p attest.Party) string {
	if p.Worker != "" {
		return p.Worker + " of " + p.Agency
	}
	return fmt.Sprintf("%s %q", p.Kind, p.Name)
}

func verifyCertificate(file string, keys []string, out io.Writer) error {
	// The file is what the network gives, or the certificate in it.
	var whole struct {
		File *attest.Certificate `json:"file"`
		attest.Certificate
	}
	known, err := readSigned(file, keys, &whole)
	if err != nil {
		return err
	}
	c := whole.Certificate
	if whole.File != nil {
		c = *whole.File
	}
	if err := c.Verify(known); err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: signed by %s, as it was issued at %s\n", c.Certificate, strings.Join(c.Signers(), " and "), c.At.UTC().Format("2006-01-02 15:04 MST"))
	return err
}

// readSigned reads a file, and the public keys of the agencies in it as the network lists them.
func readSigned(file string, keys []string, into any) (known []attest.Key, err error) {
	if err := readJSON(file, into); err != nil {
		return nil, err
	}
	for _, of := range keys {
		var list struct {
			Items []attest.Key `json:"items"`
		}
		if err := readJSON(of, &list); err != nil {
			return nil, err
		}
		known = append(known, list.Items...)
	}
	return known, nil
}

// readJSON reads a file in which nothing stands twice, and nothing after its end: who opens it
// with another program must read what was verified.
func readJSON(file string, into any) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, mostText))
	if err == nil {
		_, err = schema.Parse(string(text))
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}
