package custody

import "github.com/sanad-network/sanad/pkg/fault"

// What a chain of custody refuses.
var (
	// ErrNoExhibit refuses the chain of something that is no exhibit.
	ErrNoExhibit = fault.New(fault.Conflict, "exhibit_unknown", "There is no such exhibit in an examination that is yours.")
	// ErrDestroyed refuses to go on with what is no more.
	ErrDestroyed = fault.New(fault.Conflict, "exhibit_destroyed", "This exhibit was destroyed. Its chain of custody has ended.")
	// ErrLink refuses a link that does not say what it has to.
	ErrLink = fault.New(fault.Invalid, "custody_link_invalid", "A link says what was done, by whom and, where the exhibit changes hands, who takes it and under which seal.")
	// ErrBreak refuses a break in the chain that the writer did not mean.
	ErrBreak = fault.New(fault.Conflict, "custody_broken", "The chain does not join here: somebody else had the exhibit, or its seal is not as it was left. Say that you know it, or write first what is missing.")
	// ErrKey refuses a key that does not count.
	ErrKey = fault.New(fault.Conflict, "custody_key_invalid", "The key is not registered, or was not in force then.")
	// ErrSignature refuses a signature that is not of the text.
	ErrSignature = fault.New(fault.Conflict, "custody_signature_invalid", "A signature is not of this text, or not by who has to sign.")
	// ErrNothing refuses to sign where nothing waits.
	ErrNothing = fault.New(fault.Conflict, "custody_nothing_proposed", "No link waits for signatures.")
	// ErrUnsigned refuses to export what has no link.
	ErrUnsigned = fault.New(fault.Conflict, "custody_unsigned", "This chain of custody has no signed link yet.")
	// ErrOpened says that there is a chain already.
	ErrOpened = fault.New(fault.Conflict, "custody_opened", "This exhibit has a chain of custody already.")
	// ErrHeld refuses to destroy what a legal hold keeps.
	ErrHeld = fault.New(fault.Conflict, "exhibit_held", "A legal hold stands on this exhibit. It is not destroyed.")
	// ErrPromised refuses to destroy a kit before the time for which it is held.
	ErrPromised = fault.New(fault.Conflict, "kit_still_held", "This kit is held until its date. It is not destroyed before, unless it became part of an examination.")
	// ErrKeyOf refuses the key of nobody.
	ErrKeyOf = fault.New(fault.Invalid, "custody_key_of_nobody", "A key is that of a worker of this agency, and is a public Ed25519 key.")
	// ErrKeyTime refuses a time that a key cannot have.
	ErrKeyTime = fault.New(fault.Invalid, "custody_key_time_invalid", "A key counts while a credential of its worker does, and for at most 5 years.")
)
