// Package programme holds the form of programme files, and the programmes that come with the
// network: each a proposal until a lawyer of the country has signed it.
package programme

import "embed"

// Schema is the JSON Schema of one version of a programme.
//
//go:embed programme.schema.json
var Schema []byte

// Shipped holds base.yaml and <programme>/<version>.yaml.
//
//go:embed shipped
var Shipped embed.FS
