package exchange

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"mayfly/models"
)

// ipynb is the outermost object of a file. Its parts are read one by one, so that
// what is wrong can be named.
type ipynb struct {
	Format     json.RawMessage `json:"nbformat"`
	Minor      json.RawMessage `json:"nbformat_minor"`
	Metadata   json.RawMessage `json:"metadata"`
	Cells      json.RawMessage `json:"cells"`
	Worksheets json.RawMessage `json:"worksheets"`
}

// ipynbCell is a cell of a file.
type ipynbCell struct {
	Type        string          `json:"cell_type"`
	ID          json.RawMessage `json:"id"`
	Source      json.RawMessage `json:"source"`
	Metadata    json.RawMessage `json:"metadata"`
	Attachments json.RawMessage `json:"attachments"`
	Outputs     json.RawMessage `json:"outputs"`
	Count       json.RawMessage `json:"execution_count"`
}

func readIpynb(title string, text []byte) (models.NewNotebook, error) {
	var book models.NewNotebook
	var file ipynb
	if tooDeep(text) {
		return book, models.Invalid("The file's JSON is more than %d levels deep, which no notebook needs. Save it in Jupyter and import that.", maxDepth)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return book, notJSON(text, err)
	}
	if err := file.checkVersion(); err != nil {
		return book, err
	}
	metadata, err := objectOf(file.Metadata)
	if err != nil {
		return book, models.Invalid("The notebook's metadata is no JSON object, or has over %d keys. Save it in Jupyter and import that.", maxKeys)
	}
	if language := languageOf(metadata); language != "" {
		return book, models.Invalid("This notebook is written in %s, and Mayfly runs Python. Choose one for Python.", language)
	}
	book.Name = nameOf(metadata, title)
	book.Facts = bookFacts(metadata)
	cells, more, err := list(file.Cells, models.MaxCells)
	if err != nil {
		return book, models.Invalid("This is no notebook: its cells are no list. Save it in Jupyter and import that.")
	}
	if more {
		return book, models.Invalid("A notebook has %d cells at most; this has more. Split it.", models.MaxCells)
	}
	budget := models.MaxImports
	for i, raw := range cells {
		cell, err := readCell(raw, &budget)
		if err != nil {
			return book, models.Invalid("Cell %d of %d: %v", i+1, len(cells), err)
		}
		book.Cells = append(book.Cells, cell)
	}
	return book, nil
}

// notJSON says where the file stops being JSON.
func notJSON(text []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return models.Invalid("This is no notebook: a .ipynb file is one JSON object with cells in it. Choose another file.")
	}
	at := min(max(0, int(syntax.Offset)-1), len(text))
	line := 1 + bytes.Count(text[:at], []byte("\n"))
	column := at - bytes.LastIndexByte(text[:at], '\n')
	return models.Invalid("The file is no whole JSON, at line %d, column %d: %s. Save or download it again.", line, column, syntax.Error())
}

func (f ipynb) checkVersion() error {
	var format int
	switch err := json.Unmarshal(f.Format, &format); {
	case len(f.Format) == 0 && f.Worksheets == nil:
		return models.Invalid("This is JSON, but no notebook: it does not say its nbformat. Choose another file.")
	case f.Worksheets != nil, err == nil && format >= 1 && format <= 3:
		return models.Invalid("This notebook has the old format %s of Jupyter. Save it in Jupyter, or with jupyter nbconvert --to notebook --nbformat 4 FILE, and import that.", older(format))
	case err != nil || format != 4:
		return models.Invalid("This notebook says nbformat %.20s, which is not known here. Save it as one of 4.0 to 4.5 and import that.", f.Format)
	case f.Cells == nil:
		return models.Invalid("This notebook holds no cells. Choose another file.")
	}
	return nil
}

func older(format int) string { return string("?123"[min(max(0, format), 3)]) }

// languageOf is the language that is not Python, "" when it is or nothing says.
func languageOf(metadata object) string {
	var info, spec struct{ Name, Language string }
	_ = json.Unmarshal(metadata["language_info"], &info)
	_ = json.Unmarshal(metadata["kernelspec"], &spec)
	language := info.Name
	if language == "" {
		language = spec.Language
	}
	if l := strings.ToLower(language); l == "" || strings.Contains(l, "python") || l == "xpython" {
		return ""
	}
	return models.CleanName(language[:min(len(language), 40)])
}

// nameOf is what the notebook is called: as it was here, as it says itself, or as
// its file.
func nameOf(metadata object, title string) string {
	var ours struct{ Name string }
	_ = json.Unmarshal(metadata["mayfly"], &ours)
	said := ""
	_ = json.Unmarshal(metadata["title"], &said)
	for _, name := range []string{ours.Name, said} {
		if strings.TrimSpace(name) != "" {
			return cutName(name)
		}
	}
	return cutName(title)
}

func cutName(name string) string {
	const most = 200
	runes := []rune(name)
	return string(runes[:min(len(runes), most)])
}

// bookFacts keeps the metadata. What widgets remember of themselves is the first
// to go when it is too much.
func bookFacts(metadata object) string {
	metadata = metadata.keep(notebookChecks, "mayfly", "orig_nbformat", "signature")
	for key, value := range metadata {
		text, err := compact(value)
		if err != nil {
			text = "null" // it was read: it can be written
		}
		metadata[key] = json.RawMessage(text)
	}
	weight := func(key string) int { return len(key) + len(metadata[key]) + len(`"":,`) }
	keys := slices.SortedFunc(maps.Keys(metadata), func(a, b string) int { return cmp.Or(weight(a)-weight(b), strings.Compare(a, b)) })
	sum := len(`{"metadata":{}}`)
	for _, key := range keys {
		if sum += weight(key); sum > models.MaxFacts {
			delete(metadata, key)
		}
	}
	return written(notebookFacts{Metadata: metadata})
}

func readCell(raw json.RawMessage, budget *int) (models.NewCell, error) {
	var c ipynbCell
	var cell models.NewCell
	if err := json.Unmarshal(raw, &c); err != nil {
		return cell, errors.New("it is no JSON object, or its cell_type is no text.")
	}
	facts, ok := cellFacts{}, false
	switch c.Type {
	case "code":
		cell.Kind = models.CodeCell
	case "markdown", "raw":
		cell.Kind, facts.Raw = models.MarkdownCell, c.Type == "raw"
	default:
		return cell, errors.New("its cell_type is " + quoted(c.Type) + "; code, markdown and raw are known.")
	}
	if cell.Text, ok = textOf(c.Source); !ok {
		return cell, errors.New("its source is neither text nor a list of lines.")
	}
	metadata, err := objectOf(c.Metadata)
	if err != nil {
		return cell, errors.New("its metadata is no JSON object, or has over 1000 keys.")
	}
	held, err := objectOf(c.Attachments)
	if err != nil {
		return cell, errors.New("its attachments are no JSON object, or over 1000.")
	}
	facts.Metadata, facts.Attachments, facts.Count = metadata.keep(cellChecks, "mayfly"), attachments(held), countOf(c.Count)
	_ = json.Unmarshal(c.ID, &facts.ID)
	if !cellID.MatchString(facts.ID) {
		facts.ID = ""
	}
	if cell.Kind == models.CodeCell {
		if cell.Outputs, facts.Outputs, err = readOutputs(c.Outputs, budget); err != nil {
			return cell, err
		}
	}
	if cell.Facts = written(facts); len(cell.Facts) > *budget {
		return cell, errors.New("with it, attachments and metadata are over 5 MB. Take the largest pictures out of the text.")
	}
	*budget -= len(cell.Facts)
	return cell, nil
}

// textOf reads a text of nbformat's: a string, or a list of its lines.
func textOf(raw json.RawMessage) (string, bool) {
	var text string
	if len(raw) == 0 || string(raw) == "null" {
		return "", len(raw) == 0
	}
	if raw[0] == '"' {
		err := json.Unmarshal(raw, &text)
		return text, err == nil
	}
	text, err := joined(raw, "")
	return text, err == nil
}

// countOf is a prompt's number, nil when there is none that nbformat takes.
func countOf(raw json.RawMessage) *int {
	var n *int
	if json.Unmarshal(raw, &n) != nil || n == nil || *n < 0 {
		return nil
	}
	return n
}

func quoted(text string) string {
	return "“" + models.CleanName(text[:min(len(text), 40)]) + "”"
}
