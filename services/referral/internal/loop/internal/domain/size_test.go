package domain

import (
	"testing"
	"unsafe"

	"github.com/sanad-network/sanad/pkg/image"
)

// The image holds a row for each open referral. Go allocates rows of up to 1,144
// bytes, with their header, in places of 1,152; one field more takes 128 bytes.
func TestARowFitsItsPlace(t *testing.T) {
	if n := unsafe.Sizeof(image.Row[Referral]{}); n > 1144 {
		t.Errorf("a row has %d bytes", n)
	}
}
