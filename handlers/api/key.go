package api

import (
	"crypto/sha256"
	"encoding/hex"

	"mayfly/models"
)

// WithKey is the part of an input that brings an idempotency key. It is exported
// because huma passes over fields that are not.
type WithKey struct {
	Key string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" doc:"The same key with the same request gives the first result again, for 48 hours; with another request it is 422."`
}

// once is the key with what was asked under it, nil without a key.
func (k *WithKey) once(call string, asked []byte) *models.Once {
	if k.Key == "" {
		return nil
	}
	sum := sha256.Sum256(append([]byte(call+"\x00"), asked...))
	return &models.Once{Key: k.Key, Hash: hex.EncodeToString(sum[:])}
}
