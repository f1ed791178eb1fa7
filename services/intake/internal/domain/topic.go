package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// She is not to tell the same thing at each door. So a case keeps what she has told as a
// topic and a time: never what she told, and never to which agency. For each topic she
// decides whether the agencies that help her may know that she told it. An agency that knows
// it does not ask her again; what it was told it still learns from her packet alone.

// TellTopic is the command that writes down that she has told something; or, for a topic
// that stands already, that she decided anew whether it is passed on.
type TellTopic struct {
	Topic code.Topic `json:"topic"`
	// ToldAt is when she told it. Zero: now.
	ToldAt time.Time `json:"told_at,omitzero"`
	// PassOn is her answer to whether agencies may know that she has told it.
	PassOn code.YesNo `json:"pass_on"`
}

// Topic is that she has told something: the private half of TopicTold.
type Topic struct {
	Topic  code.Topic `json:"topic"`
	ToldAt time.Time  `json:"told_at"`
	PassOn code.YesNo `json:"pass_on"`
}

// topicUnder is the category that an agency must be shown to know of a topic: who is shown
// nothing of her health does not learn that there is something to tell of it.
var topicUnder = map[code.Topic]code.Category{
	code.TopicWhatHappened: code.Incident,
	code.TopicInjuries:     code.HealthData,
	code.TopicDanger:       code.SafetyNeeds,
	code.TopicChildren:     code.Identity,
	code.TopicMoney:        code.Identity,
	code.TopicDocuments:    code.Identity,
	code.TopicHealth:       code.HealthData,
	code.TopicLegalHistory: code.Incident,
}

// TellTopic writes down that she has told something. Her latest word at her desk decides
// whether it is passed on. Errors: ErrTopic for a time to come.
func (c Case) TellTopic(by fact.By, cmd TellTopic) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	return c.tell(by, cmd, cmd.PassOn)
}

// TellTopicFor writes it down for the worker who has a referral. That she told it here says
// nothing of the doors before: a no that she said stands until her desk writes down a yes,
// so no agency opens what she closed. The errors are those of Share.
func (c Case) TellTopicFor(by fact.By, referral string, cmd TellTopic, h work.Hands, rules Rules) ([]fact.Event, error) {
	if _, ok, err := c.holds(by, referral, h, rules); err != nil || !ok {
		return nil, err
	}
	pass := cmd.PassOn
	if i := c.topic(cmd.Topic); i >= 0 && c.Topics[i].PassOn == code.No {
		pass = code.No
	}
	return c.tell(by, cmd, pass)
}

func (c Case) tell(by fact.By, cmd TellTopic, pass code.YesNo) ([]fact.Event, error) {
	if err := cmp.Or(known("/topic", cmd.Topic, code.Topics), known("/pass_on", cmd.PassOn, code.YesNos)); err != nil {
		return nil, err
	}
	if cmd.ToldAt.After(by.At.Add(fastClock)) {
		return nil, ErrTopic.At("/told_at", "not in the future")
	}
	told := Topic{Topic: cmd.Topic, ToldAt: cmd.ToldAt.UTC(), PassOn: pass}
	i := c.topic(cmd.Topic)
	switch {
	case cmd.ToldAt.IsZero() && i >= 0:
		told.ToldAt = c.Topics[i].ToldAt
	case cmd.ToldAt.IsZero() || cmd.ToldAt.After(by.At):
		told.ToldAt = by.At
	}
	if i >= 0 && c.Topics[i] == told {
		return nil, nil
	}
	return fact.With(intakev1.TopicTold{Case: c.ID}, told), nil
}

func (c Case) topic(t code.Topic) int {
	return slices.IndexFunc(c.Topics, func(one Topic) bool { return one.Topic == t })
}

// toldUnder are the topics of some categories of which she lets agencies know, in the order
// of the list: an order of telling would say at which door.
func (c Case) toldUnder(categories []code.Category) []code.Topic {
	var topics []code.Topic
	for _, t := range code.Topics {
		if i := c.topic(t); i >= 0 && c.Topics[i].PassOn == code.Yes && slices.Contains(categories, topicUnder[t]) {
			topics = append(topics, t)
		}
	}
	return topics
}

// toldTopic is the case after an event about a topic.
func (c Case) toldTopic(e fact.Event) Case {
	told, _ := e.Private.(Topic)
	topics := slices.Clone(c.Topics)
	if i := c.topic(told.Topic); i >= 0 {
		topics[i] = told
	} else {
		topics = append(topics, told)
	}
	c.Topics = topics
	return c
}
