package app

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// writer is the principal in the journal of what comes by a card.
const writer = "card"

// sentAfter is how long the answer to a code takes at least, to a right one and to a wrong one: what
// comes by a right one is appended to the journal.
const sentAfter = 250 * time.Millisecond

// MadeCards are new cards with their codes, which are shown this once.
type MadeCards struct {
	domain.CardsView
	Codes []string `json:"codes"`
}

// Desk looks up where an enquiry comes in. What she tells is never refused because the copy of her
// desk cannot be read: then its country is not known.
func (a App) Desk(ctx context.Context, _ string, by fact.By) domain.Desk {
	of, _ := a.Agencies.Fresh(ctx, by.Agency)
	return domain.Desk{Agency: of, Rules: a.Rules}
}

// MakeCards makes cards. Errors: domain.ErrCardsShown for a request that comes again: the codes are
// stored nowhere.
func (a App) MakeCards(ctx context.Context, by fact.By, key string, cmd domain.MakeCards) (MadeCards, error) {
	shown, codes := newCodes(cmd.Count)
	made, at := false, a.Desk(ctx, "", by)
	res, err := a.Cards.Create(ctx, fact.ID(a.Cards.Prefix(), "makeCards/"+by.Agency+"/"+key), func(c domain.Cards, by fact.By) ([]fact.Event, error) {
		made = true
		return c.Make(by, cmd, codes, at)
	})
	if err == nil && !made {
		err = domain.ErrCardsShown
	}
	if err != nil {
		return MadeCards{}, err
	}
	return MadeCards{CardsView: res.State.View(by).(domain.CardsView), Codes: shown}, nil
}

func newCodes(count int) (shown []string, codes []domain.CardCode) {
	var handle [domain.HandleEntropy]byte
	_, _ = rand.Read(handle[:]) // it never fails
	for range max(0, count) {
		var secret [domain.CardEntropy]byte
		_, _ = rand.Read(secret[:])
		code := domain.NewCardCode(handle, secret)
		codes, shown = append(codes, code), append(shown, code.Shown())
	}
	return shown, codes
}

// Sent is the answer to what was sent with a code: to each code the same.
type Sent struct {
	// Taken says that the form was in order, and nothing of the code.
	Taken bool `json:"taken"`
}

// SendEnquiry takes what she sends with a code to the desk that made the card. A code that is wrong,
// used up or over is answered in the same way and after the same time. While cards are in
// quarantine no code is known to be wrong, so nothing is taken.
// Errors: domain.ErrEnquiry, domain.ErrUnknownCode, record.ErrQuarantined.
func (a App) SendEnquiry(ctx context.Context, key string, cmd domain.SendEnquiry) (Sent, error) {
	if err := cmd.Check(); err != nil {
		return Sent{}, err
	}
	if !a.Cards.Complete() {
		return Sent{}, record.ErrQuarantined
	}
	even := time.NewTimer(sentAfter)
	defer even.Stop()
	err := a.bring(ctx, key, cmd)
	select {
	case <-even.C:
	case <-ctx.Done():
	}
	return Sent{Taken: err == nil}, err
}

// bring makes an enquiry of what came by a code that holds.
func (a App) bring(ctx context.Context, key string, cmd domain.SendEnquiry) error {
	code, ok := domain.ReadCardCode(cmd.Code)
	if !ok {
		return nil
	}
	held, err := a.Cards.FreshIn(ctx, domain.CardsByHandle.Of(code.Handle))
	if err != nil {
		return err
	}
	for _, id := range held.Value() {
		cards, err := a.Cards.Fresh(ctx, id)
		if err != nil {
			return err
		}
		card := cards.Value().Find(code, a.Clock())
		if card == 0 {
			continue
		}
		uses, err := a.Enquiries.FreshIn(ctx, domain.EnquiriesByCard.Of(id, domain.CardNumber(card)))
		if err != nil {
			return err
		}
		const op = "sendEnquiry"
		made := fact.ID(a.Enquiries.Prefix(), op+"/"+id+"/"+domain.CardNumber(card)+"/"+key)
		if domain.Spent(uses.Value(), made) {
			return nil
		}
		// No digest of the request: it would be a hash of what she wrote.
		by := fact.By{Principal: writer, Agency: cards.Value().Agency}
		at := a.Desk(ctx, made, by)
		ctx := record.With(ctx, record.Command{Op: op, By: by, Cause: op + "/" + made})
		_, err = a.Enquiries.Create(ctx, made, func(e domain.Enquiry, by fact.By) ([]fact.Event, error) {
			return e.Send(by, cmd.HerWord, id, card, at)
		})
		return err
	}
	return nil
}

// HerCase looks up whether a caller acts for who has the case that a settling names.
func (a App) HerCase(ctx context.Context, _ string, by fact.By, cmd domain.SettleEnquiry) domain.HerCase {
	if cmd.Case == "" {
		return domain.HerCase{}
	}
	c, err := a.Cases.Fresh(ctx, cmd.Case)
	if err != nil {
		return domain.HerCase{Err: err}
	}
	return domain.HerCase{Mine: c.Value().Visible(by) && c.Value().Handled(a.Hands(ctx, cmd.Case, by)) == nil}
}

// Staff looks up the people of a desk, for an enquiry.
func (a App) Staff(ctx context.Context, _ string, by fact.By) domain.Colleagues {
	return a.Colleagues(ctx, "", by)
}
