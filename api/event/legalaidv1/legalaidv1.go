// Package legalaidv1 holds the events that the legal-aid service publishes, in
// their first version. Fields are only ever added.
package legalaidv1

import "github.com/sanad-network/sanad/api/code"

// Work is what every event of a matter repeats.
type Work struct {
	Matter   string `json:"matter"`
	Referral string `json:"referral"`
	Case     string `json:"case"`
	Agency   string `json:"agency"`
	// Turn is that of the referral, as far as its facts have arrived. Work from
	// before a reopening says nothing about the new round.
	Turn int `json:"turn,omitempty"`
}

// MatterOpened says that an accepted referral became a legal matter.
type MatterOpened struct {
	Work
	Categories []code.Category `json:"categories"`
}

// AdviceGiven says that the survivor was advised on a topic. What was said is
// private.
type AdviceGiven struct {
	Work
	Topic code.LegalTopic `json:"topic"`
}

// ProtectionOrderApplied says that a court was asked for protection.
type ProtectionOrderApplied struct {
	Work
	Application string `json:"application"`
}

// ProtectionOrderDecided says what the court answered.
type ProtectionOrderDecided struct {
	Work
	Application string           `json:"application"`
	Result      code.OrderResult `json:"result"`
}

// CertificateNoted says that a forensic certificate exists for the survivor,
// and that her consent lets this matter know it.
type CertificateNoted struct {
	Work
	Certificate string `json:"certificate"`
}

// MatterClosed ends the matter.
type MatterClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// MatterReopened says that the referral behind the matter was taken up again, and
// the work with it.
type MatterReopened struct {
	Work
	Categories []code.Category `json:"categories"`
}

// MatterEnded says that the referral behind the matter was completed, cancelled or
// withdrawn, and the work with it. Erasure says what was done with the survivor's
// data, once her consent has ended.
type MatterEnded struct {
	Work
	Erasure code.Erasure `json:"erasure,omitempty"`
}

// CertificateFiled notes in legal-aid that a certificate exists for a case,
// also for matters that are yet to be opened.
type CertificateFiled struct {
	Case        string `json:"case"`
	Certificate string `json:"certificate"`
}
