package web

import (
	"slices"

	"github.com/markbates/goth"
)

// Admission says who may come in (MAYFLY_GUILDS, MAYFLY_USERS). The zero value
// lets in everybody who has a Discord account.
type Admission struct {
	Guilds []string // members of these servers
	Users  []string // these people
}

// restricted reports whether anybody is kept out.
func (a Admission) restricted() bool { return len(a.Guilds)+len(a.Users) > 0 }

// admits decides about one person. A session of a restricted Mayfly lives a
// day, so that this is asked daily (SEC-7).
func (a Admission) admits(u goth.User) bool {
	if !a.restricted() || slices.Contains(a.Users, u.UserID) {
		return true
	}
	member, _ := u.RawData[rawGuilds].([]string)
	return slices.ContainsFunc(member, func(id string) bool { return slices.Contains(a.Guilds, id) })
}
