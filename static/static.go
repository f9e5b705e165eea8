package static

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed dist
var built embed.FS

// Prefix is the path under which the files are served.
const Prefix = "/static/"

// URL is the address of a built file, as in URL("app.css"). It changes
// whenever any built file changes.
func URL(name string) string {
	return Prefix + edition + "/" + name
}

// Handler serves the built files under Prefix. Addresses of this edition may
// be kept for a year; those of any other are not found, because a page that
// still names them was written for other files.
func Handler() http.Handler {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path: this cannot happen
	}
	files := http.FileServerFS(dist)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, Prefix+edition+"/")
		if !ok || !isFile(dist, name) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.StripPrefix(Prefix+edition, files).ServeHTTP(w, r)
	})
}

func isFile(dist fs.FS, name string) bool {
	info, err := fs.Stat(dist, name)
	return err == nil && info.Mode().IsRegular()
}
