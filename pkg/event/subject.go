package event

import "strings"

// Subject is where an event of a service is published:
// "sanad.events.<service>.<event>.<record>". "*" may stand for the record, or
// for the event.
func Subject(service, eventToken, record string) string {
	return "sanad.events." + service + "." + eventToken + "." + record
}

// SubjectOf is Subject for a type name such as "referral.accepted.v1".
func SubjectOf(typ, record string) string {
	service, name := Split(typ)
	return Subject(service, name, record)
}

// Split gives the service and the event of a type name: "referral" and
// "accepted" for "referral.accepted.v1". Both are empty for anything that is
// not "<service>.<event>.v<major>".
func Split(typ string) (service, name string) {
	service, rest, ok := strings.Cut(typ, ".")
	if !ok {
		return "", ""
	}
	name, version, ok := strings.Cut(rest, ".")
	if !ok || !token(service) || !token(name) || !token(version) || version[0] != 'v' {
		return "", ""
	}
	return service, name
}
