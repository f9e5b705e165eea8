package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"mayfly/config"
)

// secrets are the keys that cookies and links are signed with.
type secrets struct{ current, older []byte }

// loadSecrets takes the configured secret, or the one kept in the data folder,
// which the first start makes.
func loadSecrets(cfg *config.Config) (secrets, error) {
	older, err := base64.StdEncoding.DecodeString(cfg.SecretOld.Reveal())
	if err != nil {
		return secrets{}, errors.New("MAYFLY_SECRET_OLD is not base64")
	}
	text := cfg.Secret.Reveal()
	if text == "" {
		if text, err = keptSecret(filepath.Join(cfg.Data, "keys")); err != nil {
			return secrets{}, err
		}
	}
	current, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(current) < 32 {
		return secrets{}, errors.New("the secret is not 32 bytes in base64: remove keys/secret in the data folder to make a new one (everybody signs in again)")
	}
	return secrets{current, older}, nil
}

// keptSecret reads the secret of the folder. Two first starts at once agree,
// since only one can create the file.
func keptSecret(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of keys: %w", err)
	}
	path := filepath.Join(folder, "secret")
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.WriteString(base64.StdEncoding.EncodeToString(raw))
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return "", errors.Join(fmt.Errorf("keep a new secret: %w", err), os.Remove(path))
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("keep a new secret: %w", err)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}
