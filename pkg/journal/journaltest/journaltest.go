// Package journaltest holds a Mongo-wire engine to what the journal needs of it,
// and the journal to what it promises on that engine. It starts no engine: the
// caller brings one.
package journaltest

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Open connects to an empty database. The options go to the client.
type Open func(t testing.TB, with ...*options.ClientOptions) *mongo.Database

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"RoundTrip":                 roundTrip,
		"TailOfNothing":             tailOfNothing,
		"ReplayRestoresOrder":       replayRestoresOrder,
		"ReplayStops":               replayStops,
		"ReplayReportsProgress":     replayReportsProgress,
		"Conflict":                  conflict,
		"MadeIdentities":            madeIdentities,
		"Named":                     named,
		"DuplicateFailsAlone":       duplicateFailsAlone,
		"OneWinnerEach":             oneWinnerEach,
		"OneCallerLeaves":           oneCallerLeaves,
		"LostAnswerOfOurs":          lostAnswerOfOurs,
		"LostAnswerOfAnother":       lostAnswerOfAnother,
		"LostRequest":               lostRequest,
		"StoreAway":                 storeAway,
		"CloseDrains":               closeDrains,
		"RefusesImpossibleIDs":      refusesImpossibleIDs,
		"VerifySound":               verifySound,
		"VerifyFindsGap":            verifyFindsGap,
		"VerifyFindsChangedFields":  verifyFindsChangedFields,
		"BoxOpensInItsDocumentOnly": boxOpensInItsDocumentOnly,
		"ErasedKey":                 erasedKey,
		"LostKey":                   lostKey,
		"OtherKeyset":               otherKeyset,
		"Metrics":                   metrics,
		"Mutations":                 mutations,
		"Held":                      held,
		"Died":                      died,
		"Paused":                    paused,
		"Newcomers":                 newcomers,
		"SlowKeeping":               slowKeeping,
		"LateClaim":                 lateClaim,
		"Steps":                     steps,
		"Carried":                   carried,
		"PassedOver":                passedOver,
		"VerifiesWhileItRuns":       verifiesWhileItRuns,
		"Formats":                   formats,
		"Restored":                  restored,
		"Beside":                    beside,
		"Rechecks":                  rechecks,
		"KeysPutBack":               keysPutBack,
		"DamagedStatements":         damagedStatements,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}
