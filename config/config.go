package config

import (
	"net/netip"
	"net/url"
	"time"
)

// Config is every setting of interface.md, parsed and checked. Names follow
// the environment: RunWallMax is MAYFLY_RUN_WALL_MAX.
type Config struct {
	Listen        string `env:"LISTEN" envDefault:"127.0.0.1:8080"`
	URL           URL    `env:"URL" envDefault:"http://localhost:8080"`
	ContentListen string `env:"CONTENT_LISTEN" envDefault:"127.0.0.1:8081"`
	ContentURL    URL    `env:"CONTENT_URL" envDefault:"http://127.0.0.1:8081"`

	Data         string `env:"DATA"`    // filled by Load: depends on who we are
	Runtime      string `env:"RUNTIME"` // filled by Load, as make setup does
	RuntimeExtra string `env:"RUNTIME_EXTRA"`
	DatabaseURL  Secret `env:"DATABASE_URL"` // empty: the private cluster
	Blobs        string `env:"BLOBS"`        // filled by Load: file://$DATA/blobs

	Secret    Secret `env:"SECRET"` // empty: made and kept in the data folder
	SecretOld Secret `env:"SECRET_OLD"`

	DiscordClientID     string `env:"DISCORD_CLIENT_ID"`
	DiscordClientSecret Secret `env:"DISCORD_CLIENT_SECRET"`
	DiscordBotToken     Secret `env:"DISCORD_BOT_TOKEN"`
	DiscordPublicKey    string `env:"DISCORD_PUBLIC_KEY"`
	DiscordBaseURL      URL    `env:"DISCORD_BASE_URL" envDefault:"https://discord.com"` // OAuth, REST, gateway

	Admins         []string       `env:"ADMINS"`
	Guilds         []string       `env:"GUILDS"`
	Users          []string       `env:"USERS"`
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES"`

	Rates       map[string]int `env:"RATES"` // calls a minute by kind; the others have those of package web
	SessionIdle time.Duration  `env:"SESSION_IDLE" envDefault:"168h"`
	DiskReserve Percent        `env:"DISK_RESERVE" envDefault:"10%"`

	// One run, one file, one person.
	RunWall      time.Duration `env:"RUN_WALL" envDefault:"60s"`
	RunWallMax   time.Duration `env:"RUN_WALL_MAX" envDefault:"300s"`
	RunMemory    Bytes         `env:"RUN_MEMORY" envDefault:"512MiB"`
	RunPids      int           `env:"RUN_PIDS" envDefault:"256"`
	RunFilesMax  int           `env:"RUN_FILES_MAX" envDefault:"100"`
	RunBytesMax  Bytes         `env:"RUN_BYTES_MAX" envDefault:"256MB"`
	RunInputsMax Bytes         `env:"RUN_INPUTS_MAX" envDefault:"512MB"`
	RunOutputMax Bytes         `env:"RUN_OUTPUT_MAX" envDefault:"64MB"`
	RunLifetime  time.Duration `env:"RUN_LIFETIME" envDefault:"720h"`
	RunSlots     int           `env:"RUN_SLOTS"` // filled by Load: 2 × cores
	InputWait    time.Duration `env:"INPUT_WAIT" envDefault:"10m"`

	FileMax      Bytes         `env:"FILE_MAX" envDefault:"50MB"`
	FileLifetime time.Duration `env:"FILE_LIFETIME" envDefault:"48h"`

	UserBytesMax Bytes `env:"USER_BYTES_MAX" envDefault:"1GB"`
	UserFilesMax int   `env:"USER_FILES_MAX" envDefault:"5000"`
	UserKernels  int   `env:"USER_KERNELS" envDefault:"2"`
	UserQueue    int   `env:"USER_QUEUE" envDefault:"10"`

	SweepEvery  time.Duration `env:"SWEEP_EVERY" envDefault:"1h"`
	ExtendCap   time.Duration `env:"EXTEND_CAP" envDefault:"168h"`
	OrphanGrace time.Duration `env:"ORPHAN_GRACE" envDefault:"15m"`
	KernelIdle  time.Duration `env:"KERNEL_IDLE" envDefault:"15m"`

	Roles         []string `env:"ROLES" envDefault:"web,runner,bot"`
	Node          string   `env:"NODE"` // filled by Load: the host name
	MetricsListen string   `env:"METRICS_LISTEN"`
}

// DiscordSet reports whether any Discord setting is given; then local sign-in
// is off.
func (c *Config) DiscordSet() bool {
	return c.DiscordClientID != "" || c.DiscordClientSecret.Set() ||
		c.DiscordBotToken.Set() || c.DiscordPublicKey != ""
}

// Development reports whether every listener and the hosts of both URLs are
// loopback. All else is production (interface.md).
func (c *Config) Development() bool {
	return loopbackListen(c.Listen) && loopbackListen(c.ContentListen) &&
		c.URL.Loopback() && c.ContentURL.Loopback()
}

// LocalSignIn reports whether the settings allow signing in without Discord.
// Each request is checked again in package web.
func (c *Config) LocalSignIn() bool { return c.Development() && !c.DiscordSet() }

// HasRole reports whether this process does the named work.
func (c *Config) HasRole(role string) bool {
	for _, r := range c.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// URL is an absolute http or https address without a path.
type URL struct{ url.URL }
