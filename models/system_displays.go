package models

import (
	"context"
	"encoding/json"
)

// DisplayUpdate is new content for a display of a run that is over: the one with
// the number Seq.
type DisplayUpdate struct {
	Run    RunID
	Seq    int
	Bundle map[string]string
}

// UpdateDisplays changes what earlier runs of its notebook show, for a run that
// goes on: the node that holds their kernel knows where their displays stand. Each
// new content is an output of the earlier run, in the place of the one before, and
// counts in that run's log, which holds logMost bytes at most. refused says of each
// update why it was not done: gone when that display is not there any more, or its
// time is over, over_limit when the log would be too large. Conflict means that the
// run itself is not running.
func (y System) UpdateDisplays(ctx context.Context, by *Run, updates []DisplayUpdate, logMost int64) (refused []error, err error) {
	refused = make([]error, len(updates))
	err = y.inTx(ctx, "update displays", func(tx *tx) error {
		if err := tx.mustRun(by.ID); err != nil {
			return err
		}
		for i, u := range updates {
			if refused[i], err = tx.updateDisplay(by, u, logMost); err != nil {
				return err
			}
		}
		return tx.hint(Hint{Notebook: by.notebook()})
	})
	return refused, err
}

// earlierRun is a run of the same owner and notebook that is over and whose
// outputs live.
const earlierRun = `runs.id = @run AND runs.user_id = @owner AND runs.notebook_id = @notebook AND runs.state = 'done' AND runs.expires_at > now()
	AND EXISTS (SELECT FROM outputs WHERE run_id = runs.id AND seq = @seq AND stream = 'display')`

// updateDisplay is one statement. The rows that it removes are those that were
// there before it.
func (tx *tx) updateDisplay(by *Run, u DisplayUpdate, logMost int64) (refused, err error) {
	bundle := storableBundle(u.Bundle)
	text, err := json.Marshal(bundle)
	if err != nil {
		return nil, err
	}
	args := map[string]any{
		"run": u.Run, "seq": u.Seq, "owner": by.UserID, "notebook": by.notebook(), "bundle": string(text), "most": logMost,
		"size": Output{Bundle: bundle}.Weight(),
	}
	done := tx.db.Exec(`WITH shown AS (SELECT coalesce(sum(octet_length(media) + octet_length(data)), 0) AS size
			FROM outputs CROSS JOIN jsonb_each_text(bundle) AS form (media, data) WHERE run_id = @run AND (seq = @seq OR replaces = @seq)),
		held AS (UPDATE runs SET changes = changes + 1, log_bytes = log_bytes + @size - shown.size FROM shown
			WHERE `+earlierRun+` AND log_bytes + @size - shown.size <= @most RETURNING runs.id),
		older AS (DELETE FROM outputs USING held WHERE run_id = held.id AND replaces = @seq),
		base AS (UPDATE outputs SET bundle = NULL FROM held WHERE run_id = held.id AND seq = @seq AND bundle IS NOT NULL)
		INSERT INTO outputs (run_id, seq, stream, bundle, replaces, description)
			SELECT id, (SELECT max(seq) FROM outputs WHERE run_id = @run) + 1, 'display', CAST(@bundle AS jsonb), CAST(@seq AS integer),
				(SELECT description FROM outputs WHERE run_id = @run AND (seq = @seq OR replaces = @seq) ORDER BY seq DESC LIMIT 1) FROM held`, args)
	if done.Error != nil || done.RowsAffected > 0 {
		return nil, done.Error
	}
	var stands bool
	err = tx.db.Raw("SELECT EXISTS (SELECT FROM runs WHERE "+earlierRun+")", args).Scan(&stands).Error
	if stands {
		return &Error{Code: OverLimit, Message: "What the cell keeps would be too large."}, err
	}
	return Gone("The display is not there any more."), err
}
