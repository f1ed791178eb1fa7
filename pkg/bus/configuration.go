package bus

import (
	"fmt"
	"slices"
	"strings"
)

// Accounts writes the accounts of a NATS server's configuration: who may
// connect, by which key, and what the server lets each do. key gives the text
// for the nth public key of an identity, a key or a variable: each has two, of
// which it uses the first and changes to the second. integrators is the text
// that stands for theirs: what Integrators gives, or an include.
//
// The system account has no user: nobody needs it.
func Accounts(parts []Part, key func(identity string, n int) string, integrators string) string {
	var b strings.Builder
	b.WriteString("system_account: SYS\naccounts {\n  SYS {}\n  NETWORK {\n    jetstream: enabled\n    users: [\n")
	for _, p := range parts {
		writeUser(&b, p.Service, p.Permissions(), key)
	}
	writeUser(&b, Steward, stewardship(), key)
	b.WriteString("    ]\n    exports: [\n")
	for _, subject := range exports() {
		fmt.Fprintf(&b, "      {service: %q}\n", subject)
	}
	for _, subject := range streamed() {
		fmt.Fprintf(&b, "      {service: %q, response_type: stream}\n", subject)
	}
	b.WriteString("    ]\n  }\n")
	b.WriteString(integrators)
	b.WriteString("}\n")
	return b.String()
}

func writeUser(b *strings.Builder, identity string, p Permissions, key func(string, int) string) {
	for n := range 2 {
		fmt.Fprintf(b, "      # %s\n      {nkey: %s, permissions: {\n", identity, key(identity, n))
		writeSubjects(b, "publish", p.Publish)
		writeSubjects(b, "subscribe", p.Subscribe)
		b.WriteString("      }}\n")
	}
}

func writeSubjects(b *strings.Builder, verb string, subjects []string) {
	fmt.Fprintf(b, "        %s: {allow: [\n", verb)
	for _, s := range subjects {
		fmt.Fprintf(b, "          %q\n", s)
	}
	b.WriteString("        ]}\n")
}

// Integrators writes the accounts of integrators, one for each: an account has
// a bound of connections, a user has none.
func Integrators(list []Integrator) string {
	var b strings.Builder
	for _, i := range slices.SortedFunc(slices.Values(list), func(x, y Integrator) int { return strings.Compare(x.Name, y.Name) }) {
		fmt.Fprintf(&b, "  INTEGRATOR_%s {\n    limits: {max_connections: %d, max_subscriptions: %d, max_payload: 64KB}\n    users: [\n",
			i.Name, integratorConnections, integratorRequests)
		for _, k := range i.Keys {
			fmt.Fprintf(&b, "      {nkey: %s, permissions: {\n", k)
			writeSubjects(&b, "publish", i.Permissions().Publish)
			writeSubjects(&b, "subscribe", i.Permissions().Subscribe)
			b.WriteString("      }}\n")
		}
		b.WriteString("    ]\n    imports: [\n")
		for _, c := range i.calls() {
			to := ""
			if c.own != c.network {
				to = fmt.Sprintf(", to: %q", c.own)
			}
			fmt.Fprintf(&b, "      {service: {account: NETWORK, subject: %q}%s}\n", c.network, to)
		}
		b.WriteString("    ]\n  }\n")
	}
	return b.String()
}

// Variable is the name by which a configuration file calls the nth public key
// of an identity.
func Variable(identity string, n int) string {
	return strings.ToUpper(strings.ReplaceAll(identity, "-", "_")) + [...]string{"_KEY", "_NEXT"}[n]
}
