package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/credential"
)

// Findings is the private half of ExaminationRecorded. It holds the hour of the
// examination, which may identify one person.
type Findings struct {
	ExaminedAt         time.Time `json:"examined_at"`
	Findings           string    `json:"findings"`
	ExaminerCredential string    `json:"examiner_credential"`
	// Lacks is what the examiner lacked when they examined.
	Lacks []credential.Lack `json:"lacks,omitempty"`
}

// Label is the private half of ExhibitCollected.
type Label struct {
	SealNumber  string `json:"seal_number,omitempty"`
	Description string `json:"description,omitempty"`
}

// Issued is the private half of CertificateIssued. By is who issued it; it is missing in one
// of before certificates had versions. Reason is why it replaces another one.
type Issued struct {
	By     string           `json:"by,omitempty"`
	Reason code.AmendReason `json:"reason,omitempty"`
	// Supervisor is the worker who countersigned, or is to.
	Supervisor string `json:"supervisor,omitempty"`
	Opinion
}

// Word is the private half of CertificateAnnulled and of CertificateUpheld: who said it,
// and why.
type Word struct {
	By  string `json:"by"`
	Why string `json:"why"`
}

// Opinion is what a certificate says.
type Opinion struct {
	Opinion code.Opinion `json:"opinion"`
	Text    string       `json:"text"`
}
