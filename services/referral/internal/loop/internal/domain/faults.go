package domain

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	// ErrNotFound looks the same as for a record that does not exist.
	ErrNotFound        = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrNotTheRecipient = fault.New(fault.Forbidden, "not_the_recipient", "Only the agency that the referral was made to can do this.")
	ErrNotTheSender    = fault.New(fault.Forbidden, "not_the_sender", "Only the agency that made the referral can do this.")
	// ErrSupervisorNeeded asks for a second person, of the same agency.
	ErrSupervisorNeeded = fault.New(fault.Forbidden, "supervisor_needed", "A supervisor of the agency does this, and not the person who proposed the decline.")

	ErrAlreadyAnswered = fault.New(fault.Conflict, "already_answered", "The referral has been answered.")
	ErrAlreadyStarted  = fault.New(fault.Conflict, "already_started", "The service is under way.")
	ErrNotAccepted     = fault.New(fault.Conflict, "referral_not_accepted", "The referral has not been accepted.")
	ErrNotOpen         = fault.New(fault.Conflict, "referral_not_open", "The referral has ended.")
	ErrConsentExpired  = fault.New(fault.Conflict, "consent_expired", "The survivor's consent has run out. A new one is needed.")

	ErrExpired              = fault.New(fault.Conflict, "referral_expired", "The time to answer the referral is over.")
	ErrDenialPending        = fault.New(fault.Conflict, "denial_pending", "The decline awaits a supervisor.")
	ErrNoDenial             = fault.New(fault.Conflict, "no_denial_pending", "No decline awaits a supervisor.")
	ErrNoAppointment        = fault.New(fault.Conflict, "no_appointment", "The referral has no appointment.")
	ErrAppointment          = fault.New(fault.Invalid, "appointment_invalid", "An appointment is in the future, and before the consent ends.")
	ErrAppointmentAhead     = fault.New(fault.Conflict, "appointment_ahead", "The appointment is yet to come.")
	ErrCancellationPending  = fault.New(fault.Conflict, "cancellation_pending", "The sender asks to call the referral off. Confirm that, or say that the service goes on.")
	ErrNoCancellation       = fault.New(fault.Conflict, "no_cancellation_pending", "Nobody asks to call the referral off.")
	ErrNoOutcome            = fault.New(fault.Conflict, "no_outcome_awaited", "The survivor's own outcome is reported for a completed referral only.")
	ErrContactClosed        = fault.New(fault.Conflict, "contact_closed", "It is not safe to reach her now. Her desk opens the contact again.")
	ErrErasure              = fault.New(fault.Invalid, "erasure_mismatch", "Copies are destroyed, kept by law with a ground and an end, or kept by her wish.")
	ErrNothingToAcknowledge = fault.New(fault.Conflict, "nothing_to_acknowledge", "There is nothing to let go of, or it was acknowledged.")
	ErrFilters              = fault.New(fault.Invalid, "filters_mismatch", "These filters do not go together.")
	ErrWorker               = fault.New(fault.Invalid, "worker_missing", "Name the person who looks after the referral.")
	ErrWorkerAbsent         = fault.New(fault.Conflict, "worker_absent", "The worker is away when the referral is due, and nobody covers for them.")
	ErrOthersAssign         = fault.New(fault.Forbidden, "others_assign", "A focal point or a supervisor assigns a colleague. You can take what is assigned to nobody.")

	// ErrUnknownYet meets a fact that came before the referral that it is about: it is
	// to come again.
	ErrUnknownYet = fault.New(fault.Unavailable, "referral_unknown_yet", "The referral is not known yet.")
	// ErrNotDue meets a deadline of a clock that is ahead of ours: it is to
	// come again, and must not be lost.
	ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")
)
