package handlers

import (
	"context"
	"net/http"
	"strconv"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// asking is the state of a running run that waits for input, in views.
const asking = "asking"

// answer takes the answer to what a run asks.
func (a *App) answer(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(form.Get("question"), 10, 32)
	if err != nil || !form.Has("text") && !form.Has("end") {
		return models.Invalid("It is not said which question this answers. Reload the page and answer again.")
	}
	text := new(form.Get("text"))
	if form.Has("end") {
		text = nil
	}
	if err := a.Store.Answer(r.Context(), web.Owner(r), runID(r), int(number), text); err != nil {
		return err
	}
	if !web.WantsFragment(r) {
		return a.backToRun(w, r)
	}
	run, err := a.Store.Run(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	view := runFacts(run)
	if err := a.addQuestion(r.Context(), web.Owner(r), run, &view); err != nil {
		return err
	}
	return web.Render(w, r, nil, views.Answered(view))
}

// addQuestion reads what a run asks. An answer that came since the run was read
// lets it run on.
func (a *App) addQuestion(ctx context.Context, owner models.UserID, run *models.Run, v *views.RunView) error {
	if v.State != asking {
		return nil
	}
	q, err := a.Store.Question(ctx, owner, run.ID)
	if err != nil {
		return err
	}
	if q == nil {
		v.State = string(run.State)
		return nil
	}
	v.Question = &views.QuestionView{Number: q.Number, Prompt: q.Prompt, Secret: q.Secret, Until: q.Until}
	return nil
}

func stateOf(run *models.Run) string {
	if run.State == models.Running && run.AskedAt != nil {
		return asking
	}
	return string(run.State)
}
