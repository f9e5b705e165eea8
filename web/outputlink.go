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

// outputLink is what the signature of one output's address covers.
type outputLink struct {
	owner   models.UserID
	run     models.RunID
	seq     int
	media   string
	expires int64 // unix seconds
}

// ForOutput returns an address that shows one form of one output for five
// minutes. The row is asked again when it is used. The caller has just seen that
// the run is the owner's.
func (l *Links) ForOutput(owner models.UserID, run models.RunID, seq int, media string) string {
	k := outputLink{owner, run, seq, media, time.Now().Add(linkLifetime).Unix()}
	with := l.ring[0]
	query := url.Values{
		"u": {string(owner)}, "m": {media}, "e": {strconv.FormatInt(k.expires, 10)},
		"k": {with.linkID}, "s": {base64.RawURLEncoding.EncodeToString(l.signOutput(k, with.link))},
	}
	return origin(l.base) + "/o/" + url.PathEscape(string(run)) + "/" + strconv.Itoa(seq) + "?" + query.Encode()
}

// signOutput authenticates every part with its length in front. Its first part
// keeps it apart from links to files.
func (l *Links) signOutput(k outputLink, key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{
		"mayfly output link v1", origin(l.base), string(k.owner), string(k.run), strconv.Itoa(k.seq), k.media, strconv.FormatInt(k.expires, 10),
	} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

// checkOutput returns what the request's address asks for when one of our keys
// signed exactly that and its time is not over.
func (l *Links) checkOutput(r *http.Request) (outputLink, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query) != 5 {
		return outputLink{}, errBadLink
	}
	seq, badSeq := strconv.Atoi(r.PathValue("seq"))
	expires, badTime := strconv.ParseInt(query.Get("e"), 10, 64)
	given, badText := base64.RawURLEncoding.Strict().DecodeString(query.Get("s"))
	if badSeq != nil || badTime != nil || badText != nil {
		return outputLink{}, errBadLink
	}
	k := outputLink{models.UserID(query.Get("u")), models.RunID(r.PathValue("run")), seq, query.Get("m"), expires}
	for _, with := range l.ring {
		if with.linkID == query.Get("k") && hmac.Equal(given, l.signOutput(k, with.link)) {
			if time.Now().Unix() >= expires {
				return outputLink{}, errOldLink
			}
			return k, nil
		}
	}
	return outputLink{}, errBadLink
}
