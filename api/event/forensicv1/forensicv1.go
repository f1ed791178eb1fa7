// Package forensicv1 holds the events that the forensic-services service
// publishes, in their first version. Fields are only ever added.
package forensicv1

import "github.com/sanad-network/sanad/api/code"

// Work is what every event of an examination repeats.
type Work struct {
	Examination string `json:"examination"`
	Referral    string `json:"referral"`
	Case        string `json:"case"`
	Agency      string `json:"agency"`
	// Turn is that of the referral, as far as its facts have arrived. Work from
	// before a reopening says nothing about the new round.
	Turn int `json:"turn,omitempty"`
}

// ExaminationOpened says that an accepted referral became an examination.
type ExaminationOpened struct{ Work }

// ExaminationRecorded says that the survivor was examined. Findings are
// private.
type ExaminationRecorded struct{ Work }

// ExhibitCollected says that an item entered the chain of custody. Its seal
// number and description are private.
type ExhibitCollected struct {
	Work
	Exhibit string           `json:"exhibit"`
	Kind    code.ExhibitKind `json:"kind"`
}

// CertificateIssued says that a certificate exists. The opinion in it is
// private.
type CertificateIssued struct {
	Work
	Certificate string `json:"certificate"`
}

// ExaminationClosed ends the examination.
type ExaminationClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// ExaminationReopened says that the referral behind the examination was taken up again, and
// the work with it.
type ExaminationReopened struct {
	Work
	Categories []code.Category `json:"categories"`
}

// ExaminationEnded says that the referral behind the examination was completed, cancelled or
// withdrawn, and the work with it. Erasure says what was done with the survivor's data, once
// her consent has ended.
type ExaminationEnded struct {
	Work
	Erasure code.Erasure `json:"erasure,omitempty"`
}
