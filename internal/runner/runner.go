package runner

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Start is when every execution starts, on the driven clock.
var Start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// Machine is a machine made for one run, whatever its types.
type Machine interface {
	Start(ctx context.Context, input asl.Value, options ...asl.StartOption) (asl.Running, error)
	TestState(ctx context.Context, name string, t asl.StateTest) (*asl.StateResult, error)
	Program() asl.Program
}

// registry holds what makes the machines, by their ids.
var registry = map[string]func(*Run) (Machine, error){}

// Register adds a machine to the program.
func Register(id string, make func(*Run) (Machine, error)) { registry[id] = make }

// Wrap hides the types of a machine that was just made.
func Wrap[In, Out any](m *asl.Machine[In, Out], err error) (Machine, error) {
	if err != nil {
		return nil, err
	}
	return wrapped[In, Out]{m}, nil
}

type wrapped[In, Out any] struct{ machine *asl.Machine[In, Out] }

func (w wrapped[In, Out]) Program() asl.Program { return w.machine.Program() }

func (w wrapped[In, Out]) Start(ctx context.Context, input asl.Value, options ...asl.StartOption) (asl.Running, error) {
	e, err := w.machine.StartDocument(ctx, input, options...)
	if err != nil {
		return nil, err
	}
	return e.Running(), nil
}

// Serves is the environment variable that tells a program that it is to run executions.
const Serves = "ASLGEN_SERVES"

// Main runs the executions on standard input.
func Main() { MainOn(execute) }

// MainOn is [Main] for a program that runs them otherwise.
func MainOn(run func(s *Spec) Result) {
	if err := serve(os.Stdin, os.Stdout, run); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer, run func(s *Spec) Result) error {
	decoder := jsontext.NewDecoder(bufio.NewReader(in))
	w := bufio.NewWriter(out)
	for {
		var s Spec
		if err := json.UnmarshalDecode(decoder, &s); errors.Is(err, io.EOF) {
			return w.Flush()
		} else if err != nil {
			return err
		}
		result, err := repeat(&s, run)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(result, '\n')); err != nil {
			return err
		}
	}
}

// Repeat runs an execution as often as it says and returns how it goes: not if it goes in different ways.
func Repeat(s *Spec) ([]byte, error) { return repeat(s, execute) }

func repeat(s *Spec, run func(s *Spec) Result) ([]byte, error) {
	first, err := json.Marshal(run(s), json.Deterministic(true))
	for round := 2; round <= s.Rounds && err == nil; round++ {
		var again []byte
		if again, err = json.Marshal(run(s), json.Deterministic(true)); !bytes.Equal(again, first) && err == nil {
			return json.Marshal(Result{ID: s.ID, Fault: fmt.Sprintf("round %d: %s\nnot as before: %s", round, again, first)})
		}
	}
	return first, err
}

// Run is one execution being run.
type Run struct {
	Engine engine
	Clock  *clock.Driven
	spec   *Spec
	mu     sync.Mutex
	used   []bool
	jobs   map[string]*Mock // those that were started, by their handles
	given  map[string]*Mock // by the ids of attempts: one that is made again gets the same
	crash  *crash           // nil on an engine in memory
	// replayed is what was run before, if the calls are not these mocks' but those of its history.
	replayed *Spec
	never    error // what a call returns that is never answered, if it must return
}

// engine runs the execution, and takes the answers to its tokens.
type engine interface {
	asl.Engine
	asl.Callbacks
}

func newRun(s *Spec) *Run {
	return &Run{spec: s, used: make([]bool, len(s.Mocks)), jobs: map[string]*Mock{}, given: map[string]*Mock{}}
}

func execute(s *Spec) (r Result) {
	if s.Durable && s.Test == nil && !s.MakeOnly {
		return crashEverywhere(s)
	}
	r.ID = s.ID
	options := []memory.Option{memory.WithRegion("us-east-1", "111111111111")}
	if s.Cuts != 0 {
		options = append(options, memory.WithCuts(s.cuts()), memory.WithStoredAttempts())
	}
	if s.Here && s.Test == nil && !s.MakeOnly && s.StopAfter == 0 {
		return On(s, memory.NewDriven(Start, options...).Direct(), nil)
	}
	run, engine := newRun(s), memory.NewDriven(Start, options...)
	run.Engine, run.Clock = engine, engine.Driven()
	build := registry[s.Machine]
	if build == nil {
		r.Fault = "the program has no machine " + s.Machine
		return r
	}
	m, err := build(run)
	if err != nil {
		r.Fault = err.Error()
		return r
	}
	if s.MakeOnly {
		return r
	}
	if s.Test != nil {
		s.test(m, &r)
		return r
	}
	var running asl.Running
	run.Clock.Run(context.Background(), func(ctx context.Context) {
		running, err = m.Start(ctx, s.Input, s.starts()...)
		if err != nil {
			r.Fault = err.Error()
			return
		}
		if s.StopAfter > 0 {
			_ = clock.SleepUntil(ctx, run.Clock, Start.Add(time.Duration(s.StopAfter)*time.Second))
			_ = running.Stop(ctx, "", "") // which the memory engine always can
		}
		r.Output, err = running.Wait(ctx)
		if s.Redrive && err != nil && run.redrive(ctx, running) == nil {
			r.Output, err = running.Wait(ctx)
		}
	})
	if running == nil {
		return r
	}
	r.tell(running, err)
	if s.Replay {
		r.Fault = s.replay(build, running)
	}
	return r
}

func (s *Spec) starts() (options []asl.StartOption) {
	if s.Synchronous {
		options = append(options, asl.Synchronous())
	}
	return options
}

// redrive has an execution go on that has failed. Its tasks take the mocks from the first on.
func (r *Run) redrive(ctx context.Context, running asl.Running) error {
	clear(r.used)
	return running.(asl.Redrivable).Redrive(ctx, "again")
}

// On runs an execution on an engine whose Start returns when it has ended, and whose activities are not on the driven clock: a call that is
// never answered returns never.
func On(s *Spec, e interface {
	asl.Engine
	asl.Callbacks
}, never error) (r Result) {
	r.ID = s.ID
	run := newRun(s)
	run.Engine, run.never = e, never
	m, err := registry[s.Machine](run)
	if err != nil {
		r.Fault = err.Error()
		return r
	}
	if s.Test != nil {
		s.test(m, &r)
	}
	if s.Test != nil || s.MakeOnly {
		return r
	}
	running, err := m.Start(context.Background(), s.Input, s.starts()...)
	if err != nil {
		r.Fault = err.Error()
		return r
	}
	r.Output, err = running.Wait(context.Background())
	r.tell(running, err)
	return r
}

// replay runs an execution again from its history, and returns where it goes otherwise, "" if it goes the same way.
func (s *Spec) replay(build func(*Run) (Machine, error), running asl.Running) string {
	events, err := running.History(context.Background())
	if err != nil {
		return err.Error()
	}
	text, err := json.Marshal(events)
	if err != nil {
		return err.Error()
	}
	h, err := asltest.ReadHistory("history", text)
	if err != nil {
		return err.Error()
	}
	run, engine := newRun(&Spec{Objects: s.Objects, Echoes: s.Echoes}), memory.NewDriven(Start)
	run.Engine, run.Clock, run.replayed = engine, engine.Driven(), s
	m, err := build(run)
	if err != nil {
		return err.Error()
	}
	differences, err := h.Replay(context.Background(), m.Program())
	if err != nil {
		return err.Error()
	}
	var all []string
	for _, d := range differences {
		all = append(all, d.String())
	}
	return strings.Join(all, "\n")
}

// tell tells how an execution has ended, whose Wait gave the error.
func (r *Result) tell(running asl.Running, err error) {
	r.Status = string(asl.StatusOf(err))
	if failed, ok := errors.AsType[*asl.Error](err); ok {
		r.Error, r.Cause = texts(failed)
	}
	events, _ := running.History(context.Background())
	for _, e := range events {
		r.History = append(r.History, flatten(e))
	}
}

func texts(e *asl.Error) (name, cause *string) {
	if !e.Unnamed {
		name = &e.Name
	}
	if !e.Causeless {
		cause = &e.Cause
	}
	return name, cause
}

func flatten(e asl.Event) Event {
	f := Event{ID: e.ID, Previous: e.Previous, Type: string(e.Type), Name: e.State, Input: e.Input, Output: e.Output, Assigned: e.Assigned}
	if e.Type == asl.EvaluationFailed {
		f.Name, f.State, f.Location = "", e.State, e.Location
	} else if e.Err != nil && e.Type != asl.MapIterationFailed { // AWS does not show it
		f.Name = ""
	}
	if t := e.Task; t != nil {
		f.Resource, f.ResourceType, f.Region, f.Parameters = t.Resource, t.ResourceType, t.Region, t.Parameters
		if t.RoleARN != "" {
			f.Credentials = value.Object(value.Field("roleArn", value.String(t.RoleARN)))
		}
		f.Timeout, f.Heartbeat = int64(t.Timeout/time.Second), int64(t.Heartbeat/time.Second)
	}
	if m := e.Map; m != nil {
		switch {
		case m.RunARN != "":
			f.MapRunARN = m.RunARN
		case e.Type == asl.MapStateStarted:
			f.Length = &m.Length
		default:
			f.Index = &m.Index
		}
	}
	if e.Err != nil {
		f.Error, f.Cause = texts(e.Err)
	}
	return f
}

// next takes the mock of an attempt: branches and iterations may come in another order than they are written down in.
func (r *Run) next(a *asl.Attempt) (*Mock, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.called(a)
	if m := r.given[a.ID()]; m != nil {
		return m, nil
	}
	first := -1
	for i := range r.spec.Mocks {
		m := &r.spec.Mocks[i]
		if r.used[i] || !slices.Contains(m.States, a.State) {
			continue
		}
		if first < 0 {
			first = i
		}
		if m.Sent.Equal(a.Parameters) {
			first = i
			break
		}
	}
	if first < 0 {
		return nil, fmt.Errorf("no call of the state %q is left", a.State)
	}
	r.used[first], r.given[a.ID()] = true, &r.spec.Mocks[first]
	return &r.spec.Mocks[first], nil
}

// echoes reports whether a function is one that gives what it is given.
func (r *Run) echoes(function string) bool {
	_, name, ok := strings.Cut(function, ":function:")
	return ok && slices.Contains(r.spec.Echoes, name)
}

// Effect is a task that gives what the run's mocks say. It serves as a Call, a Job and a Send of parameters P.
type Effect[P any] struct {
	Run      *Run
	Activity bool
}

// Exists implements asl.Existing: an activity that no call was recorded of had been deleted.
func (e Effect[P]) Exists(state string) bool {
	if !e.Activity {
		return true
	}
	return slices.ContainsFunc(cmp.Or(e.Run.replayed, e.Run.spec).Mocks, func(m Mock) bool { return slices.Contains(m.States, state) })
}

// Call implements asl.Caller.
func (e Effect[P]) Call(ctx context.Context, a *asl.Attempt, p P) (asl.Value, error) {
	m, err := e.Run.next(a)
	if input, ok := any(p).(asl.Value); err != nil && ok && e.Run.echoes(a.Resource) {
		return input, nil
	}
	if err != nil {
		return asl.Value{}, err
	}
	defer e.Run.point()
	return e.Run.outcome(ctx, m)
}

// Invoke gives what a run's mocks say for the whole result of lambda:invoke, where the task is given its Payload alone.
func (e Effect[P]) Invoke(ctx context.Context, a *asl.Attempt, _ asl.Value) (asl.Value, error) {
	var payload P
	if a.Pattern == asl.WaitForTaskTokenPattern {
		return e.Send(ctx, a, payload)
	}
	return e.Call(ctx, a, payload)
}

// Start implements asl.Runner.
func (e Effect[P]) Start(_ context.Context, a *asl.Attempt, _ P) (asl.Started, error) {
	m, err := e.Run.next(a)
	if err != nil {
		return asl.Started{}, err
	}
	e.Run.mu.Lock()
	e.Run.jobs[a.ID()] = m
	e.Run.mu.Unlock()
	e.Run.point()
	return asl.Started{Handle: a.ID(), Submitted: m.Submitted}, nil
}

// Wait implements asl.Runner.
func (e Effect[P]) Wait(ctx context.Context, handle string) (asl.Value, error) {
	e.Run.mu.Lock()
	m := e.Run.jobs[handle]
	e.Run.mu.Unlock()
	return e.Run.outcome(ctx, m)
}

// Stop implements asl.Runner.
func (e Effect[P]) Stop(context.Context, string, string) error { return nil }

// Send implements asl.Sender: the answer comes once the task waits for it.
func (e Effect[P]) Send(ctx context.Context, a *asl.Attempt, _ P) (asl.Value, error) {
	m, err := e.Run.next(a)
	if err != nil {
		return asl.Value{}, err
	}
	token := a.Token
	e.Run.start(context.WithoutCancel(ctx), func(ctx context.Context) {
		switch m.Kind {
		case "success":
			e.Run.insist(ctx, func() error { return e.Run.Engine.SendTaskSuccess(ctx, token, m.Output) })
		case "failure":
			e.Run.insist(ctx, func() error { return e.Run.Engine.SendTaskFailure(ctx, token, m.failure()) })
		}
	})
	e.Run.point()
	return m.Submitted, nil
}

// start starts a goroutine on the driven clock. Without one f is called at once, before whatever time is skipped.
func (r *Run) start(ctx context.Context, f func(ctx context.Context)) {
	if r.Clock == nil {
		f(ctx)
		return
	}
	r.Clock.Go(ctx, f)
}

func (r *Run) outcome(ctx context.Context, m *Mock) (asl.Value, error) {
	switch m.Kind {
	case "success":
		return m.Output, nil
	case "failure":
		return asl.Value{}, m.failure()
	}
	if r.never != nil {
		return asl.Value{}, r.never
	}
	return asl.Value{}, clock.SleepUntil(ctx, clock.From(ctx), time.Time{})
}

func (m *Mock) failure() *asl.Error {
	e := &asl.Error{Unnamed: m.Error == nil, Causeless: m.Cause == nil}
	if m.Error != nil {
		e.Name = *m.Error
	}
	if m.Cause != nil {
		e.Cause = *m.Cause
	}
	return e
}
