package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"mayfly/models"
	"mayfly/storage"
	"mayfly/web"
)

// uploadMax bounds the body of an upload; the vault bounds the file itself.
const uploadMax = 1 << 30

// upload keeps one file as it arrives: nothing is held in memory.
func (a *API) upload(c *call) error {
	asked, err := addressed(c)
	if err != nil {
		return err
	}
	form, err := c.r.MultipartReader()
	if err != nil {
		return web.ErrNoUpload
	}
	for said := false; ; {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return models.Invalid("No file came: send it in the field file.")
		case err != nil:
			return web.BrokenOff(err)
		case part.FormName() == "user_id" && !said:
			said = true
			if asked, err = userField(part, asked); err != nil {
				return err
			}
		case part.FormName() == "file":
			return a.keep(c, asked, form, part)
		default:
			return models.Invalid("An upload has the fields user_id and file, in this order, each once.")
		}
	}
}

// userField reads whom the upload is for; an address that says otherwise is not
// to be believed either.
func userField(part *multipart.Part, asked models.UserID) (models.UserID, error) {
	text, err := io.ReadAll(io.LimitReader(part, 100))
	if err != nil {
		return "", web.BrokenOff(err)
	}
	id, err := models.ParseUserID(string(text))
	if err == nil && asked != "" && asked != id {
		err = models.Invalid("user_id is said twice, and not the same.")
	}
	return id, err
}

func (a *API) keep(c *call, asked models.UserID, form *multipart.Reader, part *multipart.Part) error {
	o := row{scope: models.ScopeFilesWrite, limit: web.FileRate}
	if err := (&table{app: a}).permit(c, o, asked); err != nil {
		return err
	}
	name := part.FileName()
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if strings.TrimSpace(name) == "" {
		return models.Invalid("The file has no name.")
	}
	file, err := a.Vault.Save(c.ctx, c.owner, storage.Upload{
		Source: models.FromAPI, Name: name, By: c.token, Key: c.r.Header.Get("Idempotency-Key"),
	}, &lastPart{form: form, part: part, owner: c.owner})
	if models.CodeOf(err) == models.OverLimit {
		return web.TooLarge(err) // waiting, which other limits ask for, does not help
	}
	if err != nil {
		return err
	}
	return a.sendJSON(c, http.StatusCreated, a.file(file))
}

// lastPart is the file of a form. Only a user_id may come after it, of the person
// whom it is kept for: a form that breaks off or goes on otherwise fails the
// reading, so that nothing of it is kept.
type lastPart struct {
	form  *multipart.Reader
	part  *multipart.Part
	owner models.UserID
}

func (p *lastPart) Read(b []byte) (int, error) {
	n, err := p.part.Read(b)
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, web.BrokenOff(err)
	}
	return n, p.end()
}

// end reads what comes after the file, and returns io.EOF when that is in order.
func (p *lastPart) end() error {
	for said := false; ; said = true {
		part, err := p.form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case err != nil:
			return web.BrokenOff(err)
		case part.FormName() != "user_id" || said:
			return models.Invalid("One upload brings one file, and says once whom it is for.")
		}
		if _, err := userField(part, p.owner); err != nil {
			return err
		}
	}
}

func (a *API) sendJSON(c *call, status int, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(text) // fails only when the program is gone
	return nil
}
