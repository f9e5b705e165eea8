package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"os"
	"strings"
	"sync"
)

// What is shown in a frame is a document of the user's. It runs script, in a
// sandbox without an origin: no cookie, no storage, no network, no other window,
// and nothing that it says is heeded but its height (SEC-54).

//go:embed frames/frame.js
var frameScript string

//go:embed frames/plotly.js
var plotlyScript string

const frameHead = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Output</title><style>
html{background:#fdfcf9;color:#1c2226;font:14px/20px system-ui,sans-serif}body{margin:0;padding:8px;overflow-wrap:anywhere}
audio,video,img,svg{max-width:100%}table{border-collapse:collapse;overflow-wrap:normal;font-variant-numeric:tabular-nums}th,td{padding:4px 10px;text-align:right}th{font-weight:600}</style></head><body>`

// htmlFrame is HTML of the user's as a document that tells its height.
func htmlFrame(html string) []byte {
	return []byte(frameHead + html + "<script>" + frameScript + "</script></body></html>")
}

// plotlyFrame is a figure as a document. The figure is JSON, in which no "<" is
// needed: none can end the element that holds it.
func plotlyFrame(figure, library string) []byte {
	figure = strings.NewReplacer("<", `\u003c`, "\u2028", `\u2028`, "\u2029", `\u2029`).Replace(figure)
	return []byte(frameHead + `<div id="figure"></div><script type="application/json" id="data">` + figure + `</script><script src="` + library + `"></script><script>` +
		plotlyScript + frameScript + "</script></body></html>")
}

// stillFrame is the picture of a figure that cannot be drawn here.
func stillFrame(picture string) []byte {
	return htmlFrame(`<img alt="" src="data:image/png;base64,` + template.HTMLEscapeString(picture) + `">`)
}

// framePolicy lets a frame run what it holds and reach nothing.
func framePolicy(app, library string) string {
	return "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'" + library + "; style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; " +
		"font-src data:; worker-src blob:; sandbox allow-scripts; base-uri 'none'; form-action 'none'; frame-ancestors " + app
}

// library is plotly.js as the runtime has it, read once and packed for the way:
// 4.8 MB are 1.4.
type library struct {
	path   string
	once   sync.Once
	name   string // plotly-<hash>.js, "" when there is none
	packed []byte
}

// load reads the file. Where it is missing figures say so.
func (l *library) load() {
	l.once.Do(func() {
		plain, err := os.ReadFile(l.path)
		if l.path == "" || err != nil {
			return
		}
		sum := sha256.Sum256(plain)
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(plain) // into memory
		_ = w.Close()
		l.name, l.packed = "plotly-"+hex.EncodeToString(sum[:6])+".js", packed.Bytes()
	})
}

// serve answers with the library; its address changes with its content.
func (l *library) serve(w http.ResponseWriter, r *http.Request) error {
	l.load()
	if l.name == "" || r.PathValue("name") != l.name {
		return refuse(http.StatusNotFound, "There is nothing here", "", "")
	}
	header := w.Header()
	header.Set("Content-Encoding", "gzip") // every browser that draws a figure takes it
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	send(w, r, "text/javascript; charset=utf-8", "inline", l.packed)
	return nil
}
