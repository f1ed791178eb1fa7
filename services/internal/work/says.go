package work

import "github.com/sanad-network/sanad/api/code"

// Close ends the agency's work.
type Close struct {
	Outcome code.Outcome `json:"outcome"`
}

// Close ends open work.
func (w Work) Close(cmd Close) ([]Event, error) {
	if err := w.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := Known("/outcome", cmd.Outcome, code.Outcomes); err != nil {
		return nil, err
	}
	if cmd.Outcome == code.CannotTakeOutcome && w.Service != code.LegalAssistance {
		return nil, ErrUnknownCode.At("/outcome", "enum") // only there somebody judges that
	}
	if w.Kept() {
		return w.says(KeptClosing(cmd)), nil
	}
	return w.says(Closing(cmd)), nil
}

// ContactProblem says that the worker could not reach her. It takes nothing more: how
// it was tried stays with the worker.
type ContactProblem struct{}

// ContactProblem tells the network that she was not reached, and nothing else. Of work
// that continues on her own word nobody is told (ErrKept).
func (w Work) ContactProblem(ContactProblem) ([]Event, error) {
	if err := w.MayTell(); err != nil {
		return nil, err
	}
	return w.says(Unreached{}), nil
}

// AnswerEnding records what she said to her worker, after she took back the consent
// that she gave at her desk.
type AnswerEnding struct {
	Answer code.EndingAnswer `json:"answer"`
}

// AnswerEnding ends the work, its dates and duties too, or lets it continue on her own
// word. Errors: ErrNotAsked.
func (w Work) AnswerEnding(cmd AnswerEnding) ([]Event, error) {
	if err := w.MayAnswer(); err != nil {
		return nil, err
	}
	if err := Known("/answer", cmd.Answer, code.EndingAnswers); err != nil {
		return nil, err
	}
	return w.says(Reply(cmd)), nil
}

// begin has the network told, before the first work of a round, that it has begun. That
// is all that it is told of the work. Of what continues on her own word it is told nothing.
func (w Work) begin() []Event {
	if w.Started || w.Kept() {
		return nil
	}
	return w.says(Start{})
}

// says is what is done to the work, at the turn at which it stands.
func (w Work) says(what What) []Event {
	return []Event{{Ground: w.Ground, Turn: w.Turn, What: what}}
}
