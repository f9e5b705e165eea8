package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime/pprof"
	"slices"
	"time"
)

// settings are what the command line says.
type settings struct {
	rounds   int
	load     time.Duration
	files    int
	server   string
	runtime  string
	programs string
	who      string
	profile  string

	phases     bool
	statements bool
	api        bool
	notebook   bool
	pages      bool
	browser    bool
}

func main() {
	var s settings
	flag.IntVar(&s.rounds, "n", 30, "how often each contender does each program while nothing else is done (the server takes 60 runs a minute of one person)")
	flag.DurationVar(&s.load, "load", 3*time.Second, "how long each number at once is kept up; 0 leaves throughput out")
	flag.IntVar(&s.files, "files", 5000, "how many files the sweep takes away; 0 leaves it out")
	flag.StringVar(&s.server, "server", "bin/mayfly", "the program that is measured over HTTP")
	flag.StringVar(&s.runtime, "runtime", runtimeFolder(), "the Python runtime (MAYFLY_RUNTIME)")
	flag.StringVar(&s.programs, "programs", "", "only programs whose name this regular expression finds")
	flag.StringVar(&s.who, "contenders", "", "only contenders whose name this regular expression finds")
	flag.StringVar(&s.profile, "profile", "", "writes a CPU profile of this process (jail, runner, store) there")
	flag.BoolVar(&s.phases, "phases", false, "only where the time of a run goes, and of a warm cell, from Submit to Await")
	flag.BoolVar(&s.statements, "statements", false, "with -phases: also what the database was asked in the last run")
	flag.BoolVar(&s.notebook, "notebook", false, "only notebooks: pages of 30 cells, and 2,000 open streams of 200 people")
	flag.BoolVar(&s.api, "api", false, "only the API: lists, facts and refusals under load, and POST /execute beside the bare interpreter")
	flag.BoolVar(&s.pages, "pages", false, "only the pages that people look at most, under load")
	flag.BoolVar(&s.browser, "browser", false, "only what somebody at a browser waits for: pages, keys, the output of a run; -programs chooses among loads, keys and runs, -profile begins the names of traces")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx, s); err != nil {
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

// contender does programs in its own way. Several workers may call it at once,
// each with its own number from 0.
type contender struct {
	name string
	// do returns when the program's result is there. What is left to be done
	// then is after, which may be nil: no latency counts it, throughput does.
	do func(ctx context.Context, p program, worker int) (after func() error, err error)
}

func bench(ctx context.Context, s settings) (err error) {
	if s.notebook {
		return benchNotebook(ctx, s)
	}
	if s.api {
		return benchAPI(ctx, s)
	}
	if s.pages {
		return benchPages(ctx, s)
	}
	if s.browser {
		return benchBrowser(ctx, s)
	}
	below, err := startNode(ctx, s.runtime)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, below.close()) }()
	warm := newCells(below)
	if s.phases {
		return inPhases(ctx, s, below, warm)
	}
	above, err := startServer(ctx, s.server, s.runtime)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, above.close()) }()
	stop, err := profile(s.profile)
	if err != nil {
		return err
	}
	defer stop()
	printMachine(os.Stdout)
	time.Sleep(10 * breath) // until the pool is full
	if err := printIdle(os.Stdout); err != nil {
		return err
	}
	all := []contender{
		{"bin/python, no walls, nothing kept", bare(s.runtime)},
		{bwrapBare, wrapped(s.runtime)},
		{jailReady, below.ready},
		{"jail alone, a kernel born for it", below.born},
		{"product: Submit to Await", below.do},
		{"product: a warm cell of a notebook", warm.do},
		{overHTTP, above.do},
	}
	if err := contest(ctx, s, all); err != nil {
		return err
	}
	return below.sweep(ctx, s.files)
}

// Names that others go by.
const (
	bwrapBare = "bwrap + bin/python, nothing kept"
	jailReady = "jail alone, a ready kernel"
	overHTTP  = "product over HTTP: POST to done"
)

// contest has the chosen contenders do the chosen programs.
func contest(ctx context.Context, s settings, all []contender) error {
	which, err := regexp.Compile(s.programs)
	if err != nil {
		return err
	}
	who, err := regexp.Compile(s.who)
	if err != nil {
		return err
	}
	var contenders []contender
	for _, c := range all {
		if who.MatchString(c.name) {
			contenders = append(contenders, c)
		}
	}
	for _, p := range chosen(which) {
		scores, err := inTurns(ctx, contenders, p, s.rounds)
		if err == nil && s.load > 0 {
			err = underLoad(ctx, contenders, p, s.load, scores)
		}
		if err != nil {
			return err
		}
		printTable(os.Stdout, p.name, scores)
	}
	return nil
}

func chosen(which *regexp.Regexp) []program {
	return slices.DeleteFunc(programs(), func(p program) bool { return !which.MatchString(p.name) })
}

// inPhases says where the time of a one-shot and of a warm cell goes.
func inPhases(ctx context.Context, s settings, below *node, warm *cells) error {
	which, err := regexp.Compile(s.programs)
	if err != nil {
		return err
	}
	printMachine(os.Stdout)
	for _, who := range []contender{{"one-shot", below.do}, {"warm cell", warm.do}} {
		if err := below.clock.phases(ctx, s, who, chosen(which), os.Stdout); err != nil {
			return err
		}
	}
	return nil
}

// breath lies between two turns: what one leaves to be done after its answer
// (a kernel's end, the next one's start) shall not weigh on another.
const breath = 200 * time.Millisecond

// inTurns lets each contender do the program once before anything counts, and
// then all of them in turns, so that a slow moment of the machine meets all.
func inTurns(ctx context.Context, contenders []contender, p program, rounds int) ([]score, error) {
	scores := make([]score, len(contenders))
	for i, c := range contenders {
		scores[i].name = c.name
	}
	for round := range rounds + 1 {
		for i, c := range contenders {
			began := time.Now()
			after, err := c.do(ctx, p, 0)
			took := time.Since(began)
			if err == nil && after != nil {
				err = after()
			}
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.name, p.name, err)
			}
			if round > 0 {
				scores[i].took = append(scores[i].took, took)
			}
			time.Sleep(breath)
		}
	}
	return scores, nil
}

func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}
