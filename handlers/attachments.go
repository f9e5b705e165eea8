package handlers

import (
	"net/http"

	"mayfly/exchange"
	"mayfly/models"
	"mayfly/web"
)

// attachment is a picture that the text of an imported cell holds.
func (a *App) attachment(w http.ResponseWriter, r *http.Request) error {
	brought, err := a.Store.Import(r.Context(), web.Owner(r), cellID(r))
	return sendAttachment(w, r, brought, err)
}

// sharedAttachment is attachment through a share.
func (a *App) sharedAttachment(w http.ResponseWriter, r *http.Request) error {
	share, err := a.Store.Shared(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	brought, err := a.Store.SharedBrought(r.Context(), share.ID, models.CellID(r.PathValue("cell")))
	return sendAttachment(w, r, brought, err)
}

func sendAttachment(w http.ResponseWriter, r *http.Request, brought *models.Import, err error) error {
	if err != nil {
		return err
	}
	media, picture := exchange.Attachment(brought, r.PathValue("name"))
	if media == "" {
		return models.NotFound("picture")
	}
	return web.SendPicture(w, r, media, picture)
}
