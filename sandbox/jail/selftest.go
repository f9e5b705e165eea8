package jail

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"mayfly/sandbox"
)

//go:embed selftest.py
var selfTestCode string

// selfTest proves the wall on one real kernel before any user's code may run
// (SEC-34): what the code inside may not do, what this machine's own records
// say of its process, and that the memory limit kills.
func selfTest(ctx context.Context, z *zygote) (err error) {
	k, err := openKernel(ctx, z, sandbox.Spec{Limits: sandbox.Limits{
		Wall: 20 * time.Second, Memory: 64 << 20, Pids: 32, BytesMax: 8 << 20, InputsMax: 1 << 20,
	}}, false)
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	defer func() {
		if closing := k.Close(context.WithoutCancel(ctx)); closing != nil {
			err = errors.Join(err, fmt.Errorf("self-test: %w", closing))
		}
	}()
	for _, test := range []func(context.Context, *kernel) error{testRecords, testInside, testMemory} {
		if err := test(ctx, k); err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
	}
	return nil
}

// testInside has the kernel try what the wall forbids.
func testInside(ctx context.Context, k *kernel) error {
	known := []string{"PWD"} // bubblewrap's own
	for _, pair := range environment() {
		known = append(known, pair[0])
	}
	names, err := json.Marshal(known)
	if err != nil {
		return err
	}
	heard := &listener{}
	result, err := k.Exec(ctx, fmt.Sprintf("%s\n_self_test(%s)", selfTestCode, names), heard)
	if err != nil {
		return err
	}
	var faults map[string]string
	if result.Ending != sandbox.OK || json.Unmarshal([]byte(heard.out.String()), &faults) != nil {
		return fmt.Errorf("the checks did not run to their end (%s): %s", result.Ending, oneLine(heard.all.String(), 1000))
	}
	for _, stone := range slices.Sorted(maps.Keys(faults)) {
		return fmt.Errorf("%s: %s", stone, oneLine(faults[stone], 500))
	}
	return nil
}

// testMemory has the kernel take more memory than it may.
func testMemory(ctx context.Context, k *kernel) error {
	result, err := k.Exec(ctx, "held = [bytearray(1 << 20) for _ in range(1 << 10)]", &listener{})
	if err != nil {
		return err
	}
	if result.Ending != sandbox.OutOfMemory {
		return fmt.Errorf("memory limit: code that took 1 GB under a limit of 64 MB ended as %s", result.Ending)
	}
	return nil
}

func testRecords(_ context.Context, k *kernel) error { return k.ward.vet() }

// listener keeps what the self-test says.
type listener struct{ out, all strings.Builder }

func (l *listener) Emit(o sandbox.Output) error {
	if o.Stream == sandbox.Stdout {
		l.out.WriteString(o.Text)
	}
	l.all.WriteString(o.Text)
	return nil
}

func (l *listener) Input(context.Context, sandbox.Question) (string, error) { return "", io.EOF }
