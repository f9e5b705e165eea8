package handlers

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"mayfly/exchange"
	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// importMax bounds an import's body: the file, and the form around it.
const importMax = exchange.MaxFile + 1<<20

// importNotebook makes a notebook of each file of the form, and leads to the
// last.
func (a *App) importNotebook(w http.ResponseWriter, r *http.Request) error {
	var made *models.Notebook
	err := web.EachUpload(r, "file", func(name string, content io.Reader) error {
		book, err := a.imports.read(r.Context(), name, content)
		if err != nil {
			return err
		}
		made, err = a.Store.MakeNotebook(r.Context(), web.Owner(r), book)
		return err
	})
	if err != nil {
		return notImported(err)
	}
	return web.SeeOther(w, r, views.NotebookURL(string(made.ID), ""))
}

// notImported says of a file that is no notebook what is wrong with it, and then
// what to do: such an error is made of these two.
func notImported(err error) error {
	if models.CodeOf(err) != models.InvalidInput {
		return err
	}
	what, next, _ := strings.Cut(wordsOf(err), ". ")
	return web.NotDone(http.StatusBadRequest, strings.TrimSuffix(what, "."), "", "No notebook was made of it.", cmp.Or(next, "Choose another file."))
}

// exportNotebook sends the notebook as a file: .ipynb, .py, or a zip of both with
// its live files beside them.
func (a *App) exportNotebook(w http.ResponseWriter, r *http.Request) error {
	book, err := a.book(r.Context(), web.Owner(r), notebookID(r))
	if err != nil {
		return err
	}
	name := book.FileName()
	switch r.PathValue("form") {
	case "ipynb":
		return web.SendMade(w, r, name+".ipynb", "application/x-ipynb+json", book.WriteIpynb)
	case "py":
		return web.SendMade(w, r, name+".py", "text/x-python; charset=utf-8", book.WritePercent)
	case "zip":
		return a.exportZip(w, r, book)
	}
	return models.NotFound("form of a notebook")
}

// exportZip sends both forms with the notebook's live files beside them, where its
// code looks for them.
func (a *App) exportZip(w http.ResponseWriter, r *http.Request, book exchange.Book) error {
	files, err := a.Store.NotebookFiles(r.Context(), web.Owner(r), notebookID(r))
	if err != nil {
		return err
	}
	return web.SendArchive(w, r, book.FileName()+".zip", book.Notebook.ReadAt, func(zip *web.Archive) error {
		for ext, write := range map[string]func(io.Writer) error{".ipynb": book.WriteIpynb, ".py": book.WritePercent} {
			part, err := zip.Part(book.FileName() + ext)
			if err == nil {
				err = write(part)
			}
			if err != nil {
				return err
			}
		}
		for _, f := range files {
			if err := zip.File("", f, a.Vault.Open); err != nil {
				return err
			}
		}
		return nil
	})
}

// book is a notebook as it is written into files.
func (a *App) book(ctx context.Context, owner models.UserID, id models.NotebookID) (exchange.Book, error) {
	book := exchange.Book{Python: a.Python, Outputs: func(run models.Run) ([]models.Output, error) {
		return a.Store.Outputs(ctx, owner, run.ID, 0)
	}}
	var err error
	if book.Notebook, err = a.Store.Notebook(ctx, owner, id); err != nil {
		return book, err
	}
	book.Imports, err = a.Store.Imports(ctx, owner, id)
	return book, err
}

// uploadToNotebook is upload for the files of a notebook.
func (a *App) uploadToNotebook(w http.ResponseWriter, r *http.Request) error {
	id := notebookID(r)
	if _, err := a.Store.Kernel(r.Context(), web.Owner(r), id); err != nil {
		return err
	}
	told, err := a.keepUploads(r, &id)
	if err != nil {
		return err
	}
	switch {
	case web.WantsFragment(r):
		return web.RenderStatus(w, r, told.status(), nil, told.fragment())
	case told.refused == 0:
		return web.SeeOther(w, r, views.NotebookURL(string(id), ""))
	}
	return &models.Error{Code: models.OverLimit, Message: told.words()}
}

// importedOutput is one form of what a cell brought along from a file.
func (a *App) importedOutput(w http.ResponseWriter, r *http.Request) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return models.NotFound("output")
	}
	return a.sendOutput(w, r, web.OutputRef{Owner: web.Owner(r), Cell: cellID(r), Seq: seq, Media: r.URL.Query().Get("type")})
}

// sendOutput shows one form of an output: a picture of pixels from here, all that
// could hold script from the content origin (SEC-53).
func (a *App) sendOutput(w http.ResponseWriter, r *http.Request, ref web.OutputRef) error {
	if !views.ActiveType(ref.Media) && !views.ImageType(ref.Media) {
		return models.NotFound("picture")
	}
	output, err := web.FindOutput(a.Store)(r.Context(), ref)
	if err != nil {
		return err
	}
	if output.Bundle[ref.Media] == "" {
		return models.NotFound("output")
	}
	if views.ActiveType(ref.Media) {
		http.Redirect(w, r, a.Site.Links().ForOutput(ref), http.StatusSeeOther)
		return nil
	}
	picture, err := base64.StdEncoding.DecodeString(output.Bundle[ref.Media])
	if err != nil || len(picture) == 0 {
		return errors.Join(models.NotFound("picture"), err)
	}
	return web.SendPicture(w, r, ref.Media, picture)
}
