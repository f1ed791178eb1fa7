package guarantees_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// What is declared, by words. It is written from the documents and not from the
// permissions, so that the two can differ.

// mayPublish: a service says its own facts, the copies of its own facts, its own
// deadlines, its own dead letters and its own checkpoints, and calls what it takes to read by its own
// consumers and to make a stream that is missing. An integrator calls what it
// takes to read EVENTS by its four consumers. The steward calls everything and
// says nothing.
func (g *guarded) mayPublish(identity, subject string) bool {
	switch {
	case identity == bus.Steward:
		return below(subject, "$JS.API") || below(subject, "$JS.ACK")
	case slices.Contains(visitors, identity):
		return visitorMayCall(identity, subject)
	}
	return g.mayTell(identity, subject) || g.mayCall(identity, subject)
}

func below(subject, root string) bool {
	rest, ok := strings.CutPrefix(subject, root+".")
	return ok && rest != ""
}

func (g *guarded) waits(service string) bool { return slices.Contains(bus.Waiting(g.parts), service) }

// inner is what a service says to the services alone: who may work on a referral, that
// something waits at a desk, and all of response teams and their alerts. Each of the five hears some of it.
var inner = map[string][]string{
	"forensic-services": {"worker_awaited"},
	"intake":            {"circle_drawn", "desk_awaited", "response_asked", "response_called_off", "table_released"},
	"legal-aid":         {"alarm_raised", "booking_changed", "worker_awaited"},
	"trust-fund":        {"commitment_released", "grantee_awaited", "instalment_paid", "money_returned"},
	"psychosocial":      {"placement_ended", "placement_started", "worker_awaited"},
	"referral":          {"response_alerted", "response_ended", "response_moved", "team_described"},
}

// listens is the stream that everybody reads, or the one that the fund reads.
func listens(identity string) string {
	if identity == network.Fund {
		return "INSIDE"
	}
	return "EVENTS"
}

func saysInside(service string) bool { return inner[service] != nil }

// copies: only the referral service knows agencies that want copies.
func copies(service string) bool { return service == "referral" }

func (g *guarded) mayTell(service, subject string) bool {
	at := strings.Split(subject, ".")
	is := func(tokens ...string) bool {
		return len(at) == len(tokens) && slices.EqualFunc(at, tokens, func(a, b string) bool { return b == "*" || a == b })
	}
	switch {
	case is("sanad", "events", service, "*", "*"):
		return slices.Contains(g.promised[service], at[3])
	case is("sanad", "inside", service, "*", "*"):
		return slices.Contains(inner[service], at[3])
	case is("sanad", "agencies", "*", "*", "*"):
		return copies(service) && slices.Contains(g.copied, at[3])
	case is("sanad", "timers", service, "at", "*", "*"), is("sanad", "timers", service, "gone", "all"):
		return g.waits(service)
	case is("sanad", "checkpoints", service):
		return true
	}
	return below(subject, "sanad.deadletters."+service)
}

func (g *guarded) mayCall(service, subject string) bool {
	knows := func(stream string) bool {
		return stream == "EVENTS" || stream == "INSIDE" || stream == "DEADLETTERS" || stream == "CHECKPOINTS_"+service || stream == "AGENCIES" && copies(service) ||
			stream == "TIMERS_"+service && g.waits(service)
	}
	if stream, ok := cutAny(subject, "$JS.API.STREAM.INFO.", "$JS.API.STREAM.CREATE.", "$JS.API.CONSUMER.NAMES."); ok {
		return knows(stream)
	}
	// What a relay said last it finds by its number, and a service its checkpoints.
	if stream, ok := cutAny(subject, "$JS.API.STREAM.MSG.GET."); ok {
		return stream == "EVENTS" || stream == "DEADLETTERS" || stream == "CHECKPOINTS_"+service || stream == "AGENCIES" && copies(service) ||
			stream == "INSIDE" && saysInside(service)
	}
	return mayRead(subject, "$JS.API", []string{"CREATE", "DELETE", "INFO", "PAUSE", "MSG.NEXT"}, func(stream, consumer string) bool {
		n, watches := strings.CutPrefix(consumer, service+"-watch-")
		switch {
		case watches:
			return slices.Contains([]string{"1", "2", "3"}, n) && (stream == "EVENTS" || stream == "AGENCIES" && copies(service) || stream == "INSIDE" && saysInside(service))
		case consumer != service:
			return false
		}
		// All react to somebody; the fund to what services alone are told.
		return stream == "EVENTS" && listens(service) == stream || stream == "INSIDE" || stream == "TIMERS_"+service && g.waits(service)
	})
}

func visitorMayCall(name, subject string) bool {
	if subject == "sanad.api.STREAM.INFO.EVENTS" {
		return true
	}
	return mayRead(subject, "sanad.api", []string{"CREATE", "DELETE", "INFO", "MSG.NEXT"}, func(stream, consumer string) bool {
		n, own := strings.CutPrefix(consumer, name+"-")
		return own && stream == "EVENTS" && slices.Contains([]string{"1", "2", "3", "4"}, n)
	})
}

// mayRead: a call on a consumer names it, and only to make one may say more, what
// it filters; an acknowledgement says of what.
func mayRead(subject, root string, verbs []string, own func(stream, consumer string) bool) bool {
	for _, verb := range append(verbs, "ACK") {
		prefix := root + ".CONSUMER." + verb + "."
		if verb == "ACK" {
			prefix = "$JS.ACK."
		}
		rest, ok := strings.CutPrefix(subject, prefix)
		if !ok {
			continue
		}
		at := strings.SplitN(rest, ".", 3)
		if len(at) < 2 || !own(at[0], at[1]) {
			return false
		}
		return len(at) == 2 && verb != "ACK" || len(at) == 3 && at[2] != "" && (verb == "ACK" || verb == "CREATE")
	}
	return false
}

func cutAny(s string, prefixes ...string) (rest string, ok bool) {
	for _, p := range prefixes {
		if rest, ok = strings.CutPrefix(s, p); ok {
			return rest, ok
		}
	}
	return "", false
}

// maySubscribe: everybody gets the answers to their own questions, and the steward
// whatever is said.
func maySubscribe(identity, subject string) bool {
	return below(subject, "_INBOX."+identity) || identity == bus.Steward && below(subject, "sanad")
}

// universe is every subject that one identity has a reason to think of.
func (g *guarded) universe(identity string) []string {
	var all []string
	add := func(tokens ...string) { all = append(all, strings.Join(tokens, ".")) }
	var names []string
	for _, own := range g.promised {
		names = append(names, own...)
	}
	names = append(append(names, g.copied...), "invented")
	slices.Sort(names)
	names = slices.Compact(names)
	owners := append(identities(), "nobody")
	// The short form tries each name as the caller's own and as that of one other owner, in turn.
	tries := func(owner, turn int) bool {
		return !testing.Short() || owners[owner] == identity || (owner+turn)%len(owners) == 0
	}
	within := append(slices.Concat(slices.Collect(maps.Values(inner))...), "invented")
	slices.Sort(within)
	for at, owner := range owners {
		for turn, name := range names {
			if tries(at, turn) {
				add("sanad.events", owner, name, "ref_1")
			}
		}
		for turn, name := range within {
			if tries(at, turn) {
				add("sanad.inside", owner, name, "ref_1")
				add("sanad.events", owner, name, "ref_1")
			}
		}
		add("sanad.events", owner, names[0])
		add("sanad.events", owner, names[0], "ref_1.more")
		for _, state := range []string{"at", "due", "gone", "other"} {
			add("sanad.timers", owner, state, "respond.ref_1")
			add("sanad.timers", owner, state, "all")
			add("sanad.timers", owner, state, "respond.ref_1.more")
		}
		add("sanad.deadletters", owner)
		add("sanad.deadletters", owner, "events.referral.accepted.ref_1")
		add("sanad.deadletters", owner, "x")
		add("sanad.agencies", owner, "accepted.ref_1")
		add("sanad.checkpoints", owner)
		add("sanad.checkpoints", owner, "more")
		add("_INBOX", owner)
		add("_INBOX", owner, "x")
		add("_INBOX", owner, "x.y")
		add("$SYS.ACCOUNT", owner, "CONNECT")
	}
	for _, name := range names {
		add("sanad.agencies.alpha", name, "ref_1")
	}
	add("sanad.agencies.alpha.accepted")
	add("sanad.agencies.alpha.accepted.ref_1.more")
	for _, s := range []string{
		"sanad.x", "sanad", "_INBOX.x", "_R_.x", "$SYS.REQ.USER.INFO", "$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.NETWORK.INFO", "$SRV.PING",
		"$KV.b.k", "$OBJ.b.C.x", "$G.x", "$NRG.V.x", "$JS.FC.x", "$JS.x", "$JS.API.x", "$JS.domain.API.STREAM.INFO.EVENTS", "$MQTT.x",
	} {
		add(s)
	}
	for i, call := range g.calls(identity) {
		// The short form tries each call that the caller may make, each that names several, and of the many others
		// those of its turn.
		mine := identity != bus.Steward && g.mayPublish(identity, call) || strings.Contains(call, "*")
		if !testing.Short() || mine || i%len(owners) == slices.Index(owners, identity) {
			all = append(all, call)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// calls fills the server's templates with streams and consumers, own, another's,
// unnamed and undeclared.
func (g *guarded) calls(identity string) []string {
	streams := []string{"TIMERS", "TIMERS_" + identity, "CHECKPOINTS", "UNDECLARED", "*"}
	consumers := []string{"", "unnamed", "*"}
	everybody := identities()
	another := everybody[(slices.Index(everybody, identity)+1)%len(everybody)]
	for _, id := range []string{identity, another} {
		consumers = append(consumers, id, id+"-1", id+"-4", id+"-5", id+"-watch-1", id+"-watch-3", id+"-watch-4")
	}
	streams = append(streams, "CHECKPOINTS_"+identity, "CHECKPOINTS_"+another)
	for _, c := range bus.Streams(1, g.parts...) {
		if !strings.HasPrefix(c.Name, "CHECKPOINTS_") { // those of two stand for all
			streams = append(streams, c.Name)
		}
	}
	var all []string
	for _, template := range g.templates {
		for _, stream := range streams {
			for _, consumer := range consumers {
				s := fill(template, stream, consumer)
				all = append(all, s, s+".more")
				if rest, ok := strings.CutPrefix(s, "$JS.API."); ok {
					all = append(all, bus.IntegratorAPI+"."+rest, bus.IntegratorAPI+"."+rest+".sanad.events.>")
				}
				if strings.HasPrefix(template, "$JS.ACK.") {
					all = append(all, s+".1.1.1.1.0")
				}
			}
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return strings.Contains(s, "..") || strings.HasSuffix(s, ".") })
}

// fill puts a stream, a consumer and whatever in the places of a template.
func fill(template, stream, consumer string) string {
	values := []string{stream, consumer, "sanad", "events", "x"}
	if strings.HasSuffix(template, ".") {
		template += "%s.%s"
	}
	tokens := strings.Split(template, ".")
	filled := tokens[:0]
	for _, token := range tokens {
		if token == "%s" || token == "*" || token == ">" {
			token, values = values[0], values[1:]
		}
		if token != "" {
			filled = append(filled, token)
		}
	}
	return strings.Join(filled, ".")
}
