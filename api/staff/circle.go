package staff

// Circle is who may work on a referral, where not everybody may: by the identifiers of the
// register, and as a whole. Of several, the one with the highest turn counts.
type Circle struct {
	Referral string `json:"referral"`
	Case     string `json:"case"`
	// Turn counts what was said of the referral's circle, from 1.
	Turn int `json:"turn"`
	// Open says that everybody may work on it again.
	Open bool `json:"open,omitempty"`
	// Workers are those who may, in the order of their identifiers.
	Workers []string `json:"workers"`
}
