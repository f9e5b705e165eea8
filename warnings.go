package main

import (
	"fmt"
	"time"

	"mayfly/config"
)

// warnings are what an operator should hear at the start: settings that are
// allowed and seldom meant.
func warnings(cfg *config.Config) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if cfg.DiscordClientID != "" && len(cfg.Guilds)+len(cfg.Users) == 0 && !cfg.Development() {
		say("anyone with a Discord account may come in: MAYFLY_GUILDS or MAYFLY_USERS says who")
	}
	if cfg.DiscordClientID == "" && !cfg.LocalSignIn() {
		say("nobody can sign in: set MAYFLY_DISCORD_CLIENT_ID and MAYFLY_DISCORD_CLIENT_SECRET")
	}
	if cfg.Development() {
		return all
	}
	for name, address := range map[string]config.URL{"MAYFLY_URL": cfg.URL, "MAYFLY_CONTENT_URL": cfg.ContentURL} {
		if address.Scheme != "https" {
			say("%s is not https: sessions and files cross the network in plain sight", name)
		}
	}
	// Made for tests (SEC-70).
	if base := cfg.DiscordBaseURL.String(); base != "https://discord.com" {
		say("MAYFLY_DISCORD_BASE_URL is %s: whoever answers there decides who signs in", base)
	}
	if cfg.FileLifetime < time.Hour || cfg.SweepEvery < time.Minute || cfg.OrphanGrace < time.Minute {
		say("MAYFLY_FILE_LIFETIME, MAYFLY_SWEEP_EVERY or MAYFLY_ORPHAN_GRACE is as short as only tests want it")
	}
	return all
}
