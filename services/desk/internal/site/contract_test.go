package site

import (
	"encoding/json"
	"io/fs"
	"path"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
)

// What pages read of an answer has the names of the contract: a field of another name would
// stay empty, and nobody would see why.
func TestPagesReadWhatTheContractSays(t *testing.T) {
	answers := answersOf(t)
	for _, one := range []struct {
		op   string
		read any
	}{
		{"getReferral", referral{}},
		{"listReferrals", []referral{}},
		{"disclose", packet{}},
		{"getReferralHistory", []line{}},
		{"getCase", kase{}},
		{"listCases", []kase{}},
		{"searchCases", []kase{}},
		{"getCasePlan", casePlan{}},
		{"lookAtShare", share{}},
		{"getTimeline", []caseTold{}},
		{"listCaseLooks", []caseLook{}},
		{"listDisclosures", []caseDisclosure{}},
		{"listSearches", []caseSearch{}},
		{"listWorkers", []colleague{}},
		{"getMatter", work{}},
		{"getSupportPlan", work{}},
		{"getExamination", work{}},
		{"listMatters", []work{}},
		{"listSupportPlans", []work{}},
		{"listExaminations", []work{}},
		{"getExamination", examined{}},
		{"listExaminationWindows", []examWindow{}},
		{"getCertificateFile", certificateFile{}},
		{"listCustody", []chain{}},
		{"getCustody", chain{}},
		{"listCustodyKeys", []custodyKey{}},
		{"getCustodyKey", custodyKey{}},
		{"listKits", []anonymousKit{}},
		{"askKit", kitAsked{}},
		{"listWorkers", []registered{}},
		{"getMatterHistory", []line{}},
		{"getSupportPlanHistory", []line{}},
		{"getExaminationHistory", []line{}},
		{"listMatterLooks", []caseLook{}},
		{"listSupportPlanLooks", []caseLook{}},
		{"listExaminationLooks", []caseLook{}},
		{"listTransfers", []transferred{}},
		{"listShares", []newShare{}},
		{"listAgenda", []legalDate{}},
		{"listProgrammes", []inUse{}},
		{"listEnquiries", []enquiry{}},
		{"getEnquiry", enquiry{}},
		{"listCentres", []centre{}},
		{"getCentre", centre{}},
		{"listVisits", []visitWaits{}},
		{"listCourts", []courtroom{}},
		{"getCourt", courtroom{}},
		{"getCourtDay", courtDay{}},
		{"listToMove", []strayed{}},
		{"listExpected", []expected{}},
		{"listBookings", []booked{}},
		{"getBooking", booked{}},
		{"listAlarms", []alarmRaised{}},
		{"listFigures", []figuresOf{}},
		{"getFigures", figuresOf{}},
		{"listFiguresDue", figuresWaiting{}},
		{"getFigureTable", figureTable{}},
		{"listConflicts", []conflictAsked{}},
		{"getConflict", conflictSides{}},
		{"listCalls", []callFor{}},
		{"getCall", callFor{}},
		{"listApplications", []applied{}},
		{"getApplication", applied{}},
		{"listGrants", []granted{}},
		{"getGrant", granted{}},
		{"getLedger", ledgerShown{}},
		{"listTrustees", boardShown{}},
		{"makeCards", cards{}},
		{"getEssentialServices", essentialMap{}},
		{"getOwnAnswers", []ownAnswers{}},
		{"listStandards", []standard{}},
		{"listAssessments", []assessment{}},
		{"getAssessment", assessment{}},
		{"listEscalations", []escalated{}},
		{"listInvitations", []invited{}},
		{"getTimeline", []happening{}},
		{"getCase", herCase{}},
		{"getCasePlan", herPlan{}},
		{"matchServices", []matched{}},
		{"getFlow", flow{}},
		{"listAgencies", []listedAgency{}},
		{"listDirectoryOrganizations", struct {
			Contents []listedOrganization `json:"contents"`
		}{}},
		{"listInstruments", instruments{}},
		{"listAgencies", []agency{}},
		{"getAgency", agency{}},
		{"getAgencyChannels", channels{}},
		{"listWorkers", []worker{}},
		{"getWorker", worker{}},
		{"getDirectoryService", hsdsService{}},
		{"getDirectoryOrganization", hsdsOrganization{}},
		{"listTaxonomyTerms", struct {
			Contents []hsdsTerm `json:"contents"`
		}{}},
		{"listDirectoryServices", struct {
			Total int  `json:"total_items"`
			Last  bool `json:"last_page"`
		}{}},
	} {
		schema, ok := answers[one.op]
		if !ok {
			t.Errorf("%s: there is no such answer", one.op)
			continue
		}
		of := reflect.TypeOf(one.read)
		if of.Kind() == reflect.Slice {
			schema, of = schema.property("items").child("items"), of.Elem()
		}
		for _, name := range lacks(schema, of, "") {
			if name == "/commands" && reflect.TypeOf(one.read).Kind() == reflect.Slice {
				continue // no list has them, and its records are read as the single one is
			}
			t.Errorf("%s: the contract has no %s", one.op, name)
		}
	}
}

// lacks are the names of a struct that a schema does not have.
func lacks(s schema, of reflect.Type, at string) (names []string) {
	for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
		if of.Kind() == reflect.Slice {
			s = s.child("items")
		}
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || reflect.PointerTo(of).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		p := s.property(name)
		if p.node == nil {
			names = append(names, at+"/"+name)
			continue
		}
		names = append(names, lacks(p, f.Type, at+"/"+name)...)
	}
	return names
}

// schema is one of a document, with its references followed.
type schema struct {
	doc, node map[string]any
}

func (s schema) resolved() schema {
	for s.node["$ref"] != nil {
		s.node = dig(s.doc, strings.Split(strings.TrimPrefix(s.node["$ref"].(string), "#/"), "/")...)
	}
	return s
}

func (s schema) child(name string) schema {
	return schema{s.doc, dig(s.node, name)}.resolved()
}

func (s schema) property(name string) schema {
	s = s.resolved()
	if p := dig(s.node, "properties", name); p != nil {
		return schema{s.doc, p}.resolved()
	}
	all, _ := s.node["allOf"].([]any)
	for _, part := range all {
		if p := (schema{s.doc, part.(map[string]any)}).property(name); p.node != nil {
			return p
		}
	}
	return schema{}
}

// answersOf are the schemas of what operations answer with 200.
func answersOf(t *testing.T) map[string]schema {
	t.Helper()
	files, err := fs.Glob(api.Files, "openapi/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no contracts", err)
	}
	answers := map[string]schema{}
	for _, file := range files {
		text, err := fs.ReadFile(api.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := yaml.Unmarshal(text, &doc); err != nil {
			t.Fatalf("%s: %v", path.Base(file), err)
		}
		for route := range dig(doc, "paths") {
			for method := range dig(doc, "paths", route) {
				op := dig(doc, "paths", route, method)
				ok := schema{doc, dig(op, "responses", "200")}.resolved()
				if body := dig(ok.node, "content", "application/json", "schema"); body != nil {
					answers[op["operationId"].(string)] = schema{doc, body}.resolved()
				}
			}
		}
	}
	return answers
}

func dig(m map[string]any, names ...string) map[string]any {
	for _, name := range names {
		m, _ = m[name].(map[string]any)
	}
	return m
}
