package guarantees_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/docs"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// What harms, though it means well: each rule of the guide by its number. A part plays what the
// rule forbids, as somebody could ask for it, and sees that it is refused or has no effect. Then
// it plays what is allowed beside it: a network that refuses all would not pass. The parts share
// one network, and each has a case of its own.
func TestHarms(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	// A response team is on call in one area: what sends it, and what does not, is seen by it.
	anas := member(journey.Counselling, "ana")
	team(t.Context(), t, w.desk(journey.Counselling, "supervisor"), func(agency, role string) office.Desk { return w.desk(agency, role) }, "GT-09", w.now(), anas)
	w.idle()
	for _, h := range harms {
		t.Run(h.name, func(t *testing.T) { h.play(harmed{w.in(t), w.in(t).desk(journey.FrontDesk, "caseworker")}) })
	}
}

// harms are the rules that are played here. The others are held by the tests that the guide names.
var harms = []struct {
	name string
	play func(harmed)
}{
	{"01 a score alerts nobody", harmed.aScoreAlertsNobody},
	{"02 a type, a sex and an age band do not travel with a service", harmed.whatIsOnePersonDoesNotTravel},
	{"03 nothing moves without her", harmed.nothingMovesWithoutHer},
	{"07 her withdrawal ends the packets and asks her about the work", harmed.herWithdrawalEndsThePackets},
	{"08 search is a weapon", harmed.searchIsAWeapon},
	{"09 no age and no type triggers a report", harmed.nothingTriggersAReport},
	{"12 she declined is how agencies drop cases", harmed.sheDeclined},
	{"13 closed contact presses nobody", harmed.closedContactPressesNobody},
	{"14 danger news goes by what she chose", harmed.dangerNews},
	{"15 her own view is asked only where it is safe", harmed.herOwnView},
	{"17 age unknown and dissent", harmed.ageUnknownAndDissent},
	{"18 place and danger are for who acknowledged", harmed.placeAndDanger},
	{"19 agencies never see an old address", harmed.noOldAddress},
	{"20 an escalation is about an answer", harmed.anEscalationNamesNobody},
}

// harmed is the network as one of these parts has it.
type harmed struct {
	*world
	front office.Desk
}

// opens gives a new case, of which something is said, by its path.
func (h harmed) opens(said m) string {
	h.t.Helper()
	body := m{"channel": "hotline", "country": "GT", "programme": "guatemala"}
	maps.Copy(body, said)
	var c struct{ ID string }
	if err := h.front.Post(h.t.Context(), "/v1/cases", body, &c); err != nil {
		h.t.Fatal(err)
	}
	return "/v1/cases/" + c.ID
}

// does sends what is allowed.
func (h harmed) does(d office.Desk, path string, body m) json.RawMessage {
	h.t.Helper()
	var is json.RawMessage
	if err := d.Post(h.t.Context(), path, body, &is); err != nil {
		h.t.Fatal(err)
	}
	return is
}

// asks an agency on her consent, and gives the referral.
func (h harmed) asks(of, agency, service string) string {
	h.t.Helper()
	h.does(h.front, of+"/consents", consent(agency, service))
	return request(h.t.Context(), h.t, h.front, of[len("/v1/cases/"):], agency, service)
}

// takes has the agency accept.
func (h harmed) takes(d office.Desk, referral string) {
	h.t.Helper()
	h.offered(d, referral)
	h.does(d, "/v1/referrals/"+referral+"/accept", m{})
	h.becomes(h.front, "/v1/referrals/"+referral, status("accepted"))
}

// has says that an answer holds all of some texts.
func (h harmed) has(a office.Answer, texts ...string) {
	h.t.Helper()
	for _, text := range texts {
		if a.Status != http.StatusOK || !bytes.Contains(a.Body, []byte(text)) {
			h.t.Errorf("%d without %s: %s", a.Status, text, a.Body)
		}
	}
}

// hasNot says that an answer holds none of some texts.
func (h harmed) hasNot(a office.Answer, texts ...string) {
	h.t.Helper()
	for _, text := range texts {
		if a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(text)) {
			h.t.Errorf("%d with %s: %s", a.Status, text, a.Body)
		}
	}
}

// about are the types of the messages of all streams that name a record, and what they hold.
func (h harmed) about(record string) (types []string, text string) {
	h.t.Helper()
	h.idle()
	for _, stream := range []string{bus.Events, bus.Agencies, bus.Inside, bus.DeadLetters} {
		for _, msg := range stored(h.t, h.Bus, stream) {
			if said := fmt.Sprint(msg.Subject, msg.Header, string(msg.Data)); strings.Contains(said, record) {
				types, text = append(types, msg.Header.Get("ce-type")), text+said+"\n"
			}
		}
	}
	slices.Sort(types)
	return slices.Compact(types), text
}

// discloses is the packet, as somebody is answered who asks for it.
func (h harmed) discloses(d office.Desk, referral string) office.Answer {
	h.t.Helper()
	return post(h.t.Context(), h.t, d, "/v1/disclosures", uuid.NewString(), `{"referral":"`+referral+`"}`)
}

// The guide names for each rule the tests that hold it, and each of them is there.
func TestEachHarmHasATest(t *testing.T) {
	guide, err := fs.ReadFile(docs.Files, "guides/what-harms.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, h := range harms {
		there["TestHarms/"+h.name[:2]] = true
	}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	if err := filepath.WalkDir("../../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range declared.FindAllSubmatch(text, -1) {
			there[string(found[1])] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\d+) \| .* \| (.*) \|$`).FindAllStringSubmatch(string(guide), -1)
	for i, row := range rows {
		if row[1] != strconv.Itoa(i+1) {
			t.Errorf("row %d is of rule %s", i+1, row[1])
		}
		tests := regexp.MustCompile("`(Test[^`]+)`").FindAllStringSubmatch(row[2], -1)
		if len(tests) == 0 {
			t.Errorf("rule %s is held by no test", row[1])
		}
		for _, test := range tests {
			if !there[test[1]] {
				t.Errorf("rule %s is held by %s, which is not there", row[1], test[1])
			}
		}
	}
	if len(rows) != 21 {
		t.Errorf("%d rules, want 21", len(rows))
	}
	for _, h := range harms {
		if !strings.Contains(string(guide), "`TestHarms/"+h.name[:2]+"`") {
			t.Errorf("the guide does not name %s", h.name)
		}
	}
}
