package sandboxtest

import (
	"testing"
	"time"

	"mayfly/sandbox"
)

// deaths are endings that are easily taken for one another.
func deaths() []ending {
	const child = "import subprocess, sys\nprint(subprocess.run(['sh', '-c', 'kill -9 $$']).returncode)"
	return []ending{
		{name: "MemoryErrorOfTheCode", code: "raise MemoryError('mine')", want: sandbox.Raised, rc: 1, exception: "MemoryError: mine", line: 1},
		{name: "MemoryErrorOfNumpy", code: "import numpy as np\nnp.ones(10**13)", want: sandbox.Raised, rc: 1, exception: "MemoryError: Unable to allocate", line: 2},
		{name: "OutOfMemoryInAnImport", code: "open('greedy.py', 'w').write('held = bytes(1) * (600 << 20) + bytes([1]) * (600 << 20)')\nimport greedy", limits: tight(), want: sandbox.OutOfMemory, rc: 137},
		{name: "OutOfMemoryInAThread", code: "import threading\ndef fill():\n    held = b'1' * (600 << 20)\nt = threading.Thread(target=fill)\nt.start()\nt.join()", limits: tight(), want: sandbox.OutOfMemory, rc: 137},
		{name: "OutOfMemoryByFiles", code: "held = b'1' * (115 << 20)\nwith open('f', 'wb') as f: f.write(bytes(7 << 20))\nheld += b'1' * (100 << 20)", limits: tight(), want: sandbox.OutOfMemory, rc: 137},
		{name: "FullWorkspace", code: "f = open('f', 'wb')\nwhile True: f.write(bytes(1 << 20))", limits: tight(), want: sandbox.Raised, rc: 1, exception: "OSError: [Errno 28] No space left on device", line: 2},
		{name: "TooManyThreads", code: "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", limits: sandbox.Limits{Pids: 32}, want: sandbox.Raised, rc: 1, exception: "RuntimeError: can't start new thread", line: 2},
		{name: "TooManyFiles", code: "held = []\nwhile True: held.append(open('/dev/null'))", want: sandbox.Raised, rc: 1, exception: "OSError: [Errno 24] Too many open files", line: 2},
		{name: "Recursion", code: "def f(): f()\nf()", want: sandbox.Raised, rc: 1, exception: "RecursionError", line: 1},
		{name: "OwnSignalsDoNotKill", code: "import os\nfor number in (9, 15, 1, 19): os.kill(os.getpid(), number)", want: sandbox.OK},
		{name: "KilledByAbort", code: "import os\nos.abort()", want: sandbox.Killed, rc: 137, signal: 11}, // process 1 cannot die of SIGABRT
		{name: "KilledByBus", code: "import mmap\nf = open('f', 'w+b')\nf.truncate(8192)\nm = mmap.mmap(f.fileno(), 8192)\nf.truncate(0)\nm[4096]", want: sandbox.Killed, rc: 137, signal: 7},
		{name: "KilledInAThread", code: "import os, threading\nt = threading.Thread(target=os._exit, args=(3,))\nt.start()\nt.join()", want: sandbox.Killed, rc: 137},
		{name: "ChildKilled", code: child, want: sandbox.OK},
		{name: "ChildSegfaults", code: "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import ctypes; ctypes.string_at(0)'])", want: sandbox.OK},
		{name: "ExitInAThread", code: "import sys, threading\nt = threading.Thread(target=sys.exit, args=(3,))\nt.start()\nt.join()", want: sandbox.OK},
		{name: "ExitBelowZero", code: "import sys\nsys.exit(-1)", want: sandbox.Raised, rc: 255},
		{name: "ExitTooLarge", code: "import sys\nsys.exit(256)", want: sandbox.Raised, rc: 1},
		{name: "TimedOutThoughItCatches", code: "try:\n    while True: pass\nexcept KeyboardInterrupt: print('caught')", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
		{name: "TimedOutThoughItRaises", code: "try:\n    while True: pass\nexcept KeyboardInterrupt: raise ValueError", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
		{name: "TimedOutThoughItExits", code: "import os\ntry:\n    while True: pass\nexcept KeyboardInterrupt: os._exit(0)", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
		{name: "TimedOutInAChild", code: "import subprocess\nsubprocess.run(['sleep', '60'])", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
	}
}

// checkFacts: the numbers of a result fit its ending.
func (e ending) checkFacts(t *testing.T, r sandbox.Result) {
	t.Helper()
	if r.Wall <= 0 || r.CPU <= 0 || r.PeakMemory <= 0 || r.OutputBytes < 0 {
		t.Errorf("facts that cannot be: %+v", r)
	}
	// One core each, and what a tick more or less is.
	if most := r.Wall*3/2 + 500*time.Millisecond; r.CPU > most {
		t.Errorf("%s of processor time in %s", r.CPU, r.Wall)
	}
	switch {
	case r.Ending == sandbox.TimedOut && (r.Wall < e.limits.Wall || r.Wall > e.limits.Wall+overtime):
		t.Errorf("timed out after %s with a limit of %s", r.Wall, e.limits.Wall)
	case r.Ending == sandbox.OutOfMemory && r.PeakMemory < e.limits.Memory*9/10:
		t.Errorf("out of memory at %d MiB of %d", r.PeakMemory>>20, e.limits.Memory>>20)
	case r.Ending == sandbox.OutputCap && r.OutputBytes <= e.limits.OutputMax:
		t.Errorf("stopped at %d bytes of output, with a limit of %d", r.OutputBytes, e.limits.OutputMax)
	case r.Ending != sandbox.OutOfMemory && e.limits.Memory > 0 && r.PeakMemory > e.limits.Memory+e.limits.BytesMax+(16<<20):
		t.Errorf("a peak of %d MiB", r.PeakMemory>>20)
	}
}

// childOutOfMemory: a child that is ended at the memory limit is told of, and
// is not the interpreter's own end; nor is it told of again.
func childOutOfMemory(t *testing.T, s *suite) {
	// The operating system ends the largest, and counts with an interpreter what
	// it shares with its parent: the limit is the product's.
	k := s.open(t, sandbox.Spec{})
	result, d := exec(t, k, "import subprocess, sys\nx = 5\nprint(subprocess.run([sys.executable, '-c', 'held = b\"1\" * (900 << 20)']).returncode)")
	wantEnding(t, result, d, sandbox.OK, 0)
	wantText(t, d, sandbox.Stdout, "-9\n")
	wantText(t, d, sandbox.Note, "A process that the code started was ended at the memory limit; the interpreter itself goes on.")
	if result.PeakMemory < 400<<20 {
		t.Errorf("the peak is %d MiB", result.PeakMemory>>20)
	}
	d = must(t, k, "print(x)")
	wantText(t, d, sandbox.Stdout, "5\n")
	wantText(t, d, sandbox.Note, "")
	// The interpreter's own end is one, also after that.
	result, d = exec(t, k, "held = b'1' * (900 << 20)")
	wantEnding(t, result, d, sandbox.OutOfMemory, 137)
}
