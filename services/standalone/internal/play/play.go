package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Stage is a network on which a journey is played, under a clock of its own. What is
// not public of a network is here: the clock, and whether everything has arrived.
type Stage interface {
	// Desk seats a person, for the network as it runs now.
	Desk(p identity.Principal) (office.Desk, error)
	// Now is the time on the clock of the network.
	Now() time.Time
	// Pass puts the clock ahead.
	Pass(ctx context.Context, by time.Duration) error
	// Rest waits until all that was said has arrived, and all that was due has happened.
	Rest(ctx context.Context) error
	// Notices are the texts that were sent to an address so far, in no order.
	Notices(address string) ([]string, error)
	// Events are those that integrators can read now, in their order.
	Events(ctx context.Context) ([]Event, error)
}

// Event is an event as an integrator reads it.
type Event struct {
	// Type is as in "referral.withdrawn.v1", Record what it is about.
	Type, Record string
	Data         []byte
}

// player holds what the lines hand to each other.
type player struct {
	*Journey
	stage Stage
	out   io.Writer
	kept  map[string]string
	// heard are the notices that a line has asked for, by address.
	heard map[string][]string
	// machines is the folder in which each person has a folder of their own; empty before one is used.
	machines string
}

// Play plays the journey to its end, and prints each line as it plays. Its error
// names the line that did not come true.
func (j *Journey) Play(ctx context.Context, stage Stage, out io.Writer) (err error) {
	p := &player{Journey: j, stage: stage, out: out, kept: map[string]string{}, heard: map[string][]string{}}
	defer func() { err = errors.Join(err, p.leave()) }()
	fmt.Fprintf(out, "%s\n%s\n\n", j.Name, strings.TrimSpace(j.About))
	for _, name := range slices.Sorted(maps.Keys(j.people)) {
		one := j.people[name]
		fmt.Fprintf(out, "  %s: %s\n", name, strings.Join(append(slices.Clone(one.Roles), one.Agency), ", "))
	}
	fmt.Fprintln(out)
	begins, _ := moment(j.begins, p.now())
	if err := stage.Pass(ctx, begins.Sub(p.now())); err != nil {
		return err
	}
	for _, l := range j.story {
		fmt.Fprint(out, p.told(l))
		if err := p.play(ctx, l); err != nil {
			return &Wrong{j.file, l.at, err.Error()}
		}
	}
	_, err = fmt.Fprintf(out, "journey complete: %s, %d lines\n", j.Name, len(j.story))
	return err
}

func (p *player) now() time.Time { return p.stage.Now().In(p.zone) }

// told is a line as it is shown.
func (p *player) told(l line) string {
	if l.kind == "say" {
		return "\n  " + strings.Join(strings.Fields(l.text("say")), " ") + "\n"
	}
	what := l.text(l.kind)
	if l.kind == "runs" {
		what = "standalone " + strings.Trim(plain(l.fields["runs"]), "[]")
	}
	if l.op.Title != "" {
		what = strings.ToLower(l.op.Title[:1]) + l.op.Title[1:]
	}
	words := []string{said(p.now())}
	if who := l.text("who"); who != "" {
		words = append(words, who)
	}
	words = append(words, l.kind+":", what)
	if on := l.text("on") + l.text("about"); on != "" {
		words = append(words, "("+on+")")
	}
	text := &strings.Builder{}
	text.WriteString(strings.Join(words, " ") + "\n")
	for _, field := range slices.Concat([]string{"where", "with", "paper", "refused"}, expectations) {
		v, is := l.fields[field]
		if !is || field == "keep" || field == "with" && len(l.object(field)) == 0 {
			continue
		}
		if field == "lists nothing" {
			text.WriteString("      " + field + "\n")
			continue
		}
		text.WriteString("      " + field + " " + plain(v) + "\n")
	}
	return text.String()
}

// plain is a value as the file has it.
func plain(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, k+": "+plain(v[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, inner := range v {
			parts[i] = plain(inner)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// most is how much of an answer is shown.
const most = 1500

func short(s string) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + " …"
	}
	return s
}

func (p *player) play(ctx context.Context, l line) error {
	switch l.kind {
	case "say":
		return nil
	case "time passes":
		then, _ := passed(l.text(l.kind), p.now())
		by := then.Sub(p.now())
		if by <= 0 {
			return fmt.Errorf("that is past: it is %s", said(p.now()))
		}
		return p.stage.Pass(ctx, by)
	case "runs":
		return p.runs(l)
	}
	if err := p.stage.Rest(ctx); err != nil {
		return err
	}
	switch l.kind {
	case "hears":
		return p.hears(l)
	case "event", "no event":
		return p.event(ctx, l)
	case "sees":
		return p.sees(ctx, l)
	}
	answers, err := p.ask(ctx, l)
	if err == nil {
		_, err = p.judge(l, answers)
	}
	return err
}

// looks is how often a person looks again for what should be there. All that was said
// has arrived at the first look already; deadlines that came due while a network was
// away may begin a moment after its start.
const looks = 40

// sees looks until there is what should be there. What should not be there must not be
// there at any look.
func (p *player) sees(ctx context.Context, l line) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for n := 1; ; n++ {
		answers, err := p.ask(ctx, l)
		if err != nil {
			return err
		}
		again, err := p.judge(l, answers)
		if err == nil || !again || n == looks {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-tick.C:
		}
		if err := p.stage.Rest(ctx); err != nil {
			return err
		}
	}
}

// transient are refusals after which the same command is sent again, as docs/problems.md
// says of them.
var transient = []string{"contended", "agency_unknown"}

// ask sends what a line asks, and gives the answer: of a list each page.
func (p *player) ask(ctx context.Context, l line) (pages []office.Answer, err error) {
	who := p.people[l.text("who")]
	d, err := p.stage.Desk(who.Principal)
	if err != nil {
		return nil, err
	}
	if len(who.Roles) == 0 {
		d.Token = "" // who has no account has no token
	}
	path, err := p.address(l)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	if who.language != "" {
		header.Set("Accept-Language", who.language)
	}
	var body []byte
	switch {
	case l.op.Paper:
		body = []byte("%PDF-1.7\n" + l.text("paper"))
		header.Set("Content-Type", "application/pdf")
		header.Set("Idempotency-Key", uuid.NewString())
	case l.op.Method == http.MethodPost:
		with, err := p.eval(l.object("with"), false)
		if err != nil {
			return nil, err
		}
		if body, err = json.Marshal(with); err != nil {
			return nil, err
		}
		header.Set("Content-Type", "application/json")
		header.Set("Idempotency-Key", uuid.NewString())
	}
	for next := path; next != ""; {
		a, err := p.send(ctx, d, l, next, body, header)
		if err != nil {
			return nil, err
		}
		pages, next = append(pages, a), ""
		if link, ok := strings.CutPrefix(a.Header.Get("Link"), "<"); ok && l.op.reads() {
			next, _, _ = strings.Cut(link, ">")
		}
	}
	return pages, nil
}

// send sends one request, and holds the answer against the refusal that is expected.
func (p *player) send(ctx context.Context, d office.Desk, l line, path string, body []byte, header http.Header) (a office.Answer, err error) {
	code := ""
	for range looks {
		if a, err = d.Do(ctx, l.op.Method, path, body, header); err != nil {
			return a, err
		}
		var problem struct{ Code string }
		if a.Status >= 300 {
			if err := json.Unmarshal(a.Body, &problem); err != nil || problem.Code == "" {
				return a, fmt.Errorf("the answer is %d, and no problem: %s", a.Status, short(string(a.Body)))
			}
		}
		code = problem.Code
		if !slices.Contains(transient, code) || code == l.text("refused") {
			break
		}
		if err := p.stage.Rest(ctx); err != nil {
			return a, err
		}
	}
	switch refused := l.text("refused"); {
	case refused == code:
		return a, nil
	case code == "":
		return a, fmt.Errorf("%s is not refused", l.op.ID)
	case refused == "":
		return a, fmt.Errorf("%s is refused: %s", l.op.ID, short(string(a.Body)))
	default:
		return a, fmt.Errorf("%s is refused as %s, and not as %s", l.op.ID, code, refused)
	}
}

// address is the path of an operation, with its record and its filters.
func (p *player) address(l line) (string, error) {
	path := l.op.Path
	if l.op.names() {
		path = strings.Replace(path, "{id}", url.PathEscape(p.record(l.text("on"))), 1)
	}
	where, err := p.eval(l.object("where"), false)
	if err != nil {
		return "", err
	}
	query := url.Values{}
	for name, value := range where.(map[string]any) {
		query.Set(name, fmt.Sprint(value))
	}
	if slices.Contains(l.op.Query, "limit") && !query.Has("limit") {
		query.Set("limit", "200")
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, nil
}

// record is what was kept under a name, or the identifier that stands there.
func (p *player) record(name string) string {
	if m := reference.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	if id, ok := p.kept[name]; ok {
		return id
	}
	return name
}

// eval puts what was kept in the place of names, and instants in the place of times in
// words. Expected is set for what is compared with an answer.
func (p *player) eval(v any, expected bool) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, inner := range v {
			var err error
			if m[k], err = p.eval(inner, expected); err != nil {
				return nil, err
			}
		}
		return m, nil
	case []any:
		s := make([]any, len(v))
		for i, inner := range v {
			var err error
			if s[i], err = p.eval(inner, expected); err != nil {
				return nil, err
			}
		}
		return s, nil
	case string:
		m := reference.FindStringSubmatch(v)
		if m == nil {
			return v, nil
		}
		if kept, ok := p.kept[m[1]]; ok {
			return kept, nil
		}
		if expected && (m[1] == something || m[1] == nothing) {
			return presence(m[1] == something), nil
		}
		at, ok := moment(m[1], p.now())
		if !ok {
			return nil, fmt.Errorf("<%s> is neither kept nor a time", m[1])
		}
		if _, form := formed(m[1]); form != nil {
			return form(at), nil
		}
		if expected {
			return instant{at}, nil
		}
		return at.UTC().Format(time.RFC3339), nil
	}
	return v, nil
}

// judge holds an answer against what a line says of it, and keeps what it names. Again
// says that only something is missing, which may come.
func (p *player) judge(l line, pages []office.Answer) (again bool, err error) {
	var raw strings.Builder
	var items []any
	var answer any
	for _, a := range pages {
		raw.Write(a.Body)
		if len(a.Body) == 0 {
			continue
		}
		if err := json.Unmarshal(a.Body, &answer); err != nil {
			return false, fmt.Errorf("the answer is no JSON: %w", err)
		}
		if page, ok := answer.(map[string]any); ok {
			more, _ := page["items"].([]any)
			items = append(items, more...)
		}
	}
	if page, ok := answer.(map[string]any); ok && page["items"] != nil {
		page["items"] = items
	}
	if err := p.mustNot(l, answer, items, raw.String()); err != nil {
		return false, err
	}
	if err := p.must(l, answer, items, raw.String()); err != nil {
		return true, fmt.Errorf("%w\n  the answer: %s", err, short(raw.String()))
	}
	return true, p.keep(l, answer, strings.TrimSpace(raw.String()))
}

// mustNot judges what must not be in an answer.
func (p *player) mustNot(l line, answer any, items []any, raw string) error {
	hasNot, err := p.eval(l.object("has not"), true)
	if err != nil {
		return err
	}
	for name, inner := range hasNot.(map[string]any) {
		if lacking(map[string]any{name: inner}, answer) == "" {
			return fmt.Errorf("it has %s, and should not: %s", name, shown(inner))
		}
	}
	for _, field := range l.list("lacks") {
		parts, err := pathOf(fmt.Sprint(field))
		if err != nil {
			return err
		}
		if v, err := along(answer, parts); err == nil && !empty(v) {
			return fmt.Errorf("it should lack %s, and has it", field)
		}
	}
	not, err := p.eval(l.list("does not list"), true)
	if err != nil {
		return err
	}
	for _, item := range not.([]any) {
		if slices.ContainsFunc(items, func(v any) bool { return lacking(item, v) == "" }) {
			return fmt.Errorf("the list has %s, and should not", shown(item))
		}
	}
	if l.fields["lists nothing"] != nil && len(items) > 0 {
		return fmt.Errorf("the list should have nothing, and has %s", short(shown(items)))
	}
	return p.silent(l, raw)
}

// silent says what a text says that it never should.
func (p *player) silent(l line, raw string) error {
	for _, word := range l.list("never says") {
		if said := p.record(fmt.Sprint(word)); strings.Contains(raw, said) {
			return fmt.Errorf("it says %q, and never should", said)
		}
	}
	return nil
}

// must judges what must be in an answer.
func (p *player) must(l line, answer any, items []any, raw string) error {
	has, err := p.eval(l.object("has"), true)
	if err != nil {
		return err
	}
	for name, inner := range has.(map[string]any) {
		if lacks := lacking(map[string]any{name: inner}, answer); lacks != "" {
			return errors.New(lacks)
		}
	}
	lists, err := p.eval(l.list("lists"), true)
	if err != nil {
		return err
	}
	for _, item := range lists.([]any) {
		if !slices.ContainsFunc(items, func(v any) bool { return lacking(item, v) == "" }) {
			return fmt.Errorf("the list has no %s", shown(item))
		}
	}
	for _, word := range l.list("says") {
		if said := p.record(fmt.Sprint(word)); !strings.Contains(raw, said) {
			return fmt.Errorf("it does not say %q", said)
		}
	}
	return nil
}

// keep gives names to what is in an answer, or to all of it.
func (p *player) keep(l line, answer any, whole string) error {
	for name, path := range l.object("keep") {
		if path == theWhole {
			p.kept[name] = whole
			continue
		}
		words := within.ReplaceAllStringFunc(fmt.Sprint(path), p.record)
		parts, err := pathOf(words)
		if err != nil {
			return err
		}
		v, err := along(answer, parts)
		if err != nil {
			return err
		}
		id, ok := v.(string)
		if !ok || id == "" {
			return fmt.Errorf("keep %s: at %s is %s, and no text", name, words, short(shown(v)))
		}
		p.kept[name] = id
	}
	return nil
}

// hears judges the notices that came to an address since the last time.
func (p *player) hears(l line) error {
	address := p.people[l.text("who")].address
	all, err := p.stage.Notices(address)
	if err != nil {
		return err
	}
	fresh := slices.Clone(all)
	for _, old := range p.heard[address] {
		if i := slices.Index(fresh, old); i >= 0 {
			fresh = slices.Delete(fresh, i, i+1)
		}
	}
	p.heard[address] = all
	if nothing := l.text("hears") == "nothing"; nothing != (len(fresh) == 0) {
		return fmt.Errorf("%d notices came", len(fresh))
	}
	raw := strings.Join(fresh, "\n")
	if err := p.silent(l, raw); err != nil {
		return err
	}
	if err := p.must(l, nil, nil, raw); err != nil {
		return fmt.Errorf("%w\n  the notices: %s", err, short(raw))
	}
	for name := range l.object("keep") {
		code := typedCode.FindString(raw)
		if code == "" {
			return errors.New("no code is in the notice")
		}
		p.kept[name] = code
	}
	return nil
}

// typedCode is a code as a notice has it for who types it.
var typedCode = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// event looks for an event of a record among all that there are.
func (p *player) event(ctx context.Context, l line) error {
	all, err := p.stage.Events(ctx)
	if err != nil {
		return err
	}
	about := p.record(l.text("about"))
	found := slices.DeleteFunc(all, func(e Event) bool { return e.Type != l.text(l.kind) || e.Record != about })
	if none := l.kind == "no event"; none != (len(found) == 0) {
		return fmt.Errorf("there are %d such events", len(found))
	}
	var why error
	for _, e := range found {
		var data any
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return fmt.Errorf("the event is no JSON: %w", err)
		}
		if err := p.silent(l, string(e.Data)); err != nil {
			return err
		}
		if why = p.must(l, data, nil, string(e.Data)); why == nil {
			return nil
		}
	}
	return why
}
