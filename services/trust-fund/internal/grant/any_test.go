package grant_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
)

func pointer(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return ""
	}
	return f.Fields[0].Pointer
}

// attempts are the commands of a grant, with what somebody may well send.
var attempts = map[string]func(*rapid.T, grant.Grant, fact.By) ([]fact.Event, error){
	"draftAgreement": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.DraftAgreement(by, draft(), award())
	},
	"signForGrantee": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.SignForGrantee(by, grant.Sign{Draft: near(t, g.Draft)})
	},
	"signForFund": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.SignForFund(by, grant.Sign{Draft: near(t, g.Draft)})
	},
	"orderPayment": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.OrderPayment(by, grant.Pay{Instalment: near(t, g.Paid+1)})
	},
	"confirmPayment": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.ConfirmPayment(by, grant.Pay{Instalment: near(t, g.Paid+1)})
	},
	"storeGrantPaper": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.StorePaper(by, vault.File{Content: vault.Content{ID: by.Commit}}, struct{}{})
	},
	"submitReport": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.SubmitReport(by, report(near(t, g.Paid), rapid.Int64Range(0, 800_000).Draw(t, "food"), rapid.Int64Range(0, 800_000).Draw(t, "lawyers")))
	},
	"acceptReport": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.AcceptReport(by, grant.Accept{Instalment: near(t, g.Paid)})
	},
	"sendReportBack": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.SendReportBack(by, grant.SendBack{Instalment: near(t, g.Paid), Fault: code.OtherReportFault, Due: "2030-01-01"})
	},
	"due": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.ReportDue(fact.By{At: by.At})
	},
	"orderAudit": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.OrderAudit(by, grant.Words{})
	},
	"recordAudit": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.RecordAudit(by, grant.Result{Result: code.AuditFindings, DisallowedCents: money(t, g.PaidCents())})
	},
	"askExtension": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.AskExtension(by, grant.AskMore{Months: rapid.IntRange(0, 3).Draw(t, "months")})
	},
	"decideExtension": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.DecideExtension(by, grant.DecideMore{Granted: rapid.Bool().Draw(t, "granted"), BeyondMonths: rapid.IntRange(0, 2).Draw(t, "beyond"), Words: "x"})
	},
	"suspendGrant": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.Suspend(by, grant.Suspend{Cause: code.CauseOther})
	},
	"restoreGrant": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) { return g.Restore(by, grant.Words{}) },
	"endGrantEarly": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		if rapid.IntRange(0, 9).Draw(t, "really") > 0 {
			return nil, nil
		}
		return g.EndEarly(by, grant.EndEarly{Reason: code.EndingOther})
	},
	"recordGrantMoney": func(t *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) {
		return g.RecordReturn(by, grant.GiveBack{Cents: rapid.SampledFrom([]int64{money(t, g.PaidCents()), g.OwedCents()}).Draw(t, "cents")})
	},
	"closeGrant": func(_ *rapid.T, g grant.Grant, by fact.By) ([]fact.Event, error) { return g.Close(by, grant.Words{}) },
}

// near is mostly a number, and else one beside it.
func near(t *rapid.T, n int) int {
	return n + rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 1, -1}).Draw(t, "beside")
}

// money is an amount about as high as another.
func money(t *rapid.T, cents int64) int64 {
	return rapid.OneOf(rapid.Just(cents), rapid.Int64Range(-1, cents+100_000)).Draw(t, "money")
}

// pick is mostly a command that the grant says it takes, and else any.
func pick(t *rapid.T, g grant.Grant, by fact.By, names []string) string {
	if now := g.Commands().Now(g, by, command.Anybody); len(now) > 0 && rapid.IntRange(0, 5).Draw(t, "as it says") > 0 {
		return rapid.SampledFrom(now).Draw(t, "possible")
	}
	return rapid.SampledFrom(names).Draw(t, "any")
}

// In any sequence of commands by any of three people: no more is paid than was awarded; nothing is
// paid while the grant is suspended or over, or before the report before it was accepted; who
// confirms is not who ordered; each turn is one higher; what was committed is paid or released, once;
// what comes back was paid. The journal gives the same grant again.
func TestAny(t *testing.T) {
	names := []string{}
	for name := range attempts {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		var g grant.Grant
		var journal []fact.Event
		var released, returned int64
		turn, ordered := 0, ""
		at := now
		for range rapid.IntRange(60, 120).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "days")) * 24 * time.Hour)
			by := rapid.SampledFrom([]fact.By{manager("a", at), manager("b", at), grantee(at)}).Draw(t, "who")
			before := g
			events, err := attempts[pick(t, g, by, names)](t, g, by)
			if err != nil && len(events) > 0 {
				t.Fatal("refused, and yet something happened")
			}
			for i := range events {
				events[i].At = at
			}
			for _, e := range events {
				switch d := e.Data.(type) {
				case trustfundv1.PaymentOrdered:
					ordered = by.Principal
				case trustfundv1.InstalmentPaid:
					if by.Principal == ordered || before.Status != code.GrantInForce || d.Instalment != before.Paid+1 {
						t.Fatalf("%s pays instalment %d of a grant that is %s, ordered by %s", by.Principal, d.Instalment, before.Status, ordered)
					}
					for _, r := range before.Reports[:before.Paid] {
						if r.Status != code.ReportAccepted {
							t.Fatal("paid before the report before it was accepted")
						}
					}
				case trustfundv1.CommitmentReleased:
					released += d.Cents
				case trustfundv1.MoneyReturned:
					returned += d.Cents
				}
				if said := told(e); said > 0 {
					if turn++; said != turn {
						t.Fatalf("turn %d after %d", said, turn-1)
					}
				}
			}
			journal, g = append(journal, events...), fold(g, at, events...)
			if g.GranteeSigned != "" && g.GranteeSigned == g.FundSigned {
				t.Fatal("one person signed for both parts")
			}
			if paid := g.PaidCents(); paid+released > g.Cents || returned > paid || g.OwedCents() < 0 || returned+g.OwedCents() > paid {
				t.Fatalf("of %d: %d paid, %d released, %d returned, %d owed", g.Cents, paid, released, returned, g.OwedCents())
			}
			over := g.Status == code.GrantEnded || g.Status == code.GrantClosed
			if over && g.PaidCents()+released != g.Cents {
				t.Fatalf("of %d: %d paid and %d released at the end", g.Cents, g.PaidCents(), released)
			}
			if g.Status == code.GrantClosed && g.OwedCents() > 0 {
				t.Fatal("closed, and money is owed")
			}
		}
		if diff := cmp.Diff(g, func() (g grant.Grant) {
			for _, e := range journal {
				g = g.Evolve(e)
			}
			return g
		}()); diff != "" {
			t.Fatal("replay gives another grant:\n" + diff)
		}
	})
}

// told is the turn of what the network is told of a grant; zero: it is told nothing.
func told(e fact.Event) int {
	switch d := e.Data.(type) {
	case trustfundv1.GrantAgreed:
		return d.Turn
	case trustfundv1.GrantSuspended:
		return d.Turn
	case trustfundv1.GrantRestored:
		return d.Turn
	case trustfundv1.GrantClosed:
		return d.Turn
	}
	return 0
}

// numbers are all that a command of a grant can count: money, instalments, drafts and months. No
// payment, acceptance or closing can depend on a number of people or of services, because nobody can
// say one.
var numbers = []string{"cents", "spent_cents", "disallowed_cents", "months", "beyond_months", "instalment", "draft"}

func TestNothingCountsServices(t *testing.T) {
	methods := reflect.TypeFor[grant.Grant]()
	met := 0
	for method := range methods.Methods() {
		m := method.Type
		if m.NumIn() < 3 || m.In(1) != reflect.TypeFor[fact.By]() {
			continue
		}
		met++
		for n := 2; n < m.NumIn(); n++ {
			if m.In(n) == reflect.TypeFor[grant.On]() || m.In(n) == reflect.TypeFor[vault.File]() {
				continue // the award and the size of a file
			}
			walk(t, method.Name, m.In(n))
		}
	}
	if met != len(grant.Grant{}.Commands()) {
		t.Errorf("%d commands were walked, and there are %d", met, len(grant.Grant{}.Commands()))
	}
	// What the room holds of the network's counts, a grant cannot even reach.
	for field := range reflect.TypeFor[grant.Grant]().Fields() {
		if name := strings.ToLower(field.Name); strings.Contains(name, "served") || strings.Contains(name, "count") {
			t.Errorf("a grant holds %s", name)
		}
	}
}

func walk(t *testing.T, command string, of reflect.Type) {
	t.Helper()
	switch of.Kind() { //nolint:exhaustive // the others hold no number
	case reflect.Slice, reflect.Pointer:
		walk(t, command, of.Elem())
	case reflect.Struct:
		for f := range of.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Type.Kind() >= reflect.Int && f.Type.Kind() <= reflect.Float64 && !slices.Contains(numbers, name):
				t.Errorf("%s takes a number %q", command, name)
			case f.Type.Kind() == reflect.Interface || f.Type.Kind() == reflect.Map:
				t.Errorf("%s takes anything in %q", command, name)
			}
			walk(t, command, f.Type)
		}
	}
}
