package site

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// The pages that an examination has beside those of every room.
func (s *Site) clinicPages() {
	s.page("GET /desk/examinations/{id}/steps", s.examinationSteps)
	s.page("GET /desk/examinations/{id}/body", s.bodyMap)
	s.page("GET /desk/examinations/{id}/body/map.svg", func(v *visit) (templ.Component, error) { return nil, v.bodyDrawing() })
	s.page("GET /desk/examinations/{id}/certificate", s.certificates)
	s.page("GET /desk/examinations/{id}/certificate/{certificate}/{part}", func(v *visit) (templ.Component, error) { return nil, v.certificatePart() })
	s.custodyPages()
	s.kitPages()
}

// examined is an examination as these pages read it. A test holds the names against the contract.
type examined struct {
	ID          string        `json:"id"`
	Referral    string        `json:"referral"`
	Case        string        `json:"case"`
	Commands    []string      `json:"commands"`
	Steps       []examStep    `json:"steps"`
	Findings    []examFinding `json:"findings"`
	Exhibits    []exhibit     `json:"exhibits"`
	Certificate *certificate  `json:"certificate"`
	Earlier     []certificate `json:"earlier_certificates"`
	Draft       *certDraft    `json:"draft"`
}

// stepSaid is what she said to a step.
type stepSaid struct {
	Answer string    `json:"answer"`
	At     time.Time `json:"at"`
}

// examStep is a step to which she said something.
type examStep struct {
	Step   string     `json:"step"`
	Answer string     `json:"answer"`
	At     time.Time  `json:"at"`
	Before []stepSaid `json:"before"`
}

// exhibit is what was taken into custody.
type exhibit struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Seal    string `json:"seal_number"`
	InError bool   `json:"entered_in_error"`
}

// examFinding is what was found at a step.
type examFinding struct {
	Step      string    `json:"step"`
	At        time.Time `json:"at"`
	FoundAt   time.Time `json:"found_at"`
	NoneFound bool      `json:"none_found"`
	InError   bool      `json:"entered_in_error"`
	Injury    *injury   `json:"injury"`
}

// injury is one on the body map. Sizes are in millimetres.
type injury struct {
	Type       string `json:"type"`
	Region     string `json:"region"`
	Side       string `json:"side"`
	Aspect     string `json:"aspect"`
	Length     int    `json:"length_mm"`
	Width      int    `json:"width_mm"`
	Depth      int    `json:"depth_mm"`
	Colour     string `json:"colour"`
	Age        string `json:"age"`
	Photograph string `json:"photograph"`
}

// examWindow is what can still be found, and until when.
type examWindow struct {
	Window string    `json:"window"`
	State  string    `json:"state"`
	Until  time.Time `json:"until"`
}

// examination reads the one of the address. The service records that the person looked.
func (v *visit) examination() (x examined, version string, err error) {
	answer, err := v.get("getExamination", v.PathValue("id"), nil, &x)
	return x, answer.Version, err
}

// May says whether the examination takes a command from the person now.
func (x examined) May(op string) bool { return slices.Contains(x.Commands, op) }

// stepShown is one step with what can be done about it now.
type stepShown struct {
	examStep
	// Recorded is how much was found or taken at it.
	Recorded int
	Ways     []link
}

// stepsPage is an examination step by step, with what can still be found.
type stepsPage struct {
	examined
	Steps   []stepShown
	Windows []examWindow
	// Away says that the windows did not come.
	Away bool
}

// finds are the steps at which something is found, and takes those at which an exhibit is taken.
var (
	finds = []string{"history", "general_examination", "genito_anal_examination", "toxicology"}
	takes = []string{"samples", "toxicology", "photographs"}
)

func (s *Site) examinationSteps(v *visit) (templ.Component, error) {
	x, version, err := v.examination()
	if err != nil {
		return nil, err
	}
	if x.Case == "" {
		return nil, errNowhere // who sees the frame alone has no steps
	}
	page := stepsPage{examined: x}
	var windows struct {
		Items []examWindow `json:"items"`
	}
	if _, err := v.get("listExaminationWindows", x.ID, nil, &windows); err != nil {
		if lost(err) {
			return nil, err
		}
		page.Away = true
	}
	page.Windows = windows.Items
	for _, step := range v.contract().Operations["answerExaminationStep"].Body.Property("step").Enum {
		page.Steps = append(page.Steps, v.stepShown(x, version, step))
	}
	return examinationStepsPage(v, page), nil
}

// stepShown is a step, also one to which she said nothing yet.
func (v *visit) stepShown(x examined, version, step string) stepShown {
	one := stepShown{examStep: examStep{Step: step}}
	if i := slices.IndexFunc(x.Steps, func(s examStep) bool { return s.Step == step }); i >= 0 {
		one.examStep = x.Steps[i]
	}
	for _, f := range x.Findings {
		if f.Step == step && !f.InError {
			one.Recorded++
		}
	}
	for _, e := range x.Exhibits {
		if !e.InError && e.at() == step {
			one.Recorded++
		}
	}
	way := func(op, label string, about ...string) {
		if !x.May(op) {
			return
		}
		query := url.Values{versionField: {version}, backField: {v.URL.Path}}
		for i := 0; i+1 < len(about); i += 2 {
			query.Set(about[i], about[i+1])
		}
		one.Ways = append(one.Ways, link{Path: sheet{Op: v.contract().Operations[op], ID: x.ID}.Action() + "?" + query.Encode(), Label: label})
	}
	if one.Answer == "consented" && slices.Contains(finds, step) {
		way("recordFinding", v.W.T("command.recordFinding"), "/step", step)
	}
	if one.Answer == "consented" && slices.Contains(takes, step) {
		way("collectExhibit", v.W.T("command.collectExhibit"))
	}
	for _, answer := range stepAnswers[one.Answer] {
		way("answerExaminationStep", v.W.Code("StepAnswer", answer), "/step", step, "/answer", answer)
	}
	return one
}

// stepAnswers are what she may say after what she said: all of one size, none is pressed upon her.
var stepAnswers = map[string][]string{
	"":          {"consented", "refused"},
	"consented": {"stopped", "refused"},
	"refused":   {"consented"},
	"stopped":   {"consented", "refused"},
}

// at is the step at which an exhibit of its kind is shown.
func (e exhibit) at() string {
	if e.Kind == "photograph" {
		return "photographs"
	}
	return "samples"
}

// mark is an injury with the number that it has in the drawing.
type mark struct {
	Number int
	injury
	Step    string
	FoundAt time.Time
	// Seal is that of its photograph; empty for none.
	Seal string
}

// bodyPage is the body map in words. The drawing says nothing that these do not say.
type bodyPage struct {
	examined
	Marks []mark
	// None are the steps at which somebody looked and found no injury.
	None []examFinding
}

func (s *Site) bodyMap(v *visit) (templ.Component, error) {
	x, _, err := v.examination()
	if err != nil {
		return nil, err
	}
	if x.Case == "" {
		return nil, errNowhere
	}
	page := bodyPage{examined: x}
	for _, f := range x.Findings {
		switch {
		case f.InError:
		case f.Injury != nil:
			// The drawing counts those that stand, in the order in which they were recorded.
			m := mark{Number: len(page.Marks) + 1, injury: *f.Injury, Step: f.Step, FoundAt: f.FoundAt}
			if i := slices.IndexFunc(x.Exhibits, func(e exhibit) bool { return e.ID == m.Photograph }); i >= 0 {
				m.Seal = x.Exhibits[i].Seal
			}
			page.Marks = append(page.Marks, m)
		case f.NoneFound:
			page.None = append(page.None, f)
		}
	}
	return bodyMapPage(v, page), nil
}

// Size is the size of an injury, as far as it was measured.
func (i injury) Size() string {
	var all []string
	for _, mm := range []int{i.Length, i.Width, i.Depth} {
		if mm > 0 {
			all = append(all, amount(float64(mm)))
		}
	}
	return strings.Join(all, " × ") + " mm"
}

// bodyDrawing gives the drawing as a picture: what another program made never becomes part of a page.
func (v *visit) bodyDrawing() error {
	var drawing struct {
		SVG string `json:"svg"`
	}
	if _, err := v.get("drawBodyMap", v.PathValue("id"), nil, &drawing); err != nil {
		return err
	}
	header := v.w.Header()
	header.Set("Content-Type", "image/svg+xml")
	header.Del("Refresh")
	_, err := v.w.Write([]byte(drawing.SVG))
	return err
}

// certificate is one version of it. A test holds the names against the contract.
type certificate struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	By         string    `json:"by"`
	Reason     string    `json:"reason"`
	Supervisor string    `json:"supervisor"`
	Opinion    string    `json:"opinion"`
	Text       string    `json:"text"`
	Signed     bool      `json:"signed"`
	Replaces   string    `json:"replaces"`
	ReplacedBy string    `json:"replaced_by"`
	ReplacedAt time.Time `json:"replaced_at"`
	Changed    bool      `json:"findings_changed"`
	Annulled   *struct {
		At  time.Time `json:"at"`
		Why string    `json:"why"`
	} `json:"annulled"`
	Releases []struct {
		At   time.Time `json:"at"`
		To   string    `json:"to"`
		Name string    `json:"name"`
	} `json:"releases"`
}

// certDraft is the certificate of an examiner in training.
type certDraft struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	By         string    `json:"by"`
	Supervisor string    `json:"supervisor"`
	Opinion    string    `json:"opinion"`
	Text       string    `json:"text"`
}

// certificateFile is what is signed of a certificate, and what is given away.
type certificateFile struct {
	Text string         `json:"text"`
	File map[string]any `json:"file"`
	PDF  string         `json:"pdf"`
}

// certificatesPage is the certificate with all its versions.
type certificatesPage struct {
	examined
	version string
	// Text is what its signers sign, while it waits for that.
	Text string
	// Own are the keys of the person, who signs with one of them.
	Own   []custodyKey
	names map[string]string
}

func (s *Site) certificates(v *visit) (templ.Component, error) {
	x, version, err := v.examination()
	if err != nil {
		return nil, err
	}
	if x.Case == "" {
		return nil, errNowhere
	}
	page := certificatesPage{examined: x, version: version}
	if page.names, err = v.workerNames(); err != nil {
		return nil, err
	}
	if c := x.Certificate; c != nil && !c.Signed {
		var file certificateFile
		if _, err := v.get("getCertificateFile", x.ID, url.Values{"certificate": {c.ID}}, &file); err != nil {
			return nil, err
		}
		page.Text = file.Text
		keys, err := v.ownKeys()
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if page.names[k.Worker] == v.S.Subject && k.Holds(c.At) {
				page.Own = append(page.Own, k)
			}
		}
	}
	return certificatePage(v, page), nil
}

// Ways are the commands about a version that the examination takes now.
func (p certificatesPage) Ways(v *visit, id string, ops ...string) (all []link) {
	for _, op := range ops {
		if !p.May(op) {
			continue
		}
		query := url.Values{versionField: {p.version}, backField: {v.URL.Path}, "/certificate": {id}}
		all = append(all, link{Path: sheet{Op: v.contract().Operations[op], ID: p.ID}.Action() + "?" + query.Encode(), Label: v.W.T("command." + op)})
	}
	return all
}

// part is where a version is taken out.
func (p certificatesPage) part(id, part string) string {
	return "/desk/examinations/" + url.PathEscape(p.ID) + "/certificate/" + url.PathEscape(id) + "/" + part
}

// certificateParts are the files of a version, by the last part of their address.
var certificateParts = map[string]string{"paper.pdf": "application/pdf", "certificate.json": "application/json", "certificate.txt": "text/plain; charset=utf-8"}

// certificatePart gives one of the files of a version to the machine of the person.
func (v *visit) certificatePart() error {
	part := v.PathValue("part")
	if certificateParts[part] == "" {
		return errNowhere
	}
	answer, err := v.get("getCertificateFile", v.PathValue("id"), url.Values{"certificate": {v.PathValue("certificate")}, "language": {v.W.Lang()}}, &certificateFile{})
	if err != nil {
		return err
	}
	var file certificateFile
	if err := answer.Into(&file); err != nil {
		return err
	}
	content := []byte(answer.Body)
	switch part {
	case "certificate.txt":
		content = []byte(file.Text)
	case "paper.pdf":
		if content, err = base64.StdEncoding.DecodeString(file.PDF); err != nil {
			return err
		}
	}
	return v.gives(certificateParts[part], number(v.PathValue("certificate"))+"-"+part, content)
}

// gives has the browser keep a file where the person says; it is not shown as a page.
func (v *visit) gives(kind, name string, content []byte) error {
	header := v.w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	header.Del("Refresh")
	_, err := v.w.Write(content)
	return err
}

// clinicWays lead from an examination to its own pages.
func (w workShown) clinicWays(v *visit) (all []link) {
	if w.page != "examination" || w.Case == "" {
		return nil
	}
	all = []link{{Path: w.Path() + "/steps", Label: v.W.T("clinic.steps")}, {Path: w.Path() + "/body", Label: v.W.T("clinic.body")}}
	if w.work.all["certificate"] != nil || w.work.all["draft"] != nil || w.work.all["earlier_certificates"] != nil {
		all = append(all, link{Path: w.Path() + "/certificate", Label: v.W.T("clinic.certificate")})
	}
	kits, _ := w.work.all["kits"].([]any)
	for _, one := range kits {
		if kit, ok := one.(string); ok {
			all = append(all, link{Path: chainPath(kit), Label: v.W.T("custody.of_kit", "Number", number(kit))})
		}
	}
	return all
}

// chain is the way from an exhibit to its chain of custody.
func (w workShown) chain(v *visit, e entry) []link {
	if e.kind.name != "exhibits" || e.InError() || w.Case == "" {
		return nil
	}
	return []link{{Path: chainPath(e.Text("id")), Label: v.W.T("custody.title")}}
}

// prefillFinding asks only what belongs to the step that the address names.
func prefillFinding(v *visit) (p prefill, err error) {
	p.Values, p.Version = url.Values{}, v.FormValue(versionField)
	if p.Version == "" && v.Method == http.MethodGet {
		if _, p.Version, err = v.examination(); err != nil {
			return p, err
		}
	}
	switch step := v.FormValue("/step"); {
	case step == "history":
		p.Fixed = []string{"none_found", "injury"}
	case step == "toxicology":
		p.Fixed = []string{"none_found", "injury", "happened"}
	case slices.Contains(finds, step):
		p.Fixed = []string{"happened"}
	}
	return p, nil
}

// photographs are the exhibits of an examination that are photographs.
func photographs(v *visit) (all []form.Option, err error) {
	x, _, err := v.examination()
	for _, e := range x.Exhibits {
		if e.Kind == "photograph" && !e.InError {
			all = append(all, form.Option{Value: e.ID, Label: isolate(e.Seal)})
		}
	}
	return all, err
}

// besideServices are the steps of a visit that are no service of an agency.
func besideServices(v *visit) (all []form.Option, err error) {
	for _, kind := range v.contract().Operations["beginVisit"].Body.Property("visit_also").Items.Enum {
		if kind != "service" {
			all = append(all, form.Option{Value: kind, Label: v.W.Code("VisitStepKind", kind)})
		}
	}
	return all, nil
}
