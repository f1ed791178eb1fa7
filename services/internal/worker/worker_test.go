package worker_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const agency = "haya-centre"

var (
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ana  = worker.ID(agency, "ana")
	eva  = worker.ID(agency, "eva")
	keep = worker.Keep(func(w staff.Worker) worker.Noted { return legalaidv1.WorkerNoted{Worker: w} })
)

func present(w staff.Worker) worker.Present {
	w.Agency, w.Turn = agency, 1
	return worker.Present{Worker: w}
}

// Two workers are one only where agency and subject are the same.
func TestIDsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, agency := range []string{"a-1", "a-11", "b-1"} {
		for _, subject := range []string{"x", "1/x", "1", "X", "x/", "/x"} {
			id := worker.ID(agency, subject)
			if seen[id] || id != worker.ID(agency, subject) || !strings.HasPrefix(id, "worker_") || strings.Contains(id, subject+"/") {
				t.Errorf("%s %s is %s", agency, subject, id)
			}
			seen[id] = true
		}
	}
}

func TestWorks(t *testing.T) {
	for name, c := range map[string]struct {
		is   worker.Present
		want bool
	}{
		"nobody registered them":   {worker.Present{}, false},
		"there":                    {present(staff.Worker{ID: ana}), true},
		"left":                     {present(staff.Worker{ID: ana, Left: true}), false},
		"away":                     {present(staff.Worker{ID: ana, AbsentUntil: noon.Add(1)}), false},
		"back at this instant":     {present(staff.Worker{ID: ana, AbsentUntil: noon}), true},
		"away once, and then left": {present(staff.Worker{ID: ana, AbsentUntil: noon.Add(-1), Left: true}), false},
	} {
		if got := c.is.Works(noon); got != c.want {
			t.Errorf("%s: works is %t", name, got)
		}
	}
}

func TestCovers(t *testing.T) {
	later := noon.Add(time.Hour)
	elsewhere := present(staff.Worker{ID: eva})
	elsewhere.Agency = "other-centre"
	for name, c := range map[string]struct {
		eva, ana worker.Present
		want     bool
	}{
		"named, and the other is away":        {present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, Cover: eva, AbsentUntil: later}), true},
		"named, and the other has left":       {present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, Cover: eva, Left: true}), true},
		"named, and the other works":          {present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, Cover: eva}), false},
		"another one is named":                {present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, Cover: worker.ID(agency, "ida"), AbsentUntil: later}), false},
		"nobody is named":                     {present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, AbsentUntil: later}), false},
		"named, and away as well":             {present(staff.Worker{ID: eva, AbsentUntil: later}), present(staff.Worker{ID: ana, Cover: eva, AbsentUntil: later}), false},
		"named, and gone":                     {present(staff.Worker{ID: eva, Left: true}), present(staff.Worker{ID: ana, Cover: eva, AbsentUntil: later}), false},
		"of another agency":                   {elsewhere, present(staff.Worker{ID: ana, Cover: eva, AbsentUntil: later}), false},
		"nobody covers for whom nobody knows": {worker.Present{}, worker.Present{}, false},
	} {
		if got := c.eva.Covers(c.ana, noon); got != c.want {
			t.Errorf("%s: covers is %t", name, got)
		}
	}
}

// A copy ends as the register does, in whatever order and how often facts come.
func TestCopyFollowsTheRegister(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "facts")
		facts := make([]referralv1.WorkerChanged, n)
		for i := range facts {
			facts[i].Worker = staff.Worker{ID: ana, Agency: agency, Turn: i + 1, Left: rapid.Bool().Draw(t, "left")}
			if rapid.Bool().Draw(t, "away") {
				facts[i].AbsentUntil = noon.Add(time.Duration(i) * time.Hour)
			}
			if rapid.Bool().Draw(t, "covered") {
				facts[i].Cover = eva
			}
		}
		order := rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "early")
		every := make([]int, n)
		for i := range every {
			every[i] = i
		}
		order = append(order, rapid.Permutation(every).Draw(t, "order")...)
		var c worker.Copy
		for _, i := range order {
			events, err := keep(c, fact.By{}, facts[i])
			if err != nil {
				t.Fatalf("a fact was refused: %v", err)
			}
			for _, e := range events {
				c = c.Evolve(e)
			}
		}
		if want := (worker.Present{Worker: facts[n-1].Worker}); !c.Same(want) {
			t.Fatalf("the copy is %+v, the register says %+v", c.Present, want)
		}
	})
}

// What does not agree with what is known changes nothing and is seen.
func TestCopyRefuses(t *testing.T) {
	c := worker.Copy{Present: present(staff.Worker{ID: ana})}
	for name, says := range map[string]staff.Worker{
		"another agency":         {ID: ana, Agency: "other-centre", Turn: 2},
		"an earlier one's, too":  {ID: ana, Agency: "other-centre"},
		"the same turn, changed": {ID: ana, Agency: agency, Turn: 1, Left: true},
	} {
		if events, err := keep(c, fact.By{}, referralv1.WorkerChanged{Worker: says}); !errors.Is(err, agree.Err) || events != nil {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
}

// Nobody outside sees a copy.
func TestCopyIsShownToNobody(t *testing.T) {
	c := worker.Copy{Present: present(staff.Worker{ID: ana})}
	if c.Visible(fact.By{Principal: "ana", Agency: agency, Roles: []string{"supervisor"}}) || !c.Visible(fact.By{}) || c.Case() != "" || c.Closed() {
		t.Error("a copy is shown, or belongs to a case, or closes")
	}
}

func TestFind(t *testing.T) {
	away := errors.New("one cannot be read")
	all := map[string]worker.Present{
		"ana-osmonova": present(staff.Worker{ID: ana}), "eva-osmonova": present(staff.Worker{ID: eva, AbsentUntil: noon}),
		"ina-osmonova": present(staff.Worker{ID: worker.ID(agency, "ina"), Left: true}),
	}
	for name, c := range map[string]struct {
		subject string
		unread  error
		want    string
		err     error
		near    []string
	}{
		"there":                   {subject: "ana-osmonova", want: ana},
		"away":                    {subject: "eva-osmonova", want: eva},
		"left":                    {subject: "ina-osmonova", err: worker.ErrUnknown, near: []string{"ana-osmonova", "eva-osmonova"}},
		"misspelt":                {subject: "ana-osmanova", err: worker.ErrUnknown, near: []string{"ana-osmonova", "eva-osmonova"}},
		"nobody":                  {subject: "somebody-else-entirely", err: worker.ErrUnknown, near: []string{}},
		"perhaps unread":          {subject: "ida", unread: away, err: away},
		"there, others unread":    {subject: "ana-osmonova", unread: away, want: ana},
		"left, and others unread": {subject: "ina-osmonova", unread: away, err: worker.ErrUnknown, near: []string{"ana-osmonova", "eva-osmonova"}},
	} {
		got, err := worker.Staff{Of: all, Unread: c.unread}.Find("/worker", c.subject)
		if got.ID != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", name, got.ID, err)
			continue
		}
		if c.near == nil {
			continue
		}
		f := fault.Of(err)
		if d := cmp.Diff(c.near, f.Near); d != "" || len(f.Fields) != 1 || f.Fields[0].Pointer != "/worker" {
			t.Errorf("%s: near (-want +got) %s, at %v", name, d, f.Fields)
		}
	}
	s := worker.Staff{Of: all}
	if s.ByID(eva).ID != eva || s.ByID("worker_x").Exists() || s.ByID("").Exists() {
		t.Error("by identifier another one is found")
	}
}

// What a worker may do follows the register in whatever order and how often facts come, also
// before the worker is known.
func TestCopyFollowsCredentials(t *testing.T) {
	keepCredential := worker.KeepCredential(func(c staff.Credential) worker.CredentialSaid { return legalaidv1.CredentialNoted{Credential: c} })
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "facts")
		facts := make([]referralv1.CredentialChanged, n)
		for i := range facts {
			facts[i].Credential = staff.Credential{ID: "cred_1", Worker: ana, Agency: agency, Turn: i + 1, ValidFrom: noon}
			if rapid.Bool().Draw(t, "suspended") {
				facts[i].Suspended = noon.Add(time.Duration(i) * time.Hour)
			}
		}
		every := make([]int, n)
		for i := range every {
			every[i] = i
		}
		order := append(rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "early"), rapid.Permutation(every).Draw(t, "order")...)
		registered := rapid.IntRange(0, len(order)-1).Draw(t, "registered")
		var c worker.Copy
		take := func(events []fact.Event, err error) {
			if err != nil {
				t.Fatalf("a fact was refused: %v", err)
			}
			for _, e := range events {
				c = c.Evolve(e)
			}
		}
		for at, i := range order {
			if at == registered {
				take(keep(c, fact.By{}, referralv1.WorkerChanged{Worker: staff.Worker{ID: ana, Agency: agency, Turn: 1}}))
			}
			take(keepCredential(c, fact.By{}, facts[i]))
		}
		if d := cmp.Diff([]staff.Credential{facts[n-1].Credential}, []staff.Credential(c.Credentials)); d != "" || !c.Exists() {
			t.Fatalf("the copy: %s", d)
		}
	})
	c := worker.Copy{Present: present(staff.Worker{ID: ana})}
	known := staff.Credential{ID: "cred_1", Worker: ana, Agency: agency, Turn: 1, ValidFrom: noon}
	c.Credentials = c.Credentials.With(known)
	elsewhere, changed := known, known
	elsewhere.Agency, elsewhere.Turn, changed.Revoked = "other-centre", 2, noon
	for name, says := range map[string]staff.Credential{"another agency": elsewhere, "the same turn, changed": changed} {
		if events, err := keepCredential(c, fact.By{}, referralv1.CredentialChanged{Credential: says}); !errors.Is(err, agree.Err) || events != nil {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
}
