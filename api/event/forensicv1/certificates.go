package forensicv1

import "github.com/sanad-network/sanad/api/code"

// CertificateDrafted says that an examiner in training wrote a certificate, which a named supervisor
// is to countersign. Until then there is none. What it says is private.
type CertificateDrafted struct {
	Work
	Certificate string `json:"certificate"`
	Replaces    string `json:"replaces,omitempty"`
	Supervisor  string `json:"supervisor"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateDrafted) ConfinedToAddressees() {}

// CertificateSigned says that who must sign a certificate signed it. What they signed is private.
type CertificateSigned struct {
	Work
	Certificate string `json:"certificate"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateSigned) ConfinedToAddressees() {}

// CertificateReleased says to whom a certificate was given. Their name is private.
type CertificateReleased struct {
	Work
	Certificate string             `json:"certificate"`
	To          code.CertificateTo `json:"to"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateReleased) ConfinedToAddressees() {}
