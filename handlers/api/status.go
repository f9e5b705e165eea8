package api

import (
	"cmp"

	"mayfly/models"
)

type (
	deletedOutput struct{ Body wireDeleted }
	statusOutput  struct{ Body wireStatus }
)

func (a *API) cleanup(c *call, _ *ForUser) (*deletedOutput, error) {
	n, err := a.Vault.Sweep(c.ctx)
	return &deletedOutput{wireDeleted{n}}, err
}

func (a *API) status(c *call, _ *ForUser) (*statusOutput, error) {
	words := cmp.Or(a.Refusing(), a.Warming())
	out := &statusOutput{wireStatus{
		Version: a.Version, Python: a.Python, Ready: words == "", Message: words, Limits: a.limits(), Packages: []wirePackage{},
	}}
	for _, p := range a.Packages() {
		out.Body.Packages = append(out.Body.Packages, wirePackage(p))
	}
	if c.owner == "" {
		return out, nil
	}
	u, err := a.Store.Usage(c.ctx, c.owner)
	out.Body.Totals = &wireTotals{Files: u.Files, Bytes: u.Bytes, Running: u.Kernels, Queued: u.Queued}
	return out, err
}

func (a *API) limits() wireLimits {
	l := a.Store.Limits()
	return wireLimits{
		Timeout: l.Wall.Seconds(), TimeoutMax: l.WallMax.Seconds(), Memory: l.Memory, Processes: a.Run.Pids, OutputMax: a.Run.OutputMax,
		FileMax: a.Run.FileMax, RunFilesMax: a.Run.FilesMax, RunBytesMax: a.Run.BytesMax, UserBytesMax: l.UserBytes,
		UserFilesMax: l.UserFiles, UserQueueMax: l.UserQueue, FileLifetime: l.FileLifetime.Seconds(), ExtendMax: extendMax(l), IncludeDataMax: dataMax,
	}
}

// extendMax is 0 where the cap leaves nothing to extend.
func extendMax(l models.Limits) float64 {
	if l.ExtendCap <= l.FileLifetime {
		return 0
	}
	return l.ExtendCap.Seconds()
}
