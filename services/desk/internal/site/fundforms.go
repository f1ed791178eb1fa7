package site

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// What forms of the fund ask of the ledger and the board. A test holds the names against the contract.
type (
	ledgerShown struct {
		Commands  []string `json:"commands"`
		Donations []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"donations"`
	}
	boardShown struct {
		Trustees []struct {
			Seat    int    `json:"seat"`
			Subject string `json:"subject"`
		} `json:"trustees"`
	}
)

func (l ledgerShown) donors() map[string]string {
	all := map[string]string{}
	for _, one := range l.Donations {
		all["donation/"+one.ID] = one.Name
	}
	return all
}

// judged are the rules that a person judges. The others are compared with the call.
var judged = []string{"non_profit", "own_bank_account", "own_responsibility", "measures_against_sexual_exploitation", "papers_genuine"}

// reported are the headings of a report, in their order.
var reported = []string{"what_was_done", "what_changed", "what_was_difficult", "what_comes_next"}

// rows are the rows of a form that are there from the start: what each is about stands above it, and is
// not asked.
func (p *prefill) rows(at, about string, keys, labels []string, ask map[string]string) {
	if p.Asks == nil {
		p.Asks = map[string]map[string]string{}
	}
	p.Asks["/"+at] = map[string]string{}
	for i, key := range keys {
		n := strconv.Itoa(i)
		p.Values.Set("/"+at+"/"+n+"/"+about, key)
		p.Fixed = append(p.Fixed, at+"/"+n+"/"+about)
		p.Asks["/"+at][n], p.Asks["/"+at+"/"+n] = labels[i], ask
	}
}

// must has the browser ask for what each row needs.
func (p *prefill) must(at string, n int, names ...string) {
	for i := range n {
		for _, name := range names {
			p.Must = append(p.Must, "/"+at+"/"+strconv.Itoa(i)+"/"+name)
		}
	}
}

// appliedFor reads the application of the address, and its call.
func (v *visit) appliedFor() (a applied, c callFor, version string, all map[string]any, err error) {
	all, version, err = v.fundRecord("getApplication", v.PathValue("id"), &a)
	if err == nil {
		_, err = v.get("getCall", a.Call, nil, &c)
	}
	return a, c, version, all, err
}

// prefillDraft has the questions of the call, with what was answered.
func prefillDraft(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	_, c, version, all, err := v.appliedFor()
	if err != nil {
		return p, err
	}
	p.Version = version
	content, _ := all["content"].(map[string]any)
	answers := map[string]string{}
	list, _ := content["answers"].([]any)
	for _, one := range list {
		given, _ := one.(map[string]any)
		question, _ := given["question"].(string)
		answers[question], _ = given["text"].(string)
	}
	delete(content, "answers")
	form.Fill(v.W, p.Values, "", v.contract().Operations["saveApplication"].Body, content)
	var keys, labels []string
	for i, q := range c.Questions {
		text, _ := v.said(q.ID, q.Text)
		keys, labels = append(keys, q.ID), append(labels, text)
		p.Values.Set("/answers/"+strconv.Itoa(i)+"/text", answers[q.ID])
	}
	p.rows("answers", "question", keys, labels, map[string]string{"text": v.W.T("fund.answer")})
	return p, nil
}

// prefillPaper proposes the file that was given last.
func prefillPaper(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	a, _, version, _, err := v.appliedFor()
	p.Version = version
	if n := len(a.Files); n > 0 {
		p.Values.Set("/file", a.Files[n-1].ID)
	}
	return p, err
}

func prefillJudge(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}, Version: v.FormValue(versionField)}
	var labels []string
	for _, rule := range judged {
		labels = append(labels, v.W.Code("EligibilityRule", rule))
	}
	p.rows("findings", "rule", judged, labels, map[string]string{"met": v.pointer("/met"), "reason": v.pointer("/reason")})
	p.must("findings", len(judged), "met", "reason")
	return p, nil
}

// prefillScores has the criteria of the call.
func prefillScores(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	_, c, version, _, err := v.appliedFor()
	if err != nil {
		return p, err
	}
	p.Version = version
	var keys, labels []string
	for _, q := range c.Criteria {
		text, _ := v.said(q.ID, q.Text)
		keys, labels = append(keys, q.ID), append(labels, v.W.T("fund.criterion", "Text", text, "Weight", strconv.Itoa(q.Weight)))
	}
	p.rows("scores", "criterion", keys, labels, map[string]string{"points": v.W.T("fund.points"), "reason": v.pointer("/reason")})
	p.must("scores", len(keys), "points", "reason")
	return p, nil
}

// prefillSelect proposes what was requested.
func prefillSelect(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	a, _, version, _, err := v.appliedFor()
	p.Version = version
	p.Values.Set("/amount_cents", form.Dollars(int64(a.RequestedCents)))
	return p, err
}

// whole is a command whose rows are there from the start: a question without an answer has an empty text, and a line
// of the budget on which nothing was spent is left out.
func whole(o api.Operation, body map[string]any) map[string]any {
	switch o.ID {
	case "saveApplication":
		answers, _ := body["answers"].([]any)
		for _, one := range answers {
			if given, ok := one.(map[string]any); ok && given["text"] == nil {
				given["text"] = ""
			}
		}
	case "submitReport":
		if spending, ok := body["spending"].([]any); ok {
			body["spending"] = slices.DeleteFunc(spending, func(one any) bool {
				line, ok := one.(map[string]any)
				return ok && line["cents"] == nil
			})
		}
	}
	return body
}

func (v *visit) grantOf() (g granted, version string, all map[string]any, err error) {
	all, version, err = v.fundRecord("getGrant", v.PathValue("id"), &g)
	return g, version, all, err
}

// prefillSign is for the draft that the person has before them.
func prefillSign(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}, Fixed: []string{"draft"}}
	g, version, _, err := v.grantOf()
	p.Version = version
	p.Values.Set("/draft", strconv.Itoa(g.Draft))
	return p, err
}

// turns say of which instalment a command is.
var turns = map[string]func(instalment) bool{
	"orderPayment":   func(i instalment) bool { return !i.Paid && !i.Ordered },
	"confirmPayment": func(i instalment) bool { return !i.Paid && i.Ordered },
	"acceptReport":   func(i instalment) bool { return i.Report == "submitted" },
	"sendReportBack": func(i instalment) bool { return i.Report == "submitted" },
	"submitReport":   func(i instalment) bool { return i.Report == "expected" || i.Report == "sent_back" },
}

func (p *prefill) instalment(op string, g granted) {
	for _, i := range g.Instalments {
		if turns[op](i) {
			p.Values.Set("/instalment", strconv.Itoa(i.Number))
			p.Fixed = append(p.Fixed, "instalment")
			return
		}
	}
}

// prefillInstalment is for the instalment whose turn it is, which the title says.
func prefillInstalment(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	g, version, _, err := v.grantOf()
	p.Version = version
	p.instalment(v.PathValue("op"), g)
	if n := p.Values.Get("/instalment"); n != "" {
		p.Title = v.W.T("fund.of_instalment", "Command", v.W.T("command."+v.PathValue("op")), "Number", n)
	}
	return p, err
}

// prefillReport has the headings, and the lines of the budget.
func prefillReport(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	g, version, _, err := v.grantOf()
	if err != nil {
		return p, err
	}
	p.Version = version
	p.instalment("submitReport", g)
	var labels, lines []string
	for _, heading := range reported {
		labels = append(labels, v.W.Code("GrantReportHeading", heading))
	}
	for _, line := range g.Budget {
		lines = append(lines, line.Line)
	}
	p.rows("narrative", "heading", reported, labels, map[string]string{"text": v.W.T("fund.answer")})
	p.must("narrative", len(reported), "text")
	p.rows("spending", "line", lines, lines, map[string]string{"cents": v.W.T("fund.spent")})
	if len(g.Papers) == 0 {
		p.Fixed = append(p.Fixed, "papers") // there is none to name
	}
	return p, nil
}

// prefillAgreement is what stands in the draft, or what was awarded.
func prefillAgreement(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}, Fixed: []string{"application", "agency"}}
	op := v.contract().Operations["draftAgreement"]
	if v.PathValue("id") != unnamed {
		_, version, all, err := v.grantOf()
		form.Fill(v.W, p.Values, "", op.Body, all)
		p.Version = version
		return p, err
	}
	var a struct {
		applied
		Content struct {
			Months int `json:"months"`
			Budget []struct {
				Description string `json:"description"`
				Unit        int64  `json:"unit_cents"`
				Quantity    int64  `json:"quantity"`
				Months      int64  `json:"months"`
			} `json:"budget"`
		} `json:"content"`
		Decision struct {
			Cents int64 `json:"amount_cents"`
		} `json:"decision"`
	}
	_, err := v.get("getApplication", v.Form.Get("/application"), nil, &a)
	for name, value := range map[string]string{
		"application": a.ID, "agency": a.Agency, "name": a.Name, "cents": form.Dollars(a.Decision.Cents), "months": strconv.Itoa(a.Content.Months),
	} {
		p.Values.Set("/"+name, value)
	}
	for i, line := range a.Content.Budget {
		at := "/budget/" + strconv.Itoa(i)
		p.Values.Set(at+"/line", line.Description)
		p.Values.Set(at+"/cents", form.Dollars(line.Unit*line.Quantity*line.Months))
	}
	return p, err
}

func prefillCall(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	var c callFor
	return p, p.read(v, "amendCall", "getCall", &c)
}

// prefillToday proposes this day.
func prefillToday(pointer string) func(*visit) (prefill, error) {
	return func(v *visit) (prefill, error) {
		today := v.site.cfg.Clock().In(v.W.Zone).Format(time.DateOnly)
		return prefill{Values: url.Values{pointer: {today}}, Version: v.FormValue(versionField)}, nil
	}
}

func callLanguages(v *visit) (all []form.Option, err error) {
	_, c, _, _, err := v.appliedFor()
	for _, language := range c.Languages {
		all = append(all, form.Option{Value: language, Label: v.W.Language(language)})
	}
	return all, err
}

func callPriorities(v *visit) (all []form.Option, err error) {
	_, c, _, _, err := v.appliedFor()
	for _, code := range c.Priorities {
		all = append(all, form.Option{Value: code, Label: v.W.Code("FundPriority", code)})
	}
	return all, err
}

func callCountries(v *visit) (all []form.Option, err error) {
	_, c, _, _, err := v.appliedFor()
	for _, code := range c.Countries {
		all = append(all, form.Option{Value: code, Label: v.W.Code("Country", code)})
	}
	return all, err
}

// given is a file in words: it has no name, so its kind, its size and its number tell it apart.
func (v *visit) given(id, kind string, size float64) form.Option {
	return form.Option{Value: id, Label: number(id) + " · " + kind + " · " + strconv.Itoa(int(size/1024)+1) + " KB"}
}

func filesGiven(v *visit) (all []form.Option, err error) {
	a, _, _, _, err := v.appliedFor()
	for _, f := range slices.Backward(a.Files) { // the one that was just given comes first
		all = append(all, v.given(f.ID, f.Type, f.Size))
	}
	return all, err
}

func papersAsked(v *visit) (all []form.Option, err error) {
	_, c, _, _, err := v.appliedFor()
	for _, code := range c.Papers {
		all = append(all, form.Option{Value: code, Label: v.W.Code("FundPaper", code)})
	}
	return all, err
}

func questionsOpen(v *visit) (all []form.Option, err error) {
	var c callFor
	_, err = v.get("getCall", v.PathValue("id"), nil, &c)
	for _, q := range c.Clarifications {
		if q.Answer == "" {
			all = append(all, form.Option{Value: q.ID, Label: isolate(q.Question)})
		}
	}
	return all, err
}

func assessorsAsked(v *visit) (all []form.Option, err error) {
	a, _, _, _, err := v.appliedFor()
	for _, one := range a.Assessors {
		if !one.Scored && one.Freed == "" {
			all = append(all, form.Option{Value: strconv.Itoa(one.Place), Label: isolate(one.Assessor)})
		}
	}
	return all, err
}

func donationsThere(v *visit) (all []form.Option, err error) {
	var l ledgerShown
	_, err = v.get("getLedger", "", nil, &l)
	for _, one := range l.Donations {
		all = append(all, form.Option{Value: one.ID, Label: isolate(one.Name)})
	}
	return all, err
}

func seatsTaken(v *visit) (all []form.Option, err error) {
	var b boardShown
	_, err = v.get("listTrustees", "", nil, &b)
	for _, one := range b.Trustees {
		all = append(all, form.Option{Value: strconv.Itoa(one.Seat), Label: strconv.Itoa(one.Seat) + " · " + isolate(one.Subject)})
	}
	return all, err
}

func grantPapers(v *visit) (all []form.Option, err error) {
	g, _, _, err := v.grantOf()
	for _, f := range slices.Backward(g.Papers) {
		all = append(all, v.given(f.ID, f.Type, f.Size))
	}
	return all, err
}
