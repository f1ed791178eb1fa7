package guarantees_test

import "slices"

// story is the way of one survivor to a place that is hard: chance alone comes there too
// rarely. What follows, and how many days later, is left to chance again.
func (t *town) story() {
	defer func() { t.focus = nil }()
	var c *aCase
	if len(t.cases) < 18 {
		c = t.opened()
	} else {
		c = t.theCase(func(c *aCase) bool { return !c.closed && t.acts(c.owner, c.owner) })
	}
	if c == nil {
		return
	}
	t.focus = &ask{aCase: c}
	o := oneOf(t.r, offers)
	t.agrees(c, o)
	if t.at(25) && o.service == "psychosocial_service" {
		t.agrees(c, oneOf(t.r, slices.DeleteFunc(slices.Clone(offers), func(p offer) bool { return p.service != o.service })))
	}
	before := len(c.asks)
	if t.request(); len(c.asks) == before {
		return
	}
	t.focus = c.asks[before]
	t.idle()
	if t.at(15) {
		return // nobody answers
	}
	t.takenBySomebody()
	if t.at(20) {
		t.restart(nil)
		t.seat()
	}
	if t.assign(); t.focus.worker() != nil {
		t.idle()
		t.write()
		t.write()
	}
	t.packet()
	for range 1 + t.r.IntN(2) {
		oneOf(t.r, hard)(t)
		if t.at(40) {
			t.idle()
		}
	}
}

// hard are the places.
var hard = []func(*town){
	(*town).withdraw, (*town).withdraw, (*town).refuse, (*town).cancel, (*town).cancel, (*town).contact, (*town).closeWork, (*town).amend,
	(*town).report, (*town).schedule, (*town).deskContact, (*town).lead, func(t *town) { t.agrees(t.focus.aCase, oneOf(t.r, offers)) },
	(*town).comesBack, func(*town) {}, // she is left to the clock
}

// comesBack is that she takes her no back: what ended stays so, and the agency is asked anew.
func (t *town) comesBack() {
	a := t.focus
	t.withdraw()
	if a.holder != "" {
		t.agrees(a.aCase, a.offer())
	}
	t.packet()
	t.focus = &ask{aCase: a.aCase}
	t.request()
	t.focus = a
}

// takenBySomebody has the referral of the story taken, with a code where the agency has no
// account.
func (t *town) takenBySomebody() {
	a := t.focus
	if slices.Equal(a.agencies(), []string{village}) {
		for range 4 {
			if !a.held {
				t.byCode()
			}
		}
		return
	}
	for range 3 {
		if !a.held && !a.ended {
			t.reply()
		}
	}
}
