package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
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
}

// KeepDocument records a paper on an open matter. Errors: work.ErrUnknownCode.
func (m Matter) KeepDocument(by fact.By, cmd KeepDocument) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	paper, err := cmd.paper("")
	if err != nil {
		return nil, err
	}
	return m.done(fact.With(legalaidv1.DocumentKept{Work: m.Work, Document: by.ID("doc", 0)}, PaperKept{By: by.Principal, Paper: paper})), nil
}

// paper is what is written of it. Errors: work.ErrUnknownCode.
func (cmd KeepDocument) paper(in string) (Paper, error) {
	return Paper(cmd), work.Known(in+"/kind", cmd.Kind, code.LegalDocuments)
}
