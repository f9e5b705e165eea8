package web

import (
	"crypto/hmac"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"mayfly/models"
)

// OutputRef names one form of one output: of a run, or of what a cell brought
// along from a file.
type OutputRef struct {
	Owner models.UserID  // who asks; "" through a share
	Share models.ShareID // through which a stranger asks; else ""
	Run   models.RunID
	Cell  models.CellID // of an imported output; then there is no Run
	Seq   int
	Media string
}

// outputLink is what the signature of one output's address covers.
type outputLink struct {
	OutputRef
	expires int64 // unix seconds
}

// path is "/o/{run}" or "/i/{cell}" with the output's number.
func (r OutputRef) path() string {
	if r.Run == "" {
		return "/i/" + url.PathEscape(string(r.Cell)) + "/" + strconv.Itoa(r.Seq)
	}
	return "/o/" + url.PathEscape(string(r.Run)) + "/" + strconv.Itoa(r.Seq)
}

// ForOutput returns an address that shows one form of one output for five
// minutes. The row is asked again when it is used. The caller has just seen that
// the output is the owner's, or of the share.
func (l *Links) ForOutput(ref OutputRef) string {
	k, with := outputLink{ref, time.Now().Add(linkLifetime).Unix()}, l.ring[0]
	query := url.Values{
		"m": {k.Media}, "e": {strconv.FormatInt(k.expires, 10)},
		"k": {with.linkID}, "s": {base64.RawURLEncoding.EncodeToString(l.signOutput(k, with.link))},
	}
	sayAsker(query, k.Owner, k.Share)
	return origin(l.base) + k.path() + "?" + query.Encode()
}

// signOutput's first part keeps it apart from links to files.
func (l *Links) signOutput(k outputLink, key []byte) []byte {
	return signed(key, "mayfly output link v2", origin(l.base), string(k.Owner), string(k.Share), k.path(), k.Media, strconv.FormatInt(k.expires, 10))
}

// checkOutput returns what the request's address asks for when one of our keys
// signed exactly that and its time is not over.
func (l *Links) checkOutput(r *http.Request) (outputLink, error) {
	query, err := linkQuery(r)
	if err != nil {
		return outputLink{}, err
	}
	seq, badSeq := strconv.Atoi(r.PathValue("seq"))
	expires, badTime := strconv.ParseInt(query.Get("e"), 10, 64)
	given, badText := base64.RawURLEncoding.Strict().DecodeString(query.Get("s"))
	if badSeq != nil || badTime != nil || badText != nil {
		return outputLink{}, errBadLink
	}
	k := outputLink{OutputRef{
		Owner: models.UserID(query.Get("u")), Share: models.ShareID(query.Get("w")), Run: models.RunID(r.PathValue("run")),
		Cell: models.CellID(r.PathValue("cell")), Seq: seq, Media: query.Get("m"),
	}, expires}
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
