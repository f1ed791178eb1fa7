package seal

import (
	"bytes"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// What CheckStored finds.
var (
	errStored = errors.New("it is not as it was written")
	errWrap   = errors.New("it does not unwrap with this keyset")
)

// CheckStored checks a document of the data keys as it is stored. Without keys it
// checks its form alone.
func CheckStored(raw bson.Raw, keys *Keys) error {
	id, _ := raw.Lookup("_id").StringValueOK()
	_, wrapped, _ := raw.Lookup("wrapped").BinaryOK()
	var form any = record{ID: id, Wrapped: wrapped}
	if id == signing {
		_, public, _ := raw.Lookup("public").BinaryOK()
		form = signer{ID: id, Public: public, Wrapped: wrapped}
	}
	written, err := bson.Marshal(form)
	if err != nil || id == "" || !bytes.Equal(written, raw) {
		return errStored
	}
	if keys == nil {
		return nil
	}
	if id == signing {
		s := form.(signer)
		if _, err := keys.signer(s); err != nil {
			return errWrap
		}
		return nil
	}
	if _, err := keys.unwrap(id, wrapped); err != nil {
		return errWrap
	}
	return nil
}
