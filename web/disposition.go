package web

import (
	"mime"
	"net/url"
	"path"
	"strings"
	"unicode"

	"mayfly/models"
)

const unknownType = "application/octet-stream"

// raster reports whether a type is a picture of pixels, which can do nothing but
// be seen.
func raster(mediaType string) bool {
	switch mediaType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/apng", "image/avif", "image/bmp", "image/x-icon":
		return true
	}
	return false
}

// passive reports whether a browser may show this type as a document of its
// own (SEC-53): pictures of pixels, sound and film. Whatever can carry markup
// or code is not here.
func passive(mediaType string) bool {
	switch mediaType {
	case "audio/mpeg", "audio/wav", "audio/x-wav", "audio/ogg", "audio/flac", "audio/aac", "audio/mp4", "audio/webm",
		"video/mp4", "video/webm", "video/ogg":
		return true
	}
	return raster(mediaType)
}

// savable reports whether a type is named as it is on a download. SVG is here
// because a picture element needs the type; as a document the policy of the
// content origin leaves it without script, style and network.
func savable(mediaType string) bool {
	switch mediaType {
	case "image/svg+xml", "image/tiff", "application/pdf", "application/json", "application/zip", "application/gzip",
		"text/csv", "text/tab-separated-values", "text/plain", "text/markdown",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return true
	}
	return passive(mediaType)
}

// serveAs decides the Content-Type and whether the file is shown or saved. The
// type comes from the file's name, never from its bytes.
func serveAs(f *models.File, want Disposition) (contentType string, given Disposition) {
	kind := bareType(f.MediaType)
	if want == Inline {
		switch {
		case passive(kind):
			return kind, Inline
		case plainText(f):
			return "text/plain; charset=utf-8", Inline
		}
	}
	switch {
	case !savable(kind):
		return unknownType, Attachment
	case strings.HasPrefix(kind, "text/"):
		return kind + "; charset=utf-8", Attachment
	}
	return kind, Attachment
}

// plainText reports whether the file is text that a person reads as it is. Web
// documents are text too, but are never shown under that name; Word documents
// and slides count as text for people and hold none.
func plainText(f *models.File) bool {
	switch kind := bareType(f.MediaType); kind {
	case "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml":
		return false
	default:
		return (f.Category == "text" || f.Category == "code") && (strings.HasPrefix(kind, "text/") || models.TypeOf(f.Name).Loader == "text")
	}
}

func bareType(mediaType string) string {
	kind, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return unknownType
	}
	return kind
}

// defaultFileName stands in for a name of which nothing is left (SEC-55).
const defaultFileName = "download"

// contentDisposition writes the header after RFC 6266: an ASCII name that every
// client understands, and filename* with the real one when it differs.
func contentDisposition(d Disposition, name string) string {
	kind := "attachment"
	if d == Inline {
		kind = "inline"
	}
	name = headerName(name)
	ascii := asciiName(name)
	if ascii == name {
		return kind + `; filename="` + ascii + `"`
	}
	return kind + `; filename="` + ascii + `"; filename*=UTF-8''` + extValue(name)
}

// headerName is the last element of a stored name, without what no file name
// should hold.
func headerName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if isControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimSpace(name); strings.Trim(name, "./") == "" {
		return defaultFileName
	}
	return name
}

// asciiName replaces what the quoted form cannot hold everywhere, the percent
// sign included: some browsers decode it there.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r > '~' || strings.ContainsRune(`"\%;/`, r) {
			return '_'
		}
		return r
	}, name)
}

// extValue is the ext-value of RFC 8187: everything but attr-char is escaped.
func extValue(name string) string {
	escaped := url.PathEscape(name)
	return strings.NewReplacer("$", "%24", "&", "%26", "+", "%2B", "=", "%3D", ":", "%3A", "@", "%40",
		"!", "%21", "'", "%27", "(", "%28", ")", "%29", "*", "%2A", ",", "%2C", ";", "%3B").Replace(escaped)
}
