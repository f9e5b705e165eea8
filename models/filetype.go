package models

import (
	"encoding/json"
	"path"
	"strings"
)

// FileType is what an extension tells of a file.
type FileType struct {
	Extension string // lower case with the dot; "" when unknown
	Category  string // image data text structured code archive html pdf scientific audio video file
	Loader    string // the reader of sandbox/python/loaders.py that load_file takes
	MediaType string
	Icon      string // its Lucide name
	Words     string // "CSV table", for people
	Inline    bool   // a browser may show it by itself: raster, audio, video, plain text
}

// unknownType is every extension that the table lacks.
var unknownType = FileType{Category: "file", Loader: "bytes", MediaType: "application/octet-stream", Icon: "file", Words: "File"}

// unpacking is the loader of one compressed file: what it gives depends on the
// name within the name.
const unpacking = "compressed"

// TypeOf looks a name's extension up, any case. "x.csv.gz" has the type of its
// last extension, and loads as the table that it is underneath.
func TypeOf(name string) FileType {
	ext := path.Ext(name)
	t := rowOf(ext)
	if t.Loader == unpacking {
		if inner := rowOf(path.Ext(strings.TrimSuffix(name, ext))); inner.Extension != "" {
			t.Loader = inner.Loader
		}
	}
	return t
}

func rowOf(ext string) FileType {
	ext = strings.ToLower(ext)
	for _, t := range fileTypes {
		if t.Extension == ext {
			return t
		}
	}
	return unknownType
}

// Picture reports whether a browser draws it inside a page: pixels, or SVG,
// which can do nothing as a picture.
func (t FileType) Picture() bool {
	return t.Category == "image" && (t.Inline || t.MediaType == "image/svg+xml")
}

// Loads is what load_file makes of it, in words.
func (t FileType) Loads() string { return loads[t.Loader] }

// loads says what each loader returns. A test in the jail holds the words
// against what comes back.
var loads = map[string]string{
	"csv":      "a DataFrame",
	"tsv":      "a DataFrame",
	"psv":      "a DataFrame",
	"parquet":  "a DataFrame",
	"feather":  "a DataFrame",
	"orc":      "a DataFrame",
	"avro":     "a DataFrame",
	"stata":    "a DataFrame",
	"sas":      "a DataFrame",
	"excel":    "a DataFrame, or a dict of them by sheet",
	"json":     "a DataFrame when it is a table, else a dict or a list",
	"jsonl":    "a DataFrame, or a list when a line is no object",
	"document": "a dict",
	"yaml":     "a dict or a list",
	"toml":     "a dict",
	"ini":      "a dict of its sections, or text when it has none",
	"plist":    "a dict or a list",
	"msgpack":  "the object",
	"xml":      "the root element (xml.etree)",
	"graphml":  "a networkx graph",
	"gexf":     "a networkx graph",
	"gml":      "a networkx graph",
	"npy":      "an array",
	"npz":      "a dict of arrays",
	"matlab":   "a dict of arrays, or an h5py.File (version 7.3)",
	"matrix":   "a sparse matrix, or an array",
	"hdf":      "a DataFrame or a dict of them when pandas wrote it, else an h5py.File to read from",
	"netcdf":   "a netcdf_file (SciPy), or an h5py.File (NetCDF 4)",
	"pickle":   "the object",
	"joblib":   "the object",
	"sqlite":   "a sqlite3 connection, to read from",
	"duckdb":   "a DuckDB connection, to read from",
	"picture":  "a PIL picture",
	"wav":      "a pair: the rate and an array of samples",
	"docx":     "a Document (python-docx)",
	"odf":      "an OpenDocument (odfpy)",
	"pdf":      "a PdfReader (pypdf)",
	"zip":      "a ZipFile, to list and read from",
	"tar":      "a TarFile, to list and read from",
	unpacking:  "what the name without this ending gives, else the bytes inside",
	"text":     "text",
	"bytes":    "bytes",
}

// GuestLoaders is the table as load_file reads it inside the jail: extension
// without the dot → loader, in JSON.
func GuestLoaders() ([]byte, error) {
	loaders := map[string]string{}
	for _, t := range fileTypes {
		loaders[t.Extension[1:]] = t.Loader
	}
	return json.Marshal(loaders)
}

// Categories lists the categories in the order of filters.
func Categories() []string {
	return []string{"image", "data", "text", "structured", "code", "archive", "html", "pdf", "scientific", "audio", "video", "file"}
}

// Loading is one thing that load_file gives, with the extensions that give it,
// without the dot.
type Loading struct {
	Gives      string
	Extensions []string
}

// Loadings is the table as people look it up: what each kind of file loads as,
// tables first. What is in none of them gives bytes.
func Loadings() []Loading {
	var all []Loading
	at := map[string]int{}
	for _, category := range []string{"data", "structured", "scientific", "image", "text", "code", "html", "pdf", "archive", "audio", "video", "file"} {
		for _, t := range fileTypes {
			if t.Category != category || t.Loader == "bytes" {
				continue
			}
			i, found := at[t.Loads()]
			if !found {
				i = len(all)
				at[t.Loads()] = i
				all = append(all, Loading{Gives: t.Loads()})
			}
			all[i].Extensions = append(all[i].Extensions, t.Extension[1:])
		}
	}
	return all
}
