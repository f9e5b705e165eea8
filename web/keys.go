package web

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/gorilla/securecookie"
)

// secretBytes is the least a secret may hold (SEC-61).
const secretBytes = 32

// keys are the derived keys of one secret, each for one purpose: a key that
// leaks from one place opens nothing in another.
type keys struct {
	linkID   string // names the link key in a signed address; not secret
	link     []byte
	cookieID []byte // authenticates the sign-in cookie
	cookie   []byte // encrypts it
}

// deriveKeys derives the keys of the secret, and those of the older secret
// when there is one: index 0 signs, all of them verify.
func deriveKeys(secret, older []byte) ([]keys, error) {
	var ring []keys
	for i, s := range [][]byte{secret, older} {
		if i > 0 && len(s) == 0 {
			break
		}
		if len(s) < secretBytes {
			return nil, fmt.Errorf("secret: %d bytes or more are needed, got %d", secretBytes, len(s))
		}
		ring = append(ring, keys{
			linkID:   hex.EncodeToString(derive(s, "link key id"))[:8],
			link:     derive(s, "link signature"),
			cookieID: derive(s, "sign-in cookie authentication"),
			cookie:   derive(s, "sign-in cookie encryption"),
		})
	}
	if len(ring) == 2 && ring[0].linkID == ring[1].linkID {
		return nil, errors.New("secret: the old secret equals the new one")
	}
	return ring, nil
}

func derive(secret []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, "mayfly "+purpose, 32)
	if err != nil {
		panic(err) // only for a length that HKDF cannot give; 32 is fixed
	}
	return key
}

// cookieCodecs seal and open the sign-in cookie.
func cookieCodecs(ring []keys) []securecookie.Codec {
	var pairs [][]byte
	for _, k := range ring {
		pairs = append(pairs, k.cookieID, k.cookie)
	}
	codecs := securecookie.CodecsFromPairs(pairs...)
	for _, c := range codecs {
		if sealed, ok := c.(*securecookie.SecureCookie); ok {
			sealed.MaxAge(int(signInLifetime.Seconds()))
			sealed.SetSerializer(securecookie.JSONEncoder{})
		}
	}
	return codecs
}
