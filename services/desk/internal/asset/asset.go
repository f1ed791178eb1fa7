// Package asset serves what pages load: one sheet of style, and a few scripts. Each has the
// hash of its content in its address. It holds nothing from elsewhere that is not written
// down in NOTICE, and refuses every other path.
package asset

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed files
var files embed.FS

// Prefix begins the path of each.
const Prefix = "/desk/asset/"

type one struct {
	text []byte
	kind string
}

var byPath, paths = read()

func read() (map[string]one, map[string]string) {
	all, where := map[string]one{}, map[string]string{}
	entries, err := fs.ReadDir(files, "files")
	if err != nil {
		panic(err) // it is in the program
	}
	for _, e := range entries {
		text, err := fs.ReadFile(files, "files/"+e.Name())
		if err != nil {
			panic(err) // it is in the program
		}
		kind := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(e.Name())]
		sum := sha256.Sum256(text)
		at := Prefix + hex.EncodeToString(sum[:6]) + "/" + e.Name()
		all[at], where[e.Name()] = one{text, kind}, at
	}
	return all, where
}

// Path is the address of a file.
func Path(name string) string {
	at, ok := paths[name]
	if !ok {
		panic("there is no asset " + name)
	}
	return at
}

// Handler serves them. They tell nothing of anybody, so a browser may keep them.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byPath[r.URL.Path]
		if !ok || a.kind == "" || strings.Contains(r.URL.Path, "..") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(a.text) // a browser that left is nobody's fault
	})
}
