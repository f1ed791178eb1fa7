package bus

import (
	"errors"
	"fmt"
	"regexp"
)

// IntegratorAPI is the prefix under which integrators ask JetStream. They have
// accounts of their own, into which the calls on EVENTS that they need come
// under this prefix, and nothing else does.
const IntegratorAPI = "sanad.api"

// What one integrator may have. Its consumers have fixed names, so that their
// number is bounded by the server.
const (
	integratorConsumers   = 4
	integratorConnections = 8
	integratorRequests    = 256 // subscriptions at once
)

// Integrator is a system outside the network that may read EVENTS.
type Integrator struct {
	// Name is one token, lower case.
	Name string `json:"name"`
	// Keys are its public nkeys: the one it uses, and the one to which it changes.
	Keys []string `json:"keys"`
}

var integratorName = regexp.MustCompile(`^[a-z][a-z0-9]{0,30}(-[a-z0-9]{1,30}){0,3}$`)

// ErrIntegrator refuses a name of an integrator.
var ErrIntegrator = errors.New("bus: an integrator's name has small letters, digits and single hyphens, and is nobody else's")

// CheckIntegrator refuses a name that is not one, or that is a service's.
func CheckIntegrator(name string, parts []Part) error {
	if !integratorName.MatchString(name) || name == Steward {
		return ErrIntegrator
	}
	for _, p := range parts {
		// Else its consumers could have the names of a service's.
		if name == p.Service || name == p.Service+"-watch" {
			return ErrIntegrator
		}
	}
	return nil
}

// IntegratorConsumer is the name of an integrator's nth consumer, from 1.
func IntegratorConsumer(integrator string, n int) string { return fmt.Sprintf("%s-%d", integrator, n) }

// Consumers are the names that the integrator's consumers may have.
func (i Integrator) Consumers() (names []string) {
	for n := range integratorConsumers {
		names = append(names, IntegratorConsumer(i.Name, n+1))
	}
	return names
}

// calls are the subjects of JetStream that an integrator needs, as they are in
// NETWORK and in its own account.
func (i Integrator) calls() (calls []call) {
	add := func(rest string) { calls = append(calls, call{"$JS.API." + rest, IntegratorAPI + "." + rest}) }
	add("STREAM.INFO." + Events)
	for _, consumer := range i.Consumers() {
		own := Events + "." + consumer
		for _, verb := range []string{"CREATE", "DELETE", "INFO", "MSG.NEXT"} {
			add("CONSUMER." + verb + "." + own)
		}
		// One filter stands in the subject, more stand in the request.
		add("CONSUMER.CREATE." + own + ".>")
		calls = append(calls, call{"$JS.ACK." + own + ".>", "$JS.ACK." + own + ".>"})
	}
	return calls
}

type call struct{ network, own string }

// Permissions are what an integrator may do in its own account.
func (i Integrator) Permissions() Permissions {
	var p Permissions
	for _, c := range i.calls() {
		p.Publish = append(p.Publish, c.own)
	}
	p.Subscribe = []string{inbox(i.Name) + ".>"}
	return p
}

// exports are the calls that the network gives to integrators. They can store
// nothing, and only an account that imports them can make them.
func exports() []string {
	return []string{
		"$JS.API.STREAM.INFO." + Events, "$JS.API.CONSUMER.CREATE." + Events + ".*", "$JS.API.CONSUMER.CREATE." + Events + ".*.>",
		"$JS.API.CONSUMER.DELETE." + Events + ".*", "$JS.API.CONSUMER.INFO." + Events + ".*", "$JS.ACK." + Events + ".>",
	}
}

// streamed are exports with more than one answer.
func streamed() []string { return []string{"$JS.API.CONSUMER.MSG.NEXT." + Events + ".*"} }
