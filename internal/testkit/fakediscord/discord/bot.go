package discord

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// botToken answers 401 unless the request carries the bot's token.
func (s *Server) botToken(w http.ResponseWriter, r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bot ")
	if !ok || s.bot == "" || subtle.ConstantTimeCompare([]byte(token), []byte(s.bot)) != 1 {
		apiError(w, http.StatusUnauthorized, "401: Unauthorized")
		return false
	}
	return true
}

// botUser is the bot's own account: an application's bot has its id.
func (s *Server) botUser() map[string]any {
	return map[string]any{
		"id": s.clientID, "username": "mayfly", "global_name": nil, "avatar": nil, "discriminator": "0000", "bot": true,
		"public_flags": 0, "flags": 0, "mfa_enabled": true, "verified": true, "locale": "en-US",
	}
}

// application answers the bot's application.
func (s *Server) application(w http.ResponseWriter, r *http.Request) {
	if !s.botToken(w, r) {
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": s.clientID, "name": "mayfly", "icon": nil, "description": "", "bot_public": true, "bot_require_code_grant": false,
		"verify_key": strings.Repeat("0", 64), "flags": 0, "team": nil, "summary": "",
		"owner": userBody(Person{ID: "1", Username: "owner"}),
	})
}

// send takes a message of the bot: JSON, or multipart with payload_json and
// files[n].
func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	c, ok := s.channelFor(w, r)
	if !ok {
		return
	}
	var payload struct {
		Content         string          `json:"content"`
		Embeds          []any           `json:"embeds"`
		AllowedMentions json.RawMessage `json:"allowed_mentions"`
	}
	raw, files, err := readMessage(r)
	if err == nil {
		err = json.Unmarshal(raw, &payload)
	}
	switch {
	case fileOver(files):
		writeJSON(w, http.StatusRequestEntityTooLarge, map[string]any{"message": "Request entity too large", "code": 40005})
		return
	case err != nil || len(files) > filesMost || utf8.RuneCountInString(payload.Content) > contentMost:
		writeJSON(w, http.StatusBadRequest, map[string]any{"message": "Invalid Form Body", "code": 50035})
		return
	case payload.Content == "" && len(payload.Embeds) == 0 && len(files) == 0:
		writeJSON(w, http.StatusBadRequest, map[string]any{"message": "Cannot send an empty message", "code": 50006})
		return
	}
	m := s.keep(Message{
		ChannelID: c.ID, Content: payload.Content, Bot: true, Files: files, AllowedMentions: payload.AllowedMentions,
	})
	writeJSON(w, http.StatusOK, s.messageBody(r, m))
}

// readMessage splits a request into its JSON and its files.
func readMessage(r *http.Request) (payload []byte, files []File, err error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, nil, err
	}
	if media == "application/json" {
		payload, err = io.ReadAll(io.LimitReader(r.Body, fileMost))
		return payload, nil, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return payload, files, nil
		}
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(io.LimitReader(part, fileMost+1))
		switch name := part.FormName(); {
		case err != nil:
			return nil, nil, err
		case name == "payload_json":
			payload = data
		case strings.HasPrefix(name, "files["):
			files = append(files, File{Name: safeName(part.FileName()), MediaType: part.Header.Get("Content-Type"), Data: data})
		default:
			return nil, nil, fmt.Errorf("unknown field %q", name)
		}
	}
}

func fileOver(files []File) bool {
	for _, f := range files {
		if len(f.Data) > fileMost {
			return true
		}
	}
	return false
}
