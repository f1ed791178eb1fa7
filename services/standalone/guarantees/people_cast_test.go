package guarantees_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// The agencies of a town beside those of the journey.
const (
	secondDesk  = "hospital-desk"
	secondHelp  = "women-centre"
	clothes     = "clothes-store"
	clothesGive = "nfi_clothes_shoes_service"
)

// offer is an agency that helps, with what, and who works there.
type offer struct {
	agency, service, role string
	// room is where the work is, empty where the network keeps none.
	room string
	// twoStep says that a supervisor confirms what is declined.
	twoStep bool
}

var offers = []offer{
	{agency: journey.LegalAid, service: "legal_assistance_service", role: "lawyer", room: "/v1/matters/mat"},
	{agency: journey.Counselling, service: "psychosocial_service", role: "counsellor", room: "/v1/support-plans/plan"},
	{agency: secondHelp, service: "psychosocial_service", role: "counsellor", room: "/v1/support-plans/plan", twoStep: true},
	{agency: journey.Forensics, service: "forensic_examination_service", role: "examiner", room: "/v1/examinations/exam"},
	{agency: clothes, service: clothesGive, role: "focal_point"},
	{agency: village, service: "health_medical_service"},
}

// person is somebody with a token.
type person struct {
	identity.Principal
	office.Desk
	id     string // on the register of workers
	absent time.Time
	cover  *person
	duty   time.Time
	gone   bool
}

func (p *person) String() string {
	if p == nil {
		return "somebody without a token"
	}
	return strings.Join(p.Roles, "+") + " " + p.Subject + " of " + p.Principal.Agency
}

func (p *person) is(roles ...string) bool {
	return p != nil && slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(p.Roles, r) })
}

func (p *person) of(agency string) bool { return p != nil && p.Principal.Agency == agency }

// town is a network with its people, and what the test remembers of them.
type town struct {
	*world
	t     *testing.T
	r     *rand.Rand
	shift time.Duration

	people []*person
	cases  []*aCase
	// elsewhere is what was done to no case: to people and channels.
	elsewhere aCase
	// secrets are the private texts, by text.
	secrets map[string]*whisper
	problem map[string]bool
	// mailbox is where the village is told.
	mailbox []map[string]string
	codes   map[string]*aCode
	// focus is the referral with which a story goes on, nil for chance.
	focus *ask
	// strict is set while everything is at rest.
	strict bool
	// did counts what was answered with success, by the kind of act, and saw what was
	// shown and refused by rule.
	did, saw map[string]int
	// shown counts the secrets that somebody was shown, and might see.
	shown atomic.Int64
}

// settle makes a town, its agencies and its people.
func settle(tt *testing.T, r *rand.Rand, options ...func(*world)) *town {
	tt.Helper()
	t := &town{t: tt, r: r, secrets: map[string]*whisper{}, problem: map[string]bool{}, codes: map[string]*aCode{}, did: map[string]int{}, saw: map[string]int{}}
	text, err := os.ReadFile("../../../docs/problems.md")
	if err != nil {
		tt.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, is := strings.CutPrefix(line, "## "); is {
			t.problem[strings.TrimSpace(name)] = true
		}
	}
	t.world = begin(tt, append(options, func(w *world) { w.config.Clock = func() time.Time { return time.Now().Add(t.shift) } })...)
	join := func(agency string, roles ...string) *person {
		p := &person{Principal: identity.Principal{Agency: agency, Roles: roles}}
		p.Subject = t.secret("the name of a worker", func(q *person, _ bool) bool { return q.of(agency) }).text
		p.id = worker.ID(agency, p.Subject)
		t.people = append(t.people, p)
		return p
	}
	for _, desk := range []string{journey.FrontDesk, secondDesk} {
		join(desk, "caseworker")
		join(desk, "caseworker")
		join(desk, "caseworker")
		join(desk, "supervisor")
	}
	for _, o := range offers {
		if o.role == "" {
			continue
		}
		join(o.agency, o.role)
		join(o.agency, o.role)
		join(o.agency, "focal_point")
		join(o.agency, "supervisor")
	}
	for country, programme := range map[string]string{"GT": journey.Programme, "SV": journey.Programme} {
		p := join(journey.Coordination+"-"+strings.ToLower(country), "coordinator")
		p.Country, p.Programme = country, programme
	}
	slices.SortStableFunc(t.people, func(a, b *person) int { return strings.Compare(a.Principal.Agency, b.Principal.Agency) })
	join(journey.Coordination+"-gt", "operator")
	t.seat()
	coordinator := t.who(func(p *person) bool { return p.Country == "GT" })
	for _, o := range offers {
		t.must(coordinator, "/v1/agencies", m{"agency": o.agency, "country": "GT", "services": []string{o.service}, "feed": true, "two_step_denial": o.twoStep})
	}
	for _, p := range t.people {
		if head := t.who(func(q *person) bool { return q.of(p.Principal.Agency) && q.is("supervisor") }); head != nil {
			t.must(head, "/v1/workers", m{"agency": head.Principal.Agency, "subject": p.Subject})
		}
	}
	t.mailed()
	t.idle()
	return t
}

// must is for what belongs to the town and not to chance.
func (t *town) must(p *person, path string, body m) {
	t.t.Helper()
	if a, _ := t.post(p, path, body); a.Status >= 300 {
		t.t.Fatalf("%s at %s: %d %s", p, path, a.Status, a.Body)
	}
}

// mailed sets where the village is told, anew.
func (t *town) mailed() {
	t.t.Helper()
	reads := func(p *person, _ bool) bool { return p.of(village) || p.is("coordinator") && p.Country == "GT" }
	box := []map[string]string{
		{"kind": "email", "address": strings.ToLower(t.secret("an address of an agency", reads).text) + "@village.test"},
		{"kind": "sms", "address": t.number("a number of an agency", reads).text},
	}
	coordinator := t.who(func(p *person) bool { return p.Country == "GT" })
	t.must(coordinator, "/v1/channels", m{"agency": village, "language": "es", "zone": "America/Guatemala", "channels": box})
	t.mailbox = box
}

// seat gives everybody a token for the network as it runs now.
func (t *town) seat() {
	t.t.Helper()
	for _, p := range t.people {
		p.Desk = t.deskOf(p.Principal)
		p.HTTP = &http.Client{Transport: listening{t.http.Transport, t, p}, Timeout: t.http.Timeout}
	}
}

// who is a random person of a kind, nil where there is none.
func (t *town) who(is func(*person) bool) *person {
	return oneOf(t.r, slices.DeleteFunc(slices.Clone(t.people), func(p *person) bool { return !is(p) }))
}

// oneOf is one of several, the zero value of none.
func oneOf[T any](r *rand.Rand, all []T) (one T) {
	if len(all) == 0 {
		return one
	}
	return all[r.IntN(len(all))]
}

// some is a random part of several, in their order.
func some[T any](r *rand.Rand, all []T, chance float64) (part []T) {
	for _, one := range all {
		if r.Float64() < chance {
			part = append(part, one)
		}
	}
	return part
}

// at is an act in its hundredths.
func (t *town) at(percent int) bool { return t.r.IntN(100) < percent }

func (t *town) now() time.Time { return t.config.Clock().UTC() }

// mustHaveHappened keeps the test from passing because nobody did anything.
func (t *town) mustHaveHappened() {
	t.t.Helper()
	for _, act := range []string{"open", "consent", "request", "accept", "packet"} {
		if t.did[act] == 0 {
			t.t.Errorf("in this town nobody had success with %q", act)
		}
	}
	var lines []string
	for _, act := range slices.Sorted(maps.Keys(t.did)) {
		lines = append(lines, fmt.Sprintf("%s %d", act, t.did[act]))
	}
	for _, rule := range slices.Sorted(maps.Keys(t.saw)) {
		lines = append(lines, fmt.Sprintf("%s %d", rule, t.saw[rule]))
	}
	t.t.Logf("%s; %d secrets shown", strings.Join(lines, ", "), t.shown.Load())
}
