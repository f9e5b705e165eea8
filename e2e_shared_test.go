package main

import (
	"errors"
	"net/http/httptest"
	"sync"
	"testing"

	"mayfly/internal/testkit/fakediscord/discord"
)

// Servers that several tests use at once, each test as people of its own. They
// are started by the first that asks and stopped by TestMain.
var (
	// withLocal has the local sign-in.
	withLocal = &shared{settings: map[string]string{"SWEEP_EVERY": "24h"}}
	// withDiscord has a stand-in for Discord.
	withDiscord = &shared{settings: map[string]string{"SWEEP_EVERY": "24h", "GUILDS": "200000000000000001"}, discord: true}
)

type shared struct {
	settings map[string]string
	discord  bool

	once   sync.Once
	server *server
	fake   *httptest.Server
	fault  error
}

func (s *shared) get(t *testing.T) *server {
	t.Helper()
	s.once.Do(s.start)
	if s.fault != nil {
		t.Fatal(s.fault)
	}
	return s.server
}

func (s *shared) start() {
	if s.discord {
		s.fake = fakeDiscord()
		s.settings["DISCORD_BASE_URL"] = s.fake.URL
		s.settings["DISCORD_CLIENT_ID"] = "100000000000000001"
		s.settings["DISCORD_CLIENT_SECRET"] = "stand-in"
	}
	if s.server, s.fault = newServer(s.settings); s.fault == nil {
		s.fault = s.server.start()
	}
}

// fakeDiscord knows three members of the guild that may come in, and a stranger.
func fakeDiscord() *httptest.Server {
	home := []discord.Guild{{ID: "200000000000000001", Name: "Home"}}
	return httptest.NewServer(discord.New(discord.Config{
		ClientID: "100000000000000001", ClientSecret: "stand-in",
		People: []discord.Person{
			{ID: "300000000000000001", Username: "ada", GlobalName: "Ada", Guilds: home},
			{ID: "300000000000000002", Username: "grace", GlobalName: "Grace", Guilds: home},
			{ID: "300000000000000003", Username: "stranger"},
			{ID: "300000000000000004", Username: "plain", GlobalName: "Plain", Guilds: home},
		},
	}))
}

func stopShared() error {
	var faults []error
	for _, s := range []*shared{withLocal, withDiscord} {
		if s.server != nil {
			faults = append(faults, s.server.remove())
		}
		if s.fake != nil {
			s.fake.Close()
		}
	}
	return errors.Join(faults...)
}
