package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"mayfly/models"
)

// linkLifetime is how long a link works at most (SEC-52).
const linkLifetime = 5 * time.Minute

// Disposition says what a browser does with a file: save it, or show it where
// its type is on the inline list.
type Disposition string

// The dispositions that a link can carry.
const (
	Attachment Disposition = "a"
	Inline     Disposition = "i"
)

// Links signs and checks addresses on the content origin. It is safe for
// concurrent use.
type Links struct {
	ring []keys
	base *url.URL
}

// link is what a signature covers, besides the host.
type link struct {
	owner       models.UserID  // "" through a share
	share       models.ShareID // through which a stranger asks; else ""
	file        models.FileID  // through a share: its FileID.Tail
	disposition Disposition
	expires     int64 // unix seconds, rounded up: at most 1 s late, and the row is asked again
}

// For returns an address that serves the file for five minutes, and never
// longer than the file lives. The file comes from a Store read just now.
func (l *Links) For(f *models.File, d Disposition) string {
	life := min(linkLifetime, f.Left())
	return l.address(link{owner: f.UserID, file: f.ID, disposition: d, expires: time.Now().Add(life).Unix()}, l.ring[0])
}

// ForShared is For through a share, which is asked again, too. Nothing in it says
// whose the file is.
func (l *Links) ForShared(share models.ShareID, f *models.File, d Disposition) string {
	life := min(linkLifetime, f.Left())
	return l.address(link{share: share, file: models.FileID(f.ID.Tail()), disposition: d, expires: time.Now().Add(life).Unix()}, l.ring[0])
}

func (l *Links) address(k link, with keys) string {
	query := url.Values{
		"d": {string(k.disposition)}, "e": {strconv.FormatInt(k.expires, 10)},
		"k": {with.linkID}, "s": {base64.RawURLEncoding.EncodeToString(l.sign(k, with.link))},
	}
	sayAsker(query, k.owner, k.share)
	return origin(l.base) + "/f/" + url.PathEscape(string(k.file)) + "?" + query.Encode()
}

// sign authenticates every part with its length in front, so that no two links
// share the bytes that are signed.
func (l *Links) sign(k link, key []byte) []byte {
	return signed(key, "mayfly link v2", origin(l.base), string(k.owner), string(k.share), string(k.file), string(k.disposition),
		strconv.FormatInt(k.expires, 10))
}

func signed(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

var (
	errBadLink = refuse(http.StatusForbidden, "This link does not work",
		"It is not complete, or it was changed.", "Go back to Mayfly and press Download again.")
	errOldLink = refuse(http.StatusGone, "This link has run out",
		"A download link works for five minutes.", "Go back to Mayfly and press Download again.")
)

// check returns what the request's address asks for when one of our keys
// signed exactly that and its time is not over.
func (l *Links) check(r *http.Request) (link, error) {
	query, err := linkQuery(r)
	if err != nil {
		return link{}, err
	}
	expires, err := strconv.ParseInt(query.Get("e"), 10, 64)
	given, badText := base64.RawURLEncoding.Strict().DecodeString(query.Get("s"))
	if err != nil || badText != nil || strconv.FormatInt(expires, 10) != query.Get("e") { // one spelling: ours
		return link{}, errBadLink
	}
	k := link{models.UserID(query.Get("u")), models.ShareID(query.Get("w")), models.FileID(r.PathValue("id")), Disposition(query.Get("d")), expires}
	for _, with := range l.ring {
		if with.linkID == query.Get("k") && hmac.Equal(given, l.sign(k, with.link)) {
			if time.Now().Unix() >= expires {
				return link{}, errOldLink
			}
			return k, nil
		}
	}
	return link{}, errBadLink
}

// sayAsker puts into a link who it is for: somebody, or whoever has a share.
func sayAsker(query url.Values, owner models.UserID, share models.ShareID) {
	if share != "" {
		query.Set("w", string(share))
		return
	}
	query.Set("u", string(owner))
}

// linkQuery reads the query of a link, which has five fields, each once.
func linkQuery(r *http.Request) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query) != 5 {
		return nil, errBadLink
	}
	for _, values := range query {
		if len(values) != 1 {
			return nil, errBadLink
		}
	}
	return query, nil
}
