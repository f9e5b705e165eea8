package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"mayfly/sandbox"
)

// ready runs the program in a kernel of the pool, while that has one: from the
// claim to the verdict and the bytes of the files.
func (n *node) ready(ctx context.Context, p program, _ int) (func() error, error) {
	return n.alone(ctx, p, sandbox.Spec{Limits: sandbox.DefaultLimits(), KeepFigures: true})
}

// born runs the program in a kernel that is made for it, as one that is given
// files is: from the fork on.
func (n *node) born(ctx context.Context, p program, _ int) (func() error, error) {
	empty := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
	given := []sandbox.Input{{Name: "given.txt", Open: empty}}
	return n.alone(ctx, p, sandbox.Spec{Limits: sandbox.DefaultLimits(), KeepFigures: true, Inputs: given})
}

func (n *node) alone(ctx context.Context, p program, spec sandbox.Spec) (after func() error, err error) {
	kernel, err := n.wall.Open(ctx, spec)
	if err != nil {
		return nil, err
	}
	after = func() error { return kernel.Close(ctx) }
	said := &heard{}
	result, err := kernel.Exec(ctx, p.code, said)
	if err == nil && (result.Ending != sandbox.OK || said.String() != p.says) {
		err = fmt.Errorf("it ended %s and said %q", result.Ending, said)
	}
	files := 0
	for made, fault := range kernel.Produced(ctx) {
		if fault == nil && made.Refused == "" {
			files++
			_, fault = io.Copy(io.Discard, made.Content)
			fault = errors.Join(fault, made.Content.Close())
		}
		err = errors.Join(err, fault)
	}
	if err == nil && files != len(p.files) {
		err = fmt.Errorf("it made %d files", files)
	}
	if err != nil {
		return nil, errors.Join(err, after())
	}
	return after, nil
}

// heard keeps what a program prints.
type heard struct{ strings.Builder }

// Emit takes one piece.
func (h *heard) Emit(o sandbox.Output) error {
	h.WriteString(o.Text)
	return nil
}

// Input has no answer.
func (h *heard) Input(context.Context, sandbox.Question) (string, error) { return "", io.EOF }
