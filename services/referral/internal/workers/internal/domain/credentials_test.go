package domain

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// herself is the worker, who keeps the register, too.
var herself = fact.By{Principal: "ana", Agency: agency, Roles: []string{"supervisor"}, At: noon}

func licence(change func(*RecordCredential)) RecordCredential {
	cmd := RecordCredential{
		Issuer: "the Ministry", Name: "Residency", Course: code.CourseForensicDoctor,
		Scope: []code.CredentialScope{code.MayExamine, code.MayCertify}, Content: []code.CourseContent{code.VictimCentred},
		ValidFrom: noon.AddDate(-1, 0, 0), ValidUntil: noon.AddDate(3, 0, 0),
	}
	if change != nil {
		change(&cmd)
	}
	return cmd
}

func records(change func(*RecordCredential)) step {
	return func(w Worker, by fact.By) ([]fact.Event, error) { return w.RecordCredential(by, licence(change)) }
}

// of is a command on the nth credential of the worker.
func of(n int, do func(Worker, fact.By, string) ([]fact.Event, error)) step {
	return func(w Worker, by fact.By) ([]fact.Event, error) {
		id := "cred_none"
		if held := w.Present.Credentials; n < len(held) {
			id = held[n].ID
		}
		return do(w, by, id)
	}
}

func suspends(n int, cmd SuspendCredential) step {
	return of(n, func(w Worker, by fact.By, id string) ([]fact.Event, error) {
		cmd.Credential = id
		return w.SuspendCredential(by, cmd)
	})
}

func reinstates(n int) step {
	return of(n, func(w Worker, by fact.By, id string) ([]fact.Event, error) {
		return w.ReinstateCredential(by, ReinstateCredential{id})
	})
}

func revokes(n int) step {
	return of(n, func(w Worker, by fact.By, id string) ([]fact.Event, error) {
		return w.RevokeCredential(by, RevokeCredential{id})
	})
}

func corrects(n int, change func(*RecordCredential)) step {
	return of(n, func(w Worker, by fact.By, id string) ([]fact.Event, error) {
		return w.CorrectCredential(by, CorrectCredential{id, licence(change)})
	})
}

// plays has ana on the register and plays steps by the head of the agency.
func plays(t interface{ Fatal(...any) }, steps ...step) Worker {
	w := fold(Worker{}, done(t)(registers(Register{}, known)(Worker{}, head)))
	for i, s := range steps {
		by := head
		by.Commit = strings.Repeat("0", 24) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		w = fold(w, done(t)(s(w, by)))
	}
	return w
}

func done(t interface{ Fatal(...any) }) func([]fact.Event, error) []fact.Event {
	return func(events []fact.Event, err error) []fact.Event {
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
}

func TestCredentials(t *testing.T) {
	later := func(cmd *RecordCredential) { cmd.ValidUntil = noon.AddDate(4, 0, 0) }
	other := func(cmd *RecordCredential) { cmd.Course = code.CourseOther }
	complaint := SuspendCredential{Reason: code.SuspendedOnComplaint}
	for name, c := range map[string]struct {
		given []step
		when  step
		by    fact.By
		// want are the statuses of the credentials afterwards; nil where nothing changes.
		want []code.CredentialStatus
		err  error
	}{
		"recorded":                        {nil, records(nil), head, []code.CredentialStatus{code.CredentialInForce}, nil},
		"recorded twice is one":           {[]step{records(nil)}, records(nil), head, nil, nil},
		"another one":                     {[]step{records(nil)}, records(other), head, []code.CredentialStatus{code.CredentialInForce, code.CredentialInForce}, nil},
		"one's own":                       {nil, records(nil), herself, nil, ErrOwnCredential},
		"known with other content":        {[]step{records(nil)}, records(later), head, nil, ErrCredentialKnown},
		"ends before it begins":           {nil, records(func(c *RecordCredential) { c.ValidUntil = c.ValidFrom }), head, nil, ErrCredentialTime},
		"of who has left":                 {[]step{leave}, records(nil), head, nil, ErrLeft},
		"suspended":                       {[]step{records(nil)}, suspends(0, complaint), head, []code.CredentialStatus{code.CredentialSuspended}, nil},
		"suspended twice":                 {[]step{records(nil), suspends(0, complaint)}, suspends(0, complaint), head, nil, nil},
		"suspended from tomorrow on":      {[]step{records(nil)}, suspends(0, SuspendCredential{From: noon.Add(24 * time.Hour), Reason: code.SuspendedOnWish}), head, []code.CredentialStatus{code.CredentialInForce}, nil},
		"suspended by herself":            {[]step{records(nil)}, suspends(0, complaint), herself, []code.CredentialStatus{code.CredentialSuspended}, nil},
		"suspended, of nothing":           {nil, suspends(0, complaint), head, nil, ErrCredentialUnknown},
		"recorded again while suspended":  {[]step{records(nil), suspends(0, complaint)}, records(nil), head, nil, nil},
		"reinstated":                      {[]step{records(nil), suspends(0, complaint)}, reinstates(0), head, []code.CredentialStatus{code.CredentialInForce}, nil},
		"reinstated by herself":           {[]step{records(nil), suspends(0, complaint)}, reinstates(0), herself, nil, ErrOwnCredential},
		"reinstated, not suspended":       {[]step{records(nil)}, reinstates(0), head, nil, nil},
		"revoked":                         {[]step{records(nil)}, revokes(0), head, []code.CredentialStatus{code.CredentialRevoked}, nil},
		"revoked twice":                   {[]step{records(nil), revokes(0)}, revokes(0), head, nil, nil},
		"reinstated after it was revoked": {[]step{records(nil), revokes(0)}, reinstates(0), head, nil, ErrCredentialRevoked},
		"corrected after it was revoked":  {[]step{records(nil), revokes(0)}, corrects(0, later), head, nil, ErrCredentialRevoked},
		"recorded after it was revoked":   {[]step{records(nil), revokes(0)}, records(nil), head, nil, ErrCredentialRevoked},
		"corrected":                       {[]step{records(nil)}, corrects(0, later), head, []code.CredentialStatus{code.CredentialCorrected, code.CredentialInForce}, nil},
		"corrected with the same":         {[]step{records(nil)}, corrects(0, nil), head, nil, nil},
		"corrected by herself":            {[]step{records(nil)}, corrects(0, later), herself, nil, ErrOwnCredential},
		"corrected, of a corrected one":   {[]step{records(nil), corrects(0, later)}, corrects(0, other), head, nil, ErrCredentialCorrected},
		"corrected to what is on record":  {[]step{records(nil), records(other)}, corrects(0, other), head, nil, ErrCredentialKnown},
		"a correction lifts nothing":      {[]step{records(nil), suspends(0, complaint)}, corrects(0, later), head, []code.CredentialStatus{code.CredentialCorrected, code.CredentialSuspended}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := plays(t, c.given...)
			by := c.by
			by.Commit = strings.Repeat("0", 25) + "z"
			events, err := c.when(w, by)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("refused with %v, want %v", err, c.err)
			}
			if len(events) > 0 != (c.want != nil) {
				t.Fatalf("events: %+v", events)
			}
			if c.want == nil {
				return
			}
			w = fold(w, events)
			var got []code.CredentialStatus
			for _, o := range w.Present.Credentials {
				is, _ := w.Present.Credentials.Status(o, noon)
				got = append(got, is)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// Nothing that stands on the paper, and no name, is in the public half.
func TestAPaperIsPrivate(t *testing.T) {
	w := plays(t, records(nil), suspends(0, SuspendCredential{Reason: code.SuspendedOnComplaint}))
	events := done(t)(reinstates(0)(w, head))
	events = append(events, done(t)(suspends(0, SuspendCredential{From: noon, Reason: code.SuspendedInDoubt})(w, head))...)
	for _, e := range events {
		b, err := json.Marshal(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, private := range []string{"Ministry", "Residency", "head", "doubt", `"ana"`} {
			if strings.Contains(string(b), private) {
				t.Errorf("%s is in %s", private, b)
			}
		}
	}
	colleague := fact.By{Principal: "eva", Agency: agency, Roles: []string{"lawyer"}, At: noon}
	for by, told := range map[*fact.By]bool{&head: true, &herself: true, &colleague: false} {
		v := w.View(*by).(WorkerView)
		if len(v.Credentials) != 1 || v.Credentials[0].Issuer != "the Ministry" || v.Credentials[0].Reason != "" != told {
			t.Errorf("%s sees %+v", by.Principal, v.Credentials)
		}
	}
}

// Whatever is done with credentials, what was revoked or corrected never counts again, turns
// rise by one, and the state of before is not changed.
func TestCredentialsNeverComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := plays(t)
		lost := map[string]bool{}
		for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
			n := rapid.IntRange(0, 2).Draw(t, "which")
			change := func(c *RecordCredential) { c.ValidFrom = noon.AddDate(0, -1-rapid.IntRange(0, 2).Draw(t, "month"), 0) }
			does := []step{records(change), suspends(n, SuspendCredential{Reason: code.SuspendedInDoubt}), reinstates(n), revokes(n), corrects(n, change)}
			by := head
			by.At = noon.Add(time.Duration(i) * time.Hour)
			by.Commit = strings.Repeat("0", 24) + "m" + string(rune('a'+i))
			before, _ := json.Marshal(w.Present.Credentials)
			events, err := does[rapid.IntRange(0, len(does)-1).Draw(t, "does")](w, by)
			if f := fault.Of(err); err != nil && f.Kind == fault.Internal {
				t.Fatal(err)
			}
			next := fold(w, events)
			if after, _ := json.Marshal(w.Present.Credentials); string(after) != string(before) {
				t.Fatal("the state of before was changed")
			}
			for _, e := range events {
				d := e.Data.(referralv1.CredentialChanged)
				was, _ := w.Present.Credentials.Find(d.ID)
				if d.Turn != was.Turn+1 {
					t.Fatalf("turn %d after %d", d.Turn, was.Turn)
				}
			}
			w = next
			for _, c := range w.Present.Credentials {
				is, _ := w.Present.Credentials.Status(c, by.At)
				gone := is == code.CredentialRevoked || is == code.CredentialCorrected
				if lost[c.ID] && !gone {
					t.Fatalf("%s came back as %s", c.ID, is)
				}
				lost[c.ID] = gone
			}
		}
	})
}

// What a worker does there is said as a whole, and a registration keeps it.
func TestDescribe(t *testing.T) {
	w := plays(t)
	cmd := Profile{Roles: []code.WorkerRole{code.ResponseTeamMember, code.ConflictsOfficer}, Languages: []string{"ky", "es"}, Supervisor: "eva"}
	described := fold(w, done(t)(w.Describe(head, cmd, known)))
	v := described.View(head).(WorkerView)
	if d := cmp.Diff(WorkerView{
		Worker: ana, Agency: agency, Subject: "ana", Roles: []code.WorkerRole{code.ConflictsOfficer, code.ResponseTeamMember},
		Languages: []string{"es", "ky"}, Supervisor: "eva",
	}, v); d != "" {
		t.Error(d)
	}
	if described.Worker.Supervisor != eva {
		t.Errorf("the supervisor is %q", described.Worker.Supervisor)
	}
	if again := done(t)(described.Describe(head, cmd, known)); again != nil {
		t.Errorf("the same again: %+v", again)
	}
	covered := fold(described, done(t)(registers(Register{Cover: "eva"}, known)(described, head)))
	if d := cmp.Diff(described.Roles, covered.Roles); d != "" || covered.SupervisorSubject != "eva" || covered.Cover != eva {
		t.Errorf("a registration forgets: %+v", covered)
	}
	if gone := fold(covered, done(t)(leave(covered, head))); gone.Roles != nil || gone.Worker.Supervisor != "" || gone.SupervisorSubject != "" {
		t.Errorf("who left still is %+v", gone)
	}
	for name, c := range map[string]struct {
		w   Worker
		cmd Profile
		err error
	}{
		"under herself":   {w, Profile{Supervisor: "ana"}, ErrSupervisor},
		"of who has left": {fold(w, done(t)(leave(w, head))), cmd, ErrLeft},
	} {
		if events, err := c.w.Describe(head, c.cmd, known); !errors.Is(err, c.err) || events != nil {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
}

func TestEnding(t *testing.T) {
	ends := func(days int) func(*RecordCredential) {
		return func(c *RecordCredential) {
			c.Name, c.ValidUntil = "in "+time.Duration(days).String(), noon.AddDate(0, 0, days)
		}
	}
	w := plays(t, records(ends(-1)), records(ends(29)), records(ends(31)), records(ends(59)), records(ends(61)), records(ends(10)), revokes(5),
		records(func(c *RecordCredential) { c.Name, c.ValidUntil = "for ever", time.Time{} }))
	for days, want := range map[string]int{"30": 1, "": 3, "60": 3} {
		within := Soon(map[string][]string{"within": {days}})
		if got := w.Ending(noon, noon.Add(within)); len(got) != want {
			t.Errorf("within %q days: %+v", days, got)
		}
	}
	if n := len(ByEnd.Keys(w)); n != 5 {
		t.Errorf("%d places in the list", n)
	}
	if keys := ByEnd.Keys(fold(w, done(t)(leave(w, head)))); keys != nil {
		t.Errorf("who has left is on the list: %v", keys)
	}
}
