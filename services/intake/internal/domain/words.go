package domain

import (
	"fmt"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// Said is what happened to a case, in a sentence for its timeline: about which referral and
// which other agency. It holds codes and names of agencies, and nothing that she said.
type Said struct{ Text, Referral, About string }

// Say tells an event of a case. Codes stand as they are: the desk's own pages have their
// words in every language.
func Say(d fact.Data) Said {
	switch d := d.(type) {
	case intakev1.CaseOpened:
		return Said{Text: fmt.Sprintf("The case was opened (%s).", d.Channel)}
	case intakev1.ConsentGiven:
		return Said{Text: fmt.Sprintf("She consented to %s for %s.", d.Service, d.Purpose), About: d.Recipient}
	case intakev1.ConsentRefused:
		return Said{Text: fmt.Sprintf("She refused a consent to %s.", d.Service), About: d.Recipient}
	case intakev1.ConsentWithdrawn:
		return Said{Text: fmt.Sprintf("Her consent to %s ended.", d.Service), About: d.Recipient}
	case intakev1.ConsentRequested:
		return Said{Text: fmt.Sprintf("She was asked for a consent to %s, and thinks about it.", d.Service), About: d.Recipient}
	case intakev1.ConsentQuestionEnded:
		return Said{Text: "A question to her waits no more."}
	case intakev1.ReceiptOffered:
		return Said{Text: "She was offered a receipt of a consent."}
	case intakev1.CountingAnswered:
		return Said{Text: "It was written down whether she may be counted in figures."}
	case intakev1.ReportRecorded:
		return Said{Text: "A report was recorded that a law asked for."}
	case intakev1.ServiceRequested:
		return Said{Text: fmt.Sprintf("%s was asked for (%s).", d.Service, d.Urgency), Referral: d.Referral, About: d.Recipient}
	case intakev1.ReferralFollowed:
		return followedIn(d)
	case intakev1.ReferralRenewed:
		return Said{Text: "The referral goes on with her new consent.", Referral: d.Referral, About: d.Recipient}
	case intakev1.ReferralResumed:
		return Said{Text: "The agency was asked again.", Referral: d.Referral, About: d.Recipient}
	case intakev1.NeedSettled:
		return Said{Text: fmt.Sprintf("The unmet need was settled: %s.", d.Settlement), Referral: d.Referral}
	case intakev1.ReferralsFinished:
		return Said{Text: "No referral is open, and no need is unmet."}
	case intakev1.ContactSuspended:
		return Said{Text: "Contact was closed: the agencies do not reach out to her."}
	case intakev1.ContactRestored:
		return Said{Text: "Her contact was opened again."}
	case intakev1.ContactChanged:
		return Said{Text: "Agencies were told that her contact changed."}
	case intakev1.Disclosed:
		return Said{Text: fmt.Sprintf("The agency was shown what the stage %s allows.", d.Stage), Referral: d.Referral, About: d.Recipient}
	default:
		return ofTheCase(d)
	}
}

func followedIn(d intakev1.ReferralFollowed) Said {
	said := Said{Text: fmt.Sprintf("The referral is %s.", d.Status), Referral: d.Referral, About: d.Recipient}
	switch {
	case d.Released != "":
		said = Said{Text: "The agency is no longer asked.", Referral: d.Referral, About: d.Released}
	case d.SurvivorOutcome == code.NotAskedUnsafe:
		said.Text = "She was not asked how she sees the referral: it is not safe."
	case d.SurvivorOutcome != "":
		said.Text = fmt.Sprintf("She herself says of the referral: %s.", d.SurvivorOutcome)
	case d.DeclineReason != "":
		said.Text = fmt.Sprintf("The referral is %s: %s.", d.Status, d.DeclineReason)
	case d.CancelReason != "":
		said.Text, said.About = fmt.Sprintf("The referral is %s: %s.", d.Status, d.CancelReason), d.CancelledBy
	case d.Outcome != "":
		said.Text = fmt.Sprintf("The referral is %s: %s.", d.Status, d.Outcome)
	}
	return said
}

// ofTheCase tells what happened to the case as a whole. Of a topic that she told it says
// nothing: who wrote it down, and when, would be to which agency she told it.
func ofTheCase(d fact.Data) Said {
	switch d := d.(type) {
	case intakev1.CaseAmended:
		return Said{Text: fmt.Sprintf("What was written was put right (%s): %v.", d.Reason, d.Parts)}
	case intakev1.IncidentRecorded:
		return Said{Text: "An incident was written down."}
	case intakev1.IncidentAmended:
		return Said{Text: fmt.Sprintf("An incident was written anew (%s).", d.Reason)}
	case intakev1.IncidentEnteredInError:
		return Said{Text: "An incident was taken back: it was entered in error."}
	case intakev1.AgeTurned:
		return Said{Text: "It was looked which consents still count at her age."}
	case intakev1.DangerAsked:
		return Said{Text: "She was asked about danger."}
	case intakev1.IndicatorsAsked:
		return Said{Text: "She was asked how she was controlled."}
	case intakev1.IdentificationRecorded:
		return Said{Text: "Somebody said whether she was trafficked."}
	case intakev1.PassageRecorded:
		return Said{Text: "She told of a way across a border."}
	case intakev1.ReflectionLengthened:
		return Said{Text: "The time in which she is left in peace goes on for longer."}
	case intakev1.ReflectionEnded:
		return Said{Text: "The time in which she is left in peace is over. Nothing follows from it."}
	case intakev1.ActionGoalSet:
		return Said{Text: "A goal was set with her."}
	case intakev1.ActionGoalSettled:
		return Said{Text: fmt.Sprintf("A goal is %s.", d.Status)}
	case intakev1.ActionStepSet:
		return Said{Text: "A step was agreed with her."}
	case intakev1.VisitBegun:
		return Said{Text: "She came to a one-stop centre."}
	case intakev1.VisitStepPlanned:
		return Said{Text: "A step of her visit was planned."}
	case intakev1.VisitStepMoved:
		return Said{Text: "A step of her visit came further."}
	case intakev1.VisitLeft:
		return Said{Text: "She left the centre."}
	case intakev1.AccountRecorded:
		return Said{Text: "An account of hers was recorded."}
	case intakev1.AccountHeard:
		return Said{Text: "A recorded account was heard again."}
	case intakev1.ConferenceProposed:
		return Said{Text: "A conference was planned with her."}
	case intakev1.ConferenceAgreed:
		return Said{Text: "She agreed to a conference."}
	case intakev1.ConferenceAnswered:
		return Said{Text: fmt.Sprintf("An agency answers for a conference: %s.", d.Answer), Referral: d.Referral, About: d.Recipient}
	case intakev1.ConferenceDue:
		return Said{Text: "The time of a conference has passed: it is to be written down whether it took place."}
	case intakev1.ConferenceHeld:
		return Said{Text: "A conference was held."}
	case intakev1.ConferenceCalledOff:
		return Said{Text: fmt.Sprintf("A conference was called off: %s.", d.Reason)}
	case intakev1.ActionStepSettled:
		return Said{Text: fmt.Sprintf("A step is %s.", d.Status)}
	case intakev1.ActionPlanReviewed:
		return Said{Text: "The desk went through the action plan with her."}
	case intakev1.DeskAwaited:
		return Said{Text: "The people of an office were told that something waits for them.", About: d.Agency}
	case intakev1.ActionPlanReviewDue:
		return Said{Text: "It is time to go through the action plan with her."}
	case intakev1.ActionPlanClosed:
		return Said{Text: fmt.Sprintf("The action plan was closed: %s.", d.Reason)}
	case intakev1.ShareSeen:
		return Said{Text: "The agency looked at its share of the action plan.", Referral: d.Referral, About: d.Recipient}
	case intakev1.OnwardAsked:
		return Said{Text: "An agency found, with her, that she needs something more.", Referral: d.Referral}
	case intakev1.OnwardAnswered:
		return answeredOnward(d)
	case intakev1.GranteeSuspended:
		return Said{Text: "The grant of an agency that helps her was suspended: she is to be asked."}
	case intakev1.GranteeRestored:
		return Said{Text: "The grant of an agency that helps her is in force again."}
	case intakev1.GranteeAnswered:
		return Said{Text: "She was asked about an agency whose grant is suspended."}
	case intakev1.GranteeOverdue:
		return Said{Text: "Nobody asked her in time about an agency whose grant is suspended."}
	case intakev1.OnwardOverdue:
		return Said{Text: "Nobody answered an onward referral in time."}
	case intakev1.DangerNewsBrought:
		return Said{Text: "News of danger to her was brought to the desk.", Referral: d.Referral}
	case intakev1.DangerNewsOverdue:
		return Said{Text: "Nobody settled news of danger to her in time."}
	case intakev1.DangerNewsSettled:
		return Said{Text: fmt.Sprintf("News of danger to her was settled: %s.", d.Result)}
	case intakev1.DangerNewsReopened:
		return Said{Text: "What came of news of danger was entered in error: it waits again."}
	case intakev1.ResponseAsked:
		return Said{Text: fmt.Sprintf("A response team was asked for (%s).", d.Urgency)}
	case intakev1.ResponseCalledOff:
		return Said{Text: "The response team was called off."}
	case intakev1.ResponseFollowed:
		return ofTheResponse(d)
	case intakev1.ResponseShown:
		return Said{Text: "A member of the response team was shown where to go.", About: d.Recipient}
	case intakev1.CaseResumed:
		return Said{Text: "A referral of the closed case is under way again.", Referral: d.Referral}
	case intakev1.CaseClosed:
		return Said{Text: fmt.Sprintf("The case was closed: %s.", d.Reason)}
	case intakev1.CaseReopened:
		return Said{Text: "The case was taken up again."}
	case intakev1.CaseEnteredInError:
		return Said{Text: "The case was entered in error."}
	}
	return ofTheDesk(d)
}

func answeredOnward(d intakev1.OnwardAnswered) Said {
	if d.Reason != "" {
		return Said{Text: fmt.Sprintf("An onward referral was not passed on: %s.", d.Reason)}
	}
	return Said{Text: "An onward referral was passed on.", Referral: d.By}
}

// ofTheDesk tells what happened to who has the case, and how it is found.
func ofTheDesk(d fact.Data) Said {
	switch d := d.(type) {
	case intakev1.CaseHandedOver:
		return Said{Text: "The case was given to another person."}
	case intakev1.CaseOwnerLeft:
		return Said{Text: "The person who had the case left the agency."}
	case intakev1.CaseRestricted:
		if d.Restricted {
			return Said{Text: "The case was kept out of searches."}
		}
		return Said{Text: "The case can be found again."}
	case intakev1.DuplicateHinted:
		return Said{Text: "Another case may be about the same person."}
	case intakev1.DisplacedSettled:
		return Said{Text: fmt.Sprintf("The need that was left when she said whom she must not meet was settled: %s.", d.Settlement), Referral: d.Referral}
	case intakev1.DuplicateSettled:
		return Said{Text: "The hint of another case was looked at."}
	case intakev1.CaseMerged:
		return Said{Text: "The case points to an older one about the same person."}
	case intakev1.CaseClosedWith:
		return Said{Text: "It was closed with the case that it points to."}
	case intakev1.CaseUnmerged:
		return Said{Text: "The case stands alone again."}
	}
	return ofTheTransfer(d)
}

// ofTheTransfer tells what happened between two offices.
func ofTheTransfer(d fact.Data) Said {
	switch d := d.(type) {
	case intakev1.TransferAsked:
		return Said{Text: fmt.Sprintf("Another office was asked to take the case over (%s).", d.Reason), About: d.To}
	case intakev1.TransferEnded:
		if d.DeclineReason != "" {
			return Said{Text: fmt.Sprintf("The other office did not take the case over: %s.", d.DeclineReason)}
		}
		return Said{Text: fmt.Sprintf("The other office is no longer asked (%s).", d.Status)}
	case intakev1.TransferNoted:
		return Said{Text: "The desk saw that the other office did not take the case over."}
	case intakev1.CaseTransferred:
		return Said{Text: fmt.Sprintf("The case was handed over by %s, on her consent.", d.From), About: d.To}
	}
	return Said{}
}

// ofTheResponse tells how far a response team has come.
func ofTheResponse(d intakev1.ResponseFollowed) Said {
	switch {
	case d.Status == "":
		return Said{Text: "Referrals were made for what she chose with the response team."}
	case d.Unseen != "":
		return Said{Text: fmt.Sprintf("The response is %s: %s (%s).", d.Status, d.Result, d.Unseen)}
	case d.Result != "":
		return Said{Text: fmt.Sprintf("The response is %s: %s.", d.Status, d.Result)}
	}
	return Said{Text: fmt.Sprintf("The response is %s.", d.Status), About: d.Agency}
}
