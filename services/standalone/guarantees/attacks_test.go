package guarantees_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// victims are subjects on which something is that others must not touch, by
// whose they are.
type victims map[string][]string

// said puts something on every stream. It has no Nats-Msg-Id: what is said again
// after the window in which the server knows it has none either.
func (g *guarded) said(t *testing.T) victims {
	t.Helper()
	for _, c := range bus.Streams(1, g.parts...) {
		if c.DenyPurge {
			continue // it holds a handful, whatever is done
		}
		if stream, err := g.steward.Stream(t.Context(), c.Name); err != nil || stream.Purge(t.Context()) != nil {
			t.Fatalf("%s cannot be emptied: %v", c.Name, err)
		}
	}
	v := victims{}
	put := func(service string, msg *nats.Msg) {
		js, leave := as(t, g.Bus, service)
		defer leave()
		if _, err := js.PublishMsg(t.Context(), msg); err != nil {
			t.Fatalf("%s: %v", msg.Subject, err)
		}
		v[service] = append(v[service], msg.Subject)
	}
	for _, service := range network.With(true) {
		typ := service + "." + g.promised[service][0] + ".v1"
		put(service, fact(typ, event.SubjectOf(typ, "ref_1")))
		put(service, fact(typ, "sanad.deadletters."+service+".events.x"))
		if copies(service) {
			put(service, fact(typ, "sanad.agencies.alpha.accepted.ref_1"))
		}
		if g.waits(service) {
			put(service, schedule(service, "respond.ref_1", "respond.ref_1"))
		}
	}
	g.behind = nil
	for _, b := range [][2]string{
		{"intake", "sanad.events.intake.case_opened.behind"},
		{"referral", "sanad.agencies.behind.accepted.behind"},
		{"intake", "sanad.deadletters.intake.behind"},
		{"referral", "sanad.timers.referral.gone.all"},
	} {
		js, leave := as(t, g.Bus, b[0])
		t.Cleanup(leave)
		g.behind = append(g.behind, behind{js, b[1]})
	}
	return v
}

func fact(typ, subject string) *nats.Msg {
	service, _ := event.Split(typ)
	msg := event.Envelope{ID: "ref_1/1/0", Source: event.Source(service), Type: typ, Subject: "ref_1", Time: time.Now(), Data: []byte("{}")}.Msg(subject)
	msg.Header.Del(nats.MsgIdHdr)
	return msg
}

func schedule(service, at, target string) *nats.Msg {
	msg := nats.NewMsg("sanad.timers." + service + ".at." + at)
	msg.Header.Set(jetstream.ScheduleHeader, "@at "+time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	msg.Header.Set(jetstream.ScheduleTargetHeader, "sanad.timers."+service+".due."+target)
	return msg
}

// harm is what an attack did to what the attacker may not touch.
type harm struct{ lost, silent, believed []string }

// against compares what the streams held and hold. Silent is what nobody
// believes: an answer of the server on a subject of somebody else.
func (g *guarded) against(attacker string, before, after map[string][]*jetstream.RawStreamMsg) (h harm) {
	for stream, held := range before {
		now := map[uint64]bool{}
		for _, m := range after[stream] {
			now[m.Sequence] = true
		}
		for _, m := range held {
			// What was put into a stream to which it does not belong was nobody's.
			if !now[m.Sequence] && m.Header.Get(headerBehind) == "" && !g.mayPublish(attacker, m.Subject) && belongs(stream, m.Subject) {
				h.lost = append(h.lost, m.Subject)
			}
		}
	}
	for stream, held := range after {
		known := map[uint64]bool{}
		for _, m := range before[stream] {
			known[m.Sequence] = true
		}
		for _, m := range held {
			if known[m.Sequence] || m.Header.Get(headerBehind) != "" || g.mayPublish(attacker, m.Subject) {
				continue
			}
			_, err := event.Parse(m.Header, m.Data)
			schedules := slices.ContainsFunc(slices.Collect(maps.Keys(m.Header)), func(k string) bool { return strings.HasPrefix(k, "Nats-Schedule") })
			switch {
			case err != nil && !schedules:
				h.silent = append(h.silent, stream+": "+m.Subject)
			case !repeated(m, before):
				h.believed = append(h.believed, stream+": "+m.Subject)
			default:
				h.silent = append(h.silent, stream+": again "+m.Subject)
			}
		}
	}
	return h
}

func belongs(stream, subject string) bool {
	kind, service, _ := strings.Cut(strings.ToLower(stream), "_")
	return below(subject, "sanad."+kind) && (service == "" || below(subject, "sanad."+kind+"."+service))
}

// repeated: word for word what its owner had said. Facts may come twice.
func repeated(m *jetstream.RawStreamMsg, before map[string][]*jetstream.RawStreamMsg) bool {
	for _, held := range before {
		for _, b := range held {
			if b.Subject == m.Subject && string(b.Data) == string(m.Data) && reflect.DeepEqual(b.Header, m.Header) {
				return true
			}
		}
	}
	return false
}

// attack does something in the name of an identity and tells what came of it.
func (g *guarded) attack(t *testing.T, c *caller, do func()) harm {
	t.Helper()
	before := g.held(t)
	do()
	if err := c.FlushTimeout(patience.Stall); err != nil {
		t.Fatal(err)
	}
	g.settled(t)
	return g.against(c.identity, before, g.held(t))
}

// prefix is where an identity calls JetStream.
func prefix(identity string) string {
	if slices.Contains(visitors, identity) {
		return bus.IntegratorAPI
	}
	return "$JS.API"
}

// reader makes an own consumer of the stream that the caller hears, and is its name.
func (c *caller) reader(t *testing.T, deliver string) (name string, answer []byte) {
	t.Helper()
	name = c.identity
	if slices.Contains(visitors, name) {
		name = bus.IntegratorConsumer(name, 1)
	}
	c.ask(t, prefix(c.identity)+".CONSUMER.DELETE."+listens(c.identity)+"."+name, "")
	config := map[string]any{"name": name, "deliver_policy": "all", "ack_policy": "explicit", "replay_policy": "instant", "inactive_threshold": time.Hour}
	if deliver != "" {
		maps.Copy(config, map[string]any{"deliver_subject": deliver, "idle_heartbeat": 100 * time.Millisecond, "flow_control": true})
	}
	body, err := json.Marshal(map[string]any{"stream_name": listens(c.identity), "config": config})
	if err != nil {
		t.Fatal(err)
	}
	return name, c.ask(t, prefix(c.identity)+".CONSUMER.CREATE."+listens(c.identity)+"."+name, string(body))
}

// others are the subjects of others, and none of an attacker's own.
func (v victims) others(attacker string) (subjects []string) {
	for _, owner := range slices.Sorted(maps.Keys(v)) {
		if owner != attacker {
			subjects = append(subjects, v[owner]...)
		}
	}
	return append(subjects, "sanad.timers.referral.due.respond.ref_1", "sanad.timers.referral.gone.all", "sanad.events.referral.invented.ref_1")
}

// An answer goes where a question says, whoever may publish there.
func (g *guarded) testReplies(t *testing.T) {
	for _, identity := range append(slices.Clone(network.With(true)), visitors...) {
		c, v := g.as(t, identity), g.said(t)
		name, _ := c.reader(t, "")
		var calls []string
		for _, s := range g.calls(identity) {
			if (below(s, "$JS.API") || below(s, bus.IntegratorAPI)) && g.mayPublish(identity, s) {
				calls = append(calls, s)
			}
		}
		next := prefix(identity) + ".CONSUMER.MSG.NEXT." + listens(identity) + "." + name
		tried := 0
		h := g.attack(t, c, func() {
			for _, victim := range v.others(identity) {
				for _, call := range calls {
					tried++
					body := map[bool]string{true: `{"seq":1}`}[strings.Contains(call, ".MSG.GET.")]
					switch {
					case strings.Contains(call, ".CONSUMER.DELETE."):
						body = "nothing" // an error is an answer too
					case strings.Contains(call, ".MSG.NEXT."):
						body = `{"batch":1,"no_wait":true}`
					}
					if err := c.PublishRequest(call, victim, []byte(body)); err != nil {
						t.Fatal(err)
					}
				}
			}
			// What the consumer was asked before this it has answered before.
			c.ask(t, next, `{"batch":1,"no_wait":true}`)
		})
		g.judge(t, identity, tried, h, true)
	}
}

// judge fails for what must not be, and tells the rest. In a reply a service can
// put an answer in the place of a deadline, which nobody fires then: the timers
// of pkg/bus tell it again when it is late. Nothing of an integrator's is stored.
func (g *guarded) judge(t *testing.T, identity string, tried int, h harm, replies bool) {
	t.Helper()
	answers := replies && !slices.Contains(visitors, identity)
	for _, s := range h.lost {
		if !answers || !strings.HasPrefix(s, "sanad.timers.") {
			t.Errorf("%s took away %s", identity, s)
		}
	}
	for _, s := range h.believed {
		t.Errorf("%s put in another's name what is believed: %s", identity, s)
	}
	if len(h.silent) > 0 && !answers {
		t.Errorf("%s stored something, the first as %s", identity, h.silent[0])
	}
	t.Logf("%-20s tried %4d: taken away %v, believed %d, stored and accepted by no service %d", identity, tried, h.lost, len(h.believed), len(h.silent))
}

// A consumer may be told to deliver anywhere but into its own stream. The server
// delivers where somebody listens by that very subject, and a stream does not:
// a newer server that takes a stream for a listener fails here.
func (g *guarded) testDeliver(t *testing.T) {
	for _, identity := range append(slices.Clone(network.With(true)), visitors...) {
		c, v := g.as(t, identity), g.said(t)
		subjects := v.others(identity)
		h := g.attack(t, c, func() {
			for _, victim := range subjects {
				name, answer := c.reader(t, victim)
				var info jetstream.ConsumerInfo
				if err := json.Unmarshal(c.ask(t, prefix(identity)+".CONSUMER.INFO."+listens(identity)+"."+name, ""), &info); err != nil {
					t.Fatal(err)
				}
				made := info.Config.DeliverSubject == victim
				if made == strings.HasPrefix(victim, "sanad."+strings.ToLower(listens(identity))+".") || info.PushBound || info.Delivered.Consumer > 0 {
					t.Errorf("%s delivers to %s: made %t, bound %t, delivered %d: %s", identity, victim, made, info.PushBound, info.Delivered.Consumer, answer)
				}
			}
			c.reader(t, "")
		})
		g.judge(t, identity, len(subjects), h, false)
	}
}

// What JetStream is told in headers it does to the stream of the message, and
// only timers let it.
func (g *guarded) testHeaders(t *testing.T) {
	const harmless, timers = "anywhere", "on timers"
	later := "@at " + time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for _, identity := range network.With(true) {
		own := "sanad.timers." + identity + ".due.respond.ref_2"
		c, v := g.as(t, identity), g.said(t)
		mine := map[string]string{"EVENTS": v[identity][0], "DEADLETTERS": "sanad.deadletters." + identity + ".x"}
		if copies(identity) {
			mine["AGENCIES"] = "sanad.agencies.alpha.accepted.ref_2"
		}
		if g.waits(identity) {
			mine["TIMERS"] = "sanad.timers." + identity + ".at.respond.ref_2"
		}
		tried, taken := 0, 0
		h := g.attack(t, c, func() {
			for _, a := range headers(v.others(identity), later, own) {
				for stream, subject := range mine {
					msg := nats.NewMsg(subject)
					for k, v := range a.header {
						msg.Header.Set(k, v)
					}
					got, err := c.RequestMsg(msg, patience.Stall)
					if err != nil {
						t.Fatalf("%s, %v: %v", identity, a.header, err)
					}
					tried++
					want := a.where == harmless || a.where == timers && stream == "TIMERS"
					if took := !strings.Contains(string(got.Data), `"error"`); took != want {
						t.Errorf("%s on %s with %v: taken %t, and should be %s: %s", identity, subject, a.header, took, a.where, got.Data)
					} else if took {
						taken++
					}
				}
			}
		})
		// The trace of a message is a message; the server asks where it may go.
		traced := v.others(identity)
		refused := c.refusals(t, traced, func(victim string) error {
			if strings.HasPrefix(victim, "nobody.") {
				return c.Publish(victim, nil)
			}
			msg := nats.NewMsg(mine["EVENTS"])
			msg.Header.Set("Nats-Trace-Dest", victim)
			return c.PublishMsg(msg)
		})
		for _, victim := range traced {
			if !refused[victim] && !g.mayPublish(identity, victim) {
				t.Errorf("%s may have traces sent to %s", identity, victim)
			}
		}
		g.judge(t, identity, tried+len(traced), h, false)
		t.Logf("%-20s of them taken %d", "", taken)
	}
}

type instruction struct {
	header map[string]string
	// where the server obeys.
	where string
}

// headers are what can be done by a header to each of others' subjects.
func headers(others []string, later, own string) []instruction {
	all := []instruction{
		{map[string]string{"Nats-Rollup": "sub"}, "on timers"},
		{map[string]string{"Nats-Rollup": "all"}, "on timers"},
		{map[string]string{"Nats-TTL": "1s"}, "nowhere"},
		{map[string]string{"Nats-Incr": "+1"}, "nowhere"},
		{map[string]string{"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1", "Nats-Batch-Commit": "1"}, "nowhere"},
		{map[string]string{"Nats-Stream-Source": "EVENTS 1"}, "nowhere"},
		{map[string]string{"Nats-Expected-Last-Sequence": "1000000"}, "nowhere"},
		{map[string]string{"Nats-Schedule": later, "Nats-Schedule-Target": own}, "on timers"},
		{map[string]string{"Nats-Schedule": "@every 1s", "Nats-Schedule-Target": own, "Nats-Schedule-TTL": "1s"}, "nowhere"},
	}
	for _, victim := range others {
		where := "nowhere" // no stream has the subjects of another
		if identity := strings.Split(own, ".")[2]; strings.HasPrefix(victim, "sanad.timers."+identity+".") {
			where = "on timers"
		}
		all = append(all,
			instruction{map[string]string{"Nats-Schedule": later, "Nats-Schedule-Target": victim}, where},
			instruction{map[string]string{"Nats-Schedule": later, "Nats-Schedule-Target": own, "Nats-Schedule-Source": victim}, where},
			// Of what is not in the stream nothing is taken away.
			instruction{map[string]string{"Nats-Scheduler": victim, "Nats-Schedule-Next": "purge"}, "on timers"},
			instruction{map[string]string{"Nats-Expected-Last-Subject-Sequence": "0", "Nats-Expected-Last-Subject-Sequence-Subject": victim + ".none"}, "anywhere"},
		)
	}
	return all
}

// Whoever says something under the Nats-Msg-Id of another's keeps that from the
// bus as long as the server knows it, and takes nothing away. A relay publishes
// again what does not come back.
func (g *guarded) testMessageIDs(t *testing.T) {
	for _, identity := range network.With(true)[1:] {
		g.said(t)
		c := g.as(t, identity)
		theirs := fact("intake.case_opened.v1", "sanad.events.intake.case_opened.ref_3")
		theirs.Header.Set(nats.MsgIdHdr, "ref_3/1/"+identity)
		js, leave := as(t, g.Bus, "intake")
		if _, err := js.PublishMsg(t.Context(), theirs); err != nil {
			t.Fatal(err)
		}
		leave()
		h := g.attack(t, c, func() {
			typ := identity + "." + g.promised[identity][0] + ".v1"
			msg := fact(typ, event.SubjectOf(typ, "ref_3"))
			msg.Header.Set(nats.MsgIdHdr, theirs.Header.Get(nats.MsgIdHdr))
			if answer, err := c.RequestMsg(msg, patience.Stall); err != nil || !strings.Contains(string(answer.Data), `"duplicate"`) {
				t.Errorf("%v", err)
			}
		})
		g.judge(t, identity, 1, h, false)
	}
}
