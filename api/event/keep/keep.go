// Package keep says which messages nobody may drop. An operator may decide that a dead
// letter is not needed any more; a message that carries a survivor's no, that closes the
// contact to her or that takes away somebody's sight of her is not theirs to decide about:
// it is judged again until its service takes it. It holds a table for each service, in
// which every event and every deadline has its line, and refuses to guess: what it does
// not know is kept.
package keep

import "maps"

// Why is the reason why a message is never dropped: a code that operators see.
type Why string

// The reasons.
const (
	// Free is that of a message that may be dropped.
	Free Why = ""
	// HerNo: it carries her no, or is what follows from it.
	HerNo Why = "her_no"
	// ClosesContact: nobody may contact her now, or not at the old address.
	ClosesContact Why = "closes_contact"
	// ClosesPacket: somebody sees less of her from then on.
	ClosesPacket Why = "closes_packet"
	// HerCall: somebody must come for her now: a response team, or who tells her news of danger.
	HerCall Why = "her_call"
	// NotUnderstood: nobody can tell what it carries.
	NotUnderstood Why = "not_understood"
)

// Whys are all reasons.
var Whys = []Why{HerNo, ClosesContact, ClosesPacket, HerCall, NotUnderstood}

// Of says why a message is kept: by the type of its event, or by "due." and the name of a
// deadline.
func Of(message string) Why {
	if why, known := all[message]; known {
		return why
	}
	return NotUnderstood
}

// Known are the messages that have a line.
func Known() map[string]Why { return maps.Clone(all) }

// all joins the tables. It is read-only.
var all = joined(intake, referral, legalAid, psychosocial, forensic, trustFund, deadlines)

func joined(tables ...map[string]Why) map[string]Why {
	m := map[string]Why{}
	for _, t := range tables {
		maps.Copy(m, t)
	}
	return m
}

// deadlines are decided in the same way: one that is dropped is not asked for again before
// the next start of the service.
var deadlines = map[string]Why{
	"due.response":       Free,
	"due.reminder":       Free,
	"due.escalation":     Free,
	"due.expiry":         ClosesPacket, // nobody is asked any more
	"due.contact":        Free,
	"due.service":        Free,
	"due.warning":        Free,
	"due.consent":        ClosesPacket, // the consent runs out
	"due.grace":          ClosesPacket, // the recipient is told to let go of the data
	"due.period":         Free,         // until its end is on record, she is left in peace
	"due.press":          HerNo,        // the recipient is told again
	"due.kept":           ClosesPacket, // the law that kept the data does not keep them any longer
	"due.hold":           Free,         // the place falls back
	"due.alert":          HerCall,      // the next one is asked
	"due.stay":           Free,
	"due.invitation":     ClosesPacket, // a code opens nothing any more
	"due.question":       Free,         // a question that waits shows nobody anything
	"due.recheck":        ClosesPacket, // who consented for her as a child loses sight
	"due.unanswered":     HerNo,        // what others consented to ends: she is of age, and did not take it up
	"due.transfer":       ClosesPacket, // the other office is not asked any more
	"due.review":         Free,
	"due.conference":     Free,
	"due.cards":          Free, // a code that is over is refused by its own time
	"due.enquiry":        Free,
	"due.onward":         Free,
	"due.grantee":        HerCall, // somebody is to ask her
	"due.duty":           Free,
	"due.legal":          Free,
	"due.medical_review": Free,
	"due.news":           HerCall, // those on duty are told again
}
