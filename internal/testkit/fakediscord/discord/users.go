package discord

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// me answers who the token belongs to: a person (scope identify) or the bot.
func (s *Server) me(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.Header.Get("Authorization"), "Bot ") {
		if s.botToken(w, r) {
			writeJSON(w, http.StatusOK, s.botUser())
		}
		return
	}
	g, ok := s.bearer(w, r, "identify")
	if !ok {
		return
	}
	p := g.person
	writeJSON(w, http.StatusOK, map[string]any{
		"id": p.ID, "username": p.Username, "global_name": orNull(p.GlobalName), "avatar": orNull(p.Avatar),
		"discriminator": "0", "public_flags": 0, "flags": 0, "banner": nil, "accent_color": nil,
		"locale": "en-US", "mfa_enabled": false, "premium_type": 0,
	})
}

// guilds lists the person's servers in order of id (scope guilds); limit is 1
// to 200, after is the last id of the page before.
func (s *Server) guilds(w http.ResponseWriter, r *http.Request) {
	g, ok := s.bearer(w, r, "guilds")
	if !ok {
		return
	}
	limit := 200
	if given := r.URL.Query().Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 200 {
			apiError(w, http.StatusBadRequest, "Invalid Form Body")
			return
		}
		limit = n
	}
	guilds := slices.SortedFunc(slices.Values(g.person.Guilds), func(a, b Guild) int { return byID(a.ID, b.ID) })
	after := r.URL.Query().Get("after")
	page := make([]map[string]any, 0, len(guilds))
	for _, guild := range guilds {
		if (after == "" || byID(guild.ID, after) > 0) && len(page) < limit {
			page = append(page, map[string]any{
				"id": guild.ID, "name": guild.Name, "icon": nil, "banner": nil, "owner": false,
				"permissions": "36953089", "features": []string{},
			})
		}
	}
	writeJSON(w, http.StatusOK, page)
}

// byID compares decimal ids of different length by value.
func byID(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
