package guarantees_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What follows is the test's own memory of a town: what was told, what she agreed to, who
// has what. It is written from the guide on access and asks the network nothing. So it
// is the second opinion on what may be seen.

// whisper is a private text, and who may see it.
type whisper struct {
	text, what string
	// sees says who may see it. Strictly is at rest; before, what a fact of another
	// service ends may be open for a moment.
	sees func(p *person, strictly bool) bool
	// travels is set where the bus carries it by design.
	travels bool
}

// A secret has one of three forms, so that it is found in any text.
var secretForms = regexp.MustCompile(`[Zz]q[0-9]{6}q|\+99900[0-9]{6}|20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z`)

func (t *town) keep(text, what string, sees func(*person, bool) bool) *whisper {
	s := &whisper{text: text, what: what, sees: sees}
	t.secrets[text] = s
	return s
}

func (t *town) secret(what string, sees func(*person, bool) bool) *whisper {
	return t.keep(fmt.Sprintf("Zq%06dq", len(t.secrets)), what, sees)
}

func (t *town) number(what string, sees func(*person, bool) bool) *whisper {
	return t.keep(fmt.Sprintf("+99900%06d", len(t.secrets)), what, sees)
}

// instant is a secret time some days ahead, told from others by its thousandths of a second:
// nobody in the town says any other time so exactly.
func (t *town) instant(what string, sees func(*person, bool) bool) *whisper {
	at := t.now().Add(day + time.Duration(t.r.IntN(3))*day).Truncate(time.Minute).Add(101 * time.Millisecond)
	for t.secrets[at.Format(time.RFC3339Nano)] != nil {
		at = at.Add(20 * time.Millisecond)
	}
	s := t.keep(at.Format(time.RFC3339Nano), what, sees)
	s.travels = true
	return s
}

// found are the secrets in a text.
func (t *town) found(text []byte) (all []*whisper) {
	for _, hit := range secretForms.FindAll(text, -1) {
		name := string(hit)
		if hit[0] == 'z' {
			name = "Z" + name[1:]
		}
		if s := t.secrets[name]; s != nil && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// listening reads every answer that a person gets.
type listening struct {
	next http.RoundTripper
	*town
	person *person
}

// RoundTrip lets a request pass, and judges what is in the answer.
func (l listening) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var headers bytes.Buffer
	_ = resp.Header.Write(&headers)
	for _, s := range l.found(append(headers.Bytes(), body...)) {
		l.shown.Add(1)
		if !s.sees(l.person, l.strict) {
			l.fail("nobody saw what is not for them", l.about(req.URL.Path+string(body)), "%s was shown %s by %s %s: %d %.600s",
				l.person, s.what, req.Method, req.URL.Path, resp.StatusCode, body)
		}
	}
	return resp, nil
}

// yes is a consent of hers.
type yes struct {
	id, recipient, service, purpose string
	categories                      []string
	given, expires                  time.Time
	// no is set when she took it back.
	no bool
}

func (y *yes) holds(now time.Time) bool { return !y.no && now.Before(y.expires) }

// aCase is a case as its people know it.
type aCase struct {
	id, desk string
	owner    *person
	// owners are all who ever had it.
	owners []*person
	// texts are her texts as they are now, by field.
	texts      map[string]string
	yeses      []*yes
	asks       []*ask
	shut       bool // her contact, by whoever closed it
	shutAtDesk bool
	closed     bool
	inError    bool
	restricted bool
	into       *aCase
	settled    map[string]bool
	trace      []string
	readers    map[*person]bool
}

// ask is a referral as its people know it.
type ask struct {
	*aCase
	id, service string
	mode        string
	// on is her consent for each agency that is asked.
	on map[string]*yes
	// holder is who took it; held says that it has not ended since.
	holder string
	held   bool
	// ended says that somebody ended it; no that it was her, or her desk for her.
	ended, no bool
	// hands are the workers to whom it was given, the present one last.
	hands []*person
	// answer is what she told her worker about the end of the work; roomShut that the
	// worker closed it.
	answer   string
	roomShut bool
	works    int
	entries  []string
	orders   []string
	urgency  string
	readers  map[*person]bool
}

func (a *ask) worker() *person {
	if len(a.hands) == 0 {
		return nil
	}
	return a.hands[len(a.hands)-1]
}

func (a *ask) offer() offer {
	for _, o := range offers {
		if o.agency == a.holder {
			return o
		}
	}
	return offer{}
}

// room is the path of the work on the referral, empty where there is none.
func (a *ask) room() string {
	if room := a.offer().room; room != "" {
		return room + strings.TrimPrefix(a.id, "ref")
	}
	return ""
}

func (a *ask) agencies() (all []string) {
	if a.holder != "" {
		return []string{a.holder}
	}
	for agency := range a.on {
		all = append(all, agency)
	}
	slices.Sort(all)
	return all
}

func (t *town) asks() (all []*ask) {
	for _, c := range t.cases {
		all = append(all, c.asks...)
	}
	return all
}

// acts says whether somebody acts for a worker: they are the worker and have not left, or
// cover for one who is away or has left.
func (t *town) acts(p, worker *person) bool {
	switch {
	case p == nil || worker == nil || p.gone || !p.of(worker.Principal.Agency):
		return false
	case p == worker:
		return true
	}
	// Who covers is at work themself.
	return worker.cover == p && !t.now().Before(p.absent) && (worker.gone || t.now().Before(worker.absent))
}

// owns says whether somebody sees what is in a case at its desk.
func (t *town) owns(p *person, c *aCase, strictly bool) bool {
	if p == nil || !p.of(c.desk) || !p.is("caseworker", "supervisor") {
		return false
	}
	if strictly {
		return t.acts(p, c.owner) || c.shut && !p.gone && t.now().Before(p.duty)
	}
	return slices.Contains(c.owners, p) || slices.ContainsFunc(c.owners, func(o *person) bool { return o.cover == p }) || !p.duty.IsZero()
}

// least is what each service of the town needs beyond whom it meets, how, and what keeps
// her safe.
var least = map[string][]string{
	"psychosocial_service":         {"health", "incident", "narrative"},
	"legal_assistance_service":     {"health", "incident", "narrative", "forensic_certificate"},
	"forensic_examination_service": {"health", "incident", "narrative", "forensic_certificate"},
	"health_medical_service":       {"health", "incident", "forensic_certificate"},
}

func needed(service, category string) bool {
	return slices.Contains([]string{"identity", "contact", "safety_needs", "appointments"}, category) || slices.Contains(least[service], category)
}

// answers says who of an agency is shown packets.
func answers(p *person, agency string) bool {
	return p.of(agency) && p.is("lawyer", "counsellor", "examiner", "focal_point")
}

// opens says whether the packet of a referral is open to a person for a category.
func (t *town) opens(p *person, a *ask, category string, strictly bool) bool {
	if a.holder == "" || !answers(p, a.holder) || strictly && p.gone {
		return false
	}
	y := a.on[a.holder]
	switch {
	case strictly && a.worker() != nil && !t.acts(p, a.worker()):
		return false // it is for who has the work, and for who covers
	case y == nil || y.purpose != "service_delivery" || !y.holds(t.now()) || !slices.Contains(y.categories, category) || !needed(a.service, category):
		return false
	case category == "contact" && (a.shutAtDesk || strictly && a.shut):
		return false
	}
	return !strictly || a.held && !a.no
}

// said keeps one of her texts, of a case.
func (t *town) said(c *aCase, field, category string, of func(string, func(*person, bool) bool) *whisper) string {
	var s *whisper
	s = of(field+" of a survivor", func(p *person, strictly bool) bool {
		for _, c := range t.cases {
			if !slices.Contains(c.mine(field), s.text) {
				continue
			}
			if t.owns(p, c, strictly) {
				return true
			}
			if c.texts[field] != s.text {
				continue // no agency sees what is no more
			}
			for _, a := range c.asks {
				if t.opens(p, a, category, strictly) {
					return true
				}
			}
		}
		return false
	})
	c.tell(field, s.text)
	return s.text
}

// tell notes what a field says now; mine is what it ever said.
func (c *aCase) tell(field, text string) {
	c.texts[field] = text
	c.texts["was:"+field] += "," + text
}

func (c *aCase) mine(field string) []string { return strings.Split(c.texts["was:"+field], ",") }

// opposing keeps the name of whom she is up against: the agencies that are asked see it
// before they answer.
func (t *town) opposing(c *aCase) (string, *ask) {
	a := &ask{aCase: c, on: map[string]*yes{}, readers: map[*person]bool{}}
	s := t.secret("an opposing party", func(p *person, strictly bool) bool {
		if t.owns(p, c, strictly) {
			return true
		}
		// Who is asked instead of another is asked the same.
		for _, b := range append([]*ask{a}, c.asks...) {
			if b.service != a.service {
				continue
			}
			if t.opens(p, b, "incident", strictly) {
				return true
			}
			for agency, y := range b.on {
				over := b.held || strictly && (b.ended || p != nil && p.gone)
				if !over && answers(p, agency) && y.holds(t.now()) && slices.Contains(y.categories, "incident") {
					return true
				}
			}
		}
		return false
	})
	return s.text, a
}

// written keeps a text of a room: it is for her worker, and for who covers.
func (t *town) written(a *ask, what string, duty bool) string {
	return t.secret(what, func(p *person, strictly bool) bool {
		if !strictly {
			return slices.Contains(a.hands, p) || slices.ContainsFunc(a.hands, func(h *person) bool { return h.cover == p })
		}
		if !t.acts(p, a.worker()) {
			return false
		}
		y := a.on[a.holder]
		switch {
		case a.answer == "keep":
			return true
		case a.no && a.answer == "end":
			return false
		case a.no && !a.roomShut || y != nil && !y.holds(t.now()):
			return duty
		case a.no:
			return false
		}
		return true
	}).text
}

// appointed is when she is expected: for the agency, and for her desk if she agreed.
func (t *town) appointed(a *ask) string {
	return t.instant("when she is expected", func(p *person, _ bool) bool {
		if p.of(a.holder) && p.is("lawyer", "counsellor", "examiner", "focal_point", "supervisor") {
			return true
		}
		return p.of(a.desk) && slices.ContainsFunc(a.yeses, func(y *yes) bool {
			return y.recipient == a.holder && y.service == a.service && slices.Contains(y.categories, "appointments")
		})
	}).text
}

// ground is why a law keeps copies: for the agency and her desk.
func (t *town) ground(a *ask) string {
	return t.secret("why a law keeps copies", func(p *person, _ bool) bool {
		return p.of(a.holder) || p.of(a.desk)
	}).text
}

// about is what a path is about, for the trace.
func (t *town) about(path string) *aCase {
	for _, c := range t.cases {
		if strings.Contains(path, c.id) {
			return c
		}
		for _, a := range c.asks {
			if strings.Contains(path, strings.TrimPrefix(a.id, "ref_")) {
				return c
			}
		}
	}
	return nil
}

// fail tells what does not hold, and what was done to the case.
func (t *town) fail(name string, c *aCase, format string, args ...any) {
	t.t.Helper()
	var trace string
	if c != nil {
		trace = "\nwhat was done to " + c.id + ":\n" + strings.Join(c.trace[max(0, len(c.trace)-40):], "\n")
	}
	if other := t.elsewhere.trace; len(other) > 0 {
		trace += "\nand elsewhere:\n" + strings.Join(other[max(0, len(other)-12):], "\n")
	}
	t.t.Errorf("%s: %s%s", name, fmt.Sprintf(format, args...), trace)
}
