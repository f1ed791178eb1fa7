package guarantees_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// aCode is what the village was told, and where.
type aCode struct {
	text, to string
	// dead is set once it was refused at rest, while it was not locked.
	dead bool
}

// collect reads what the village was told.
func (t *town) collect() {
	t.t.Helper()
	files, err := filepath.Glob(filepath.Join(t.config.Dir, "notices", "*"))
	if err != nil {
		t.t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.t.Fatal(err)
		}
		var to string
		if message, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil && strings.HasSuffix(file, ".eml") {
			to = strings.Trim(message.Header.Get("To"), "<>")
			if raw, err = io.ReadAll(quotedprintable.NewReader(message.Body)); err != nil {
				t.t.Fatal(err)
			}
		} else if _, rest, is := bytes.Cut(raw, []byte("To: ")); is {
			line, _, _ := bytes.Cut(rest, []byte("\n"))
			to = strings.TrimSpace(string(line))
		}
		codes := []string{typedCode.FindString(string(raw))}
		if link := linked.FindSubmatch(raw); link != nil {
			codes = append(codes, string(link[1]))
		}
		for _, code := range codes {
			if code != "" && t.codes[code+to] == nil {
				t.codes[code+to] = &aCode{text: code, to: to}
			}
		}
	}
}

func (t *town) toldNow(c *aCode) bool {
	return slices.ContainsFunc(t.mailbox, func(ch map[string]string) bool { return ch["address"] == c.to })
}

// nobody is who has no token: what they are shown is read as well.
func (t *town) nobody() office.Desk {
	return office.Desk{Base: t.Base(), HTTP: &http.Client{Transport: listening{t.http.Transport, t, nil}, Timeout: t.http.Timeout}}
}

func (t *town) anonymous(path string, body any) office.Answer {
	t.t.Helper()
	var raw []byte
	header := http.Header{"Content-Type": {"application/json"}}
	if form, is := body.(url.Values); is {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		raw = []byte(form.Encode())
	} else {
		raw = encode(body)
	}
	a, err := t.nobody().Do(t.t.Context(), http.MethodPost, path, raw, header)
	if err != nil {
		t.t.Error(err)
	}
	if path != "/answer" {
		t.answered(nil, "POST", path, a)
	} else if a.Status >= 500 {
		t.fail("answers are known", nil, "the page: %d %s", a.Status, a.Body)
	}
	return a
}

// code is what a code opens: the offer, or the page that asks about copies.
func (t *town) code(c *aCode) (respondBy time.Time, offered, letsGo bool) {
	a := t.anonymous("/v1/answers/open", m{"code": c.text})
	if a.Status == http.StatusOK {
		var offer struct {
			RespondBy time.Time `json:"respond_by"`
		}
		if err := json.Unmarshal(a.Body, &offer); err != nil {
			t.t.Error(err)
		}
		return offer.RespondBy, true, false
	}
	page := t.anonymous("/answer", url.Values{"code": {c.text}})
	return time.Time{}, false, bytes.Contains(page.Body, []byte(`value="kept_by_law"`))
}

// awaited finds the referral that waits for the village's answer until an instant.
func (t *town) awaited(until time.Time) *ask {
	for _, a := range t.asks() {
		if a.on[village] == nil {
			continue
		}
		head := t.who(func(p *person) bool { return p.of(a.desk) && p.is("supervisor") })
		if _, r := t.get(head, "/v1/referrals/"+a.id); r.Due.Equal(until) {
			return a
		}
	}
	return nil
}

// byCode is what the village does, and who found its codes.
func (t *town) byCode() {
	if t.at(60) {
		t.idle()
	}
	t.collect()
	alive := make([]*aCode, 0, len(t.codes))
	for _, c := range t.codes {
		if !c.dead {
			alive = append(alive, c)
		}
	}
	slices.SortFunc(alive, func(a, b *aCode) int { return strings.Compare(a.text+a.to, b.text+b.to) })
	c := oneOf(t.r, alive)
	if c == nil {
		return
	}
	until, offered, letsGo := t.code(c)
	switch {
	case letsGo:
		form := url.Values{"code": {c.text}, "erasure": {"deleted"}}
		if t.at(40) {
			form = url.Values{"code": {c.text}, "erasure": {"kept_by_law"}, "ground": {"An act"}, "until": {t.now().AddDate(0, 0, 20).Format(time.DateOnly)}, "told": {"no"}}
		}
		t.anonymous("/answer", form)
		t.did["let go by code"]++
	case offered:
		for _, c := range t.cases {
			t.discover(c)
		}
		a := t.awaited(until)
		if a == nil {
			return // it is gone meanwhile, or judged when all is at rest
		}
		t.answerBy(c, a)
	}
}

func (t *town) answerBy(c *aCode, a *ask) {
	note := func(what string) { t.note(a.aCase, "the village by code: "+what+" "+a.id) }
	switch n := t.r.IntN(10); {
	case n < 2 && typedCode.MatchString(c.text):
		for i := range 5 {
			if got := t.anonymous("/v1/answers/open", m{"code": other(c.text, i)}); got.Status == http.StatusOK {
				t.fail("no code opens what it must not", a.aCase, "a wrong code opens %s", a.id)
			}
		}
		note("five wrong tries")
		if got := t.anonymous("/v1/answers/open", m{"code": c.text}); got.Status == http.StatusOK {
			t.fail("no code opens what it must not", a.aCase, "after five wrong tries the typed code opens %s", a.id)
		}
		t.did["locked"]++
	case n < 3:
		t.tell("invite again", t.here(a.aCase), a.aCase, "/v1/referrals/"+a.id+"/invite", m{"agency": village})
	case n < 8:
		if got := t.anonymous("/v1/answers", m{"code": c.text, "answer": "accept"}); got.Status == http.StatusOK {
			note("accept")
			a.taken(village)
			t.did["accept by code"]++
		}
	default:
		if got := t.anonymous("/v1/answers", m{"code": c.text, "answer": "decline", "reason": "at_capacity"}); got.Status == http.StatusOK {
			note("decline")
			t.refreshed(a)
		}
	}
}

// stale judges every code that was ever told, while everything is at rest.
func (t *town) stale(when string) {
	t.t.Helper()
	t.collect()
	for _, c := range t.cases {
		t.discover(c)
	}
	// What is refused is answered late, so all are asked at once; and of those that were
	// refused before, some.
	var asked []*aCode
	for _, name := range slices.Sorted(maps.Keys(t.codes)) {
		if c := t.codes[name]; !c.dead || t.at(30) {
			asked = append(asked, c)
		}
	}
	type opens struct {
		until           time.Time
		offered, letsGo bool
	}
	all := make([]opens, len(asked))
	var wg sync.WaitGroup
	for i, c := range asked {
		wg.Go(func() { all[i].until, all[i].offered, all[i].letsGo = t.code(c) })
	}
	wg.Wait()
	for i, c := range asked {
		until, offered, letsGo := all[i].until, all[i].offered, all[i].letsGo
		switch {
		case !offered && !letsGo:
			if !typedCode.MatchString(c.text) { // a typed one may be locked for now
				c.dead = true
			}
			t.saw["codes refused"]++
			continue
		case !t.toldNow(c):
			t.fail("no code opens what it must not", nil, "%s: a code opens that was told to a channel which is gone", when)
		case c.dead:
			t.fail("no code opens what it must not", nil, "%s: a code opens again that was refused", when)
		}
		t.saw["codes that open"]++
		if !offered {
			continue
		}
		a := t.awaited(until)
		if a == nil {
			t.fail("no code opens what it must not", nil, "%s: a code opens that belongs to no referral of this town", when)
			continue
		}
		head := t.who(func(p *person) bool { return p.of(a.desk) && p.is("supervisor") })
		if _, r := t.get(head, "/v1/referrals/"+a.id); a.no || r.Status != "requested" && r.Status != "received" {
			t.fail("no code opens what it must not", a.aCase, "%s: a code opens %s, which is %s", when, a.id, r.Status)
		}
	}
}
