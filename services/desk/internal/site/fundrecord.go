package site

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// fundRow is a value of a record. Path leads to what it names; empty for nowhere.
type fundRow struct{ Label, Text, Path string }

// named says that a value has a name; what a person wrote under a heading has none.
func (r fundRow) named() bool { return r.Label != "" }

// fundPart is a part of a record, as the contract has it.
type fundPart struct {
	Title string
	Rows  []fundRow
	// Items are the entries of a list, and Parts are parts of their own.
	Items []fundPart
	Parts []fundPart
	// Closed says that it stands behind a touch: it is one of many.
	Closed bool
}

// fundShown is a record with what else its page needs.
type fundShown struct {
	fundPart
	// Notes are said above it; Pressing are those that press.
	Notes, Pressing []string
	Buttons         []button
	Ways            []link
	// Apply is the call for which an application may begin; empty for none.
	Apply string
}

// fundHeads are what stands on the line of an entry, by the list that has it.
var fundHeads = map[string][]string{
	"answers": {"question"}, "questions": {"text"}, "criteria": {"text", "weight"}, "budget": {"line", "cents", "category", "description"},
	"papers": {"paper", "type"}, "files": {"type", "size"}, "findings": {"rule", "met"}, "assessors": {"assessor", "scored"},
	"assessments": {"place", "total_hundredths"}, "scores": {"criterion", "points"}, "votes": {"trustee", "vote"},
	"clarifications": {"question"}, "donations": {"name", "pledged_cents"}, "awards": {"country", "sub_programme", "cents"},
	"draws": {"donation", "cents"}, "paid": {"on", "cents"}, "instalments": {"instalment", "cents", "report"}, "narrative": {"heading"},
	"spending": {"line", "cents"}, "audits": {"result", "at"}, "extensions": {"granted", "months"}, "trustees": {"seat", "subject"},
	"items": {"service", "period", "at_least"},
}

var wholeCents = regexp.MustCompile(`[0-9]+`)

// many is how many entries of a list stand open.
const many = 12

// fundLabels are what the fund calls some values that other rooms call otherwise.
var fundLabels = map[string]string{
	"answers":     "fund.label_answers",
	"answer":      "fund.label_answer",
	"content":     "fund.label_content",
	"number":      "fund.label_number",
	"opens_at":    "fund.label_opens_at",
	"opens":       "fund.label_opens",
	"closes":      "fund.label_closes",
	"reason":      "fund.label_reason",
	"result":      "fund.label_result",
	"eligibility": "fund.label_eligibility",
	"asked":       "fund.label_asked",
	"found":       "fund.label_found",
	"overdue":     "fund.label_overdue",
	"name":        "fund.label_name",
	"on":          "fund.label_on",
	"words":       "fund.label_words",
	"narrative":   "fund.label_narrative",
	"title":       "fund.label_title",
	"draft":       "fund.label_draft",
	"due":         "fund.label_due",
	"note":        "fund.label_note",
	"last":        "fund.label_last",
	"subject":     "fund.label_subject",
	"assessor":    "fund.label_assessor",
	"type":        "fund.label_type",
	"since":       "fund.label_since",
	"receipt":     "fund.receipt",
	"id":          "fund.label_id",
	"report":      "fund.label_report",
}

// drawing draws an answer of the fund by its schema. What it says of terms, by the name of the value and their ids, comes from elsewhere.
type drawing struct {
	*visit
	terms map[string]string
	// path is the page of the record, under which its files are.
	path   string
	hidden []string
}

func (d drawing) part(title string, s *api.Schema, value map[string]any, placed ...string) fundPart {
	p := fundPart{Title: title}
	for _, q := range s.Properties {
		one, there := value[q.Name]
		if !there || slices.Contains(d.hidden, q.Name) || slices.Contains(placed, q.Name) {
			continue
		}
		label := d.label(q.Name)
		switch one := one.(type) {
		case map[string]any:
			p.Parts = append(p.Parts, d.part(label, q.Schema, one))
		case []any:
			d.list(&p, label, q, one)
		default:
			if row := d.row(label, q.Name, q.Schema, one); row.Text != "" {
				p.Rows = append(p.Rows, row)
			}
		}
	}
	if id, ok := value["id"].(string); ok && strings.HasPrefix(id, "file_") {
		p.Rows = append(p.Rows, d.file(id))
	}
	return p
}

// label is what a value is called; the text of an entry, whose line says what it is about, has no name.
func (d drawing) label(name string) string {
	if name == "text" {
		return ""
	}
	if own, ok := fundLabels[name]; ok {
		return d.W.T(own)
	}
	return d.pointer("/" + name)
}

// relabel has a form of the fund say what the fund calls its fields.
func (v *visit) relabel(o api.Operation, fields []form.Field) []form.Field {
	if o.Service != "trust-fund" {
		return fields
	}
	for i, f := range fields {
		if own, ok := fundLabels[f.Name[strings.LastIndex(f.Name, "/")+1:]]; ok {
			fields[i].Label, fields[i].Help = v.W.T(own), ""
			if f.Kind == form.Rows {
				for row := range f.Fields {
					f.Fields[row].Label = fields[i].Label + " " + strconv.Itoa(row+1)
				}
			}
		}
		v.relabel(o, f.Fields)
	}
	return fields
}

// file is the way to a file of the record.
func (d drawing) file(id string) fundRow {
	return fundRow{d.pointer("/file"), d.W.T("room.open_file"), d.path + "/file/" + url.PathEscape(id)}
}

func (d drawing) list(p *fundPart, label string, q api.Property, list []any) {
	if text, is := d.wording(q.Schema, list); is {
		p.Rows = append(p.Rows, fundRow{Label: label, Text: text})
		return
	}
	var texts []string
	part := fundPart{Title: label}
	for _, one := range list {
		switch one := one.(type) {
		case map[string]any:
			heads := fundHeads[q.Name]
			item := d.part(d.head(q, one), q.Schema.Items, one, heads...)
			if rule, ok := one["rule"].(string); ok {
				for i, row := range item.Rows {
					item.Rows[i].Text = d.compared(rule, row.Text)
				}
			}
			item.Closed = len(list) > many && len(item.Rows)+len(item.Items)+len(item.Parts) > 0
			part.Items = append(part.Items, item)
		case string:
			if strings.HasPrefix(one, "file_") {
				p.Rows = append(p.Rows, d.file(one))
				continue
			}
			texts = append(texts, d.text(q.Name, q.Schema.Items, one))
		}
	}
	if len(texts) > 0 {
		p.Rows = append(p.Rows, fundRow{Label: label, Text: d.visit.list(texts)})
	}
	if len(part.Items) > 0 {
		p.Parts = append(p.Parts, part)
	}
}

// wording is a text that is there in several languages.
func (d drawing) wording(s *api.Schema, list []any) (string, bool) {
	if s.Items == nil || s.Items.Name != "Wording" {
		return "", false
	}
	var texts []programmeText
	for _, one := range list {
		if w, ok := one.(map[string]any); ok {
			language, _ := w["language"].(string)
			text, _ := w["text"].(string)
			texts = append(texts, programmeText{language, text})
		}
	}
	text, _ := d.said("", texts)
	return text, true
}

// head is the line of an entry.
func (d drawing) head(q api.Property, value map[string]any) string {
	var words []string
	for _, name := range fundHeads[q.Name] {
		one, there := value[name]
		s := q.Schema.Items.Property(name)
		if !there || s == nil {
			continue
		}
		if list, ok := one.([]any); ok {
			text, _ := d.wording(s, list)
			words = append(words, isolate(text))
			continue
		}
		row := d.row(d.label(name), name, s, one)
		switch one.(type) {
		case string:
			words = append(words, isolate(row.Text))
		default:
			words = append(words, isolate(row.Label+": "+row.Text))
		}
	}
	return strings.Join(words, " · ")
}

// row is one value in words.
func (d drawing) row(label, name string, s *api.Schema, value any) fundRow {
	row := fundRow{Label: label}
	switch value := value.(type) {
	case bool:
		row.Text = d.W.T(map[bool]string{true: "yes", false: "no"}[value])
	case float64:
		row.Text = d.amount(name, value)
	case string:
		row.Text = d.text(name, s, value)
		switch {
		case strings.HasPrefix(value, "call_"):
			row.Path = "/desk/calls/" + url.PathEscape(value)
		case strings.HasPrefix(value, "application_"):
			row.Text, row.Path = d.W.T("fund.application", "Number", number(value)), "/desk/applications/"+url.PathEscape(value)
		case strings.HasPrefix(value, "file_"):
			row = d.file(value)
		}
	}
	return row
}

// day is a day in words.
func (d drawing) day(at time.Time) string {
	return d.W.Moment("format.day", time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, d.W.Zone))
}

// compared is what the service compared by a rule, in words: it says days, amounts in cents and countries as they are kept.
func (d drawing) compared(rule, value string) string {
	switch day, err := time.Parse(time.DateOnly, value); {
	case err == nil:
		return d.day(day)
	case rule == "amount_of_call":
		value = wholeCents.ReplaceAllStringFunc(value, func(n string) string {
			cents, _ := strconv.ParseFloat(n, 64)
			return d.money(cents)
		})
	case rule == "country_of_call":
		return d.W.Code("Country", value)
	}
	return strings.ReplaceAll(value, "..", " – ")
}

func (d drawing) text(name string, s *api.Schema, value string) string {
	if term, ok := d.terms[name+"/"+value]; ok {
		return term
	}
	if day, err := time.Parse(time.DateOnly, value); err == nil && s.Format == "date" {
		return d.day(day)
	}
	if at, err := time.Parse(time.RFC3339, value); err == nil && (name == "closes_at" || name == "opens_at") {
		return d.vienna(at)
	}
	if s.Name == "Language" {
		return d.W.Language(value)
	}
	return d.valued(s, value)
}

func (d drawing) amount(name string, n float64) string {
	switch {
	case name == "cents", strings.HasSuffix(name, "_cents"):
		return d.money(n)
	case strings.HasSuffix(name, "_hundredths"):
		return points(n)
	}
	return digits(n)
}

// money is an amount of US dollars, from cents.
func (v *visit) money(cents float64) string {
	whole, rest := int64(cents)/100, int64(cents)%100
	text := strconv.FormatInt(whole, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if rest != 0 {
		text += "." + strconv.FormatInt(100+rest, 10)[1:]
	}
	return v.W.T("fund.money", "Amount", text)
}

// points are those of an assessment, from hundredths.
func points(n float64) string { return strconv.FormatFloat(n/100, 'f', 2, 64) }

// fundRecord reads a record into two shapes: what the page asks, and all for the drawing.
func (v *visit) fundRecord(op, id string, out any) (all map[string]any, version string, err error) {
	answer, err := v.get(op, id, nil, out)
	if err == nil {
		err = json.Unmarshal(answer.Body, &all)
	}
	return all, answer.Version, err
}

func (v *visit) answerOf(op string) *api.Schema { return v.contract().Operations[op].Answer }

func (v *visit) fundCall() (templ.Component, error) {
	var c callFor
	all, version, err := v.fundRecord("getCall", v.PathValue("id"), &c)
	if err != nil {
		return nil, err
	}
	title, _ := v.said(c.Number, c.Title)
	hidden := []string{"id", "commands", "title", "opens", "closes", "open"}
	shown := fundShown{fundPart: drawing{visit: v, hidden: hidden}.part(title, v.answerOf("getCall"), all)}
	if c.Open {
		shown.Notes = []string{v.W.T("fund.open_until", "At", v.vienna(c.ClosesAt))}
		if anyOf("fund_applicant")(v) {
			shown.Apply = c.ID
		}
	}
	commands, _ := all["commands"].([]any)
	shown.Buttons = v.buttons("call", texts(commands), c.ID, version)
	of := "?" + url.Values{"call": {c.ID}}.Encode()
	if anyOf("fund_manager")(v) {
		shown.Ways = append(shown.Ways, link{Path: "/desk/received" + of, Label: v.W.T("fund.received")})
	}
	if anyOf("fund_manager", "trustee")(v) {
		shown.Ways = append(shown.Ways, link{Path: "/desk/ranking" + of, Label: v.W.T("fund.ranking")})
	}
	return fundPage(v, shown), nil
}

func texts(list []any) (all []string) {
	for _, one := range list {
		if text, ok := one.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// terms are the call with its questions and criteria in words, by the name of the value and their ids.
func (v *visit) terms(c callFor) map[string]string {
	all := map[string]string{}
	for _, q := range c.Questions {
		all["question/"+q.ID], _ = v.said(q.ID, q.Text)
	}
	for _, q := range c.Criteria {
		all["criterion/"+q.ID], _ = v.said(q.ID, q.Text)
	}
	if title, _ := v.said(c.Number, c.Title); title != "" {
		all["call/"+c.ID] = title
	}
	return all
}

func (v *visit) fundApplication() (templ.Component, error) {
	var a applied
	all, version, err := v.fundRecord("getApplication", v.PathValue("id"), &a)
	if err != nil {
		return nil, err
	}
	var c callFor
	if _, err := v.get("getCall", a.Call, nil, &c); err != nil && lost(err) {
		return nil, err
	}
	path := "/desk/applications/" + url.PathEscape(a.ID)
	d := drawing{visit: v, terms: v.terms(c), path: path, hidden: []string{"id", "commands", "sha256", "changed"}}
	placed := []string{"name"}
	if all["content"] != nil { // they stand there, too
		placed = append(placed, "country", "requested_cents")
	}
	shown := fundShown{fundPart: d.part(cmp.Or(a.Name, v.W.T("fund.application", "Number", number(a.ID))), v.answerOf("getApplication"), all, placed...)}
	commands := a.Commands
	switch {
	case a.Own != nil && a.Own.Interest == "":
		shown.Pressing = []string{v.W.T("fund.declare_first")}
	case a.Own != nil && !a.Own.Scored:
		shown.Notes = []string{v.W.T("fund.blind")}
	case a.Agency == v.S.Agency && anyOf("fund_applicant")(v):
		if c.Open {
			shown.Notes = append(shown.Notes, v.W.T("fund.open_until", "At", v.vienna(c.ClosesAt)))
		}
		if a.Status == "draft" && c.Open {
			shown.Pressing = append(shown.Pressing, v.W.T("fund.not_submitted"))
		} else if a.Changed && c.Open {
			shown.Pressing = append(shown.Pressing, v.W.T("fund.changed"))
		}
		if a.Status != "draft" {
			shown.Ways = append(shown.Ways, link{Path: path + "/receipt", Label: v.W.T("fund.receipt")})
		}
	case anyOf("fund_manager")(v):
		if a.Status == "selected" { // it takes two records, so no answer offers it
			commands = append(commands, "awardApplication")
		}
		if a.Status == "awarded" {
			way := v.newForm("draftAgreement", "/desk/grants")
			way.Path += "&" + url.Values{"/application": {a.ID}}.Encode()
			shown.Ways = append(shown.Ways, way)
		}
		if a.ThirdNeeded {
			shown.Pressing = append(shown.Pressing, v.W.T("fund.third"))
		}
	}
	shown.Buttons = v.buttons("application", commands, a.ID, version)
	return fundPage(v, shown), nil
}

// fundReceipt is the receipt, to be printed.
func (v *visit) fundReceipt() (templ.Component, error) {
	var a applied
	if _, err := v.get("getApplication", v.PathValue("id"), nil, &a); err != nil {
		return nil, err
	}
	var c callFor
	if _, err := v.get("getCall", a.Call, nil, &c); err != nil && lost(err) {
		return nil, err
	}
	var receipt struct{}
	all, _, err := v.fundRecord("getApplicationReceipt", v.PathValue("id"), &receipt)
	if err != nil {
		return nil, err
	}
	d := drawing{visit: v, terms: v.terms(c), path: "/desk/applications/" + url.PathEscape(v.PathValue("id"))}
	v.sheet = true
	return fundReceiptPage(v, d.part(v.W.T("fund.receipt"), v.answerOf("getApplicationReceipt"), all), d.path), nil
}

func (v *visit) fundGrant() (templ.Component, error) {
	var g granted
	all, version, err := v.fundRecord("getGrant", v.PathValue("id"), &g)
	if err != nil {
		return nil, err
	}
	d := drawing{visit: v, path: "/desk/grants/" + url.PathEscape(g.ID), hidden: []string{"id", "commands", "sha256", "overdue"}}
	shown := fundShown{fundPart: d.part(g.Name, v.answerOf("getGrant"), all, "name")}
	if g.Overdue {
		shown.Pressing = []string{v.W.T("fund.report_late")}
	}
	var none struct{}
	served, _, err := v.fundRecord("getGrantServed", g.ID, &none)
	if lost(err) {
		return nil, err
	}
	if err == nil {
		shown.Parts = append(shown.Parts, d.part(v.W.T("fund.served"), v.answerOf("getGrantServed"), served))
	}
	shown.Buttons = v.buttons("grant", g.Commands, g.ID, version)
	return fundPage(v, shown), nil
}

func (v *visit) fundLedger() (templ.Component, error) {
	var l ledgerShown
	all, version, err := v.fundRecord("getLedger", "", &l)
	if err != nil {
		return nil, err
	}
	d := drawing{visit: v, terms: l.donors(), hidden: []string{"id", "commands"}}
	shown := fundShown{fundPart: d.part(v.W.T("fund.ledger"), v.answerOf("getLedger"), all)}
	shown.Buttons = v.buttons("ledger", l.Commands, unnamed, version)
	return fundPage(v, shown), nil
}

func (v *visit) fundBoard() (templ.Component, error) {
	var b boardShown
	all, _, err := v.fundRecord("listTrustees", "", &b)
	if err != nil {
		return nil, err
	}
	shown := fundShown{fundPart: drawing{visit: v}.part(v.W.T("fund.trustees"), v.answerOf("listTrustees"), all)}
	if anyOf("fund_manager")(v) { // a list offers no commands
		commands := []string{"appointTrustee"}
		if len(b.Trustees) > 0 {
			commands = append(commands, "endTrusteeship")
		}
		shown.Buttons = v.buttons("trustees", commands, unnamed, "")
	}
	return fundPage(v, shown), nil
}
