// Package ecsfake is an Amazon ECS endpoint on loopback, for development and tests. It speaks the service's own protocol
// (AWS JSON 1.1) for RunTask, DescribeTasks, StopTask and RegisterTaskDefinition, so the SDK's client works against it
// unchanged. It is no emulator for production: nothing is authenticated, nothing survives the process.
//
//	fake, err := ecsfake.Start(ecsfake.Options{})
//	defer fake.Close()
//	fake.Define("job", "main", ecsfake.Exits(0, time.Minute))
//	client := fake.Client()
//
// A container is a local process (the entry point and command of its definition), a Go function ([Func]), or nothing but
// an outcome ([Exits], [Vanishes]): ten thousand tasks of the last kind cost no goroutine. Faults are programmed with
// [Server.Inject]. All waiting is on a [clock.Clock]: with a driven one, hours of a task's life pass at once and in the
// same order on every run.
package ecsfake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Options say how a [Server] behaves. The zero Options are a quick endpoint on the wall clock.
type Options struct {
	Clock   clock.Clock // nil is clock.Wall
	Seed    uint64      // of the ids; 0 gives other ids on every start
	Region  string      // empty is us-east-1
	Account string      // empty is 123456789012
	// Clusters are the names of the clusters that exist. If there are none, every cluster exists.
	Clusters []string
	Timing   Timing
	// StepFunctionsURL is what containers get as AWS_ENDPOINT_URL_SFN; see [Server.Setenv].
	StepFunctionsURL string
	// Inherit are the names of the environment variables that processes inherit; nil is PATH and HOME.
	Inherit []string
	// Output gets what processes write to standard output and standard error; nil discards it.
	Output io.Writer
}

// Timing says how long the stages of a task's life take. The zero Timing passes through them at once.
type Timing struct {
	Provisioning   time.Duration // in PROVISIONING
	Pending        time.Duration // in PENDING
	Deprovisioning time.Duration // in DEPROVISIONING
	// StopTimeout is how long a container may take to end after it was told to, before it is killed; 0 is 30 seconds
	// (docs/rules.md E39).
	StopTimeout time.Duration
	// Retention is how long DescribeTasks shows a stopped task; 0 is one hour (docs/rules.md E36).
	Retention time.Duration
	// ProcessHold is the real time for which a process holds a driven clock, from its start and again from each signal to
	// it; 0 is ten seconds. After it the clock moves on although the process still runs.
	ProcessHold time.Duration
}

// Server is an ECS endpoint. It is an [http.Handler]; made by [Start] it also listens.
type Server struct {
	options Options
	clock   clock.Clock
	ctx     context.Context
	cancel  context.CancelCauseFunc
	running sync.WaitGroup // the timeline, Go functions, processes and connections

	listener  net.Listener // nil if made by New
	http      *http.Server
	transport *http.Transport

	mu          sync.Mutex
	closed      bool
	random      *rand.Rand
	timeline    timeline
	definitions map[string][]*definition // of a family, in the order of revisions
	programs    map[programKey]Program
	environment map[string]string
	tasks       map[string]*task // by ARN
	order       []*task          // as they were started
	sweepAt     int              // the number of tasks at which those that are forgotten are dropped
	tokens      map[string]accepted
	rules       []*rule
	calls       map[Operation]*callLog
	requests    int
	output      *lockedWriter
}

var errClosed = errors.New("ecsfake: the server is closed")

// New returns a server that does not listen, for use as an [http.Handler].
func New(options Options) *Server {
	setDefault(&options.Clock, clock.Wall)
	setDefault(&options.Seed, rand.Uint64())
	setDefault(&options.Region, "us-east-1")
	setDefault(&options.Account, "123456789012")
	setDefault(&options.Timing.StopTimeout, 30*time.Second)
	setDefault(&options.Timing.Retention, time.Hour)
	setDefault(&options.Timing.ProcessHold, 10*time.Second)
	if options.Inherit == nil {
		options.Inherit = []string{"PATH", "HOME"}
	}
	s := &Server{
		options:     options,
		clock:       options.Clock,
		random:      rand.New(rand.NewPCG(options.Seed, 0)),
		definitions: map[string][]*definition{},
		programs:    map[programKey]Program{},
		environment: map[string]string{
			"AWS_REGION":            options.Region,
			"AWS_ACCESS_KEY_ID":     "ecsfake",
			"AWS_SECRET_ACCESS_KEY": "ecsfake",
		},
		tasks:  map[string]*task{},
		tokens: map[string]accepted{},
		calls:  map[Operation]*callLog{},
	}
	if options.Output != nil {
		s.output = &lockedWriter{w: options.Output}
	}
	if options.StepFunctionsURL != "" {
		s.Setenv("AWS_ENDPOINT_URL_SFN", options.StepFunctionsURL)
	}
	s.timeline.gate = s.clock.NewGate()
	s.ctx, s.cancel = s.clock.WithDeadline(context.Background(), time.Time{})
	s.running.Add(1)
	s.clock.Go(s.ctx, s.runTimeline)
	return s
}

func setDefault[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}

// Start returns a server that listens on a free port of 127.0.0.1.
func Start(options Options) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("ecsfake: %w", err)
	}
	s := New(options)
	s.listener = listener
	s.transport = &http.Transport{MaxIdleConnsPerHost: 100}
	s.http = &http.Server{
		Handler: s,
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.running.Add(1)
			case http.StateClosed:
				s.running.Done()
			}
		},
	}
	s.running.Go(func() { s.http.Serve(listener) })
	return s, nil
}

// URL returns the address of a server made by [Start], for an SDK client's BaseEndpoint or for AWS_ENDPOINT_URL_ECS.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Setenv sets an environment variable for all containers that start from now on, such as AWS_ENDPOINT_URL_SFN, the
// endpoint to which they send task tokens back. The task definition and the overrides of RunTask can set it otherwise.
func (s *Server) Setenv(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.environment[name] = value
}

// Close stops listening, ends the contexts of Go functions, kills processes, and waits until all of them have ended. Under
// a driven clock it is called when [clock.Driven.Run] has returned, not by a goroutine of the clock, which would have to
// give up its turn.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		for _, t := range s.order {
			t.ended.Open()
			for _, c := range t.containers {
				if c.live() {
					c.running.abandon()
				}
			}
		}
	}
	s.mu.Unlock()
	s.cancel(errClosed)
	if s.http != nil {
		s.http.Close()
		s.transport.CloseIdleConnections()
	}
	s.running.Wait()
}
