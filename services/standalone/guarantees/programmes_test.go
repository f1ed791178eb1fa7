package guarantees_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// beside are the programmes of an office: that of the demonstration, and perhaps a second one of
// the same country, which decides everything else.
func beside(t *testing.T, second bool) func(*world) {
	t.Helper()
	dir := t.TempDir()
	text, err := fs.ReadFile(files.Shipped(), journey.Programme+"/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// It holds places for other than the base says, so that nobody mistakes the one for the other.
	all := map[string]string{journey.Programme: strings.Replace(string(text), "hold: {changes: law_from_date, is: 30m}", "hold: {changes: law_from_date, is: 90m}", 1)}
	if second {
		all["beta"] = strings.NewReplacer(
			"programme: "+journey.Programme, "programme: beta", "is: 90m", "is: 50m", "is: 30d", "is: 45d", "contact: 3d", "contact: 2d",
			"serve: 30d", "serve: 20d", "expire: 10d", "expire: 12d", "onward: 1d", "onward: 5d",
			`opens: "08:00"`, `opens: "10:00"`, "monday, ", "", "grace: 30d", "grace: 3d",
		).Replace(regexp.MustCompile(`(?m)^    (at_capacity|no_longer_needed):.*\n`).ReplaceAllString(all[journey.Programme], ""))
	}
	for name, text := range all {
		if err := errors.Join(os.Mkdir(filepath.Join(dir, name), 0o700), os.WriteFile(filepath.Join(dir, name, "1.yaml"), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return func(w *world) { w.config.Service.Programmes = dir }
}

// half is one programme in a network: its people, and what they have.
type half struct {
	*world
	programme, name   string
	desk, coordinator office.Desk
	helpers           []office.Desk
	cases, referrals  []string
	// holds are what its desk holds at the shelter, and teams who goes for it.
	holds, teams []string
	// said is what its people were answered to each act.
	said []heard
}

var helps = []struct{ role, service string }{
	{"lawyer", "legal_assistance_service"}, {"counsellor", "psychosocial_service"}, {"focal_point", "livelihoods_service"},
}

func (w *world) half(programme, name string) *half {
	w.t.Helper()
	h := &half{world: w, programme: programme, name: name, desk: w.desk(name+"-desk", "caseworker"), coordinator: w.deskOf(coordinatorOf(journey.Country, programme))}
	for i, s := range helps {
		agency := fmt.Sprintf("%s-helper-%d", name, i)
		h.helpers = append(h.helpers, w.desk(agency, s.role, "focal_point"))
		err := h.coordinator.Post(w.t.Context(), "/v1/agencies", m{"agency": agency, "country": journey.Country, "services": []string{s.service}, "feed": true}, nil)
		if err != nil {
			w.t.Fatal(err)
		}
	}
	h.team()
	w.idle()
	return h
}

// team makes a response team of the programme, with one member and nobody on call.
func (h *half) team() {
	h.t.Helper()
	var made struct{ Team string }
	keeper, agency := h.world.deskOf(network.Seat(h.name+"-helper-0", "supervisor")), h.name+"-helper-0"
	who := network.Seat(agency, "lawyer")
	for _, does := range []struct {
		path string
		body m
	}{
		{"/v1/workers", m{"agency": agency, "subject": who.Subject}},
		{"/v1/teams", m{"country": journey.Country, "programme": h.programme, "area": "GT-01"}},
	} {
		if err := keeper.Post(h.t.Context(), does.path, does.body, &made); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := keeper.Post(h.t.Context(), "/v1/teams/"+made.Team+"/change", m{"area": "GT-01", "members": []map[string]string{asMember(who)}}, nil); err != nil {
		h.t.Fatal(err)
	}
	h.teams = append(h.teams, made.Team)
}

// heard is a text without what differs in any two networks, and the instants in it.
type heard struct {
	text string
	at   []time.Time
}

var instant = regexp.MustCompile(`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z`)

func hears(text string) heard {
	is := heard{text: masked(text)}
	for _, found := range instant.FindAllString(text, -1) {
		if at, err := time.Parse(time.RFC3339Nano, found); err == nil {
			is.at = append(is.at, at)
		}
	}
	return is
}

// alike compares what was heard at nearly the same time in two networks.
func alike(t *testing.T, what string, alone, both heard) {
	t.Helper()
	if diff := cmp.Diff(alone.text, both.text); diff != "" || len(alone.at) != len(both.at) {
		t.Errorf("%s (-alone +beside another):\n%s", what, diff)
		return
	}
	for i := range alone.at {
		if d := alone.at[i].Sub(both.at[i]).Abs(); d > 20*time.Minute {
			t.Errorf("%s: instant %d is %s away:\n%s", what, i, d, alone.text)
		}
	}
}

// act is one thing that people do, with what was drawn for it.
type act struct{ what, which, how int }

func draw(r *rand.Rand) act { return act{r.IntN(13), r.IntN(1 << 20), r.IntN(1 << 20)} }

func pick[T any](all []T, n int) (is T) {
	if len(all) > 0 {
		is = all[n%len(all)]
	}
	return is
}

// answered is all of an answer. Both programmes hold at one shelter, which serves both: how often
// that changed is the version of a record that they share, and nothing else of it may differ.
func answered(path string, a office.Answer) string {
	version := a.Header.Get("ETag")
	if strings.HasPrefix(path, placePath) {
		version = ""
	}
	return fmt.Sprint(a.Status, " ", version, " ", string(a.Body))
}

// does is one act. What is refused is an answer, too.
func (h *half) does(a act) {
	h.t.Helper()
	say := func(d office.Desk, path string, body m) office.Answer {
		text, err := json.Marshal(body)
		if err != nil {
			h.t.Fatal(err)
		}
		answer := post(h.t.Context(), h.t, d, path, uuid.NewString(), string(text))
		h.said = append(h.said, hears(masked(path)+" "+answered(path, answer)))
		h.idle() // what follows from it is done before the next is asked
		return answer
	}
	id, n := pick(h.cases, a.which), a.how%len(helps)
	referral := 0
	if len(h.referrals) > 0 {
		referral = a.which % len(h.referrals)
	}
	switch {
	case a.what < 2 || id == "":
		var c struct{ ID string }
		answer := say(h.desk, "/v1/cases", m{
			"channel": pick(code.Channels, a.how), "country": journey.Country, "programme": h.programme, "name": "Canary of Hers",
			"contact": m{"phone": "+000 0000 0000"}, "survivor": m{"sex": "female", "age_band": "18+"},
		})
		if answer.Status < 300 && json.Unmarshal(answer.Body, &c) == nil {
			h.cases = append(h.cases, c.ID)
		}
	case a.what < 5 || len(h.referrals) == 0:
		agency := fmt.Sprintf("%s-helper-%d", h.name, n)
		say(h.desk, "/v1/cases/"+id+"/consents", consent(agency, helps[n].service))
		var c struct{ Referrals []struct{ ID string } }
		answer := say(h.desk, "/v1/cases/"+id+"/requests", m{"requests": []m{{"recipient": agency, "service": helps[n].service, "urgency": "standard"}}})
		if answer.Status < 300 && json.Unmarshal(answer.Body, &c) == nil && len(c.Referrals) > 0 {
			h.referrals = append(h.referrals, c.Referrals[len(c.Referrals)-1].ID)
		}
	case a.what < 8:
		// Every helper answers: of two, another agency's is refused.
		path, d := "/v1/referrals/"+h.referrals[referral], pick(h.helpers, a.how)
		switch a.how / len(helps) % 4 {
		case 0, 1:
			say(d, path+"/accept", m{})
		case 2:
			say(d, path+"/decline", m{"reason": pick(code.DeclineReasons, a.how)})
		default:
			say(h.desk, path+"/cancel", m{"reason": pick(code.CancelReasons, a.how)})
		}
	case a.what < 9:
		say(h.desk, "/v1/cases/"+id+"/consents/withdraw", m{"recipient": fmt.Sprintf("%s-helper-%d", h.name, n), "service": helps[n].service})
	case a.what == 10 && len(h.holds) > 0 && a.how%2 == 0:
		say(h.desk, placePath+"/renew", m{"hold": pick(h.holds, a.which)})
	case a.what == 10:
		var p counted
		answer := say(h.desk, placePath+"/hold", m{"adults": 1, "programme": h.programme})
		if answer.Status < 300 && json.Unmarshal(answer.Body, &p) == nil && len(p.Holds) > 0 {
			h.holds = append(h.holds, p.Holds[len(p.Holds)-1].Hold)
		}
	case a.what == 11:
		say(h.desk, "/v1/matches", m{"services": []string{"safehouse_service"}, "country": journey.Country, "programme": h.programme, "urgency": "standard", "waiting": a.how%2 == 0})
	case a.what == 12:
		say(h.desk, "/v1/cases/"+id+"/response", sought("GT-01"))
	default:
		say(h.desk, "/v1/cases/search", m{"name": "Canary of Hers", "reason": "she_is_here"})
	}
}

// told is all that the people of the programme can read, and what is told about it.
func (h *half) told(others ...*half) map[string]heard {
	h.t.Helper()
	all := map[string]heard{}
	paths := []string{
		"/v1/cases", "/v1/cases?status=open", "/v1/cases?mine=true", "/v1/transfers", "/v1/referrals?limit=200", "/v1/referrals?role=sender&limit=200",
		"/v1/referrals/counts", "/v1/referrals/counts?role=sender", "/v1/escalations", "/v1/matters", "/v1/support-plans", "/v1/workers", "/v1/searches",
		"/v1/alerts", "/v1/teams", placePath,
	}
	for _, a := range []string{"unmet_need", "possible_duplicate", "without_owner"} {
		paths = append(paths, "/v1/cases?attention="+a)
	}
	for _, id := range h.cases {
		paths = append(paths, "/v1/cases/"+id, "/v1/cases/"+id+"/timeline", "/v1/cases/"+id+"/plan")
	}
	for _, id := range h.teams {
		paths = append(paths, "/v1/teams/"+id)
	}
	for _, id := range h.referrals {
		paths = append(paths, "/v1/referrals/"+id, "/v1/referrals/"+id+"/history")
	}
	people := map[string]office.Desk{"the desk": h.desk, "the coordinator": h.coordinator, "the supervisor": h.world.deskOf(network.Seat(h.name+"-desk", "supervisor"))}
	for i, d := range h.helpers {
		people[fmt.Sprint("helper ", i)] = d
	}
	for who, d := range people {
		for i, path := range paths {
			a := h.get(d, path)
			all[fmt.Sprint(who, " ", i, " ", masked(path))] = hears(answered(path, a))
		}
	}
	for _, stream := range []string{bus.Events, bus.Agencies, bus.DeadLetters} {
		var lines []string
		for _, msg := range stored(h.t, h.Bus, stream) {
			line := msg.Subject
			for _, name := range slices.Sorted(maps.Keys(msg.Header)) {
				line += "\n" + name + ": " + strings.Join(msg.Header[name], ",")
			}
			line += "\n" + string(msg.Data)
			if !slices.ContainsFunc(others, func(o *half) bool { return o.owns(line) }) {
				lines = append(lines, line)
			}
		}
		slices.SortFunc(lines, func(a, b string) int { return strings.Compare(masked(a)+a, masked(b)+b) })
		all[stream] = heard{text: masked(strings.Join(lines, "\n\n"))}
	}
	return all
}

// owns says whether a message is about the programme.
func (h *half) owns(line string) bool {
	return strings.Contains(line, h.name+"-") || slices.ContainsFunc(slices.Concat(h.cases, h.referrals, h.holds, h.teams), func(id string) bool {
		_, name, _ := strings.Cut(id, "_")
		return strings.Contains(line, name)
	})
}

// Two networks in which the people of one programme do the same. In one of them a second
// programme of the same country works, too, which has other rules and where people do other
// things, of women of the same name. Both hold at one shelter, and ask matches and response teams. Nobody of the first can tell the networks apart: by no
// answer, list, count or search, and by no message.
func TestTwoProgrammesSeeNothingOfEachOther(t *testing.T) {
	seeds, acts := []uint64{1, 2, 3, 4, 5, 6}, 40
	if testing.Short() {
		seeds, acts = seeds[:1], 10
	}
	var second []*half
	alone, shared := begin(t, beside(t, false)), begin(t, beside(t, true))
	for _, w := range []*world{alone, shared} {
		w.listed()
		if err := w.desk(shelterSlug, "focal_point").Post(t.Context(), "/v1/places", rooms(1000, 1000), nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, seed := range seeds {
		name := fmt.Sprint("seed-", seed)
		first, one, two := alone.half(journey.Programme, name), shared.half(journey.Programme, name), shared.half("beta", "beta-"+name)
		second = append(second, two)
		draws, others := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
		for range acts {
			a := draw(draws)
			first.does(a)
			two.does(draw(others))
			one.does(a)
			for i := range first.said {
				alike(t, fmt.Sprint(name, ", answer ", i), first.said[i], one.said[i])
			}
			first.said, one.said, two.said = nil, nil, nil
		}
		if len(first.referrals) == 0 || len(two.referrals) == 0 {
			t.Errorf("%s: nobody was asked", name)
		}
		want, got := first.told(), one.told(second...)
		for what := range want {
			alike(t, name+", "+what, want[what], got[what])
		}
		if len(want) != len(got) || len(want) < 100 {
			t.Errorf("%s: %d answers are compared with %d", name, len(want), len(got))
		}
		if t.Failed() {
			return
		}
	}
}
