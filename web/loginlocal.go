package web

import (
	"net/http"
	"strings"

	"mayfly/models"
)

var errNotLocal = refuse(http.StatusForbidden, "Local sign-in is off here",
	"It works only on the machine itself, without Discord settings and without a proxy in between.",
	"Open Mayfly on the machine that it runs on, or set up Discord.")

// SignInLocal (POST /login/local) signs in without Discord, as whoever the form
// says: fields discord_id (empty means 1) and name. It exists so that one
// person can try Mayfly on one machine, and refuses everything that may have
// come from elsewhere.
func (s *Server) SignInLocal(w http.ResponseWriter, r *http.Request) error {
	if !s.config.LocalSignIn || !fromThisMachine(r) {
		return errNotLocal
	}
	form, err := Form(r)
	if err != nil {
		return err
	}
	typed := strings.TrimSpace(form.Get("discord_id"))
	if typed == "" {
		typed = "1"
	}
	id, err := models.ParseUserID(typed)
	if err != nil {
		return err
	}
	name := cutRunes(strings.TrimSpace(form.Get("name")), nameRunes)
	if name == "" {
		name = "user " + string(id)
	}
	if err := s.admit(w, r, models.DiscordProfile{ID: id, Name: name}); err != nil {
		return err
	}
	return SeeOther(w, r, form.Get("return"))
}

// fromThisMachine reports whether nothing suggests that the request came from
// elsewhere: a loopback peer, a loopback Host, and no trace of a proxy.
func fromThisMachine(r *http.Request) bool {
	if !peer(r).IsLoopback() || !loopbackHost(r.Host) {
		return false
	}
	for name := range r.Header {
		switch lower := strings.ToLower(name); {
		case lower == "forwarded", lower == "via", lower == "x-real-ip", strings.HasPrefix(lower, "x-forwarded-"):
			return false
		}
	}
	return true
}
