package handlers

import (
	"net/http"

	"mayfly/models"
	"mayfly/views/gallery"
	"mayfly/web"
)

// gallery shows every part in every state, or one whole page by its name.
func (a *App) gallery(w http.ResponseWriter, r *http.Request) error {
	name := r.URL.Query().Get("page")
	if name == "" {
		return web.Render(w, r, gallery.Page(), nil)
	}
	page, found := gallery.Find(name)
	if !found {
		return models.NotFound("page of the gallery")
	}
	return web.Render(w, r, page, nil)
}
