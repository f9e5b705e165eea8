package exchange

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"mayfly/models"
)

// notebookFacts is what Notebook.Facts holds.
type notebookFacts struct {
	Metadata object `json:"metadata,omitempty"`
}

// cellFacts is what Import.Facts holds.
type cellFacts struct {
	ID          string        `json:"id,omitempty"`
	Raw         bool          `json:"raw,omitempty"` // it is no Markdown, but text for nbconvert
	Count       *int          `json:"count,omitempty"`
	Metadata    object        `json:"metadata,omitempty"`
	Attachments object        `json:"attachments,omitempty"`
	Outputs     []outputFacts `json:"outputs,omitempty"` // one for each imported output
}

// outputFacts is what an imported output is besides a models.Output.
type outputFacts struct {
	Type     string `json:"type,omitempty"` // as nbformat calls it; "" is a note of ours
	Count    *int   `json:"count,omitempty"`
	Name     string `json:"name,omitempty"`  // of an error
	Value    string `json:"value,omitempty"` // of an error
	Metadata object `json:"metadata,omitempty"`
}

// object is a JSON object whose values are kept as they are.
type object map[string]json.RawMessage

func factsOf(i *models.Import) (f cellFacts) {
	if i != nil && i.Facts != "" {
		_ = json.Unmarshal([]byte(i.Facts), &f) // we wrote it; what cannot be read is left out
	}
	return f
}

// written is the facts as JSON, "" when there are none.
func written(facts any) string {
	text, err := compact(facts)
	if err != nil || text == "{}" {
		return ""
	}
	return text
}

// compact is JSON without the escapes that only HTML needs.
func compact(value any) (string, error) {
	var out bytes.Buffer
	w := json.NewEncoder(&out)
	w.SetEscapeHTML(false)
	err := w.Encode(value)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// cellID is what nbformat 4.5 takes as the id of a cell.
var cellID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// keep returns the object without the keys whose values nbformat forbids or that
// hold more of what it knows than anybody has, and without those that are dropped. The object itself may be changed.
func (o object) keep(checks map[string]func(json.RawMessage) bool, drop ...string) object {
	for key, value := range o {
		if check := checks[key]; slices.Contains(drop, key) || check != nil && (len(value) > models.MaxFacts || !check(value)) {
			delete(o, key)
		}
	}
	return o
}

// What nbformat says of metadata that it knows; all else may be anything.
var (
	notebookChecks = map[string]func(json.RawMessage) bool{
		"kernelspec":    func(v json.RawMessage) bool { return hasTexts(v, "name", "display_name") },
		"language_info": isLanguage,
		"title":         isA[string],
		"authors":       isA[[]json.RawMessage],
	}
	cellChecks = map[string]func(json.RawMessage) bool{
		"format": isA[string], "name": isName, "tags": areTags, "collapsed": isA[bool],
		"jupyter":   func(v json.RawMessage) bool { return isJupyter(v) },
		"execution": isA[map[string]string],
		"scrolled":  func(v json.RawMessage) bool { return isA[bool](v) || string(v) == `"auto"` },
	}
)

func isA[T any](v json.RawMessage) bool {
	var value *T
	return json.Unmarshal(v, &value) == nil && value != nil
}

func hasTexts(v json.RawMessage, keys ...string) bool {
	var o object
	if json.Unmarshal(v, &o) != nil {
		return false
	}
	return !slices.ContainsFunc(keys, func(key string) bool { return !isA[string](o[key]) })
}

func isLanguage(v json.RawMessage) bool {
	var o object
	if json.Unmarshal(v, &o) != nil || !isA[string](o["name"]) {
		return false
	}
	for _, key := range []string{"file_extension", "mimetype", "pygments_lexer"} {
		if o[key] != nil && !isA[string](o[key]) {
			return false
		}
	}
	mode := o["codemirror_mode"]
	return mode == nil || isA[string](mode) || isA[object](mode)
}

func isJupyter(v json.RawMessage) bool {
	var o object
	if json.Unmarshal(v, &o) != nil || o == nil {
		return false
	}
	for _, key := range []string{"source_hidden", "outputs_hidden"} {
		if o[key] != nil && !isA[bool](o[key]) {
			return false
		}
	}
	return true
}

func isName(v json.RawMessage) bool {
	var name string
	return json.Unmarshal(v, &name) == nil && strings.Trim(name, "\r\n\u2028\u2029") != ""
}

func areTags(v json.RawMessage) bool {
	var tags []string
	if json.Unmarshal(v, &tags) != nil || tags == nil {
		return false
	}
	seen := map[string]bool{}
	for _, tag := range tags {
		if tag == "" || strings.Contains(tag, ",") || seen[tag] {
			return false
		}
		seen[tag] = true
	}
	return true
}

// attachments keeps of an object what nbformat takes as attachments: bundles by
// name.
func attachments(o object) object {
	for name, value := range o {
		bundle, err := objectOf(value)
		if err != nil || string(value) == "null" {
			delete(o, name)
			continue
		}
		for media, data := range bundle {
			if _, ok := textOf(data); !ok && !isJSON(media) {
				delete(o, name)
			}
		}
	}
	return o
}
