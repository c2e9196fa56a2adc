package asl

import (
	"context"
	"errors"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Engine starts executions and knows how they are kept. Package memory has the one that runs them in this process.
type Engine interface {
	// Register tells the engine of a program: executions of it that the engine has kept go on. A machine registers its program when
	// it is made.
	Register(p Program) error
	// Account returns where executions are said to run.
	Account() Account
	// Start begins an execution of p and returns at once. The execution runs detached from p's caller until ctx ends.
	Start(ctx context.Context, p Program, s StartRequest) (Running, error)
}

// StartRequest is what an execution starts with.
type StartRequest struct {
	Name  string      // unique among the machine's executions; "" lets the engine choose one
	Input value.Value // absent is {} (R5)
	// Synchronous says that the execution is started as by StartSyncExecution, which only EXPRESS machines can be.
	Synchronous bool
	// Silent says that nobody can ask for the execution: its events are counted and not kept, and nobody is told of them.
	Silent bool
	// Room is the frame of an execution that has ended, of which nobody keeps anything: the new frame takes its memory. nil is none.
	Room *Frame
}

// Running is an execution of an engine, as [Execution] shows it with types.
type Running interface {
	ID() string // the ARN
	Name() string
	// Describe returns how far the execution is.
	Describe(ctx context.Context) (Description, error)
	// Wait returns the output once the execution has ended, an [*Error] if it failed or timed out, an [*Aborted] if it was
	// stopped. It returns the cause of ctx if that ends first: the execution goes on.
	Wait(ctx context.Context) (value.Value, error)
	// Stop aborts the execution and the tasks that it waits for. An execution that has ended stays as it is.
	Stop(ctx context.Context, name, cause string) error
	// History returns the events so far.
	History(ctx context.Context) ([]Event, error)
}

// Description is what DescribeExecution tells of an execution.
type Description struct {
	Machine          string // name of the state machine
	Status           Status
	Started, Stopped time.Time // Stopped is zero while it runs
	Input, Output    value.Value
	Err              error // nil but of one that has failed, timed out or was aborted
	RedriveCount     int
	Redriven         time.Time // zero if it was not
	NotRedrivable    string    // why it cannot be redriven now, in AWS's words; "" if it can be
}

// Status is the status of an execution, by AWS's name.
type Status string

// The statuses of an execution.
const (
	StatusRunning   Status = "RUNNING"
	StatusSucceeded Status = "SUCCEEDED"
	StatusFailed    Status = "FAILED"
	StatusTimedOut  Status = "TIMED_OUT"
	StatusAborted   Status = "ABORTED"
)

// StatusOf returns the status of an execution that has ended with the error of [Running].Wait, which may be nil.
func StatusOf(err error) Status {
	_, aborted := errors.AsType[*Aborted](err)
	switch {
	case err == nil:
		return StatusSucceeded
	case errors.Is(err, ErrDetached):
		return StatusRunning
	case aborted:
		return StatusAborted
	case TimedOut(err):
		return StatusTimedOut
	}
	return StatusFailed
}

// Host is all that a running machine knows of the world: it carries out one [Frame]. Errors that are neither [*Error] nor
// caused by one ([ErrDetached], [*Aborted]) end the frame; no state sees them.
//
// A host may put a frame away where it waits: Enter, SleepUntil, Do and Fork return an error that wraps [ErrDetached] then. It goes on from
// where it entered last, or, if the host has kept the frame itself, from where it waits: Do is given its Attempt again, and Fork its branches,
// with another ended that is told of all of them again.
type Host interface {
	// Now returns the host's time.
	Now() time.Time
	// SleepUntil returns at t.
	SleepUntil(t time.Time) error
	// Do carries out one attempt of a task and returns its result. It ends a .sync or token task that its token answers,
	// fails an attempt whose Deadline or Heartbeat passes with [TimeoutError] or [HeartbeatError], and stops the job of a
	// .sync attempt that is not wanted any more. It repeats nothing but what was lost with a worker or a network.
	Do(a *Attempt) (value.Value, error)
	// Fork runs n frames inside f, branches or iterations, at most limit at a time (0 is all), in the order of their numbers.
	// run runs one: from its beginning, or from where it stood if at is the frame that the host has of it. Each that has ended
	// is told to ended, one at a time, in that order; first those that had ended before f was gone on with, which do not run
	// again. An error that ended does not tolerate aborts the others with [ErrSiblingFailed]; it is Fork's error once all have
	// ended. Outcomes are in the order of the numbers.
	Fork(f *Frame, n, limit int, run func(h Host, i int, at *Frame) Outcome, ended func(i int, o Outcome) (tolerated bool)) ([]Outcome, error)
	// Enter is called before a state and, in one, before a back-off or a wait: f is all that is needed to go on from here, with
	// [Program.Resume] or in a Fork. A host that puts the frame away returns an error that wraps [ErrDetached].
	Enter(f *Frame) error
	// Token returns the task token of an attempt (1…1,024 characters). Nobody can guess it.
	Token(attempt string) string
}

// Outcome is how a branch or an iteration has ended, with what the state around it needs to know of it.
type Outcome struct {
	Output    value.Value
	Err       error
	Last      int64     // id of its last event, which others follow
	Succeeded int64     // id of the event that says how it has ended, 0 if there is none
	Child     *ChildEnd // of an iteration that was an execution of its own, nil otherwise
}

// ChildEnd is what is known of the execution of an iteration beside its outcome.
type ChildEnd struct {
	ARN, Name     string
	Started, Done time.Time
	TimedOut      bool // its own time was over, not that of the execution around it
}

// Frame is where an execution stands, or a branch or an iteration of one: all that is needed to go on, but for its history.
// What [Frame.MarshalJSON] writes, [Frame.UnmarshalJSON] reads.
type Frame struct {
	Execution string      // the execution's unique part, which nobody can guess: part of every attempt's id
	Path      string      // of a branch or an iteration: "/Fan/3.0.1" is number 1 of the state Fan, entered third
	Context   Context     // the context object, but for State and Task
	State     string      // the state to run next, or that is run
	Document  value.Value // its input
	Variables value.Value // an object, absent if there are none
	Entry     int         // states entered so far
	Retries   []int       // how often each retrier of State has been used
	Wake      time.Time   // until when State waits: a Wait state's end, or a back-off's
	Deadline  time.Time   // when the execution times out; zero is never
	Began     time.Time   // when the execution of an iteration began; zero for others

	Last        int64     // id of the newest event that others follow
	Before      int64     // id of the event that the state's …StateEntered event follows
	Entered     int64     // id of that event, which causes cite; 0 if State is still to be entered
	EnteredTime time.Time // when State was entered
	Started     int64     // id of the event that the branches or iterations which run follow; 0 if none do
	MapRun      string    // ARN of the Map Run that goes on, "" if none does
	MapRedrives int       // how often that was redriven
	Redriven    bool      // the execution was redriven, and goes on with State

	// Attempt is what State waits for, of a frame that its host keeps in memory meanwhile: gone on with, it is the next that Do is given.
	// It is not written.
	Attempt *Attempt

	Recorder *Recorder
}

// Pattern is how a task ends (service integration patterns of the Step Functions developer guide).
type Pattern uint8

// The three patterns.
const (
	RequestResponsePattern  Pattern = iota // with the answer to the call
	SyncPattern                            // with the job that the call started
	WaitForTaskTokenPattern                // with an answer that names the task token
)

// Attempt is one attempt of a task. A host carries it out; an effect is told of it.
type Attempt struct {
	Machine   string // name of the state machine
	State     string
	Resource  string
	RoleARN   string // of the state's Credentials; "" is the execution's own role
	Pattern   Pattern
	Token     string        // task token; "" under RequestResponsePattern
	Deadline  time.Time     // zero is never
	Heartbeat time.Duration // 0 is none

	Parameters value.Value // what the task is called with, as the history shows it
	Work       Work        // how it is carried out

	submitted func(value.Value)
	identity
}

type attemptKey struct{}

// AttemptFrom returns the attempt for which an effect is carried out with ctx, for what is logged about it. It is nil if ctx
// is of something else.
func AttemptFrom(ctx context.Context) *Attempt {
	a, _ := ctx.Value(attemptKey{}).(*Attempt)
	return a
}

func (a *Attempt) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// Call makes a request-response call and returns its result.
func (a *Attempt) Call(ctx context.Context) (value.Value, error) {
	return guarded(a, func() (value.Value, error) { return a.Work.Call(a.context(ctx), a) })
}

// CallHere is Call in the goroutine of the caller: code that ends its goroutine, as FailNow of a test does, ends that.
func (a *Attempt) CallHere(ctx context.Context) (value.Value, error) {
	return guardedHere(a, func() (value.Value, error) { return a.Work.Call(a.context(ctx), a) })
}

// Start starts the job of a .sync task.
func (a *Attempt) Start(ctx context.Context) (Started, error) {
	return guarded(a, func() (Started, error) { return a.Work.Start(a.context(ctx), a) })
}

// Wait waits for the job and returns its result.
func (a *Attempt) Wait(ctx context.Context, handle string) (value.Value, error) {
	return guarded(a, func() (value.Value, error) { return a.Work.Wait(a.context(ctx), handle) })
}

// Watch is Wait for who has no goroutine to wait with, as [Watcher] says. It is nil if there is no other way than Wait.
func (a *Attempt) Watch(ctx context.Context, handle string, over func()) (*Watch, error) {
	w, ok := a.Work.(Watcher)
	if !ok {
		return nil, nil
	}
	watch, err := guardedHere(a, func() (*Watch, error) { return w.Watch(a.context(ctx), handle, over) })
	if watch != nil && err != nil {
		watch.Leave()
		return nil, err
	}
	return watch, err
}

// Result returns the result of a job that has ended and was watched.
func (a *Attempt) Result(ctx context.Context, w *Watch) (value.Value, error) {
	return guarded(a, func() (value.Value, error) { return w.Result(a.context(ctx)) })
}

// Stop stops the job.
func (a *Attempt) Stop(ctx context.Context, handle, reason string) error {
	_, err := guarded(a, func() (struct{}, error) { return struct{}{}, a.Work.Stop(a.context(ctx), handle, reason) })
	return err
}

// Send makes the call that hands out the token of a .waitForTaskToken task.
func (a *Attempt) Send(ctx context.Context) (value.Value, error) {
	return guarded(a, func() (value.Value, error) { return a.Work.Call(a.context(ctx), a) })
}

// OnSubmitted has f be called by Submitted, nothing if it is nil. Of an attempt that was stored an engine says what that is.
func (a *Attempt) OnSubmitted(f func(answer value.Value)) { a.submitted = f }

// Submitted is called by the host once the call of a .sync or token task has been answered, with that answer.
func (a *Attempt) Submitted(answer value.Value) {
	if a.submitted != nil {
		a.submitted(answer)
	}
}

// tokenMark is part of every task token, so that one is known where it must not be shown.
const tokenMark = "asltoken."

// TaskToken returns the token whose secret part is given: what a host's Token makes its tokens with.
func TaskToken(secret string) string { return tokenMark + secret }
