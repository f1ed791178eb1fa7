package domain

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Export is the command that gives incidents out as rows of the Incident Recorder of the
// GBVIMS, for one recipient.
type Export struct {
	// Recipient is the agency for which the rows are: a case is in them only while she
	// consents to this recipient for statistics.
	Recipient string `json:"recipient"`
	// From and To are the period in which she was spoken with; To is not in it.
	From   time.Time         `json:"from"`
	To     time.Time         `json:"to"`
	Reason code.ExportReason `json:"reason"`
}

// Check refuses an export without a recipient, a reason or a period (ErrExport): a year at most.
func (x Export) Check() error {
	switch {
	case x.From.IsZero():
		return ErrExport.At("/from", "required")
	case !x.To.After(x.From):
		return ErrExport.At("/to", "later than from")
	case x.To.After(x.From.AddDate(1, 0, 0)):
		return ErrExport.At("/to", "within a year from the first day")
	}
	return cmp.Or(slug("/recipient", x.Recipient), known("/reason", x.Reason, code.ExportReasons))
}

// Row is an incident as the Incident Recorder has it: its columns in its order, which the
// order of the fields is. A cell is empty where nothing is known, where nobody asked, and
// where she did not consent to the category of it. An explicit no is "no".
//
// The columns agree with the published list. That the Incident Recorder imports them was
// not tried.
type Row struct {
	IncidentID         string `column:"incident_id"`
	SurvivorCode       string `column:"survivor_code"`
	CaseManagerCode    string `column:"case_manager_code"`
	DateOfInterview    string `column:"date_of_interview"`
	DateOfIncident     string `column:"date_of_incident"`
	DateOfBirth        string `column:"date_of_birth"`
	Sex                string `column:"sex"`
	Ethnicity          string `column:"ethnicity"`
	CountryOfOrigin    string `column:"country_of_origin"`
	MaritalStatus      string `column:"marital_status"`
	DisplacementStatus string `column:"displacement_status"`
	Disability         string `column:"disability"`
	Unaccompanied      string `column:"unaccompanied_separated"`
	DisplacementStage  string `column:"stage_of_displacement"`
	TimeOfDay          string `column:"time_of_day"`
	LocationType       string `column:"location_type"`
	County             string `column:"county"`
	District           string `column:"district"`
	CampTown           string `column:"camp_town"`
	GBVType            string `column:"gbv_type"`
	HarmfulPractice    string `column:"harmful_traditional_practice"`
	Exchange           string `column:"goods_money_exchanged"`
	AbductionType      string `column:"abduction_type"`
	PreviouslyReported string `column:"previously_reported"`
	PreviousIncidents  string `column:"previous_gbv_incidents"`
	Perpetrators       string `column:"number_of_primary_perpetrators"`
	PerpetratorSex     string `column:"perpetrator_sex"`
	FormerPerpetrator  string `column:"former_perpetrator"`
	PerpetratorAge     string `column:"perpetrator_age_group"`
	Relationship       string `column:"relationship"`
	Occupation         string `column:"occupation"`
	ReferredFrom       string `column:"referred_from"`
	SafeHouse          string `column:"safehouse"`
	Medical            string `column:"medical"`
	Psychosocial       string `column:"psychosocial"`
	WantsLegalAction   string `column:"wants_legal_action"`
	Legal              string `column:"legal"`
	Police             string `column:"police"`
	Livelihoods        string `column:"livelihoods"`
	ChildProtection    string `column:"child_protection_education"`
	ConsentGiven       string `column:"consent_given"`
	AgencyCode         string `column:"agency_code"`
	// taken is when she was spoken with, by which rows are sorted.
	taken time.Time
}

// Rows are the incidents of a case that an export holds now. There are none of a case that is
// restricted or entered in error, and none without her consent in force to the recipient for
// statistics, which covers the incident. What was entered in error is in no row.
func (c Case) Rows(by fact.By, x Export, rules Rules) []Row {
	may := c.forStatistics(x.Recipient, by.At)
	if c.Restricted || c.InError || !slices.Contains(may, code.Incident) {
		return nil
	}
	zone := daysOf(rules.of(c, by.At))
	var rows []Row
	for _, t := range c.standing() {
		taken := t.TakenAt
		if taken.IsZero() {
			taken = t.At
		}
		if taken.Before(x.From) || !taken.Before(x.To) {
			continue
		}
		r := Row{
			IncidentID: t.ID, SurvivorCode: c.Reference(), CaseManagerCode: c.Owner, AgencyCode: c.Agency,
			DateOfInterview: taken.In(zone).Format(time.DateOnly), ConsentGiven: string(code.Yes), taken: taken,
		}
		c.incidentCells(&r, t, zone)
		c.personCells(&r, may)
		c.serviceCells(&r)
		rows = append(rows, r)
	}
	return rows
}

// daysOf is where the days of a programme begin.
func daysOf(p programme.Programme) *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// forStatistics are the categories that she consented to, for statistics of a recipient.
func (c Case) forStatistics(recipient string, at time.Time) (may []code.Category) {
	for _, k := range c.Consents {
		if k.Recipient == recipient && k.Purpose == code.Statistics && k.InForce(at) {
			may = append(may, k.Categories...)
		}
	}
	return may
}

// mostInRow is the largest number that the Incident Recorder has. The record of her
// case keeps the true one.
const mostInRow = 3

func (c Case) incidentCells(r *Row, t Told, zone *time.Location) {
	if t.Happened != nil {
		// The first day on which it may have happened. The Incident Recorder has no interval.
		r.DateOfIncident = t.Happened.Earliest.In(zone).Format(time.DateOnly)
	}
	r.TimeOfDay, r.LocationType = string(t.TimeOfDay), string(t.PlaceType)
	r.County, r.District, r.CampTown = levels(t.Area)
	r.GBVType = string(c.typeOf(t))
	r.HarmfulPractice, r.Exchange, r.AbductionType = string(t.HarmfulPractice), string(t.Exchange), string(t.Abduction)
	r.PreviouslyReported, r.PreviousIncidents = string(t.Reported), string(t.Previous)
	p := t.Perpetrators
	if p == nil {
		return
	}
	switch {
	case p.Number > mostInRow:
		r.Perpetrators = "more_than_3"
	case p.Number > 0:
		r.Perpetrators = strconv.Itoa(p.Number)
	}
	r.PerpetratorSex, r.FormerPerpetrator, r.PerpetratorAge, r.Occupation = string(p.Sex), string(p.Former), string(p.Age), p.Occupation
	var related []string
	for _, one := range p.Relationships {
		related = append(related, string(one))
	}
	r.Relationship = strings.Join(related, "; ")
}

// levels are an area at the three levels of the Incident Recorder. The code of an area names
// its country first, and then one level after the other.
func levels(area string) (county, district, town string) {
	parts := strings.Split(area, "-")
	at := func(n int) string {
		if len(parts) < n {
			return ""
		}
		return strings.Join(parts[:n], "-")
	}
	if len(parts) > 3 {
		town = area
	}
	return at(2), at(3), town
}

// personCells fills what is of her, each by the category that shows it to an agency (Disclose).
// Her date of birth, where she comes from and to whom she belongs are not kept here: their
// cells stay empty.
func (c Case) personCells(r *Row, may []code.Category) {
	if slices.Contains(may, code.Identity) {
		r.Sex, r.DisplacementStatus, r.MaritalStatus = string(c.Survivor.Sex), string(c.Survivor.Displacement), string(c.Survivor.MaritalStatus)
	}
	if slices.Contains(may, code.HealthData) {
		r.Disability = string(c.Survivor.Disability)
	}
	if slices.Contains(may, code.SafetyNeeds) {
		r.Unaccompanied = string(c.Survivor.Unaccompanied)
	}
	if c.Channel == code.Self {
		r.ReferredFrom = "self_referral_first_point_of_contact"
	}
}

// serviceCells fills what came of each service, as far as the case knows.
func (c Case) serviceCells(r *Row) {
	r.SafeHouse = c.askedFor(code.SafeHouse)
	r.Medical = c.askedFor(code.HealthMedical)
	r.Psychosocial = c.askedFor(code.Psychosocial)
	r.Legal = c.askedFor(code.LegalAssistance)
	r.Police = c.askedFor(code.Police)
	r.Livelihoods = c.askedFor(code.Livelihoods)
	r.ChildProtection = c.askedFor(code.ChildProtection, code.Education)
}

// askedFor is the answer of the GBVIMS intake form to "did you refer": she was referred, or no
// agency could take her, or she said no. With none of them it is empty: that nobody asked is
// no answer of hers.
func (c Case) askedFor(services ...code.Service) string {
	var said string
	for _, f := range c.Referrals {
		switch {
		case !slices.Contains(services, f.Service):
		case f.open() || f.helped():
			return "referred"
		case c.failed(f):
			said = "service_unavailable"
		case said == "" && f.herNo():
			said = "referral_declined_by_survivor"
		}
	}
	for _, k := range c.Consents {
		if said == "" && slices.Contains(services, k.Service) && k.Purpose == code.ServiceDelivery && k.Status == code.ConsentRefused {
			said = "referral_declined_by_survivor"
		}
	}
	return said
}

// herNo says that a referral ended because she said no. What her desk called off for another
// reason, and what an agency says of her wishes, is no word of hers.
func (f Referral) herNo() bool {
	return f.Status == code.Withdrawn || f.Status == code.Cancelled && f.ByDesk && f.CancelReason == code.SurvivorDeclined
}

// SortRows sorts rows by when she was spoken with.
func SortRows(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(a.taken.Compare(b.taken), cmp.Compare(a.IncidentID, b.IncidentID))
	})
}

// Columns are those of the Incident Recorder, in its order.
func Columns() []string {
	var names []string
	for f := range reflect.TypeFor[Row]().Fields() {
		if f.IsExported() {
			names = append(names, f.Tag.Get("column"))
		}
	}
	return names
}

// Cells are those of a row, in the order of the columns.
func (r Row) Cells() []string {
	var cells []string
	for f, v := range reflect.ValueOf(r).Fields() {
		if f.IsExported() {
			cells = append(cells, v.String())
		}
	}
	return cells
}

// unreal is the last cell of each row of a training, and of its header.
var unreal = struct{ column, cell string }{"training", "not real"}

// CSV is rows as comma-separated text with a header (RFC 4180). In training each has one column
// more, which says that nothing is real.
func CSV(rows []Row, training bool) (string, error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	marked := func(cells []string, mark string) []string {
		if training {
			cells = append(slices.Clip(cells), mark)
		}
		return cells
	}
	if err := w.Write(marked(Columns(), unreal.column)); err != nil {
		return "", err
	}
	for _, r := range rows {
		cells := marked(r.Cells(), unreal.cell)
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		if err := w.Write(cells); err != nil {
			return "", err
		}
	}
	w.Flush()
	return text.String(), w.Error()
}

// harmless is a cell that no spreadsheet takes for a formula (OWASP, CSV injection).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
