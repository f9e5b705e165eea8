package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/markbates/goth"
	"golang.org/x/oauth2"
)

// Bounds of talking to Discord. A sign-in makes at most three calls, and its
// person is told of a failure within 15 s (SEC-7, REL-23).
const (
	discordTimeout = 4500 * time.Millisecond // of one call, where the configuration says nothing
	discordBody    = 1 << 20                 // bytes read of one answer
	nameRunes      = 64                      // kept of a name (SEC-8)
)

// Discord is the goth.Provider of our sign-in. It differs from goth's own: PKCE,
// an address that can be another one, and a client of its own for every call.
// It holds no state of any sign-in and is safe for concurrent use.
type Discord struct {
	base   string
	guilds bool
	client *http.Client
	oauth  oauth2.Config
	name   string
}

// DiscordConfig is the application at Discord. Guilds asks Discord also for
// the servers that a person belongs to.
type DiscordConfig struct {
	ClientID, ClientSecret string
	BaseURL                *url.URL // https://discord.com or a stand-in
	AppURL                 *url.URL // MAYFLY_URL; Discord sends people back there
	Guilds                 bool
	Timeout                time.Duration // of one call, its body included; 0 means 4.5 s
}

// NewDiscord makes the provider.
func NewDiscord(c DiscordConfig) *Discord {
	base := strings.TrimSuffix(c.BaseURL.String(), "/")
	scopes := []string{"identify"}
	if c.Guilds {
		scopes = append(scopes, "guilds")
	}
	if c.Timeout <= 0 {
		c.Timeout = discordTimeout
	}
	return &Discord{
		base: base, guilds: c.Guilds, name: "discord",
		client: &http.Client{
			Timeout:   c.Timeout,
			Transport: cappedBodies{http.DefaultTransport.(*http.Transport).Clone()},
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse // a redirect would carry the token elsewhere
			},
		},
		oauth: oauth2.Config{
			ClientID: c.ClientID, ClientSecret: c.ClientSecret, Scopes: scopes,
			RedirectURL: origin(c.AppURL) + "/auth/discord/callback",
			Endpoint: oauth2.Endpoint{
				AuthURL: base + "/oauth2/authorize", TokenURL: base + "/api/oauth2/token",
				AuthStyle: oauth2.AuthStyleInHeader,
			},
		},
	}
}

// Name returns the provider's name, "discord".
func (d *Discord) Name() string { return d.name }

// SetName renames the provider, as goth wants it.
func (d *Discord) SetName(name string) { d.name = name }

// Debug does nothing: what there would be to see is secret.
func (d *Discord) Debug(bool) {}

// BeginAuth starts a sign-in: a fresh PKCE verifier, and the address at Discord
// that goes with it. prompt=none spares people who agreed before the question.
func (d *Discord) BeginAuth(state string) (goth.Session, error) {
	if state == "" {
		return nil, errors.New("begin sign-in: the state is empty")
	}
	verifier := oauth2.GenerateVerifier()
	return &discordSession{
		AuthURL: d.oauth.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier),
			oauth2.SetAuthURLParam("prompt", "none")),
		Verifier: verifier,
	}, nil
}

// UnmarshalSession reads what Marshal wrote.
func (d *Discord) UnmarshalSession(text string) (goth.Session, error) {
	var s discordSession
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("read sign-in: %w", err)
	}
	return &s, nil
}

// RefreshTokenAvailable says no: tokens live for one sign-in (SEC-7).
func (d *Discord) RefreshTokenAvailable() bool { return false }

// RefreshToken always fails; see RefreshTokenAvailable.
func (d *Discord) RefreshToken(string) (*oauth2.Token, error) {
	return nil, errors.New("Discord tokens are not kept")
}

// discordSession is one sign-in between its start and its end. The token is
// never marshalled.
type discordSession struct {
	AuthURL  string `json:"auth_url"`
	Verifier string `json:"verifier"`
	token    *oauth2.Token
}

// GetAuthURL returns where at Discord the sign-in goes on.
func (s *discordSession) GetAuthURL() (string, error) {
	if s.AuthURL == "" {
		return "", errors.New(goth.NoAuthUrlErrorMessage)
	}
	return s.AuthURL, nil
}

// Marshal writes the session for the encrypted cookie.
func (s *discordSession) Marshal() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // two strings always marshal
	}
	return string(text)
}

// Authorize exchanges the callback's code for a token. Its errors hold neither
// the code nor what Discord answered.
func (s *discordSession) Authorize(p goth.Provider, params goth.Params) (string, error) {
	d, ok := p.(*Discord)
	if !ok {
		return "", errors.New("exchange code: not our provider")
	}
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, d.client)
	token, err := d.oauth.Exchange(ctx, params.Get("code"), oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return "", fmt.Errorf("exchange code: %w", redactedOAuth(err))
	}
	s.token = token
	return token.AccessToken, nil
}

// errCodeRefused means that Discord does not know the code: it was used, is too
// old, or never was one (RFC 6749, 5.2: invalid_grant).
var errCodeRefused = errors.New("Discord refused the code")

func redactedOAuth(err error) error {
	var answered *oauth2.RetrieveError
	if errors.As(err, &answered) {
		if answered.ErrorCode == "invalid_grant" {
			return errCodeRefused
		}
		return fmt.Errorf("Discord answered %d %s", answered.Response.StatusCode, clip(answered.ErrorCode, 60))
	}
	var call *url.Error
	if errors.As(err, &call) {
		return call.Err // without the address
	}
	return errors.New("Discord's answer holds no token")
}

// cappedBodies bounds what is read of any answer.
type cappedBodies struct{ http.RoundTripper }

func (c cappedBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, discordBody)
	}
	return answer, err
}
