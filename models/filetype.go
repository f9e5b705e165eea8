package models

import (
	"path"
	"strings"
)

// FileType is what an extension tells of a file.
type FileType struct {
	Extension string // lower case with the dot; "" when unknown
	Category  string // image data text structured code archive html pdf scientific audio video file
	MediaType string
	Words     string // "CSV table", for people
	Inline    bool   // a browser may show it by itself: raster, audio, video, plain text
}

// unknownType is every extension that the table lacks.
var unknownType = FileType{Category: "file", MediaType: "application/octet-stream", Words: "File"}

// TypeOf looks a name's extension up, any case. "x.tar.gz" is found by its last
// extension.
func TypeOf(name string) FileType {
	ext := strings.ToLower(path.Ext(name))
	for _, t := range FileTypes() {
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

// Loads is what load_file makes of it, in words; "" when that depends on what
// is inside (sandbox/python/loaders.py).
func (t FileType) Loads() string {
	switch t.Extension {
	case ".csv", ".tsv", ".parquet", ".feather", ".jsonl", ".ndjson":
		return "a DataFrame"
	case ".xlsx", ".xls", ".ods":
		return "a DataFrame, or a dict of them by sheet"
	case ".json":
		return "a DataFrame when it is a table, else a dict or a list"
	case ".npy":
		return "an array"
	case ".npz":
		return "a dict of arrays"
	case ".pickle", ".pkl", ".joblib":
		return "the object"
	case ".yaml", ".yml", ".toml":
		return "a dict or a list"
	case ".sqlite", ".sqlite3", ".db":
		return "a connection, to read from"
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff":
		return "a PIL picture"
	}
	if t.Category == "text" || t.Category == "code" {
		return "text"
	}
	return ""
}

// Icon is the Lucide name drawn for the type's category.
func (t FileType) Icon() string {
	switch t.Category {
	case "image":
		return "image"
	case "data":
		return "table-2"
	case "text":
		return "file-text"
	case "structured":
		return "braces"
	case "code":
		return "file-code"
	case "archive":
		return "file-archive"
	case "html":
		return "app-window"
	case "pdf":
		return "book-open"
	case "scientific":
		return "atom"
	case "audio":
		return "audio-lines"
	case "video":
		return "film"
	}
	return "file"
}

// Categories lists the categories in the order of filters.
func Categories() []string {
	return []string{"image", "data", "text", "structured", "code", "archive", "html", "pdf", "scientific", "audio", "video", "file"}
}
