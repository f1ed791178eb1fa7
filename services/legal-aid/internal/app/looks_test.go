package app_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

const office = "legal-clinic"

var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// full refuses to keep who looked, while it is full.
type full struct {
	recordtest.Journal
	now bool
	// meanwhile happens while a look is recorded.
	meanwhile func()
}

var errFull = errors.New("the disk is full")

func (f *full) Append(ctx context.Context, c *journal.Commit) error {
	if f.now && strings.HasPrefix(c.Record, seen.Prefix+"_") {
		return errFull
	}
	if f.meanwhile != nil && strings.HasPrefix(c.Record, seen.Prefix+"_") {
		f.meanwhile()
	}
	return f.Journal.Append(ctx, c)
}

// clinic is an office with one matter, which ana has. Eva covers for ana, and acts for
// her while ana is away. Ida has left, Bob is new.
type clinic struct {
	*testing.T
	app.App
	journal *full
	matter  string
}

func opened(t *testing.T) clinic {
	t.Helper()
	c := clinic{T: t, journal: &full{}, matter: domain.MatterID("ref_1")}
	b := record.NewBook(event.NewCatalogue(
		event.Private[legalaidv1.MatterOpened, work.Consent](), event.Type[legalaidv1.MatterAssigned](), event.Type[legalaidv1.MatterStarted](),
		event.Private[legalaidv1.AdviceGiven, domain.Told](), event.Private[legalaidv1.MatterSeen, seen.Glance](), event.Type[legalaidv1.WorkerNoted](),
		event.Type[legalaidv1.MatterEnded](), event.Type[legalaidv1.MatterEndingAsked](), event.Type[legalaidv1.CertificateNoted](),
		event.Type[legalaidv1.CertificateOutdated](), event.Type[legalaidv1.CertificateSettled](), event.Type[legalaidv1.CertificateFiled](), event.Type[legalaidv1.AnnulmentFiled](),
		event.Private[legalaidv1.ConflictNamed, conflict.Named](), event.Private[legalaidv1.ConflictMatched, conflict.Found](),
	), func() time.Time { return morning })
	c.App = app.New(b)
	if err := b.Open(t.Context(), c.journal, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	loop := referralv1.Loop{Referral: "ref_1", Case: "case_1", Recipient: office, Service: code.LegalAssistance, Turn: 2}
	err := c.OnReferralAccepted(c.network("1"), referralv1.Accepted{
		Loop: loop, Consent: "cons_1", Purpose: code.ServiceDelivery, Urgency: code.Urgent, Categories: []code.Category{code.Identity, code.ForensicCertificate}, ConsentExpires: morning.AddDate(0, 1, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []staff.Worker{{ID: id("ana"), Cover: id("eva")}, {ID: id("eva")}, {ID: id("ida"), Left: true}, {ID: id("bob")}} {
		c.says(w, 1)
	}
	c.assigned(loop, "ana", morning)
	if _, err := c.Works.Change(c.as("ana"), c.matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.CheckConflicts(by, domain.CheckConflicts{Names: conflict.Names{Client: []string{"Somebody"}}})
	}); err != nil {
		t.Fatal(err)
	}
	if err := c.Compare(c.as("ana"), c.matter); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Works.Change(c.as("ana"), c.matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.GiveAdvice(by, domain.GiveAdvice{Topic: code.TopicProtection, Summary: "what she can do"})
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func id(subject string) string { return worker.ID(office, subject) }

func person(subject string, roles ...string) fact.By {
	return fact.By{Principal: subject, Agency: office, Roles: append(roles, "lawyer"), At: morning}
}

func (c clinic) as(subject string) context.Context {
	return record.With(c.Context(), record.Command{Op: "test", By: person(subject)})
}

func (c clinic) network(cause string) context.Context {
	return record.With(c.Context(), record.Command{Op: "hear", Cause: cause})
}

func (c clinic) says(w staff.Worker, turn int) {
	c.Helper()
	w.Agency, w.Turn = office, turn
	keep := worker.Keep(func(w staff.Worker) worker.Noted { return legalaidv1.WorkerNoted{Worker: w} })
	if _, err := c.Workers.Execute(c.network("worker"+w.ID+time.Duration(turn).String()), w.ID, func(k worker.Copy, by fact.By) ([]fact.Event, error) {
		return keep(k, by, referralv1.WorkerChanged{Worker: w})
	}); err != nil {
		c.Fatal(err)
	}
}

func (c clinic) assigned(l referralv1.Loop, to string, at time.Time) {
	c.Helper()
	if _, err := c.Works.Execute(c.network("assign"+to+l.Referral), domain.MatterID(l.Referral), func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return work.In[domain.Matter](work.Work.OnAssigned)(m, by, referralv1.Assigned{Loop: l, Worker: id(to), At: at})
	}); err != nil {
		c.Fatal(err)
	}
}

func (c clinic) away(until time.Time) {
	c.Helper()
	c.says(staff.Worker{ID: id("ana"), Cover: id("eva"), AbsentUntil: until}, 2)
}

// read is what somebody sees of the matter, and whether that is its content.
func (c clinic) read(by fact.By) (domain.View, bool) {
	c.Helper()
	sight, err := c.Read(c.as(by.Principal), c.matter, by)
	if err != nil {
		c.Fatal(err)
	}
	if sight.Version != c.version() {
		c.Errorf("a look gives version %d of %d", sight.Version, c.version())
	}
	v := sight.View.(domain.View)
	return v, len(v.Advice) > 0
}

func (c clinic) version() uint64 {
	c.Helper()
	res, err := c.Works.Get(c.Context(), c.matter)
	if err != nil {
		c.Fatal(err)
	}
	return res.Version
}

func (c clinic) looks() []seen.Look {
	c.Helper()
	looks, err := c.Looked(c.Context(), person("head", "supervisor"), c.matter, nil)
	if err != nil {
		c.Fatal(err)
	}
	return looks.Items
}

// The content is for the worker who has the matter, and for who covers while the worker
// does not work. Everybody else of the agency sees the frame.
func TestTheContentIsForItsWorker(t *testing.T) {
	head := person("head", "supervisor", "focal_point")
	for name, c := range map[string]struct {
		given func(clinic)
		by    fact.By
		want  bool
	}{
		"who has it":                    {func(clinic) {}, person("ana"), true},
		"who covers, and is not needed": {func(clinic) {}, person("eva"), false},
		"who covers":                    {func(c clinic) { c.away(morning.Add(time.Hour)) }, person("eva"), true},
		"who covered until now":         {func(c clinic) { c.away(morning) }, person("eva"), false},
		"who has it, from away":         {func(c clinic) { c.away(morning.Add(time.Hour)) }, person("ana"), true},
		"who had it, and has left":      {func(c clinic) { c.says(staff.Worker{ID: id("ana"), Cover: id("eva"), Left: true}, 2) }, person("ana"), false},
		"who covers for one who left":   {func(c clinic) { c.says(staff.Worker{ID: id("ana"), Cover: id("eva"), Left: true}, 2) }, person("eva"), true},
		"a newly made lawyer":           {func(clinic) {}, person("bob"), false},
		"nobody of the register":        {func(clinic) {}, person("zoe"), false},
		"a supervisor":                  {func(clinic) {}, head, false},
		"who had it before":             {func(c clinic) { c.assigned(loopOf("ref_1"), "bob", morning.Add(time.Minute)) }, person("ana"), false},
		"who has it since":              {func(c clinic) { c.assigned(loopOf("ref_1"), "bob", morning.Add(time.Minute)) }, person("bob"), true},
	} {
		t.Run(name, func(t *testing.T) {
			clinic := opened(t)
			c.given(clinic)
			v, content := clinic.read(c.by)
			if content != c.want || (v.Case != "") != c.want || !v.Assigned || v.ID != clinic.matter {
				t.Errorf("%+v", v)
			}
			if err := clinic.Past(clinic.as(c.by.Principal), clinic.matter, c.by); errors.Is(err, work.ErrNotTheWorker) == c.want {
				t.Errorf("the history: %v", err)
			}
			_, err := clinic.Works.Change(clinic.as(c.by.Principal), clinic.matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
				return work.ByWorker(work.In[domain.Matter](work.Work.ContactProblem))(m, by, work.ContactProblem{}, clinic.Hands(t.Context(), clinic.matter, c.by))
			})
			if errors.Is(err, work.ErrNotTheWorker) == c.want {
				t.Errorf("a change: %v", err)
			}
			want := []seen.Look(nil)
			if c.want {
				want = []seen.Look{
					{At: morning, Glance: seen.Glance{By: c.by.Principal, Part: seen.Content}},
					{At: morning, Glance: seen.Glance{By: c.by.Principal, Part: seen.History}},
				}
			}
			if d := cmp.Diff(append([]seen.Look{}, want...), clinic.looks()); d != "" {
				t.Error("who looked (-want +got):\n" + d)
			}
		})
	}
}

func loopOf(referral string) referralv1.Loop {
	return referralv1.Loop{Referral: referral, Case: "case_1", Recipient: office, Service: code.LegalAssistance, Turn: 2}
}

// Another agency learns not even that there is a matter.
func TestNobodyElseLooks(t *testing.T) {
	c := opened(t)
	by := fact.By{Principal: "ana", Agency: "police-desk", Roles: []string{"supervisor"}, At: morning}
	if _, err := c.Read(c.as("ana"), c.matter, by); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("the content: %v", err)
	}
	if err := c.Past(c.as("ana"), c.matter, by); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("the history: %v", err)
	}
	if _, err := c.Looked(c.as("ana"), by, c.matter, nil); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("the looks: %v", err)
	}
}

// A look that cannot be recorded shows nothing.
func TestALookIsRecordedBeforeTheAnswer(t *testing.T) {
	c := opened(t)
	c.journal.now = true
	if sight, err := c.Read(c.as("ana"), c.matter, person("ana")); !errors.Is(err, errFull) || sight.View != nil {
		t.Errorf("it shows %+v, %v", sight.View, err)
	}
	if err := c.Past(c.as("ana"), c.matter, person("ana")); !errors.Is(err, errFull) {
		t.Errorf("the history: %v", err)
	}
	c.journal.now = false
	if _, content := c.read(person("ana")); !content || len(c.looks()) != 1 {
		t.Errorf("afterwards: %t, %v", content, c.looks())
	}
}

// What was given to somebody else while the look was recorded is not shown any more.
func TestTheWorkMovesOnDuringALook(t *testing.T) {
	c := opened(t)
	c.journal.meanwhile = func() { c.assigned(loopOf("ref_1"), "bob", morning.Add(time.Minute)) }
	if sight, err := c.Read(c.as("ana"), c.matter, person("ana")); !errors.Is(err, work.ErrNotTheWorker) || sight.View != nil {
		t.Errorf("it shows %+v, %v", sight.View, err)
	}
}

// Who looked, a supervisor reads, and who has the matter.
func TestWhoReadsTheLooks(t *testing.T) {
	c := opened(t)
	for _, by := range []fact.By{person("ana"), person("head", "supervisor")} {
		if _, err := c.Looked(t.Context(), by, c.matter, nil); err != nil {
			t.Errorf("%s: %v", by.Principal, err)
		}
	}
	for _, by := range []fact.By{person("bob"), person("eva"), person("head", "focal_point")} {
		if _, err := c.Looked(t.Context(), by, c.matter, nil); !errors.Is(err, work.ErrNotTheWorker) {
			t.Errorf("%s: %v", by.Principal, err)
		}
	}
}

// Those who lead an agency list its work. A worker lists what they have, or what one has
// for whom they cover now.
func TestWhoListsWhat(t *testing.T) {
	c := opened(t)
	away := opened(t)
	away.away(morning.Add(time.Hour))
	for name, k := range map[string]struct {
		clinic
		by    fact.By
		query string
		want  bool
		err   error
	}{
		"a supervisor":                  {c, person("head", "supervisor"), "", true, nil},
		"a focal point":                 {c, person("desk", "focal_point"), "status=open", true, nil},
		"a supervisor, closed work":     {c, person("head", "supervisor"), "status=closed", false, nil},
		"a supervisor, of one worker":   {c, person("head", "supervisor"), "worker=" + id("ana"), true, nil},
		"a supervisor, of another":      {c, person("head", "supervisor"), "worker=" + id("eva"), false, nil},
		"a supervisor, their own":       {c, person("head", "supervisor"), "mine=true", false, nil},
		"who has it":                    {c, person("ana"), "", true, nil},
		"who has it, asked about":       {c, person("ana"), "status=asked", false, nil},
		"a newly made lawyer":           {c, person("bob"), "", false, nil},
		"a newly made lawyer, of ana":   {c, person("bob"), "worker=" + id("ana"), false, work.ErrNotTheWorker},
		"who covers, and is not needed": {c, person("eva"), "worker=" + id("ana"), false, work.ErrNotTheWorker},
		"who covers":                    {away, person("eva"), "worker=" + id("ana"), true, nil},
		"a supervisor elsewhere":        {c, fact.By{Principal: "ana", Agency: "police-desk", Roles: []string{"supervisor"}}, "", false, nil},
	} {
		q, _ := url.ParseQuery(k.query)
		part, err := k.Worklist(k.by, q)
		if !errors.Is(err, k.err) || k.err == nil && (len(k.Works.Find(part)) > 0) != k.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What she took back at her desk is on the worklist of the worker who is to ask her.
func TestTheWorkerIsToAskHer(t *testing.T) {
	c := opened(t)
	l := loopOf("ref_1")
	l.Turn = 3
	if _, err := c.Works.Execute(c.network("withdrawn"), c.matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return work.In[domain.Matter](work.Work.OnWithdrawn)(m, by, referralv1.Withdrawn{Loop: l, Consent: "cons_1"})
	}); err != nil {
		t.Fatal(err)
	}
	part, err := c.Worklist(person("ana"), url.Values{"status": {"asked"}})
	if found := c.Works.Find(part); err != nil || len(found) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	v, content := c.read(person("ana"))
	if content || v.Status != work.Asked || v.Consent != nil {
		t.Errorf("the worker sees %+v", v)
	}
}
