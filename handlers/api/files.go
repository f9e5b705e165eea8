package api

import (
	"mayfly/models"
	"mayfly/web"
)

type filesInput struct {
	ForUser
	Cursor   string `query:"cursor" maxLength:"200" doc:"next_cursor of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Name     string `query:"name" minLength:"1" maxLength:"255" doc:"Part of the name, any case."`
	Category string `query:"type" enum:"image,data,text,structured,code,archive,html,pdf,scientific,audio,video,file"`
	Source   string `query:"source" enum:"web,api,discord,cli,upload"`
}

type (
	filesOutput struct{ Body wireFiles }
	fileOutput  struct{ Body wireFile }
)

func (a *API) listFiles(c *call, in *filesInput) (*filesOutput, error) {
	files, next, err := a.Store.FilesAfter(c.ctx, c.owner, models.FileQuery{
		Search: in.Name, Category: in.Category, Source: models.Source(in.Source), Limit: in.Limit,
	}, models.Cursor(in.Cursor))
	if err != nil {
		return nil, err
	}
	out := &filesOutput{}
	for i := range files {
		out.Body.Files = append(out.Body.Files, a.file(&files[i]))
	}
	if next != "" {
		out.Body.NextCursor = new(string(next))
	}
	return out, nil
}

func (a *API) file(f *models.File) wireFile {
	w := wireFile{
		FileID: string(f.ID), Filename: f.Name, Size: f.Size, Type: f.Category, MediaType: f.MediaType, Version: f.Version,
		Source: string(f.Source), SHA256: f.SHA256, CreatedAt: f.CreatedAt.UTC(), ExpiresAt: f.ExpiresAt.UTC(), URL: a.URL + "/files/" + string(f.ID),
	}
	if f.RunID != nil {
		w.RunID = new(string(*f.RunID))
	}
	return w
}

func (a *API) getFile(c *call, in *byID) (*fileOutput, error) {
	f, err := a.Store.File(c.ctx, c.owner, models.FileID(in.ID))
	if err != nil {
		return nil, err
	}
	return &fileOutput{a.file(f)}, nil
}

func (a *API) deleteFile(c *call, in *byID) (*nothing, error) {
	return nil, a.Vault.Remove(c.ctx, c.owner, models.FileID(in.ID), c.token)
}

type extendInput struct {
	ForUser
	WithKey
	ID string `path:"id" doc:"Its id."`
}

func (a *API) extendFile(c *call, in *extendInput) (*fileOutput, error) {
	f, err := a.Vault.Extend(c.ctx, c.owner, models.FileID(in.ID), c.token, in.once("extend", []byte(in.ID)))
	if err != nil {
		return nil, err
	}
	return &fileOutput{a.file(f)}, nil
}

// content sends a file's bytes.
func (a *API) content(c *call) error {
	asked, err := addressed(c)
	if err != nil {
		return err
	}
	o := row{scope: models.ScopeFilesRead, limit: web.FileRate}
	if err := (&table{app: a}).permit(c, o, asked); err != nil {
		return err
	}
	file, bytes, err := a.Vault.Open(c.ctx, c.owner, models.FileID(idOf(c.r)))
	if err != nil {
		return err
	}
	defer bytes.Close()
	return web.SendFile(c.w, c.r, file, bytes)
}

// addressed is the subject that an address names, for operations that are not
// typed. Nothing else may stand in it.
func addressed(c *call) (models.UserID, error) {
	for name, values := range c.r.URL.Query() {
		if name != "user_id" || len(values) != 1 {
			return "", models.Invalid("The address may only say user_id, and that once.")
		}
		return models.ParseUserID(values[0])
	}
	return "", nil
}
