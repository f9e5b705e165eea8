package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/markbates/goth"

	"mayfly/models"
)

// guildPage is how many servers Discord lists at once; guildPages is more than
// the 200 servers that an account can be in.
const (
	guildPage  = 200
	guildPages = 3
)

// rawGuilds is the key of goth.User.RawData that holds the []string of ids.
const rawGuilds = "guilds"

// FetchUser asks Discord who the token belongs to, and with the guilds scope
// where that person is a member.
func (d *Discord) FetchUser(session goth.Session) (goth.User, error) {
	s, ok := session.(*discordSession)
	if !ok || s.token == nil {
		return goth.User{}, errors.New("fetch user: there is no token yet")
	}
	var who struct {
		ID         string `json:"id"`
		Username   string `json:"username"`
		GlobalName string `json:"global_name"`
		Avatar     string `json:"avatar"`
	}
	if err := d.get(s, "/api/v10/users/@me", &who); err != nil {
		return goth.User{}, fmt.Errorf("fetch user: %w", err)
	}
	id, err := models.ParseUserID(who.ID)
	if err != nil {
		return goth.User{}, errors.New("fetch user: Discord sent no usable id")
	}
	user := goth.User{
		Provider: d.Name(), UserID: string(id), RawData: map[string]any{},
		Name: cutRunes(who.GlobalName, nameRunes), NickName: cutRunes(who.Username, nameRunes),
		AvatarURL: avatarURL(string(id), who.Avatar),
	}
	if user.Name == "" {
		user.Name = user.NickName
	}
	if d.guilds {
		ids, err := d.guildIDs(s)
		if err != nil {
			return goth.User{}, fmt.Errorf("fetch guilds: %w", err)
		}
		user.RawData[rawGuilds] = ids
	}
	return user, nil
}

// guildIDs lists the ids of every server that the person is in.
func (d *Discord) guildIDs(s *discordSession) ([]string, error) {
	var ids []string
	after := ""
	for range guildPages {
		var page []struct {
			ID string `json:"id"`
		}
		query := url.Values{"limit": {fmt.Sprint(guildPage)}}
		if after != "" {
			query.Set("after", after)
		}
		if err := d.get(s, "/api/v10/users/@me/guilds?"+query.Encode(), &page); err != nil {
			return nil, err
		}
		for _, g := range page {
			ids = append(ids, g.ID)
			after = g.ID
		}
		if len(page) < guildPage {
			break
		}
	}
	return ids, nil
}

// get reads one JSON answer of Discord's API with the sign-in's token.
func (d *Discord) get(s *discordSession, path string, into any) error {
	req, err := http.NewRequest(http.MethodGet, d.base+path, nil)
	if err != nil {
		return err
	}
	s.token.SetAuthHeader(req)
	req.Header.Set("Accept", "application/json")
	answer, err := d.client.Do(req)
	if err != nil {
		return redactedOAuth(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("Discord answered %d", answer.StatusCode)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return errors.New("Discord's answer cannot be read")
	}
	return nil
}

// avatarURL is where Discord's image host keeps the avatar, or "". A hash holds
// letters, digits and _ only; anything else is not put into an address.
func avatarURL(id, hash string) string {
	for _, r := range hash {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return ""
		}
	}
	if hash == "" || len(hash) > 64 {
		return ""
	}
	return "https://cdn.discordapp.com/avatars/" + id + "/" + hash + ".png?size=64"
}
