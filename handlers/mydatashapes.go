package handlers

import "mayfly/models"

// This file says what the copy of somebody's data holds of each thing. A map is
// written in the order of its keys.

type fields = map[string]any

func profileData(p *models.Profile, open []models.Session, tokens []models.Token, apps []models.AppLink, shares []models.Share) fields {
	sessions, keys, links := make([]fields, len(open)), make([]fields, len(tokens)), make([]fields, len(apps))
	for i, s := range open {
		sessions[i] = fields{"browser": s.Agent, "signed_in_at": at(s.CreatedAt), "last_used_at": at(s.SeenAt), "ends_at": at(s.EndsAt())}
	}
	for i, t := range tokens {
		keys[i] = fields{"id": t.ID, "name": t.Name, "scopes": t.Scopes.List(), "made_at": at(t.CreatedAt), "ends_at": at(t.ExpiresAt),
			"last_used_at": moment(t.UsedAt), "revoked_at": moment(t.RevokedAt)}
	}
	for i, l := range apps {
		links[i] = fields{"id": l.AppID, "name": l.Name, "linked_at": moment(l.LinkedAt), "blocked_at": moment(l.BlockedAt), "last_acted_at": moment(l.ActedAt)}
	}
	shared := make([]fields, len(shares))
	for i, s := range shares {
		shared[i] = fields{"id": s.ID, "title": s.Title, "run_id": s.RunID, "notebook_id": s.NotebookID, "made_at": at(s.CreatedAt), "ends_at": at(s.ExpiresAt)}
	}
	return fields{
		"discord_id": p.ID, "name": p.Name, "picture": p.AvatarURL, "first_seen_at": at(p.CreatedAt), "last_seen_at": at(p.SeenAt),
		"theme": string(p.Theme), "single_key_shortcuts": p.Shortcuts, "copied_at": at(p.ReadAt),
		"sessions": sessions, "tokens": keys, "apps": links, "shares": shared,
	}
}

func runData(r *models.WholeRun) fields {
	outputs, inputs, refused := make([]fields, len(r.Outputs)), make([]fields, len(r.Inputs)), make([]fields, len(r.Refusals))
	for i, o := range r.Outputs {
		outputs[i] = fields{"number": o.Seq, "stream": o.Stream, "at": at(o.CreatedAt)}
		if o.Bundle == nil {
			outputs[i]["text"] = o.Text
		} else {
			outputs[i]["bundle"] = o.Bundle
		}
		if o.Description != "" {
			outputs[i]["description"] = o.Description
		}
	}
	for i, in := range r.Inputs {
		inputs[i] = fields{"file_id": in.FileID, "name": in.Name, "version": in.Version, "given": in.Given}
	}
	for i, f := range r.Refusals {
		refused[i] = fields{"name": f.Name, "size": f.Size, "reason": f.Reason}
	}
	data := fields{
		"run_id": r.ID, "source": r.Source, "state": r.State, "code": r.Code, "queued_at": at(r.QueuedAt),
		"started_at": moment(r.StartedAt), "finished_at": moment(r.FinishedAt), "seconds": r.Wall.Seconds(), "cpu_seconds": r.CPU.Seconds(),
		"peak_memory": r.PeakMemory, "output_bytes": r.OutputBytes, "outputs": outputs, "inputs": inputs, "files_not_kept": refused,
	}
	if r.State == models.Done {
		data["ending"], data["return_code"] = r.Ending, r.ReturnCode
	}
	for name, words := range map[string]string{"app": r.AppName, "notebook": r.NotebookName, "stdin": r.Stdin, "exception": r.Exception} {
		if words != "" {
			data[name] = words
		}
	}
	return data
}

func notebookData(n *models.Notebook) fields {
	cells := make([]fields, len(n.Cells))
	for i, c := range n.Cells {
		cells[i] = fields{"id": c.ID, "kind": c.Kind, "text": c.Text, "made_at": at(c.CreatedAt), "changed_at": at(c.ChangedAt)}
	}
	return fields{"id": n.ID, "name": n.Name, "made_at": at(n.CreatedAt), "changed_at": at(n.ChangedAt), "deleted_at": moment(n.DeletedAt), "cells": cells}
}

func fileData(f *models.File) fields {
	data := fields{
		"file_id": f.ID, "name": f.Name, "version": f.Version, "size": f.Size, "sha256": f.SHA256, "type": f.MediaType, "category": f.Category,
		"source": f.Source, "made_at": at(f.CreatedAt), "expires_at": at(f.ExpiresAt), "deleted_at": moment(f.DeletedAt), "lives": f.Live(),
	}
	if f.RunID != nil {
		data["run_id"] = *f.RunID
	}
	return data
}

func auditData(a *models.Audit) fields {
	data := fields{"at": at(a.At), "actor": a.Actor, "action": a.Action}
	for name, id := range map[string]string{"app_id": string(a.AppID), "token_id": string(a.TokenID), "run_id": string(a.RunID)} {
		if id != "" {
			data[name] = id
		}
	}
	return data
}
