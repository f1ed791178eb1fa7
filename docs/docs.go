// Package docs holds the texts of the project, so that every instance can show
// them at /docs. It holds no code, and nothing that an instance would keep secret.
package docs

import "embed"

// Files holds the pages as they lie beside this file.
//
//go:embed *.md adr/*.md guides/*.md runbooks/*.md
var Files embed.FS
