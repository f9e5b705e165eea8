package pgserver

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// installed is where Debian's packages put each major version's programs.
const installed = "/usr/lib/postgresql"

// binaries finds the programs for the cluster: those of the major version that
// made it, or the newest ones when there is none yet.
func binaries(c Config) (folder string, err error) {
	have, err := majors()
	if err != nil {
		return "", err
	}
	made, err := madeBy(c.cluster())
	if err != nil {
		return "", err
	}
	newest := 0
	for major := range have {
		newest = max(newest, major)
	}
	switch {
	case made == 0 && newest == 0:
		return "", errors.New("PostgreSQL is not installed: run make setup (Debian: apt-get install postgresql)")
	case made == 0:
		return have[newest], nil
	case have[made] == "":
		return "", otherVersion(c, made, newest)
	}
	return have[made], nil
}

// majors maps each installed major version to its folder of programs.
func majors() (map[int]string, error) {
	found := map[int]string{}
	folders, err := filepath.Glob(installed + "/*/bin/initdb")
	if err != nil {
		return nil, fmt.Errorf("look for PostgreSQL: %w", err)
	}
	for _, initdb := range folders {
		folder := filepath.Dir(initdb)
		if major, err := strconv.Atoi(filepath.Base(filepath.Dir(folder))); err == nil {
			found[major] = folder
		}
	}
	if path, err := exec.LookPath("initdb"); err == nil && len(found) == 0 {
		addFromPath(found, path)
	}
	return found, nil
}

// addFromPath takes an initdb of another distribution; its sibling programs lie
// where the link points to.
func addFromPath(found map[int]string, path string) {
	if path, err := filepath.EvalSymlinks(path); err == nil {
		said, err := exec.Command(path, "--version").Output() // initdb (PostgreSQL) 15.18
		words := strings.Fields(string(said))
		if err != nil || len(words) < 3 {
			return
		}
		number, _, _ := strings.Cut(words[2], ".")
		if major, err := strconv.Atoi(number); err == nil {
			found[major] = filepath.Dir(path)
		}
	}
}

// madeBy is the major version that made the cluster, 0 when there is none.
func madeBy(cluster string) (int, error) {
	if _, err := os.Lstat(cluster); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	said, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	major, notNumber := strconv.Atoi(string(bytes.TrimSpace(said)))
	if err != nil || notNumber != nil {
		return 0, fmt.Errorf("%s is there, but is no PostgreSQL cluster that can be read: nothing was changed. Bring it back from a backup, or move it away to start empty", cluster)
	}
	return major, nil
}

func otherVersion(c Config, made, have int) error {
	is := "has none"
	if have > 0 {
		is = fmt.Sprintf("has PostgreSQL %d", have)
	}
	next := c.cluster() + ".new"
	return fmt.Errorf(`the database in %s was made by PostgreSQL %d, and this machine %s. Nothing was changed.
Either install the old version beside the new one, and it is used again:
  apt-get install postgresql-%d
or, with both installed, upgrade (as the user who owns that folder, from a folder of theirs):
  %s/%d/bin/initdb -D %s -U %s --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  %s/%d/bin/pg_upgrade -b %s/%d/bin -B %s/%d/bin -d %s -D %s -U %s
  mv %s %s.old && mv %s %s`,
		c.cluster(), made, is, made,
		installed, have, next, Admin,
		installed, have, installed, made, installed, have, c.cluster(), next, Admin,
		c.cluster(), c.cluster(), next, c.cluster())
}
