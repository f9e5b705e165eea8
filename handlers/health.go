package handlers

import "net/http"

// healthy answers as long as the process does.
func (a *App) healthy(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusOK)
	return nil
}

// ready answers when requests can be served: the database is there.
func (a *App) ready(w http.ResponseWriter, r *http.Request) error {
	status := http.StatusOK
	if a.Store.Ping(r.Context()) != nil {
		status = http.StatusServiceUnavailable
	}
	w.WriteHeader(status)
	return nil
}
