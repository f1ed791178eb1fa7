// Package bustest is what any NATS server under pkg/bus must bear out: a suite
// that publishes, reacts and wakes against a real server, and stops it, starts
// it and robs it of its store meanwhile.
//
// It starts no server itself, so that pkg depends on none.
package bustest

import (
	"testing"

	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"
)

// Server is a NATS server with JetStream on one address for its whole life,
// which lets in those of Parts, the steward and Integrator. It is running when the suite
// gets it, and its streams are declared.
type Server interface {
	URL() string
	// As are the options by which an identity connects.
	As(identity string) []nats.Option
	Start(testing.TB)
	Stop(testing.TB)
	// Save keeps a copy of the store; Restore puts the last copy in its place, or
	// an empty store when there is none. Both are called while it is stopped.
	Save(testing.TB)
	Restore(testing.TB)
}

// Run runs the suite; start makes a server that ends with its test.
func Run(t *testing.T, start func(testing.TB) Server) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Server)
	}{
		{"Streams", testStreams},
		{"RelayPublishesEachOnce", testRelay},
		{"RelayWritesEnvelopes", testEnvelopes},
		{"RelayCopiesToAgencies", testAgencies},
		{"RelayCopiesToThoseWhoWantIt", testFeeds},
		{"UnmarkedIsLive", testUnmarkedIsLive},
		{"TrainingIsMarked", testTrainingIsMarked},
		{"RelayConfinesToAgencies", testConfined},
		{"RelayKeepsInTheRoom", testStaysInTheRoom},
		{"Bell", testBell},
		{"BellInAStorm", testBellInAStorm},
		{"BellOfABusThatWasAway", testBellOfABusThatWasAway},
		{"BellReadsNoContent", testBellReadsNoContent},
		{"BellsOfTwoProcesses", testBellsOfTwoProcesses},
		{"RestartPublishesNothingTwice", testRestart},
		{"CrashBeforePublishing", testCrash},
		{"BeginWithoutBus", testBeginWithoutBus},
		{"StoreDeletedWhileStopped", testStoreDeletedWhileStopped},
		{"StoreDeletedWhileRunning", testStoreDeletedWhileRunning},
		{"StreamDeletedWhileRunning", testStreamDeletedWhileRunning},
		{"LostTail", testLostTail},
		{"AwayUnderLoad", testAwayUnderLoad},
		{"AwayBeyondMemory", testAwayBeyondMemory},
		{"Replicas", testReplicas},
		{"AgedOutStaysOut", testAgedOut},
		{"AgeAndClocks", testAgeAndClocks},
		{"AgeWaitsForReaders", testAgeWaitsForReaders},
		{"AgeOfCopies", testAgeOfCopies},
		{"AgeOfInside", testAgeOfInside},
		{"TakeOutStoppedAndTwice", testTakeOutStoppedAndTwice},
		{"ReactionsAcknowledge", testReactions},
		{"ReactionsTryAgain", testTryAgain},
		{"ReactionsGiveUp", testGiveUp},
		{"DeadLetters", testDeadLetters},
		{"LettersAreReplayed", testLettersAreReplayed},
		{"LettersShowNoData", testLettersShowNoData},
		{"JudgedBeforeBelieved", testJudged},
		{"NewerReleasesAreWaitedFor", testParked},
		{"SetAsideIsWaitedFor", testSetAside},
		{"ForksAreTold", testForks},
		{"ForksInTheScanAreTold", testForksInTheScan},
		{"ForksNameTheirRecord", testForksNameTheirRecord},
		{"AheadIsTold", testAhead},
		{"AheadKnowsIdentities", testAheadKnowsIdentities},
		{"AheadOfABusThatWasAway", testAheadOfABusThatWasAway},
		{"AheadOfABusThatLostItsTail", testAheadOfABusThatLostItsTail},
		{"ReadsBack", testReadsBack},
		{"PositionsHaveFloors", testFloors},
		{"Rewinds", testRewind},
		{"TheOldFormIsKept", testOldForm},
		{"OrderWithinRecord", testOrder},
		{"DrainOnStop", testDrain},
		{"Trace", testTrace},
		{"PublicationsAreTracedOnce", testPublications},
		{"PublishedAgainInTheSameSpan", testPublishedAgain},
		{"Ready", testReady},
		{"ConsumerChanged", testConsumerChanged},
		{"ConsumerChangedWhileAway", testConsumerChangedWhileAway},
		{"ConsumerPausedAndDeleted", testConsumerPausedAndDeleted},
		{"ConsumerOfANewerRelease", testConsumerOfANewerRelease},
		{"StreamChanged", testStreamChanged},
		{"CheckpointsAreKept", testCheckpoints},
		{"ForeignCheckpointsAreTold", testForeignCheckpoints},
		{"CheckpointsAreMade", testCheckpointsAreMade},
		{"CheckpointsAreOnesOwn", testCheckpointsAreOnesOwn},
		{"TimersComeDue", testTimersComeDue},
		{"TimersReplaceAndCancel", testTimersReplaceAndCancel},
		{"TimersFarAway", testTimersFarAway},
		{"TimersOfAClockAhead", testTimersOfAClockAhead},
		{"TimersSurviveRestart", testTimersSurviveRestart},
		{"TimersAreArmedAgain", testTimersAreArmedAgain},
		{"TimersThatNeverFire", testTimersThatNeverFire},
	} {
		t.Run(c.name, func(t *testing.T) {
			leaks := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
			c.test(t, start(t))
		})
	}
}
