package handlers

import (
	"time"

	"mayfly/models"
	"mayfly/views"
)

func (a *App) kernelView(n *models.Notebook) views.KernelView {
	v := views.KernelView{State: "none", Idle: a.Runner.KernelIdle, Limit: a.Limits.Memory}
	k := n.Kernel
	if k == nil {
		return v
	}
	v.Names, v.Left, v.Why, v.Lost = k.Names, k.Left(), k.Sentence(), k.Lost()
	v.State = kernelState(k)
	if !k.Alive() {
		return v
	}
	v.Lost = ""
	var at time.Time
	for _, c := range n.Cells {
		if r := c.Last; ranIn(k, r) && r.FinishedAt != nil && r.FinishedAt.After(at) {
			at, v.Memory = *r.FinishedAt, r.PeakMemory
		}
	}
	return v
}

// ranIn reports whether a run is, or was, in this kernel, which lives. A kernel is
// younger than the run for which it was opened.
func ranIn(k *models.Kernel, r *models.Run) bool {
	return k != nil && k.Alive() && r != nil && (r.FinishedAt == nil && r.StartedAt != nil || r.FinishedAt != nil && r.FinishedAt.After(k.StartedAt))
}

// leftBehind says in what way the interpreter that a run was in is gone; "" while
// it is not.
func leftBehind(k *models.Kernel, r *models.Run) string {
	switch {
	case !k.LeftBehind(r):
		return ""
	case k.Alive() || r.FinishedAt.Before(k.StartedAt):
		return "earlier"
	case k.Why == models.EndedRestarted:
		return "restart"
	}
	return "lost"
}

func kernelState(k *models.Kernel) string {
	switch {
	case k.Alive() && k.Busy:
		return "busy"
	case k.Alive() && k.IdleUntil == nil:
		return "starting"
	case k.Alive():
		return "ready"
	case k.Why == models.EndedRestarted:
		return "none"
	case k.Asleep():
		return "asleep"
	}
	return "lost"
}
