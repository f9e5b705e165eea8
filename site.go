package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"mayfly/config"
	"mayfly/handlers"
	"mayfly/handlers/api"
	"mayfly/models"
	"mayfly/sandbox/jail"
	"mayfly/views"
	"mayfly/web"
)

// serve opens both origins to the world.
func (p *program) serve(cfg *config.Config, rec *record, w *work, d doors) error {
	if d.app == nil {
		p.logger.Info("this node serves no pages", "roles", cfg.Roles)
		return nil
	}
	site, err := p.newSite(cfg, rec.store)
	if err != nil {
		return err
	}
	handler, err := site.Handler(handlers.Routes(newApp(cfg, rec, w, site)))
	if err != nil {
		return err
	}
	content, err := web.NewContent(web.ContentConfig{
		URL: &cfg.ContentURL.URL, AppURL: &cfg.URL.URL, Links: site.Links(), Open: rec.vault.Open,
		Output: web.FindOutput(rec.store), OpenShared: rec.vault.OpenShared, Plotly: plotlyIn(cfg.Runtime),
		TrustedProxies: cfg.TrustedProxies, Rates: rates(cfg), Logger: p.logger,
	})
	if err != nil {
		return err
	}
	p.drains = append(p.drains, func(context.Context) error { site.EndStreams(); return nil })
	p.listenAndServe(web.NewHTTPServer(content.Handler(), p.logger), web.LimitPeers(d.content, cfg.TrustedProxies))
	p.listenAndServe(web.NewHTTPServer(handler, p.logger), web.LimitPeers(d.app, cfg.TrustedProxies))
	return nil
}

// listenAndServe answers until stop. What is still under way when the draining
// is over is cut off.
func (p *program) listenAndServe(server *http.Server, l net.Listener) {
	go serveHTTP(server, l, p.failed)
	p.drains = append(p.drains, func(ctx context.Context) error {
		if err := server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return server.Close()
	})
}

func (p *program) newSite(cfg *config.Config, store *models.Store) (*web.Server, error) {
	keys, err := loadSecrets(cfg)
	if err != nil {
		return nil, err
	}
	c := web.Config{
		URL: &cfg.URL.URL, ContentURL: &cfg.ContentURL.URL, Secret: keys.current, SecretOld: keys.older, Store: store,
		Admission: web.Admission{Guilds: cfg.Guilds, Users: cfg.Users}, LocalSignIn: cfg.LocalSignIn(),
		TrustedProxies: cfg.TrustedProxies, Rates: rates(cfg), Pages: handlers.ProblemPages(pageLimits(cfg)), Logger: p.logger,
	}
	if cfg.DiscordClientID != "" {
		c.Discord = web.NewDiscord(web.DiscordConfig{
			ClientID: cfg.DiscordClientID, ClientSecret: cfg.DiscordClientSecret.Reveal(),
			BaseURL: &cfg.DiscordBaseURL.URL, AppURL: &cfg.URL.URL, Guilds: len(cfg.Guilds) > 0,
		})
	}
	return web.NewServer(c)
}

func rates(cfg *config.Config) web.Rates {
	r := cfg.Rates
	return web.Rates{Login: r["login"], Runs: r["runs"], Files: r["files"], Tokens: r["tokens"], PerApp: r["app"]}
}

func newApp(cfg *config.Config, rec *record, w *work, site *web.Server) *handlers.App {
	inside := func() jail.State { return jail.State{Ready: true} } // another node runs the code
	if w.jail != nil {
		inside = w.jail.State
	}
	python, waits := pythonVersion(cfg.Runtime), func() string { return inside().Words }
	refuses := func() string { return refusing(inside(), cfg.Development()) }
	return &handlers.App{
		API: &api.API{
			Store: rec.store, Vault: rec.vault, Runner: w.runner, Hub: rec.hub, URL: cfg.URL.String(), Version: version(), Python: python,
			Run: limitsOf(cfg, cfg.RunWall), Packages: func() []api.Package { return packages[api.Package](inside()) },
			Warming: waits, Refusing: refuses,
		},
		Site: site, Store: rec.store, Vault: rec.vault, Runner: w.runner, Hub: rec.hub,
		Limits: pageLimits(cfg), Python: python,
		Packages:    func() []views.Package { return packages[views.Package](inside()) },
		Warming:     waits,
		Refusing:    refuses,
		Development: cfg.Development(), DiscordSignIn: cfg.DiscordClientID != "",
	}
}

// refusing says why no run is taken here. The stone that is missing is the
// operator's to know; in development that is who reads it.
func refusing(s jail.State, development bool) string {
	switch {
	case !s.Refused:
		return ""
	case development:
		return s.Words
	}
	return "Runs are refused here for now, because the sandbox is not whole. Whoever runs this Mayfly finds out why with mayfly doctor."
}

// packages are what the jail has, in the words of one surface.
func packages[P views.Package | api.Package](s jail.State) []P {
	all := make([]P, len(s.Packages))
	for i, p := range s.Packages {
		all[i] = P{Name: p.Name, Version: p.Version}
	}
	return all
}

// version is what the build says of itself: the commit, where it was built from
// a checkout.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range build.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value[:min(12, len(setting.Value))]
		}
	}
	return strings.Trim(build.Main.Version, "()")
}

// pythonVersion reads what the runtime says of itself, "" when it says nothing.
func pythonVersion(runtime string) string {
	text, err := os.ReadFile(filepath.Join(runtime, "pyvenv.cfg"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, "="); found && strings.TrimSpace(name) == "version" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func pageLimits(cfg *config.Config) views.LimitsView {
	return views.LimitsView{
		Wall: cfg.RunWall, Memory: int64(cfg.RunMemory), FileMax: int64(cfg.FileMax),
		Quota: int64(cfg.UserBytesMax), Lifetime: cfg.FileLifetime,
		WallMax: cfg.RunWallMax, Tasks: cfg.RunPids, RunFiles: cfg.RunFilesMax, RunBytes: int64(cfg.RunBytesMax), Written: int64(cfg.RunOutputMax),
		Kernels: cfg.UserKernels, Queue: cfg.UserQueue, Files: cfg.UserFilesMax, Idle: cfg.KernelIdle, Facts: cfg.RunLifetime, Extended: cfg.ExtendCap,
	}
}

// plotlyIn is where a runtime has plotly.js, "" where it has none.
func plotlyIn(runtime string) string {
	found, _ := filepath.Glob(filepath.Join(runtime, "lib/python3*/site-packages/plotly/package_data/plotly.min.js")) // the pattern is a constant
	if len(found) == 0 {
		return ""
	}
	return found[0]
}
