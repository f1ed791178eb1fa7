package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/pkg/access"
)

// follows are the answers that an operation has because of what it is. An answer
// that its source names stands as it is.
var follows = []struct {
	status, response string
	of               func(*operation) bool
}{
	{"204", "Minimal", func(o *operation) bool { return o.takes("Prefer") && o.get("responses", "201") == nil }},
	{"400", "Malformed", always},
	{"401", "Unauthenticated", func(o *operation) bool { return !o.public() }},
	{"403", "Forbidden", func(o *operation) bool { return !o.public() }},
	{"404", "NotFound", func(o *operation) bool { return strings.Contains(o.route, "{") }},
	{"409", "Conflict", (*operation).hasBody},
	{"412", "Stale", func(o *operation) bool { return o.takes("IfMatch") }},
	{"413", "TooLarge", (*operation).hasBody},
	{"415", "Unsupported", (*operation).hasBody},
	{"422", "Invalid", always},
	{"429", "RateLimited", always},
	{"500", "Internal", always},
	{"503", "Unavailable", always},
}

// operation is one method of a path, as its source has it.
type operation struct {
	*yaml.Node
	route    string
	security []map[string][]string
}

func (o *operation) get(keys ...string) *yaml.Node { return get(o.Node, keys...) }

func always(*operation) bool { return true }

func (o *operation) hasBody() bool { return o.get("requestBody") != nil }

// public says whether the operation takes no token.
func (o *operation) public() bool { return len(o.security) == 0 }

// permission is the one that a caller must hold; empty where a token is not needed.
func (o *operation) permission() string {
	if len(o.security) == 1 && len(o.security[0]["bearer"]) == 1 {
		return o.security[0]["bearer"][0]
	}
	return ""
}

func (o *operation) takes(parameter string) bool {
	list := o.get("parameters")
	return list != nil && slices.ContainsFunc(list.Content, func(p *yaml.Node) bool { return p.Value == parameter })
}

// complete adds what follows, and writes each name as the component that it is.
func (o *operation) complete(components *yaml.Node) error {
	responses, security := o.get("responses"), o.get("security")
	if responses == nil || security == nil {
		return errors.New("an operation names what it answers, and who may ask")
	}
	if err := cmp.Or(security.Decode(&o.security), o.tell()); err != nil {
		return err
	}
	page := ""
	for _, status := range []string{"200", "404"} { // a form is answered with 303
		if shown := o.get("responses", status); shown != nil && get(components, "responses", shown.Value, "content", "text/html") != nil {
			page = shown.Value // a person's browser is shown it also where something was refused
		}
	}
	for _, f := range follows {
		if f.of(o) && o.get("responses", f.status) == nil {
			if page != "" {
				f.response = page
			}
			responses.Content = append(responses.Content, scalar(f.status), scalar(f.response))
		}
	}
	sortKeys(responses, strings.Compare)
	for _, response := range pairs(responses) {
		write(response, `{$ref: "#/components/responses/NAME"}`)
	}
	if parameters := o.get("parameters"); parameters != nil {
		for _, p := range parameters.Content {
			write(p, `{$ref: "#/components/parameters/NAME"}`)
		}
		parameters.Style = 0
	}
	switch body := o.get("requestBody"); {
	case body == nil:
	case get(components, "requestBodies", body.Value) != nil:
		write(body, `{$ref: "#/components/requestBodies/NAME"}`)
	default:
		write(body, "required: true\ncontent: NAME")
		write(get(body, "content"), asJSON)
	}
	return nil
}

// tell says in the description who may ask: which roles hold the permission.
func (o *operation) tell() error {
	permission, needs := o.permission(), "Needs no token."
	holders := access.Holders(access.Permission(permission))
	switch {
	case o.public():
	case len(holders) > 0:
		roles := strings.Fields(strings.Trim(fmt.Sprint(holders), "[]"))
		needs = fmt.Sprintf("Needs `%s`: %s.", permission, strings.Join(roles, ", "))
	case len(o.security) == 2 && len(o.security[0]) == 0:
		needs += " One that is sent must be valid."
	default:
		return fmt.Errorf("nobody can hold %q: security names one permission", permission)
	}
	said := o.get("description")
	if said == nil {
		said = scalar("")
		o.Content = append(o.Content, scalar("description"), said)
	}
	said.Value = strings.TrimPrefix(said.Value+"\n\n"+needs, "\n\n")
	return nil
}
