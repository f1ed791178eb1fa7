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
	// Agencies are those of which the circle speaks: of the people of another one it says nothing.
	// None are named in one of before that: it spoke of those who have the referral.
	Agencies []string `json:"agencies,omitempty"`
	// Workers are those who may, in the order of their identifiers.
	Workers []string `json:"workers"`
}
