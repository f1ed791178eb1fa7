package site

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// The fields of each form beside those of the command.
const (
	keyField     = "key"
	versionField = "version"
	backField    = "back"
)

// sheet is the form of one command on one record.
type sheet struct {
	Op api.Operation
	// ID is the record's.
	ID string
	// Key is new with each form: a form that is sent twice has one effect.
	Key, Version, Back string
	Fields             []form.Field
	Problem            *api.Problem
	// Title is what the form is for; empty is the command itself. Note stands before the fields.
	Title, Note string
	// Fixed are the fields that nobody is asked.
	Fixed []pair
	// Others lead to forms of the same command that ask something else.
	Others []link
	// Changed is not nil where somebody changed the record meanwhile.
	Changed *changed
}

// prefill is what stands in a form before a person writes: what is there, because the command
// puts what is sent in its place.
type prefill struct {
	Title, Version string
	// Note stands before the form: what is read to her, or what is to be known.
	Note   string
	Values url.Values
	// Fixed are the properties that nobody is asked, because the record says them.
	Fixed []string
	// Must are the pointers of fields that this form requires beyond the contract.
	Must []string
	// Asks are the labels of what is asked in a group, and Others lead to forms that ask something else.
	Asks   map[string]map[string]string
	Others []link
}

// prefills are the forms of such commands, by operation.
var prefills = map[string]func(*visit) (prefill, error){
	"registerAgency": prefillAgency, "setAgencyChannels": prefillChannels, "registerWorker": prefillWorker,
	"describeWorker":   prefillProfile,
	"describePlace":    prefillPlace,
	"startPlacement":   prefillStay,
	"answerInstrument": prefillAsked,
	"recordAssessment": prefillAssess, "amendAssessment": prefillAmendAssessment,
	"describeCentre": prefillCentre,

	"recordFinding": prefillFinding, "proposeCustodyLink": prefillLink, "signCustodyLink": prefillSignatures,
	"changeCourt": prefillCourt, "bookRoom": prefillBooking, "moveBooking": prefillMove, "noteOpposing": prefillOpposing,
	"settleConflict": prefillSettle,
	"closePeriod":    prefillClose, "releaseTable": prefillRelease, "answerCounting": prefillCounting,

	"nameApplicationPaper": prefillPaper,
	"saveApplication":      prefillDraft, "judgeEligibility": prefillJudge, "scoreApplication": prefillScores, "selectApplication": prefillSelect,
	"submitReport": prefillReport, "signForGrantee": prefillSign, "signForFund": prefillSign, "orderPayment": prefillInstalment,
	"confirmPayment": prefillInstalment, "acceptReport": prefillInstalment, "sendReportBack": prefillInstalment,
	"draftAgreement": prefillAgreement, "amendCall": prefillCall, "pledgeDonation": prefillToday("/on"), "recordDonationPayment": prefillToday("/on"),
	"appointTrustee": prefillToday("/from"),
}

// read reads the record of the address, also into the values of a command.
func (p *prefill) read(v *visit, command, read string, record any) error {
	answer, err := v.get(read, v.PathValue("id"), nil, record)
	if err != nil {
		return err
	}
	var document any
	if err := answer.Into(&document); err != nil {
		return err
	}
	form.Fill(v.W, p.Values, "", v.contract().Operations[command].Body, document)
	p.Version = answer.Version
	return nil
}

// prefill fills in a form. What a person wrote stays.
func (v *visit) prefill(sh *sheet, f *form.Form) error {
	if v.Method == http.MethodGet {
		v.likely(*f)
	}
	read, ok := prefills[sh.Op.ID]
	if !ok {
		return nil
	}
	p, err := read(v)
	if err != nil {
		return err
	}
	if v.Method == http.MethodGet {
		for name, values := range p.Values {
			if !f.Values.Has(name) {
				f.Values[name] = values
			}
		}
		sh.Version = p.Version
	}
	sh.Title, sh.Note, f.Skip, f.Asks, sh.Others = p.Title, p.Note, p.Fixed, p.Asks, p.Others
	f.Must = append(f.Must, p.Must...)
	for _, name := range p.Fixed {
		sh.Fixed = append(sh.Fixed, pair{"/" + name, f.Values.Get("/" + name)})
	}
	return nil
}

// Action is where the form is sent.
func (s sheet) Action() string { return "/desk/do/" + s.Op.ID + "/" + url.PathEscape(s.ID) }

// encoding is how a browser sends a form with a file.
func (s sheet) encoding() templ.Attributes {
	if s.Op.Files == nil {
		return nil
	}
	return templ.Attributes{"enctype": "multipart/form-data"}
}

// button is a command that a page offers.
type button struct {
	Op    api.Operation
	Label string
	Path  string
}

// buttons are the commands of a page that a record takes from the person now: what the
// service named, in the order of the contract.
func (v *visit) buttons(page string, commands []string, id, version string) (all []button) {
	for _, name := range commands {
		o, ok := v.contract().Operations[name]
		if !ok || o.Desk.Page != page || o.Desk.Flow {
			continue
		}
		query := url.Values{versionField: {version}, backField: {v.URL.Path}}
		all = append(all, button{o, v.W.Or(o.Summary, "command."+name), sheet{Op: o, ID: id}.Action() + "?" + query.Encode()})
	}
	slices.SortStableFunc(all, func(a, b button) int { return a.Op.Desk.Order - b.Op.Desk.Order })
	return all
}

// operation is the one of a path, where it stands on the desk.
func (v *visit) operation() (api.Operation, error) {
	o, ok := v.contract().Operations[v.PathValue("op")]
	if !ok || o.Desk.Page == "" || o.Method == http.MethodGet {
		return o, errNowhere
	}
	return o, nil
}

// picks are the fields whose answers the network knows, by operation and pointer. Where it
// does not tell them, or there are none, people type.
var picks = map[string]map[string]func(*visit) ([]form.Option, error){
	"openCase":              {"/country": countries, "/programme": programmes},
	"endConsent":            {"/consent": consentsThere},
	"recordMandatoryReport": {"/law": reportLaws, "/to": reportAuthorities},
	"handOverCase":          {"/to": colleagues},
	"mergeCase":             {"/into": ownCases},
	"handOverEnquiry":       {"/to": colleagues},
	"askEnquiryResponse":    {"/programme": programmes, "/response_ground": withoutHerYes},
	"settleEnquiry":         {"/case": ownCases},
	"settleDuplicate":       {"/other": ownCases},
	"assignReferral":        {"/worker": colleagues},
	"setGoal":               {"/conference": heldConferences},
	"setStep":               {"/goal": openGoals, "/referral": referralsThere, "/conference": heldConferences},

	"proposeConference": {"/invited": referralsThere},
	"agreeConference":   {"/conference": plannedConferences},
	"holdConference":    {"/conference": plannedConferences, "/attended": referralsThere},
	"callOffConference": {"/conference": plannedConferences},

	"beginVisit":    {"/centre": centresThere, "/visit_referrals": referralsThere, "/visit_also": besideServices},
	"planVisitStep": {"/referral": referralsThere},
	"moveVisitStep": {"/visit_step": stepsThere, "/centre_room": roomsHeld},
	"hearAccount":   {"/recording": recordingsThere},
	"holdRoom":      {"/centre_room": roomsThere, "/visit_code": codesThere},

	"bookRoom":     {"/court": courtsThere, "/matter": ownMatters},
	"noteOpposing": {"/opposing": opposingThere},

	"saveApplication":       {"/language": callLanguages, "/priorities": callPriorities, "/country": callCountries},
	"nameApplicationPaper":  {"/file": filesGiven, "/paper": papersAsked},
	"giveClarification":     {"/clarification": questionsOpen},
	"freeAssessor":          {"/place": assessorsAsked},
	"recordDonationPayment": {"/donation": donationsThere},
	"correctDonation":       {"/donation": donationsThere},
	"endTrusteeship":        {"/seat": seatsTaken},
	"submitReport":          {"/papers": grantPapers},

	"settleDangerNews": {"/news": newsThat("waits")},
	"reopenDangerNews": {"/news": newsThat("settled")},

	"askedGrantee":    {"/agency": granteesThere},
	"answerOnward":    {"/referral": referralsThere},
	"registerWorker":  {"/cover": covers},
	"setWorkerAbsent": {"/cover": covers},
	"describeWorker":  {"/supervisor": covers},

	"correctCredential":   {"/credential": credentials("in_force", "not_yet_valid", "suspended", "expired")},
	"suspendCredential":   {"/credential": credentials("in_force", "not_yet_valid", "expired")},
	"reinstateCredential": {"/credential": credentials("suspended", "in_force", "not_yet_valid", "expired")},
	"revokeCredential":    {"/credential": credentials("in_force", "not_yet_valid", "suspended", "expired")},
	"tieHold":             {"/hold": heldThere},
	"renewHold":           {"/hold": heldThere},
	"endHold":             {"/hold": heldThere},
	"leavePlace":          {"/referral": stayThere},

	"handleRisk":     {"/answer": chosen("plan", "duties", "entry", "/answer")},
	"reviewPlanGoal": {"/goal": chosen("plan", "goals", "id", "/goal")},
	"recordFollowUp": {"/follow_up": chosen("plan", "follow_ups", "id", "/follow_up")},

	"recordOrderResult":    {"/application": chosen("matter", "protection_orders", "application", "/application"), "/replaces": chosen("matter", "protection_orders", "ruling", "/replaces")},
	"planOrderService":     {"/application": chosen("matter", "protection_orders", "application", "/application")},
	"recordOrderServed":    {"/application": chosen("matter", "protection_orders", "application", "/application")},
	"recordOrderChange":    {"/application": chosen("matter", "protection_orders", "application", "/application")},
	"settleLegalDuty":      {"/duty": chosen("matter", "duties", "id", "/duty")},
	"recordProceedingStep": {"/proceeding": chosen("matter", "proceedings", "id", "/proceeding")},
	"planHearing":          {"/about": hearingAbout},
	"keepDocument":         {"/file": chosen("matter", "files", "id", "/file")},
	"moveHearing":          {"/hearing": chosen("matter", "hearings", "id", "/hearing")},
	"settleHearing":        {"/hearing": chosen("matter", "hearings", "id", "/hearing")},

	"settleCertificate": {"/certificate": chosen("matter", "earlier_certificates", "id", "/certificate")},
	"issueCertificate":  {"/replaces": chosen("examination", "certificate", "id", "/replaces"), "/supervisor": workersByID},
	"annulCertificate":  {"/certificate": chosen("examination", "certificate", "id", "/certificate")},
	"upholdCertificate": {"/certificate": chosen("examination", "certificate", "id", "/certificate")},

	"signCertificate":        {"/certificate": chosen("examination", "certificate", "id", "/certificate"), "/signatures/0/key": keysThere, "/signatures/1/key": keysThere},
	"releaseCertificate":     {"/certificate": chosen("examination", "certificate", "id", "/certificate")},
	"countersignCertificate": {"/certificate": chosen("examination", "draft", "id", "/certificate")},

	"recordFinding":      {"/injury/photograph": photographs},
	"proposeCustodyLink": {"/from/key": givers},
	"liftExhibitHold":    {"/hold": holdsThere},
	"registerCustodyKey": {"/worker": workersByID},
}

func (v *visit) form(o api.Operation) form.Form {
	f := form.Form{Op: o, Values: v.Form, Choose: map[string][]form.Option{}}
	if slices.Contains(replacing, o.ID) {
		if f.Must = []string{"/replaces", "/reason"}; f.Values.Get(f.Must[0]) == "" {
			f.Must, f.Skip = nil, []string{"replaces", "reason"}
		}
	}
	for pointer, pick := range picks[o.ID] {
		if slices.Contains(f.Skip, pointer[1:]) {
			continue
		}
		if options, err := pick(v); err == nil && len(options) > 0 {
			f.Choose[pointer] = options
		}
	}
	maps.Copy(f.Choose, v.standardChoices(o))
	v.speakFor(o)
	f.Words = v.W
	return f
}

// askCommand shows the form of a command. Where it takes nothing, the form asks once more.
func (s *Site) askCommand(v *visit) (templ.Component, error) {
	o, err := v.operation()
	if err != nil {
		return nil, err
	}
	sh := sheet{Op: o, ID: v.PathValue("id"), Key: newKey(), Version: v.FormValue(versionField), Back: back(v.FormValue(backField), "/desk/")}
	f := v.form(o)
	if err := v.prefill(&sh, &f); err != nil {
		return nil, err
	}
	sh.Fields = v.relabel(o, f.Fields())
	if sh.blind(v) {
		answer, err := v.ask(api.Ask{Op: v.contract().Reader(o), ID: sh.ID})
		if err != nil {
			return nil, err
		}
		sh.Version = answer.Version
	}
	return sheetPage(v, sh), nil
}

// doCommand sends a command, and goes back to the page of the record. What was refused is
// shown with the form as it was filled in.
func (s *Site) doCommand(v *visit) (templ.Component, error) {
	o, err := v.operation()
	if err != nil {
		return nil, err
	}
	sh := sheet{Op: o, ID: v.PathValue("id"), Key: v.FormValue(keyField), Version: v.FormValue(versionField), Back: back(v.FormValue(backField), "/desk/")}
	f := v.form(o)
	if v.Form.Has(form.Add) {
		if err := v.prefill(&sh, &f); err != nil {
			return nil, err
		}
		sh.Fields = v.relabel(o, f.Fields())
		return sheetPage(v, sh), nil
	}
	err = errStale
	if !sh.blind(v) {
		_, err = v.send(o, sh, f)
	}
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		if err := v.prefill(&sh, &f); err != nil {
			return nil, err
		}
		f.Problem, sh.Problem = p, p
		if p.Status == http.StatusPreconditionFailed {
			if _, err := v.reread(&sh); err != nil {
				return nil, err
			}
		}
		sh.Key, sh.Fields = nextKey(sh.Key, p), v.relabel(o, f.Fields())
		v.render(http.StatusUnprocessableEntity, sheetPage(v, sh))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v.remember(f)
	if next, ok := follows[o.ID]; ok {
		o = v.contract().Operations[next]
		return v.to(sheet{Op: o, ID: sh.ID}.Action() + "?" + url.Values{backField: {sh.Back}}.Encode())
	}
	return v.to(with(sh.Back, "done", o.ID))
}

// follows names the command that a person does next in any case: a file that was given is of no use before it is said which
// paper it is.
var follows = map[string]string{"storeApplicationFile": "nameApplicationPaper"}

// send sends a command. Errors: *api.Problem, also for a value that cannot be read.
func (v *visit) send(o api.Operation, sh sheet, f form.Form) (api.Answer, error) {
	if o.Files != nil {
		file, err := v.attached()
		if err != nil {
			return api.Answer{}, err
		}
		return v.ask(api.Ask{Op: o.ID, ID: sh.ID, File: file, Key: sh.Key, Version: sh.Version})
	}
	body, err := read(f)
	if err != nil {
		return api.Answer{}, err
	}
	return v.command(o, sh, whole(o, body))
}

// attached is the file that a person sent. What it is, is what is in it: a browser guesses by
// the name, which nobody needs. Errors: *api.Problem where there is none.
func (v *visit) attached() (*api.File, error) {
	if v.MultipartForm == nil || len(v.MultipartForm.File[form.Attached]) == 0 {
		return nil, (&form.Fault{Pointer: "", Rule: "required"}).Problem()
	}
	part, err := v.MultipartForm.File[form.Attached][0].Open()
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	content, err := io.ReadAll(part)
	return &api.File{Type: http.DetectContentType(content), Content: content}, errors.Join(err, part.Close())
}

// read makes the command of a form. Errors: *api.Problem for a value that cannot be read.
func read(f form.Form) (map[string]any, error) {
	body, err := f.Read()
	if fault, ok := errors.AsType[*form.Fault](err); ok {
		return nil, fault.Problem()
	}
	return body, err
}

// command sends what was read.
func (v *visit) command(o api.Operation, sh sheet, body map[string]any) (api.Answer, error) {
	ask := api.Ask{Op: o.ID, ID: sh.ID, Body: body}
	if o.Keyed {
		ask.Key = sh.Key
	}
	if o.Versioned {
		ask.Version = sh.Version
	}
	return v.ask(ask)
}

func with(path, name, value string) string {
	u, err := url.Parse(path)
	if err != nil {
		return "/desk/"
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String()
}

// nextKey is the Idempotency-Key with which a form that was refused is sent again. Where the
// service did not say whether the command took effect, it is the same one: under another, the
// command could take effect twice.
func nextKey(key string, p *api.Problem) string {
	if p.Status >= http.StatusInternalServerError {
		return key
	}
	return newKey()
}

// newKey is an Idempotency-Key.
func newKey() string { return uuid.NewString() }
