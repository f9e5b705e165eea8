package jail

import (
	"errors"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"

	"mayfly/sandbox"
)

const exceptionMax = 1 << 10

var (
	errImmortal = errors.New("the kernel did not die when it was killed")
	errOrphaned = errors.New("the kernel ended with the zygote")
)

// verdict says how the turn ended, in the order of sandbox.md: what we
// stopped, what the memory limit did, how the process ended, how the code did.
func (t *turn) verdict() (sandbox.Result, error) {
	t.drain(2 * pipeMax)
	if t.fault == nil && t.done == nil {
		t.fault = t.awaitEnd()
	}
	wall := t.wall()
	use, err := t.k.ward.spent()
	if t.fault = errors.Join(t.fault, err); t.fault != nil {
		return sandbox.Result{}, t.fault
	}
	for _, c := range []*channel{&t.out, &t.err} {
		t.emit(sandbox.Output{Stream: c.stream, Text: c.text.end()})
	}
	r := sandbox.Result{Wall: wall, CPU: use.cpu - t.before.cpu, PeakMemory: use.peak, OutputBytes: t.written}
	if t.done != nil {
		r.Names = t.done.names()
	}
	t.judge(&r, use)
	return r, t.fault
}

// awaitEnd waits for the report on a kernel that is dead or dying.
func (t *turn) awaitEnd() error {
	slow := time.NewTimer(burialMax)
	defer slow.Stop()
	select {
	case <-t.k.ended:
	case <-slow.C:
		return errImmortal
	}
	t.drain(2 * pipeMax)
	t.k.mu.Lock()
	defer t.k.mu.Unlock()
	if t.k.status == goneWithZygote {
		return errOrphaned
	}
	return nil
}

func (t *turn) judge(r *sandbox.Result, use spent) {
	oom := use.oomKills > t.before.oomKills
	switch {
	case t.breach != "":
		t.note("The code %s, so its interpreter was ended.", t.breach)
		end(r, sandbox.Killed, 137)
	case t.stop != "":
		t.judgeStop(r)
	case t.done != nil:
		t.judgeCode(r, oom)
	default:
		t.judgeDeath(r, oom, use)
	}
}

func (t *turn) judgeStop(r *sandbox.Result) {
	switch {
	case t.killed:
		t.note("The code did not stop within %s of being asked, so its interpreter was ended.", grace)
	case t.done != nil && t.done.Raised && t.done.Line > 0:
		t.note("It was at line %d.", t.done.Line)
	}
	codes := map[sandbox.Ending]int{sandbox.TimedOut: 124, sandbox.OutputCap: 125, sandbox.Interrupted: 130}
	end(r, t.stop, codes[t.stop])
}

// judgeCode believes the guest about its own code: it can only spoil its own
// run.
func (t *turn) judgeCode(r *sandbox.Result, oom bool) {
	if oom {
		t.note("A process that the code started was ended at the memory limit; the interpreter itself goes on.")
	}
	if !t.done.Raised {
		end(r, sandbox.OK, 0)
		return
	}
	t.emit(sandbox.Output{Stream: sandbox.Failure, Text: valid(t.done.Failure)})
	end(r, sandbox.Raised, 1)
	if t.done.Code > 0 && t.done.Code < 256 {
		r.ReturnCode = t.done.Code
	}
	r.Exception = oneLine(t.done.Exception, exceptionMax)
	r.Line = max(0, t.done.Line)
}

func (t *turn) judgeDeath(r *sandbox.Result, oom bool, use spent) {
	t.k.mu.Lock()
	status := syscall.WaitStatus(t.k.status)
	t.k.mu.Unlock()
	switch {
	case status.Signaled() && oom && status.Signal() == syscall.SIGKILL:
		// The dead program's memory is gone, its files are still there.
		t.note("The program held %s of memory, and the files in its folders %s.", size(use.peak-use.files), size(use.files))
		end(r, sandbox.OutOfMemory, 137)
	case status.Signaled():
		end(r, sandbox.Killed, 137)
		r.Signal = int(status.Signal())
	default:
		t.note("The code ended its own interpreter, with exit code %d.", status.ExitStatus())
		end(r, sandbox.Killed, 137)
	}
}

func size(bytes int64) string { return humanize.IBytes(uint64(max(0, bytes))) }

func end(r *sandbox.Result, how sandbox.Ending, code int) { r.Ending, r.ReturnCode = how, code }
