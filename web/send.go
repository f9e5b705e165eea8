package web

import (
	"net/http"
	"strconv"
	"time"

	"mayfly/models"
)

// SendText answers with a text that a browser saves under the name. It is not
// shown: a text of a user's is no page of ours.
func SendText(w http.ResponseWriter, r *http.Request, name, text string) error {
	send(w, r, "text/plain; charset=utf-8", contentDisposition(Attachment, name), []byte(text))
	return nil
}

// SendPicture answers with a picture of pixels. Any other type is not found,
// since it could act as a page of ours (SEC-53).
func SendPicture(w http.ResponseWriter, r *http.Request, mediaType string, picture []byte) error {
	if !raster(mediaType) {
		return models.NotFound("picture")
	}
	send(w, r, mediaType, "inline", picture)
	return nil
}

func send(w http.ResponseWriter, r *http.Request, mediaType, disposition string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Disposition", disposition)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	// A recorder in a test has no deadline to set; a connection always has.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(transferMax))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // fails only when the visitor is gone
	}
}
