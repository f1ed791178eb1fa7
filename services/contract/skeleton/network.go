package main

import (
	"bytes"
	"io/fs"
	"maps"
	"slices"
	"text/template"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
)

// room is what the source of the AsyncAPI contract gets of one service.
type room struct {
	Name string
	// Tells are the events of the service that services are told, Copies those of
	// which agencies get copies, Events both. What stays in the room is in none: it has
	// a schema for the journal, and nobody is promised a message.
	Events, Tells, Copies []named
	Hears                 []hearing
	part                  bus.Part
}

// named is an event by its type, and by its name in a subject.
type named struct{ Type, Name, Schema string }

// hearing is what a service takes from another, or from itself.
type hearing struct {
	From   string
	Events []string
}

func network(api fs.FS, events map[string]fact.Data) ([]byte, error) {
	source, err := template.New("network.yaml.tmpl").ParseFS(api, "source/asyncapi/network.yaml.tmpl")
	if err != nil {
		return nil, err
	}
	parts, err := service.Parts(api, rooms...)
	if err != nil {
		return nil, err
	}
	told := make(map[string]*room, len(parts))
	for _, p := range parts {
		told[p.Service] = &room{Name: p.Service, Hears: hearings(p.Hears), part: p}
	}
	for _, typ := range slices.Sorted(maps.Keys(events)) {
		service, name := event.Split(typ)
		r, e := told[service], named{typ, name, schemaName(typ)}
		tells, copies := slices.Contains(r.part.Tells[bus.Events], name), slices.Contains(r.part.Tells[bus.Agencies], name)
		if tells {
			r.Tells = append(r.Tells, e)
		}
		if copies {
			r.Copies = append(r.Copies, e)
		}
		if tells || copies {
			r.Events = append(r.Events, e)
		}
	}
	var out bytes.Buffer
	out.WriteString("# Generated from api/source/asyncapi/network.yaml.tmpl and the services. DO NOT EDIT.\n")
	err = source.Execute(&out, told)
	return out.Bytes(), err
}

func hearings(types []string) []hearing {
	from := map[string][]string{}
	for _, typ := range types {
		sender, name := event.Split(typ)
		from[sender] = append(from[sender], name)
	}
	var all []hearing
	for _, sender := range slices.Sorted(maps.Keys(from)) {
		all = append(all, hearing{sender, from[sender]})
	}
	return all
}
