package app

import (
	"context"
	"encoding/base64"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/paper"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/signed"
)

// CertificateFile is a version of a certificate to be signed, or to be given away.
type CertificateFile struct {
	// Text is what is signed.
	Text string             `json:"text"`
	File signed.Certificate `json:"file"`
	// PDF is the same for people, in base64. It says so where the certificate is not signed, or does not
	// stand.
	PDF string `json:"pdf"`
}

// CertificateFile gives the version that a query names, or the one that stands. Errors:
// domain.ErrNoCertificate, domain.ErrClosedByHold.
func (a App) CertificateFile(ctx context.Context, by fact.By, id string, query url.Values) (CertificateFile, error) {
	res, err := a.Look(ctx, id, by, seen.Content)
	if err != nil {
		return CertificateFile{}, err
	}
	file, stands, err := res.State.Given(query.Get("certificate"), by.At)
	if err != nil {
		return CertificateFile{}, err
	}
	if file.Keys, err = a.public(ctx, keysOf(file.Signatures)); err != nil {
		return CertificateFile{}, err
	}
	pdf, err := paper.Certificate(file, stands, query.Get("language"))
	return CertificateFile{Text: file.Signed(), File: file, PDF: base64.StdEncoding.EncodeToString(pdf)}, err
}
