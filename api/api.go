// Package api holds what the network promises: the OpenAPI contract of each
// service, the AsyncAPI contract of the bus, and a JSON Schema with an example
// for each event. Code is held against them by the tests of services/contract.
//
// What the services and the types of events say already is written into the
// contracts of the bus by services/contract/skeleton. The rest of asyncapi is
// written in source/asyncapi.
package api

import "embed"

// Files holds openapi/<service>.yaml, asyncapi/network.yaml,
// schema/<service>/<event>.v1.schema.json and, beside each schema,
// example/<event>.v1.json.
//
//go:embed openapi asyncapi schema
var Files embed.FS
