package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"mayfly/models"
)

type runInput struct {
	WithKey
	Body wireRunRequest
}

func (in *runInput) subject() models.UserID { return named(in.Body.UserID) }

// asked is the request in the same words, however its JSON was written.
func (in *runInput) asked() ([]byte, error) {
	words, err := json.Marshal(in.Body, json.Deterministic(true))
	if err != nil {
		return nil, models.Invalid("The request holds text that is not valid UTF-8.")
	}
	return words, nil
}

type (
	resultOutput struct{ Body wireResult }
	runOutput    struct{ Body wireRun }
)

// execute runs code and waits for the result.
func (a *API) execute(c *call, in *runInput) (*resultOutput, error) {
	run, err := a.submit(c, in)
	if err != nil {
		return nil, err
	}
	if run, err = a.await(c, run); err != nil {
		return nil, err
	}
	// The token or the link may have been taken back while the code ran.
	if err := a.stillPermits(c.ctx, c.token, models.ScopeRun, c.owner); err != nil {
		return nil, err
	}
	result, err := a.result(c.ctx, c.owner, run, in.Body.IncludeData)
	return &resultOutput{result}, err
}

func (a *API) submit(c *call, in *runInput) (*models.Run, error) {
	if words := a.Refusing(); words != "" {
		return nil, &models.Error{Code: models.Unavailable, Message: words}
	}
	words, err := in.asked()
	if err != nil {
		return nil, err
	}
	asked := models.NewRun{Code: in.Body.Code, Source: models.FromAPI, By: c.token, Once: in.once("run", words)}
	for _, id := range in.Body.UserFiles {
		asked.Files = append(asked.Files, models.FileID(id))
	}
	if in.Body.Timeout != nil {
		asked.Wall = max(1, time.Duration(*in.Body.Timeout*float64(time.Second)))
	}
	if in.Body.Stdin != nil {
		asked.Stdin = *in.Body.Stdin
	}
	return a.Runner.Submit(c.ctx, c.owner, asked)
}

// queueTime is how long a call may wait for its turn, beyond the time of the run.
const queueTime = 10 * time.Minute

// await waits for the run's end. Busy means that it still waits or runs.
func (a *API) await(c *call, run *models.Run) (*models.Run, error) {
	ctx, cancel := context.WithTimeout(c.ctx, run.WallLimit+queueTime)
	defer cancel()
	done, err := a.Runner.Await(ctx, c.owner, run.ID)
	if errors.Is(err, context.DeadlineExceeded) && c.ctx.Err() == nil {
		return nil, &models.Error{Code: models.Busy, Message: "The run still waits for its turn. Ask for it with GET " + Base + "/runs/" + string(run.ID) + "."}
	}
	return done, err
}

// stillPermits asks anew about a token that was let in earlier.
func (a *API) stillPermits(ctx context.Context, token *models.Token, scope models.Scope, owner models.UserID) error {
	if err := a.Store.Holds(ctx, token.ID); err != nil {
		return err
	}
	_, err := a.Store.Permit(ctx, token, scope, owner)
	return err
}

// startRun queues code and does not wait.
func (a *API) startRun(c *call, in *runInput) (*runOutput, error) {
	run, err := a.submit(c, in)
	if err != nil {
		return nil, err
	}
	c.w.Header().Set("Location", Base+"/runs/"+string(run.ID))
	out, err := a.run(c.ctx, c.owner, run, in.Body.IncludeData)
	return &runOutput{out}, err
}

type runByID struct {
	ForUser
	ID          string `path:"id" doc:"The id of the run."`
	IncludeData bool   `query:"include_data" doc:"Send the bytes of the generated files along, up to 8 MB in all."`
}

func (a *API) getRun(c *call, in *runByID) (*runOutput, error) {
	run, err := a.Store.Run(c.ctx, c.owner, models.RunID(in.ID))
	if err != nil {
		return nil, err
	}
	out, err := a.run(c.ctx, c.owner, run, &in.IncludeData)
	return &runOutput{out}, err
}

type byID struct {
	ForUser
	ID string `path:"id" doc:"Its id."`
}

type nothing struct{}

func (a *API) interrupt(c *call, in *byID) (*nothing, error) {
	return nil, a.Runner.Interrupt(c.ctx, c.owner, models.RunID(in.ID))
}

// idOf is the id in the path of an operation that is not typed.
func idOf(r *http.Request) string { return r.PathValue("id") }
