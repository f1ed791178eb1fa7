package event

import "strings"

// Subject is where an event of a service is published:
// "sanad.events.<service>.<event>.<stream>". "*" may stand for the stream, or
// for the event.
func Subject(service, eventToken, stream string) string {
	return "sanad.events." + service + "." + eventToken + "." + stream
}

// SubjectOf is Subject for a type name such as "referral.accepted.v1".
func SubjectOf(typ, stream string) string {
	service, name := Split(typ)
	return Subject(service, name, stream)
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
