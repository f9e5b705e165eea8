package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

const prefix = "MAYFLY_"

// Load reads the .env file of the working folder and the environment over it,
// fills what depends on the machine, and checks everything. The error joins
// every fault found, one line each, and never shows a secret's value.
func Load() (*Config, error) {
	values, err := environment()
	if err != nil {
		return nil, err
	}
	return Parse(values)
}

// Environment is for another process of this program, of a user who may not
// read what we read: the environment with .env, the files of secrets and what
// depends on who we are put into it. It belongs to what Load has returned.
func Environment(c *Config) ([]string, error) {
	values, err := environment()
	if err = errors.Join(append(readSecretFiles(values), err)...); err != nil {
		return nil, err
	}
	values[prefix+"DATA"] = c.Data
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !strings.HasPrefix(name, prefix) || !strings.HasSuffix(name, "_FILE") {
			lines = append(lines, name+"="+values[name])
		}
	}
	return lines, nil
}

func environment() (map[string]string, error) {
	values, err := godotenv.Read(".env")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("cannot read .env in this folder: every line must be NAME=value")
	}
	if values == nil {
		values = map[string]string{}
	}
	for _, line := range os.Environ() {
		name, value, _ := strings.Cut(line, "=")
		values[name] = value
	}
	return values, nil
}

// Parse is Load on a given environment; tests use it.
func Parse(values map[string]string) (*Config, error) {
	var c Config
	faults := readSecretFiles(values)
	err := env.ParseWithOptions(&c, env.Options{
		Prefix: prefix, Environment: values,
		FuncMap: map[reflect.Type]env.ParserFunc{reflect.TypeFor[netip.Prefix](): parsePrefix},
	})
	faults = append(faults, plainFaults(err)...)
	fill(&c)
	if len(faults) == 0 {
		faults = check(&c)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &c, nil
}

// readSecretFiles lets each secret come from a file named by …_FILE, so that it
// need not stand in an environment that other processes can read.
func readSecretFiles(values map[string]string) (faults []error) {
	for _, name := range []string{
		"SECRET", "SECRET_OLD", "DATABASE_URL", "DISCORD_CLIENT_SECRET", "DISCORD_BOT_TOKEN",
	} {
		path := values[prefix+name+"_FILE"]
		if path == "" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s%s_FILE: cannot read %s", prefix, name, path))
			continue
		}
		values[prefix+name] = string(text)
	}
	return faults
}

// plainFaults turns the library's errors into lines that name the setting, not
// the Go field.
func plainFaults(err error) (faults []error) {
	if err == nil {
		return nil
	}
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []error{err}
	}
	for _, one := range all.Errors {
		var parse env.ParseError
		if errors.As(one, &parse) {
			faults = append(faults, fmt.Errorf("%s: %w", settingOf(parse.Name), parse.Err))
			continue
		}
		faults = append(faults, one)
	}
	return faults
}

// settingOf names the variable behind a Go field of Config.
func settingOf(field string) string {
	f, _ := reflect.TypeFor[Config]().FieldByName(field)
	return prefix + f.Tag.Get("env")
}

// fill sets what depends on who runs us and on which machine.
func fill(c *Config) {
	root := os.Geteuid() == 0
	home, _ := os.UserHomeDir()
	if c.Data == "" {
		c.Data = filepath.Join(home, ".local/share/mayfly")
		if root {
			c.Data = "/var/lib/mayfly"
		}
	}
	if c.Runtime == "" {
		c.Runtime = "/opt/mayfly/python"
	}
	if c.Blobs == "" {
		c.Blobs = "file://" + filepath.Join(c.Data, "blobs")
	}
	if c.Node == "" {
		c.Node, _ = os.Hostname()
	}
	if c.RunSlots == 0 {
		c.RunSlots = 2 * runtime.NumCPU()
	}
}

func check(c *Config) (faults []error) {
	fault := func(setting, why string) { faults = append(faults, fmt.Errorf("%s%s: %s", prefix, setting, why)) }
	for setting, listen := range map[string]string{"LISTEN": c.Listen, "CONTENT_LISTEN": c.ContentListen} {
		if _, _, err := net.SplitHostPort(listen); err != nil {
			fault(setting, fmt.Sprintf("%q is not host:port", listen))
		}
	}
	if c.URL.Hostname() == c.ContentURL.Hostname() {
		fault("CONTENT_URL", "must have another host name than MAYFLY_URL: cookies know no ports, and files are other people's bytes")
	}
	for setting, secret := range map[string]Secret{"SECRET": c.Secret, "SECRET_OLD": c.SecretOld} {
		if raw, err := base64.StdEncoding.DecodeString(secret.Reveal()); secret.Set() && (err != nil || len(raw) < 32) {
			fault(setting, "must be 32 random bytes in base64: openssl rand -base64 32")
		}
	}
	if (c.DiscordClientID == "") != !c.DiscordClientSecret.Set() {
		fault("DISCORD_CLIENT_ID", "goes together with MAYFLY_DISCORD_CLIENT_SECRET: set both or neither")
	}
	return append(faults, checkLimits(c)...)
}

func checkLimits(c *Config) (faults []error) {
	for setting, value := range map[string]int64{
		"RUN_WALL": int64(c.RunWall), "RUN_WALL_MAX": int64(c.RunWallMax), "RUN_MEMORY": int64(c.RunMemory),
		"RUN_PIDS": int64(c.RunPids), "RUN_FILES_MAX": int64(c.RunFilesMax), "RUN_BYTES_MAX": int64(c.RunBytesMax),
		"RUN_INPUTS_MAX": int64(c.RunInputsMax), "RUN_OUTPUT_MAX": int64(c.RunOutputMax), "RUN_SLOTS": int64(c.RunSlots),
		"RUN_LIFETIME": int64(c.RunLifetime), "FILE_MAX": int64(c.FileMax), "FILE_LIFETIME": int64(c.FileLifetime),
		"USER_BYTES_MAX": int64(c.UserBytesMax), "USER_FILES_MAX": int64(c.UserFilesMax),
		"USER_KERNELS": int64(c.UserKernels), "USER_QUEUE": int64(c.UserQueue),
		"INPUT_WAIT": int64(c.InputWait), "KERNEL_IDLE": int64(c.KernelIdle), "SWEEP_EVERY": int64(c.SweepEvery), "SESSION_IDLE": int64(c.SessionIdle), "ORPHAN_GRACE": int64(c.OrphanGrace),
	} {
		if value <= 0 {
			faults = append(faults, fmt.Errorf("%s%s: must be more than zero", prefix, setting))
		}
	}
	for kind, calls := range c.Rates {
		if !slices.Contains(rateKinds, kind) || calls <= 0 {
			faults = append(faults, fmt.Errorf("%sRATES: %s:%d is no limit: give %s, each with calls a minute, as runs:60,files:600",
				prefix, kind, calls, strings.Join(rateKinds, ", ")))
		}
	}
	if c.RunWall > c.RunWallMax {
		faults = append(faults, fmt.Errorf("%sRUN_WALL: is longer than MAYFLY_RUN_WALL_MAX", prefix))
	}
	return faults
}

// rateKinds are what MAYFLY_RATES can limit.
var rateKinds = []string{"login", "runs", "files", "tokens", "app"}

func parsePrefix(text string) (any, error) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, nil
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address or network like 10.0.0.0/8", text)
	}
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}
