// Package journeys holds journeys: days of work as files that a caseworker can
// read and correct. It holds no code; services/standalone/internal/play plays
// them. docs/guides/journeys.md says how they are read and written.
package journeys

import (
	"embed"
	"io/fs"
	"path"
)

// Files holds <name>/journey.yaml, and journey.schema.json, which says what may
// stand in one.
//
//go:embed */journey.yaml journey.schema.json
var Files embed.FS

// Names are the journeys that there are, sorted.
func Names() []string {
	files, _ := fs.Glob(Files, "*/journey.yaml") // the pattern is right, or nothing builds
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = path.Dir(f)
	}
	return names
}
