package discord

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What Discord allows in one message (its documents, "Create Message" and
// "Uploading Files"): letters of content, files, and bytes of each file.
const (
	contentMost = 2000
	filesMost   = 10
	fileMost    = 10 << 20
)

// discordEpoch is the first millisecond of 2015, from which snowflakes count.
const discordEpoch = 1420070400000

// Channel is a text channel of a guild that the bot may read and write.
type Channel struct {
	ID, GuildID, Name string
}

// Upload is one file of a message.
type Upload struct {
	Name string
	Data []byte
}

// Message is one message of a channel. AllowedMentions is what its sender said
// of whom it may ping, as it was sent.
type Message struct {
	ID, ChannelID, Content string
	Author                 Person
	Bot                    bool
	Files                  []File
	AllowedMentions        json.RawMessage
	Sent                   time.Time
}

// File is an attachment as it is kept.
type File struct {
	ID, Name, MediaType string
	Data                []byte
}

// Post puts a person's message into a channel, as their own client would.
func (s *Server) Post(channelID string, author Person, content string, files ...Upload) Message {
	m := Message{ChannelID: channelID, Content: content, Author: author}
	for _, f := range files {
		m.Files = append(m.Files, File{Name: f.Name, Data: f.Data, MediaType: http.DetectContentType(f.Data)})
	}
	return s.keep(m)
}

// Messages returns what a channel holds, oldest first.
func (s *Server) Messages(channelID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages[channelID])
}

func (s *Server) keep(m Message) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.ID, m.Sent = s.snowflake(), time.Now()
	for i := range m.Files {
		m.Files[i].ID = s.snowflake()
	}
	s.messages[m.ChannelID] = append(s.messages[m.ChannelID], m)
	return m
}

// snowflake makes the next id; s.mu is held.
func (s *Server) snowflake() string {
	s.sequence++
	return strconv.FormatInt((time.Now().UnixMilli()-discordEpoch)<<22|s.sequence%(1<<12), 10)
}

// channel answers one channel.
func (s *Server) channel(w http.ResponseWriter, r *http.Request) {
	c, ok := s.channelFor(w, r)
	if !ok {
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": c.ID, "type": 0, "guild_id": c.GuildID, "name": c.Name, "position": 0, "permission_overwrites": []any{},
		"nsfw": false, "topic": nil, "last_message_id": nil, "rate_limit_per_user": 0, "parent_id": nil, "flags": 0,
	})
}

// typing takes the sign that the bot is at it.
func (s *Server) typing(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.channelFor(w, r); ok {
		w.WriteHeader(http.StatusNoContent)
	}
}

// message answers one message.
func (s *Server) message(w http.ResponseWriter, r *http.Request) {
	c, ok := s.channelFor(w, r)
	if !ok {
		return
	}
	for _, m := range s.Messages(c.ID) {
		if m.ID == r.PathValue("message") {
			writeJSON(w, http.StatusOK, s.messageBody(r, m))
			return
		}
	}
	writeJSON(w, http.StatusNotFound, map[string]any{"message": "Unknown Message", "code": 10008})
}

// history answers the newest messages first; limit is 1 to 100, before is the id
// that the page ends at.
func (s *Server) history(w http.ResponseWriter, r *http.Request) {
	c, ok := s.channelFor(w, r)
	if !ok {
		return
	}
	limit := 50
	if given := r.URL.Query().Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 100 {
			writeJSON(w, http.StatusBadRequest, map[string]any{"message": "Invalid Form Body", "code": 50035})
			return
		}
		limit = n
	}
	before := r.URL.Query().Get("before")
	page := []map[string]any{}
	for _, m := range slices.Backward(s.Messages(c.ID)) {
		if len(page) < limit && (before == "" || byID(m.ID, before) < 0) {
			page = append(page, s.messageBody(r, m))
		}
	}
	writeJSON(w, http.StatusOK, page)
}

// channelFor finds the channel of the path for the bot, or answers.
func (s *Server) channelFor(w http.ResponseWriter, r *http.Request) (Channel, bool) {
	if !s.botToken(w, r) {
		return Channel{}, false
	}
	id := r.PathValue("channel")
	i := slices.IndexFunc(s.channels, func(c Channel) bool { return c.ID == id })
	if i < 0 {
		writeJSON(w, http.StatusNotFound, map[string]any{"message": "Unknown Channel", "code": 10003})
		return Channel{}, false
	}
	return s.channels[i], true
}

var mention = regexp.MustCompile(`<@!?(\d{1,20})>`)

func (s *Server) messageBody(r *http.Request, m Message) map[string]any {
	mentions := []map[string]any{}
	for _, found := range mention.FindAllStringSubmatch(m.Content, -1) {
		if found[1] == s.clientID {
			mentions = append(mentions, s.botUser())
		} else {
			mentions = append(mentions, userBody(s.person(found[1], "")))
		}
	}
	author := userBody(m.Author)
	if m.Bot {
		author = s.botUser()
	}
	attachments := make([]map[string]any, 0, len(m.Files))
	for _, f := range m.Files {
		link := s.cdnLink(r, m.ChannelID, f)
		attachments = append(attachments, map[string]any{
			"id": f.ID, "filename": f.Name, "size": len(f.Data), "url": link, "proxy_url": link, "content_type": f.MediaType,
		})
	}
	return map[string]any{
		"id": m.ID, "channel_id": m.ChannelID, "author": author, "content": m.Content, "attachments": attachments,
		"timestamp": m.Sent.UTC().Format(time.RFC3339Nano), "edited_timestamp": nil, "tts": false, "mention_everyone": false,
		"mentions": mentions, "mention_roles": []any{}, "embeds": []any{}, "pinned": false, "type": 0, "flags": 0,
		"components": []any{},
	}
}

func userBody(p Person) map[string]any {
	return map[string]any{
		"id": p.ID, "username": p.Username, "global_name": orNull(p.GlobalName), "avatar": orNull(p.Avatar), "discriminator": "0",
		"public_flags": 0,
	}
}

// safeName is how Discord keeps a file's name: spaces become underscores.
func safeName(name string) string {
	return strings.ReplaceAll(name, " ", "_")
}
