package runner

import (
	"context"
	"slices"

	"mayfly/models"
)

// makeRoom ends idle kernels, the one that was idle longest first, until the
// machine has memory for one more run. It is asked before a kernel is opened, so
// that a run never fails for what nobody uses. A kernel that serves a run is
// never ended.
func (k *keeper) makeRoom(ctx context.Context) {
	idle := slices.DeleteFunc(k.all(), func(l *liveKernel) bool { return l.idleSince().IsZero() })
	if len(idle) == 0 {
		return // nothing to look for: a one-shot pays nothing
	}
	slices.SortFunc(idle, func(a, b *liveKernel) int { return a.idleSince().Compare(b.idleSince()) })
	for _, l := range idle {
		spare, err := k.Sandbox.Spare()
		if err != nil {
			k.Logger.Error("the machine does not tell its memory", "cause", err)
			return
		}
		if spare >= k.Limits.Memory {
			return
		}
		if k.endIdle(ctx, l, models.EndedEvicted) {
			k.Logger.Warn("an idle kernel was closed: the machine is short of memory", "kernel", l.row.ID, "notebook", l.row.NotebookID, "spare", spare)
		}
	}
}
