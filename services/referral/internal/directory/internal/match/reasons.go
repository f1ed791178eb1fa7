package match

import (
	"math/bits"

	"github.com/sanad-network/sanad/api/code"
)

// Reasons is a set of code.MatchReason: bit n is the nth of the list.
type Reasons uint64

// Reason is one of them, in a code and in words.
type Reason struct {
	Code  code.MatchReason
	Words string
}

// words says each reason in one sentence. A test compares it with the list.
var words = map[code.MatchReason]string{
	code.ConsentInForce:       "She has consented to this agency for this service.",
	code.ConsentMissing:       "She has not consented to this agency for this service yet: ask her first.",
	code.ConsentAskFirst:      "Ask her for consent before anything is sent.",
	code.WindowsKept:          "It is open before the time for what can still be done runs out.",
	code.WindowsNotKnown:      "Nobody can say whether it is open before the time for what can still be done runs out: call.",
	code.WindowsMissed:        "It opens after the time for something that can still be done has run out.",
	code.OpenNow:              "It is open now.",
	code.OpensLater:           "It is closed now and opens later.",
	code.HoursUnknown:         "Its opening hours are not known: call before she goes.",
	code.NoOpening:            "It is closed, and no opening is planned.",
	code.CapacityAvailable:    "It has free places.",
	code.CapacityUnknown:      "It has not said whether it has free places.",
	code.CapacityStale:        "What it said of its free places is too old to count: call.",
	code.CapacityContradicted: "What it said of its free places contradicts itself: call.",
	code.CapacityWaiting:      "It has no free place. She accepts to wait.",
	code.LanguageSpoken:       "Her language is spoken there.",
	code.LanguageUnknown:      "It has not said which languages are spoken there.",
	code.LanguageNotSpoken:    "Her language is not among those spoken there: arrange for an interpreter.",
	code.AreaServed:           "It serves the area where she is.",
	code.AreaPartlyServed:     "It serves a part of the area where she is: ask which.",
	code.AreaUnknown:          "It has not said which areas it serves.",
	code.DistanceKnown:        "How far it is from her counts.",
	code.DistanceUnknown:      "How far it is from her is not known.",
	code.PlaceHidden:          "Where it is stays secret, so the distance does not count.",
	code.Accessible:           "It has all that she needs to use it.",
	code.AccessUnknown:        "It has not said whether it has what she needs to use it.",
	code.AccessMissing:        "It lacks something that she needs to use it: ask how it can help.",
	code.AgeToAsk:             "It serves certain ages: ask whether hers is one.",
	code.SexToAsk:             "It does not serve every sex: ask whether hers.",
	code.SituationToAsk:       "It serves certain situations: ask whether hers is one.",
	code.NotServing:           "The agency takes no new referrals at present.",
	code.NoCapacity:           "It has no free place. It can still be asked directly, if she accepts to wait.",
	code.AreaNotServed:        "It does not serve the area where she is.",
	code.AgeNotServed:         "It does not serve her age.",
	code.SexNotServed:         "It does not serve her sex.",
	code.SituationNotServed:   "It serves other situations than those that she named.",
}

// table is the reasons by bit.
var table, bit = func() (table []Reason, bit map[code.MatchReason]Reasons) {
	bit = make(map[code.MatchReason]Reasons, len(code.MatchReasons))
	for i, c := range code.MatchReasons {
		table = append(table, Reason{Code: c, Words: words[c]})
		bit[c] = 1 << i
	}
	return table, bit
}()

// List spells the reasons out, in the order in which they count.
func (r Reasons) List() []Reason {
	list := make([]Reason, 0, bits.OnesCount64(uint64(r)))
	for rest := uint64(r); rest != 0; rest &= rest - 1 {
		list = append(list, table[bits.TrailingZeros64(rest)])
	}
	return list
}
