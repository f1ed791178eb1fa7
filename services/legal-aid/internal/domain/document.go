package domain

import (
	"cmp"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// KeepDocument records a paper of the matter.
type KeepDocument struct {
	Title string             `json:"title"`
	Kind  code.LegalDocument `json:"kind"`
	// Place is where the paper is.
	Place string `json:"place,omitempty"`
	// SHA256 is the hash of what was scanned elsewhere, in hexadecimal digits.
	SHA256 string `json:"sha256,omitempty"`
	// File is what was given to the matter before. Its hash is known then.
	File string `json:"file,omitempty"`
}

// PaperKept is the private half of DocumentKept.
type PaperKept struct {
	By string `json:"by"`
	Paper
}

// Document is a paper of the matter.
type Document struct {
	ID string `json:"id"`
	Paper
	InError bool                 `json:"entered_in_error,omitempty"`
	Before  []work.Before[Paper] `json:"before,omitempty"`
}

// Paper is what is written of it. It is empty where it was entered in error.
type Paper struct {
	Title  string             `json:"title,omitempty"`
	Kind   code.LegalDocument `json:"kind,omitempty"`
	Place  string             `json:"place,omitempty"`
	SHA256 string             `json:"sha256,omitempty"`
	File   string             `json:"file,omitempty"`
}

// StoreFile takes a file on an open matter. A document names it then.
func (m Matter) StoreFile(_ fact.By, f vault.File) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	return m.done(fact.With(legalaidv1.FileStored{Work: m.Work, File: f.ID}, f)), nil
}

// File gives a file of the matter, while its worker may read all of it.
func (m Matter) File(id string) (vault.File, bool) {
	i := slices.IndexFunc(m.Files, func(f vault.File) bool { return f.ID == id })
	if i < 0 || m.Shows() != work.Everything {
		return vault.File{}, false
	}
	return m.Files[i], true
}

// files are those of the matter, as people know them.
func (m Matter) files() (all []vault.Content) {
	for _, f := range m.Files {
		all = append(all, f.Content)
	}
	return all
}

// KeepDocument records a paper on an open matter. Errors: work.ErrUnknownCode,
// work.ErrEntryUnknown for a file that the matter does not have.
func (m Matter) KeepDocument(by fact.By, cmd KeepDocument) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	paper, err := m.paper("", cmd)
	if err != nil {
		return nil, err
	}
	return m.done(fact.With(legalaidv1.DocumentKept{Work: m.Work, Document: by.ID("doc", 0)}, PaperKept{By: by.Principal, Paper: paper})), nil
}

// paper is what is written of it. Errors: those of KeepDocument.
func (m Matter) paper(in string, cmd KeepDocument) (Paper, error) {
	if err := work.Known(in+"/kind", cmd.Kind, code.LegalDocuments); err != nil || cmd.File == "" {
		return Paper(cmd), err
	}
	f, there := m.File(cmd.File)
	switch {
	case !there:
		return Paper{}, work.ErrEntryUnknown.At(in+"/file", "exists")
	case cmp.Or(cmd.SHA256, f.SHA256) != f.SHA256:
		return Paper{}, work.ErrEntryUnknown.At(in+"/sha256", "that of the file")
	}
	cmd.SHA256 = f.SHA256
	return Paper(cmd), nil
}
