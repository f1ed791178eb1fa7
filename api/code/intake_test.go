package code_test

import (
	"encoding"
	"encoding/json"
	"testing"
	"unsafe"

	"github.com/sanad-network/sanad/api/code"
)

// Every list of intake reads its own codes and refuses all other text, so that
// an unknown code never turns into a default.
func TestIntakeLists(t *testing.T) {
	t.Run("Country", list[*code.Country](code.Countries))
	t.Run("GBVType", list[*code.GBVType](code.GBVTypes))
	t.Run("TraffickingAct", list[*code.TraffickingAct](code.TraffickingActs))
	t.Run("TraffickingMeans", list[*code.TraffickingMeans](code.TraffickingMeansList))
	t.Run("TraffickingPurpose", list[*code.TraffickingPurpose](code.TraffickingPurposes))
	t.Run("Sex", list[*code.Sex](code.Sexes))
	t.Run("AgeBand", list[*code.AgeBand](code.AgeBands))
	t.Run("Displacement", list[*code.Displacement](code.Displacements))
	t.Run("Disability", list[*code.Disability](code.Disabilities))
	t.Run("MaritalStatus", list[*code.MaritalStatus](code.MaritalStatuses))
	t.Run("Unaccompanied", list[*code.Unaccompanied](code.UnaccompaniedList))
	t.Run("ConsentMethod", list[*code.ConsentMethod](code.ConsentMethods))
	t.Run("GivenBy", list[*code.GivenBy](code.GivenByList))
	t.Run("WithoutCaregiver", list[*code.WithoutCaregiver](code.WithoutCaregiverList))
	t.Run("ConsentStatus", list[*code.ConsentStatus](code.ConsentStatuses))
	t.Run("CaseStatus", list[*code.CaseStatus](code.CaseStatuses))
}

func list[P interface {
	*T
	encoding.TextUnmarshaler
}, T ~string](all []T) func(*testing.T) {
	return func(t *testing.T) {
		seen := map[T]bool{}
		for _, want := range all {
			var got T
			if err := P(&got).UnmarshalText([]byte(want)); err != nil || got != want {
				t.Errorf("%q reads as %q, %v", want, got, err)
			}
			if unsafe.StringData(string(got)) != unsafe.StringData(string(want)) {
				t.Errorf("%q that was read is a text of its own", want)
			}
			if seen[want] {
				t.Errorf("%q is listed twice", want)
			}
			seen[want] = true
		}
		for _, text := range []string{"", " ", "unheard_of", string(all[0]) + " ", "\x00"} {
			quoted, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			got := all[0]
			if err := json.Unmarshal(quoted, &got); err == nil {
				t.Errorf("%q was read", text)
			}
			if got != all[0] {
				t.Errorf("%q changed the value to %q", text, got)
			}
		}
	}
}
