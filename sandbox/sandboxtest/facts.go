package sandboxtest

import (
	"testing"
	"time"

	"mayfly/sandbox"
)

func factChecks() []check {
	return []check{
		{"FactsOfTime", factsOfTime},
		{"FactsOfMemory", factsOfMemory},
		{"FilesAndProgramApart", filesAndProgramApart},
		{"ProgramHasNoneOfTheFilesShare", programHasNoneOfTheFilesShare},
		{"OneCoreEach", oneCoreEach},
	}
}

func factsOfTime(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	busy, _ := exec(t, k, "import time\nuntil = time.process_time() + 0.4\nwhile time.process_time() < until: pass")
	if busy.CPU < 350*time.Millisecond || busy.Wall < 350*time.Millisecond || busy.CPU > 3*time.Second {
		t.Errorf("0.4 s of work: wall %s, cpu %s", busy.Wall, busy.CPU)
	}
	idle, _ := exec(t, k, "time.sleep(0.4)")
	if idle.Wall < 400*time.Millisecond || idle.CPU > 200*time.Millisecond {
		t.Errorf("0.4 s of sleep: wall %s, cpu %s (of this Exec, not of all before)", idle.Wall, idle.CPU)
	}
	child, _ := exec(t, k, "import subprocess\nsubprocess.run(['sh', '-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'])")
	if child.CPU < 50*time.Millisecond {
		t.Errorf("a child's work is not counted: cpu %s", child.CPU)
	}
}

func factsOfMemory(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	small, _ := exec(t, k, "1")
	large, d := exec(t, k, "held = bytearray(150 << 20)\nfor i in range(0, len(held), 4096): held[i] = 1")
	wantEnding(t, large, d, sandbox.OK, 0)
	if small.PeakMemory <= 0 || small.PeakMemory > 100<<20 {
		t.Errorf("peak of a trivial run is %d MiB", small.PeakMemory>>20)
	}
	if large.PeakMemory < 150<<20 || large.PeakMemory > 400<<20 {
		t.Errorf("peak with 150 MiB held is %d MiB", large.PeakMemory>>20)
	}
}

// apart are limits under which the program's share is the smaller one.
func apart() sandbox.Limits { return sandbox.Limits{Memory: 128 << 20, BytesMax: 300_000_000} }

// filesAndProgramApart: files do not take from the program, whatever comes and
// goes.
func filesAndProgramApart(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Limits: apart()})
	result, d := exec(t, k, `import os
held = b'1' * (90 << 20)
for name in 'abc':
    with open(name, 'wb') as f:
        for _ in range(280): f.write(bytes(1 << 20))
    if name != 'c': os.remove(name)
print(os.path.getsize('c') >> 20, len(held) >> 20)`)
	wantEnding(t, result, d, sandbox.OK, 0)
	wantText(t, d, sandbox.Stdout, "280 90\n")
	if result.PeakMemory < 350<<20 {
		t.Errorf("the peak with 90 MiB held and 280 MiB in a file is %d MiB", result.PeakMemory>>20)
	}
}

// programHasNoneOfTheFilesShare: a program that writes no file ends at its own
// limit, be it by its heap, by shared memory, or by children; also one that
// stands still there.
func programHasNoneOfTheFilesShare(t *testing.T, s *suite) {
	for _, code := range []string{
		"held = []\nwhile True: held.append(bytearray(b'1' * (1 << 20)))",
		"held = b'1' * (250 << 20)\nimport time\ntime.sleep(50)",
		"import mmap, time\nheld = mmap.mmap(-1, 250 << 20)\nheld.write(b'1' * (50 << 20)); held.write(b'1' * (50 << 20)); held.write(b'1' * (50 << 20))\ntime.sleep(50)",
		"import os\nfd = os.memfd_create('x')\nwhile True: os.write(fd, bytes(1 << 20))",
	} {
		result, d := s.run(t, sandbox.Spec{Limits: apart()}, code)
		wantEnding(t, result, d, sandbox.OutOfMemory, 137)
		wantPart(t, "the note", d.text(sandbox.Note), "The program held ")
		if most := int64(280 << 20); result.PeakMemory > most {
			t.Errorf("%q came to %d MiB under a limit of 128", code, result.PeakMemory>>20)
		}
	}
}

// oneCoreEach: spinning processes together get no more than their share.
func oneCoreEach(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, `import os, time
until = time.monotonic() + 1.5
for _ in range(5):
    if os.fork() == 0: break
while time.monotonic() < until: pass
`)
	wantEnding(t, result, d, sandbox.OK, 0)
	if result.CPU > result.Wall*13/10 {
		t.Errorf("six spinning processes took %s of cpu in %s", result.CPU, result.Wall)
	}
}
