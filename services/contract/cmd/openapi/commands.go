package main

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// now is the name of the schema of an answer with one record that people change.
func now(record string) string { return record + "Now" }

// offered is what such an answer says beside the record. A list does not say it.
const offered = `type: array
uniqueItems: true
description: >-
  What the record takes from the caller now, by operationId: for a page to offer. It is no permission. A command is
  decided when it is given.
items: {type: string, enum: [NAMES]}`

// commands are the operations that change a record, by the schema of the record. An
// operation that takes Prefer answers with the record that it changed.
func commands(doc *yaml.Node) map[string][]string {
	ids, responses := map[string][]string{}, get(doc, "components", "responses")
	for _, methods := range pairs(get(doc, "paths")) {
		for _, method := range pairs(methods) {
			o, answer := &operation{Node: method}, get(method, "responses", "200")
			id := get(method, "operationId")
			if answer == nil || id == nil || !o.takes("Prefer") {
				continue
			}
			if content := get(responses, answer.Value, "content"); content != nil && content.Kind == yaml.ScalarNode {
				ids[content.Value] = append(ids[content.Value], id.Value)
			}
		}
	}
	return ids
}

// define adds the schema of a record with its commands, once for all answers with it. It is
// the schema of the record and one property more, because that schema allows no other.
func define(schemas *yaml.Node, record string, ids []string) error {
	if get(schemas, now(record)) != nil {
		return nil
	}
	var both yaml.Node
	text, err := yaml.Marshal(get(schemas, record))
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, &both); err != nil {
		return err
	}
	properties, required := get(both.Content[0], "properties"), get(both.Content[0], "required")
	if properties == nil || required == nil {
		return fmt.Errorf("%s is changed by people, and is no plain object", record)
	}
	commands := scalar("")
	write(commands, strings.ReplaceAll(offered, "NAMES", strings.Join(ids, ", ")))
	properties.Content = append(properties.Content, scalar("commands"), commands)
	required.Content = append(required.Content, scalar("commands"))
	schemas.Content = append(schemas.Content, scalar(now(record)), both.Content[0])
	return nil
}

// rename gives answers other names, and their operations too.
func rename(doc, components *yaml.Node, names map[string]string) {
	responses := get(components, "responses")
	if responses == nil {
		return
	}
	for i := 0; i+1 < len(responses.Content); i += 2 {
		if name := names[responses.Content[i].Value]; name != "" {
			responses.Content[i] = scalar(name)
		}
	}
	for _, methods := range pairs(get(doc, "paths")) {
		for _, method := range pairs(methods) {
			for _, answer := range pairs(get(method, "responses")) {
				if name := names[answer.Value]; answer.Kind == yaml.ScalarNode && name != "" {
					*answer = *scalar(name)
				}
			}
		}
	}
}
