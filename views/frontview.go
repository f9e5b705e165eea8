package views

import (
	"net/url"
	"strconv"
	"time"

	"mayfly/views/ui"
)

// frontCode is the code of the front page's sample.
const frontCode = `sales = load_file("sales.csv")
sales.groupby("item")["gold"].sum().nlargest(6).plot.barh()
plt.savefig("sales_by_item.png")
`

// sampleFile is a file that does not exist, for looking at.
func sampleFile(name, icon string, size int64, now time.Time, left time.Duration) FileLine {
	return FileLine{ID: "1_0_sample", Name: name, Icon: icon, Size: size, Version: 1, Clock: ui.Clock{Expires: now.Add(left), Now: now}}
}

// discordURL starts a sign-in that comes back to a path of ours.
func discordURL(back string) string {
	if back == "" || back == HomePath {
		return DiscordPath
	}
	return DiscordPath + "?" + url.Values{"return": {back}}.Encode()
}

// bar is one of the sample chart's.
type bar struct {
	item string
	gold int
}

func sampleBars() []bar {
	return []bar{{"Lantern oil", 1840}, {"Rope", 1322}, {"Salt cod", 1107}, {"Brass gear", 864}, {"Tide charm", 655}, {"Map case", 402}}
}

// The sample chart's drawing, in its own units.
const (
	chartLeft  = 72  // where the bars begin
	chartRight = 504 // 2,000 gold
	chartStep  = 35.5
)

func goldX(gold int) float64 { return chartLeft + float64(gold)*(chartRight-chartLeft)/2000 }

func barY(i int) float64 { return 10 + float64(i)*chartStep }

func units(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func ticks() []int { return []int{0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000} }
