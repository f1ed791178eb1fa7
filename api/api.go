// Package api holds what the network promises: the OpenAPI contract of each
// service, the AsyncAPI contract of the bus, and a JSON Schema with an example
// for each event. The tests of services/contract compare the code with them.
//
// services/contract/skeleton writes what follows from the services and the
// types of events. The rest of asyncapi is in source/asyncapi.
package api

import "embed"

// Files holds openapi/<service>.yaml, asyncapi/network.yaml,
// schema/<service>/<event>.v1.schema.json and, beside each schema,
// example/<event>.v1.json.
//
//go:embed openapi asyncapi schema
var Files embed.FS
