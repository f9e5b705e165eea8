package handlers

import (
	"mayfly/models"
	"mayfly/views"
)

// This file turns tokens and apps into what views show.

func tokenLines(tokens []models.Token) []views.TokenLine {
	lines := make([]views.TokenLine, len(tokens))
	for i, t := range tokens {
		lines[i] = views.TokenLine{
			ID: string(t.ID), Name: t.Name, Scopes: scopeNames(t.Scopes), Used: t.UsedAt, Expires: t.ExpiresAt, Now: t.ReadAt,
			Revoked: t.RevokedAt != nil, Ended: !t.Works(),
		}
	}
	return lines
}

func appLines(links []models.AppLink) []views.AppLine {
	lines := make([]views.AppLine, len(links))
	for i := range links {
		lines[i] = appLine(&links[i])
	}
	return lines
}

func appLine(l *models.AppLink) views.AppLine {
	return views.AppLine{
		ID: string(l.AppID), Name: l.Name, Scopes: scopeNames(l.Scopes), Everyone: l.Everyone,
		Linked: l.LinkedAt != nil, Blocked: l.BlockedAt != nil, Acted: l.ActedAt, Now: l.ReadAt,
	}
}

func scopeNames(scopes models.Scopes) []string {
	var names []string
	for _, s := range scopes.List() {
		names = append(names, string(s))
	}
	return names
}
