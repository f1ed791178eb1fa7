package trustfundv1

// DonationPledged says that a donor promised money. Who and how much is private.
type DonationPledged struct {
	Fund     string `json:"fund"`
	Donation string `json:"donation"`
}

// DonationPaid says that money of a donation came. How much is private.
type DonationPaid struct {
	Fund     string `json:"fund"`
	Donation string `json:"donation"`
}

// DonationCorrected says that what stood of a donation was wrong. What is right is private.
type DonationCorrected struct {
	Fund     string `json:"fund"`
	Donation string `json:"donation"`
}

// FundsCommitted says that money of the fund is kept for an application that was awarded.
type FundsCommitted struct {
	Fund        string `json:"fund"`
	Application string `json:"application"`
	Cents       int64  `json:"cents"`
}

// FundsPaid says that committed money was paid to the grantee.
type FundsPaid struct {
	Fund        string `json:"fund"`
	Application string `json:"application"`
	Cents       int64  `json:"cents"`
}

// FundsReleased says that committed money will not be paid and is free again.
type FundsReleased struct {
	Fund        string `json:"fund"`
	Application string `json:"application"`
	Cents       int64  `json:"cents"`
}

// FundsReturned says that a grantee gave paid money back.
type FundsReturned struct {
	Fund        string `json:"fund"`
	Application string `json:"application"`
	Cents       int64  `json:"cents"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DonationPledged) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DonationPaid) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (DonationCorrected) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FundsCommitted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FundsPaid) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FundsReleased) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (FundsReturned) ConfinedToAddressees() {}
