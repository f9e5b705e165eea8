package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"mayfly/models"
	"mayfly/web"
)

// Bounds of a body (SEC-16).
const (
	maxBody  = 2 << 20 // bytes
	maxDepth = 16      // of arrays and objects in each other
)

// jsonFormat reads and writes as RFC 8259 and RFC 7493 say. huma's own lets
// duplicate keys and invalid UTF-8 through, and keys in another case pass its
// check of the description.
func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error { return json.MarshalWrite(w, v) },
		Unmarshal: func(data []byte, v any) error {
			return readable(json.Unmarshal(data, v, json.RejectUnknownMembers(true)))
		},
	}
}

// readable keeps the words of a fault that are ours: the library's repeat what
// was sent.
func readable(err error) error {
	var told *models.Error
	if err == nil || errors.As(err, &told) {
		return err
	}
	return models.Invalid("A value has the wrong type.")
}

// strict reads the whole body and refuses what is no plain JSON before anything
// looks at it: another type, keys that stand twice, invalid UTF-8, NUL, depth.
func strict(r *http.Request) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || !isUTF8(params["charset"]) {
		return nil, web.ErrNotJSON
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return nil, web.BrokenOff(err)
	}
	return body, plain(body)
}

func isUTF8(charset string) bool { return charset == "" || strings.EqualFold(charset, "utf-8") }

// plain checks the tokens of one JSON value.
func plain(body []byte) error {
	tokens := jsontext.NewDecoder(bytes.NewReader(body))
	for first := true; ; first = false {
		token, err := tokens.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && !first:
			return nil
		case err != nil:
			return whyNotPlain(err)
		case tokens.StackDepth() > maxDepth:
			return models.Invalid("The JSON is nested too deep.")
		case token.Kind() == '"' && strings.ContainsRune(token.String(), 0):
			return models.Invalid("The JSON holds a NUL character.")
		case !first && tokens.StackDepth() == 0 && token.Kind() != '}' && token.Kind() != ']':
			return models.Invalid("The body holds more than one JSON value.")
		}
	}
}

func whyNotPlain(err error) error {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return models.Invalid("The JSON says a key twice.")
	case strings.Contains(err.Error(), "UTF-8"):
		return models.Invalid("The body is not valid UTF-8.")
	}
	return models.Invalid("The body is no JSON.")
}
