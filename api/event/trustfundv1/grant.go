package trustfundv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Granted is what every public event of a grant repeats.
type Granted struct {
	Grant  string `json:"grant"`
	Agency string `json:"agency"`
	// Turn counts what the network was told of the grant: a copy takes the highest.
	Turn int `json:"turn"`
}

// GrantAgreed says that the agreement on a grant was signed by both sides, or that the grant
// was extended.
type GrantAgreed struct {
	Granted
	Country code.Country `json:"country"`
	From    time.Time    `json:"from"`
	Until   time.Time    `json:"until"`
}

// GrantSuspended says that a grant is suspended for cause. The cause is private.
type GrantSuspended struct{ Granted }

// GrantRestored says that a suspended grant goes on.
type GrantRestored struct{ Granted }

// GrantClosed says that a grant has ended.
type GrantClosed struct {
	Granted
	On time.Time `json:"on"`
}
