package signed

import (
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// certificateFormat names the file of one version of a certificate.
const certificateFormat = "sanad certificate 1"

// Certificate is one version of a certificate as it is signed and given away. A later version does
// not change it.
type Certificate struct {
	Format      string    `json:"format"`
	Certificate string    `json:"certificate"`
	Examination string    `json:"examination"`
	At          time.Time `json:"at"`
	// Replaces is the version in whose place it came.
	Replaces string       `json:"replaces,omitempty"`
	Opinion  code.Opinion `json:"opinion"`
	Text     string       `json:"text"`
	// Findings are what it rests on, one a line, in the words of codes.
	Findings []string `json:"findings,omitempty"`
	// Examiner and Supervisor are workers; the second is empty where nobody had to countersign.
	Examiner   string      `json:"examiner"`
	Supervisor string      `json:"supervisor,omitempty"`
	Signatures []Signature `json:"signatures,omitempty"`
	Keys       []Key       `json:"keys,omitempty"`
}

// Named is the certificate with its format.
func (c Certificate) Named() Certificate {
	c.Format = certificateFormat
	return c
}

// Signed is what the examiner, and the supervisor who countersigns, sign.
func (c Certificate) Signed() string {
	var t lines
	t.WriteString(certificateFormat + "\n")
	t.code("certificate", c.Certificate)
	t.code("examination", c.Examination)
	t.instant("at", c.At)
	t.code("replaces", c.Replaces)
	t.code("opinion", string(c.Opinion))
	t.written("text", c.Text)
	for _, f := range c.Findings {
		t.written("finding", f)
	}
	t.code("examiner", c.Examiner)
	t.code("supervisor", c.Supervisor)
	return t.String()
}

// Signers are the workers who must sign, in their order.
func (c Certificate) Signers() []string {
	return strings.Fields(c.Examiner + " " + c.Supervisor)
}

// Check refuses signatures that are not those of the workers who must sign, in their order, at an
// instant.
func (c Certificate) Check(at time.Time, keys []Key) error {
	signers := c.Signers()
	if len(c.Signatures) != len(signers) {
		return ErrSigner
	}
	for i, s := range c.Signatures {
		k, err := find(keys, s.Key)
		if err != nil {
			return err
		}
		if k.Worker != signers[i] {
			return ErrSigner
		}
		if err := s.Check(c.Signed(), at, keys); err != nil {
			return err
		}
	}
	return nil
}

// Verify checks a file with public keys that are known by another way.
func (c Certificate) Verify(known []Key) error {
	if c.Format != certificateFormat || c.Certificate == "" || c.Examiner == "" {
		return ErrFormat
	}
	if err := Trusted(known, c.Keys); err != nil {
		return err
	}
	return c.Check(c.At, known)
}
