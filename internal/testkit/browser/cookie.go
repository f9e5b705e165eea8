package browser

import (
	"net/http"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Carry gives the person a cookie for the tab's site, as if it had been set
// there before.
func (tab *Tab) Carry(c *http.Cookie) {
	tab.t.Helper()
	_, err := chromedp.Call(tab.ctx, network.SetCookie, network.SetCookieParams{
		Name: c.Name, Value: c.Value, URL: tab.base, HTTPOnly: new(true), SameSite: network.CookieSameSiteLax,
	})
	tab.must("set a cookie", err)
}

// Cookies names the cookies that this person's browser would send to an
// address.
func (tab *Tab) Cookies(address string) []string {
	tab.t.Helper()
	answer, err := chromedp.Call(tab.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{address}})
	tab.must("read cookies", err)
	names := make([]string, len(answer.Cookies))
	for i, c := range answer.Cookies {
		names[i] = c.Name
	}
	return names
}
