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

// keptSecret reads the secret of the folder. Two first starts at once agree:
// each writes a file of its own, and only one of them gets the name.
func keptSecret(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of keys: %w", err)
	}
	path := filepath.Join(folder, "secret")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeSecret(path); err != nil {
			return "", fmt.Errorf("keep a new secret: %w", err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the secret: %w", err)
	}
	return string(text), nil
}

func makeSecret(path string) error {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)                                      // never fails (crypto/rand)
	f, err := os.CreateTemp(filepath.Dir(path), "new-secret-") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(raw))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
