package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"mayfly/exchange"
	"mayfly/models"
	"mayfly/web"
)

// myData streams a copy of all that is the person's. Nothing of it is kept on
// the way, and no more than one run of it is in memory.
func (a *App) myData(w http.ResponseWriter, r *http.Request) error {
	profile, err := a.Store.Profile(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	return web.SendArchive(w, r, "mayfly-data.zip", profile.ReadAt, func(z *web.Archive) error {
		return copyOf{a, r.Context(), profile}.write(z)
	})
}

// copyOf is one copy while it is made.
type copyOf struct {
	app *App
	ctx context.Context
	of  *models.Profile
}

const dataWords = `Everything that Mayfly keeps of you, as it was when this was made.

profile.json       who you are here, your browsers' sessions, tokens (not their secrets), apps, links that you share
runs.json          your runs: code, what they said, facts
notebooks/         your notebooks with their outputs, for Jupyter and others; of those in the bin the cells
files.json         facts of your files, and of those that are gone
files/             the files that lived
audit.json         the lines of the audit trail about you

Times are UTC. An output's bundle holds one thing in several forms; binary forms are base64.
`

func (c copyOf) write(z *web.Archive) error {
	for _, part := range []func(*web.Archive) error{c.words, c.profile, c.runs, c.notebooks, c.facts, c.trail, c.files} {
		if err := part(z); err != nil {
			return err
		}
	}
	return nil
}

func (c copyOf) words(z *web.Archive) error { return z.Text("README.txt", dataWords) }

func (c copyOf) profile(z *web.Archive) error {
	open, err := c.app.Store.Sessions(c.ctx, c.of.ID)
	if err != nil {
		return err
	}
	tokens, err := c.app.Store.Tokens(c.ctx, c.of.ID)
	if err != nil {
		return err
	}
	apps, err := c.app.Store.Apps(c.ctx, c.of.ID)
	if err != nil {
		return err
	}
	shares, err := c.app.Store.Shares(c.ctx, c.of.ID)
	if err != nil {
		return err
	}
	return z.JSON("profile.json", profileData(c.of, open, tokens, apps, shares))
}

func (c copyOf) runs(z *web.Archive) error {
	return z.List("runs.json", func(add func(any) error) error {
		return c.app.Store.EachRun(c.ctx, c.of.ID, func(run *models.WholeRun) error { return add(runData(run)) })
	})
}

// notebooks are files that other programs open; what is in the bin is no more than
// its cells.
func (c copyOf) notebooks(z *web.Archive) error {
	n := 0
	return c.app.Store.EachNotebook(c.ctx, c.of.ID, func(book *models.Notebook) error {
		n++
		name := "notebooks/" + strconv.Itoa(n) + " " + exchange.FileName(book.Name)
		whole, err := c.app.book(c.ctx, c.of.ID, book.ID)
		if models.CodeOf(err) == models.NotFoundCode { // in the bin, perhaps since a moment ago
			return z.JSON(name+" (deleted).json", notebookData(book))
		}
		if err != nil {
			return err
		}
		part, err := z.Part(name + ".ipynb")
		if err != nil {
			return err
		}
		return whole.WriteIpynb(part)
	})
}

func (c copyOf) facts(z *web.Archive) error {
	return z.List("files.json", func(add func(any) error) error {
		return c.app.Store.EachFile(c.ctx, c.of.ID, func(f *models.File) error { return add(fileData(f)) })
	})
}

func (c copyOf) trail(z *web.Archive) error {
	return z.List("audit.json", func(add func(any) error) error {
		return c.app.Store.EachAudit(c.ctx, c.of.ID, func(line *models.Audit) error { return add(auditData(line)) })
	})
}

func (c copyOf) files(z *web.Archive) error {
	return c.app.Store.EachFile(c.ctx, c.of.ID, func(f *models.File) error {
		if !f.Live() {
			return nil
		}
		return z.File("files", *f, c.app.Vault.Open)
	})
}

// moment is a time as the copy writes it, nil for one that never was.
func moment(t *time.Time) *string {
	if t == nil || t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339Nano)
	return &text
}

func at(t time.Time) *string { return moment(&t) }
