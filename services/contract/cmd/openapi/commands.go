package main

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// asRecord is the content of an answer with one record that people change.
const asRecord = `application/json:
  schema:
    allOf:
      - {$ref: "#/components/schemas/NAME"}
      - {$ref: "#/components/schemas/NAMECommands"}
    unevaluatedProperties: false`

// offered is what such an answer says beside the record. A list does not say it.
const offered = `type: object
required: [commands]
properties:
  commands:
    type: array
    uniqueItems: true
    description: >-
      What the record takes from the caller now, by operationId: for a page to offer. It is no permission. A command is
      decided when it is given.
    items: {type: string, enum: [NAMES]}`

// open lets a record stand beside its commands: a schema that refuses other properties
// refuses those beside it in allOf, too. Each other place that refers to it refuses them there.
func open(schemas *yaml.Node, name string) {
	keep(get(schemas, name), func(key string) bool { return key != "additionalProperties" })
}

// alone is an open record where nothing stands beside it. Not every tool reads what stands
// beside a $ref.
const alone = `{allOf: [{$ref: "NAME"}], unevaluatedProperties: false}`

// closed closes what refers to an open record.
func closed(n *yaml.Node, ref string) {
	if at := get(n, "$ref"); at != nil && at.Value == ref {
		*n = *scalar(ref)
		write(n, alone)
		return
	}
	for _, below := range n.Content {
		closed(below, ref)
	}
}

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

// define adds the schema of the commands, once for all answers with the same record.
func define(schemas *yaml.Node, name string, ids []string) {
	if get(schemas, name) == nil {
		schema := scalar("")
		write(schema, strings.ReplaceAll(offered, "NAMES", strings.Join(ids, ", ")))
		schemas.Content = append(schemas.Content, scalar(name), schema)
	}
}
