package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	rounds := flag.Int("n", 30, "how often each contender does each program (the server takes 60 runs a minute of one person)")
	files := flag.Int("files", 5000, "how many files the sweep takes away")
	server := flag.String("server", "bin/mayfly", "the program that is measured over HTTP")
	runtime := flag.String("runtime", runtimeFolder(), "the Python runtime (MAYFLY_RUNTIME)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx, *rounds, *files, *server, *runtime); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func runtimeFolder() string {
	if folder := os.Getenv("MAYFLY_RUNTIME"); folder != "" {
		return folder
	}
	return "/opt/mayfly/python"
}

// contender does a program's work and returns when its result is there.
type contender struct {
	name string
	do   func(ctx context.Context, p program) error
}

func bench(ctx context.Context, rounds, files int, server, runtime string) (err error) {
	below, err := startNode(ctx, runtime)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, below.close()) }()
	above, err := startServer(ctx, server, runtime)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, above.close()) }()
	contenders := []contender{
		{"bin/python, no walls, nothing kept", bare(runtime)},
		{"Mayfly below HTTP: Submit to Await", below.do},
		{"Mayfly over HTTP: POST to the event done", above.do},
	}
	for _, p := range programs() {
		took, err := inTurns(ctx, contenders, p, rounds)
		if err != nil {
			return err
		}
		printTable(os.Stdout, p.name, rounds, contenders, took)
	}
	return below.sweep(ctx, files)
}

// breath lies between two turns: what one leaves to be done after its answer
// (a kernel's end, the next one's start) shall not weigh on another.
const breath = 200 * time.Millisecond

// inTurns lets each contender do the program once before anything counts, and
// then all of them in turns, so that a slow moment of the machine meets all.
func inTurns(ctx context.Context, contenders []contender, p program, rounds int) ([][]time.Duration, error) {
	took := make([][]time.Duration, len(contenders))
	for round := range rounds + 1 {
		for i, c := range contenders {
			began := time.Now()
			if err := c.do(ctx, p); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.name, p.name, err)
			}
			if round > 0 {
				took[i] = append(took[i], time.Since(began))
			}
			time.Sleep(breath)
		}
	}
	return took, nil
}
