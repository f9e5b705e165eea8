package views

// DOM ids of the swap targets. Runs are named by their whole id, a
// base32 word, safe in a selector after a letter.

const (
	runBarID      = "run-bar"
	quickResultID = "quick-result"
	fileListID    = "file-list"
	toastsID      = "toasts"
	announcerID   = "announcer"
	runningID     = "running"
	expiringID    = "expiring"
	recentID      = "recent"
	spaceID       = "space"

	uploadID = "upload" // the form, which links may point at
)

func runLiveID(run string) string    { return "run-" + run + "-live" }
func runStatusID(run string) string  { return "run-" + run + "-status" }
func runOutputsID(run string) string { return "run-" + run + "-outputs" }
func runFilesID(run string) string   { return "run-" + run + "-files" }
func runBodyID(run string) string    { return "run-" + run + "-body" }

// target is the selector of a DOM id.
func target(id string) string { return "#" + id }
