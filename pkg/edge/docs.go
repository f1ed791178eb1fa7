package edge

import (
	"errors"
	"io/fs"
	"net/http"
)

// Docs gives handlers, by path, of the contracts in a file system with
// openapi/<service>.yaml and asyncapi/network.yaml, and of a page that lists
// what they promise.
func Docs(contracts fs.FS) (map[string]http.Handler, error) { return nil, errors.ErrUnsupported }
