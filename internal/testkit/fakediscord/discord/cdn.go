package discord

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// linkLifetime is how long a link to an attachment works; Discord's documents
// say about a day.
const linkLifetime = 24 * time.Hour

// cdnLink signs a link as Discord does: until when (ex), since when (is), and a
// signature (hm).
func (s *Server) cdnLink(r *http.Request, channelID string, f File) string {
	path := "/attachments/" + channelID + "/" + f.ID + "/" + url.PathEscape(f.Name)
	now := time.Now()
	until, since := strconv.FormatInt(now.Add(linkLifetime).Unix(), 16), strconv.FormatInt(now.Unix(), 16)
	query := url.Values{"ex": {until}, "is": {since}, "hm": {s.signature(f.ID, until, since)}}
	return "http://" + r.Host + path + "?" + query.Encode() + "&"
}

func (s *Server) signature(id, until, since string) string {
	mac := hmac.New(sha256.New, s.cdnKey)
	mac.Write([]byte(id + "\n" + until + "\n" + since))
	return hex.EncodeToString(mac.Sum(nil))
}

// attachment answers a file's bytes to whoever has its link.
func (s *Server) attachment(w http.ResponseWriter, r *http.Request) {
	query, id := r.URL.Query(), r.PathValue("attachment")
	until, err := strconv.ParseInt(query.Get("ex"), 16, 64)
	signed := hmac.Equal([]byte(query.Get("hm")), []byte(s.signature(id, query.Get("ex"), query.Get("is"))))
	if err != nil || !signed || time.Now().Unix() >= until {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	for _, m := range s.Messages(r.PathValue("channel")) {
		i := slices.IndexFunc(m.Files, func(f File) bool { return f.ID == id && f.Name == r.PathValue("name") })
		if i >= 0 {
			w.Header().Set("Content-Type", m.Files[i].MediaType)
			w.Header().Set("Content-Length", strconv.Itoa(len(m.Files[i].Data)))
			_, _ = w.Write(m.Files[i].Data)
			return
		}
	}
	http.Error(w, "", http.StatusNotFound)
}
