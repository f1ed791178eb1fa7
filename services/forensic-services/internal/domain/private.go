package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Findings is the private half of ExaminationRecorded. It holds the hour of the
// examination, which may identify one person.
type Findings struct {
	ExaminedAt         time.Time `json:"examined_at"`
	Findings           string    `json:"findings"`
	ExaminerCredential string    `json:"examiner_credential"`
}

// Label is the private half of ExhibitCollected.
type Label struct {
	SealNumber  string `json:"seal_number,omitempty"`
	Description string `json:"description,omitempty"`
}

// Opinion is the private half of CertificateIssued.
type Opinion struct {
	Opinion code.Opinion `json:"opinion"`
	Text    string       `json:"text"`
}
