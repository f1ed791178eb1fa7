package front

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// refusal is one of MongoDB's errors: drivers know them by code and name.
type refusal struct {
	code    int32
	name    string
	message string
}

func (r *refusal) Error() string { return r.name + ": " + r.message }

// because says more of a refusal. It must quote no value.
func (r *refusal) because(format string, args ...any) *refusal {
	return &refusal{r.code, r.name, fmt.Sprintf(format, args...)}
}

// The errors of MongoDB that are given here.
var (
	internalError         = &refusal{code: 1, name: "InternalError"}
	badValue              = &refusal{code: 2, name: "BadValue"}
	failedToParse         = &refusal{code: 9, name: "FailedToParse"}
	unauthorized          = &refusal{code: 13, name: "Unauthorized"}
	typeMismatch          = &refusal{code: 14, name: "TypeMismatch"}
	authenticationFailed  = &refusal{code: 18, name: "AuthenticationFailed"}
	illegalOperation      = &refusal{code: 20, name: "IllegalOperation"}
	namespaceNotFound     = &refusal{code: 26, name: "NamespaceNotFound"}
	cursorNotFound        = &refusal{code: 43, name: "CursorNotFound"}
	namespaceExists       = &refusal{code: 48, name: "NamespaceExists"}
	commandNotFound       = &refusal{code: 59, name: "CommandNotFound"}
	invalidNamespace      = &refusal{code: 73, name: "InvalidNamespace"}
	shutdownInProgress    = &refusal{code: 91, name: "ShutdownInProgress"}
	notImplemented        = &refusal{code: 238, name: "NotImplemented"}
	dataCorruption        = &refusal{code: 301, name: "DataCorruptionDetected"}
	bsonObjectTooLarge    = &refusal{code: 10334, name: "BSONObjectTooLarge"}
	outOfDiskSpace        = &refusal{code: 14031, name: "OutOfDiskSpace"}
	duplicateKey          = &refusal{code: 11000, name: "DuplicateKey"}
	mechanismNotSupported = &refusal{code: 334, name: "MechanismUnavailable"}
)

// refuse says in MongoDB's words what went wrong.
func refuse(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	for cause, as := range map[error]*refusal{
		store.ErrFull: outOfDiskSpace, store.ErrDamaged: dataCorruption, store.ErrClosed: shutdownInProgress,
	} {
		if errors.Is(err, cause) {
			return as.because("%s", cause.Error())
		}
	}
	return internalError.because("%s", err.Error())
}

// appendTo writes the answer that says it.
func (r *refusal) appendTo(memory []byte) []byte {
	start, memory := bsoncore.AppendDocumentStart(memory)
	memory = bsoncore.AppendDoubleElement(memory, "ok", 0)
	memory = bsoncore.AppendStringElement(memory, "errmsg", r.message)
	memory = bsoncore.AppendInt32Element(memory, "code", r.code)
	memory = bsoncore.AppendStringElement(memory, "codeName", r.name)
	return end(memory, start)
}

// end closes a document or an array.
func end(memory []byte, start int32) []byte {
	memory, _ = bsoncore.AppendDocumentEnd(memory, start) // fails for a wrong start only
	return memory
}
