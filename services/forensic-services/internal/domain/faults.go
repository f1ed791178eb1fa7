package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What an examination refuses, beside work that is not open.
var (
	// ErrNotRecorded refuses what needs the survivor to have been examined.
	ErrNotRecorded = fault.New(fault.Conflict, "examination_not_recorded", "The examination is not recorded yet.")
	// ErrRecorded refuses a second record.
	ErrRecorded = fault.New(fault.Conflict, "examination_recorded", "The examination is already recorded.")
	// ErrExaminedAt refuses an examination that is yet to take place.
	ErrExaminedAt = fault.New(fault.Invalid, "examined_later", "An examination is recorded after it took place.")
	// ErrConsentExpired refuses to record without consent in force.
	ErrConsentExpired = fault.New(fault.Conflict, "consent_expired", "The survivor's consent has run out. A new one is needed.")
	// ErrSealUsed refuses a seal that already closes another exhibit.
	ErrSealUsed = fault.New(fault.Conflict, "seal_used", "Another exhibit of this examination has this seal number.")
	// ErrNoYes refuses what needs her yes to a step, at the time at which it was done.
	ErrNoYes = fault.New(fault.Conflict, "step_without_yes", "She has not said yes to this step, or took it back before this was done.")
	// ErrSaid refuses an answer to a step that she gave already.
	ErrSaid = fault.New(fault.Conflict, "step_answered", "She has said this to the step already.")
	// ErrFinding refuses a finding that says nothing, or does not belong to its step.
	ErrFinding = fault.New(fault.Invalid, "finding_invalid", "A finding says what was found at its step: words, an injury, or that none was found.")
	// ErrSupervisor refuses a countersignature of somebody else.
	ErrSupervisor = fault.New(fault.Conflict, "certificate_supervisor", "A certificate is countersigned by the supervisor whom it names, and who is not its examiner.")
	// ErrNoDraft refuses to countersign where nothing waits.
	ErrNoDraft = fault.New(fault.Conflict, "certificate_no_draft", "No certificate waits for a supervisor.")
	// ErrUnsigned refuses to give away what is not signed, and signatures that are not right.
	ErrUnsigned = fault.New(fault.Conflict, "certificate_unsigned", "The certificate is not signed by its examiner, and by the supervisor who countersigned, with keys that were in force when it was issued.")
	// ErrNoCertificate refuses to give away what is not there.
	ErrNoCertificate = fault.New(fault.Conflict, "certificate_unknown", "There is no such certificate that may be read.")
	// ErrSignedAlready refuses to sign twice.
	ErrSignedAlready = fault.New(fault.Conflict, "certificate_signed", "This certificate is signed already.")
	// ErrReleased refuses a release to nobody.
	ErrReleased = fault.New(fault.Invalid, "certificate_release_invalid", "A release names who takes the certificate.")
	// ErrCertified refuses a second certificate that does not name the first.
	ErrCertified = fault.New(fault.Conflict, "certificate_issued", "The examination already has a certificate. A new version names it in replaces.")
	// ErrNotTheCertificate refuses to go on from a version that another one has replaced: a
	// court must not find two.
	ErrNotTheCertificate = fault.New(fault.Conflict, "certificate_replaced", "Another version has replaced this certificate.")
)
