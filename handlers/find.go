package handlers

import (
	"net/http"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// foundMost is how many files and how many notebooks the palette is given.
const foundMost = 8

// find is what the palette asks for while somebody types: ?q=. Who comes without
// script is led to the files of that name.
func (a *App) find(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("q")
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, views.FilesSearchURL(text))
	}
	found, err := a.Store.Find(r.Context(), web.Owner(r), text, foundMost)
	if err != nil {
		return err
	}
	return web.Render(w, r, nil, views.Found(foundView(found)))
}

func foundView(found *models.Found) views.FoundView {
	v := views.FoundView{Files: fileLines(found.Files)}
	for _, n := range found.Notebooks {
		v.Notebooks = append(v.Notebooks, views.FoundNotebook{
			ID: string(n.ID), Name: n.Name, Cells: n.CellCount, Running: n.Kernel != nil && n.Kernel.Busy,
		})
	}
	return v
}
