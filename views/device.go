package views

import "strings"

// Device is what a browser says it is and runs on, as far as that is told apart.
// It is the browser's word alone.
type Device struct{ Browser, System string }

// browsers are told by the first word that fits: most of them name others too.
var browsers = [...]struct{ sign, name string }{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Internet"}, {"YaBrowser", "Yandex Browser"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"HeadlessChrome", "Chrome"},
	{"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
}

var systems = [...]struct{ sign, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
	{"Macintosh", "macOS"}, {"Mac OS", "macOS"}, {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"}, {"Linux", "Linux"}, {"X11", "Linux"},
}

// DeviceOf reads a User-Agent.
func DeviceOf(agent string) (d Device) {
	for _, b := range browsers {
		if d.Browser == "" && strings.Contains(agent, b.sign) {
			d.Browser = b.name
		}
	}
	for _, s := range systems {
		if d.System == "" && strings.Contains(agent, s.sign) {
			d.System = s.name
		}
	}
	return d
}

// words name the device: "Firefox on Linux".
func (d Device) words() string {
	switch {
	case d.Browser != "" && d.System != "":
		return d.Browser + " on " + d.System
	case d.Browser != "":
		return d.Browser
	case d.System != "":
		return "A browser on " + d.System
	}
	return "A browser that does not say what it is"
}

func (d Device) icon() string {
	switch d.System {
	case "iPhone", "Android":
		return "smartphone"
	case "iPad":
		return "tablet"
	}
	return "monitor"
}
