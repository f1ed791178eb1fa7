package edge

import "github.com/sanad-network/sanad/pkg/fault"

var (
	errNotFound         = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	errMethodNotAllowed = fault.New(fault.Malformed, "method_not_allowed", "The path does not know this method.")
	errMalformed        = fault.New(fault.Malformed, "malformed", "The request cannot be read.")
	errKey              = fault.New(fault.Malformed, "idempotency_key", "A command needs one Idempotency-Key, a UUID.")
	errIfMatch          = fault.New(fault.Malformed, "if_match", "If-Match must be one ETag as this service gives it.")
	errInvalid          = fault.New(fault.Invalid, "invalid", "The request breaks the contract.")
	errTooLarge         = fault.New(fault.TooLarge, "too_large", "The body is over the limit of 64 KiB.")
	errNotReady         = fault.New(fault.Unavailable, "not_ready", "The service is starting. Send the request again later.")
	errMediaType        = fault.New(fault.Unsupported, "media_type", "The body must be application/json in UTF-8, without a content encoding.")
)
