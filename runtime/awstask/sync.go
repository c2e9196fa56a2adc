package awstask

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/watch"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ErrorLost is what a job fails with that its service does not know any more, so that it is not known how it has ended.
const ErrorLost = "Aslgen.TaskLost"

// Clock sets the clock that jobs are watched by. It is [clock.Wall] otherwise.
func Clock(c clock.Clock) Option { return func(to *caller) { to.clock = c } }

// PollEvery sets how often it is asked how a job is. It is 5 seconds otherwise.
func PollEvery(d time.Duration) Option {
	return func(c *caller) { c.every = max(d, time.Millisecond) }
}

// Sync returns the effect of a .sync task: it starts a job with a method of an SDK's client, asks with another how it is until it has
// ended, and stops it with a third if its end is not wanted any more. The integration is what the task's Resource ends in:
//
//	awstask.Sync[*DataCrunchParameters, asl.Value]("batch:submitJob.sync", jobs.SubmitJob, jobs.DescribeJobs, jobs.TerminateJob)
//
// It is one of athena:startQueryExecution, batch:submitJob, glue:startJobRun (BatchStopJobRun stops it) and states:startExecution, which
// has .sync:2 too; another panics. All tasks of the effect that wait share their questions, and ask less often while there are many.
func Sync[P, R, StartIn, StartOut, StartO, AskIn, AskOut, AskO, StopIn, StopOut, StopO any](integration string,
	start func(context.Context, *StartIn, ...func(*StartO)) (*StartOut, error),
	ask func(context.Context, *AskIn, ...func(*AskO)) (*AskOut, error),
	stop func(context.Context, *StopIn, ...func(*StopO)) (*StopOut, error),
	options ...Option,
) asl.Job[P, R] {
	return asl.Job[P, R]{Runner: typedJob[P]{newJob(integration, call(start), call(ask), call(stop), options)}}
}

// job runs jobs of one kind.
type job struct {
	jobKind
	start, ask, stop *caller
	parsed           bool // .sync:2: the input and the output of an execution are JSON (S1)
	watcher          *watch.Watcher[value.Value]
}

func newJob(name string, start, ask, stop made, options []Option) *job {
	name, pattern, _ := strings.Cut(name, ".")
	kind, known := jobKinds[name]
	if !known || pattern != "sync" && !(pattern == "sync:2" && name == "states:startExecution") {
		panic(fmt.Sprintf("awstask: it is not known how %s.%s waits", name, pattern))
	}
	j := &job{
		jobKind: kind, start: newCaller(name, start, options), ask: newCaller(name, ask, options), stop: newCaller(name, stop, options),
		parsed: pattern == "sync:2",
	}
	batch := 1
	if kind.batch != "" {
		batch = 100
	}
	j.watcher = watch.New(watch.Service[value.Value]{
		Name: name, Thing: "job", Batch: batch, Look: j.look,
		Ended: func(v value.Value) bool {
			return slices.Contains(j.done, j.stateOf(v)) || slices.Contains(j.over, j.stateOf(v))
		},
		Throttled: awsanswer.Throttled,
	}, watch.Options{
		Clock: j.start.clock, Budget: watch.NewBudget(j.start.clock, 5), Every: j.start.every, Grace: time.Minute,
		Jitter: func(d time.Duration) time.Duration { return d - time.Duration(rand.Int64N(int64(d)/4+1)) }, Logger: slog.Default(),
	})
	return j
}

// typedJob is a job whose parameters have a type.
type typedJob[P any] struct{ *job }

func (t typedJob[P]) Start(ctx context.Context, a *asl.Attempt, p P) (asl.Started, error) {
	parameters, err := document(a, p)
	if err != nil {
		return asl.Started{}, err
	}
	named := t.named && parameters.Get("Name").IsAbsent()
	if named { // so that the same attempt starts it once
		parameters = parameters.With("Name", value.String(a.ID()))
	}
	answer, err := t.start.do(ctx, a, parameters)
	if e, ok := errors.AsType[*asl.Error](err); ok && named && e.Name == "StepFunctions.ExecutionAlreadyExistsException" {
		answer, err = before(parameters), nil
	}
	if err != nil {
		return asl.Started{}, err
	}
	return asl.Started{Handle: t.handle(parameters, answer), Submitted: answer}, nil
}

// before returns the answer of a start that was made before: nobody else gives an execution the attempt's name.
func before(parameters value.Value) value.Value {
	machine, _ := parameters.Get("StateMachineArn").AsString()
	name, _ := parameters.Get("Name").AsString()
	parts := strings.Split(machine, ":") // behind the name there may be a version or an alias
	if len(parts) > 7 {
		parts = parts[:7]
	}
	arn := strings.Replace(strings.Join(parts, ":"), ":stateMachine:", ":execution:", 1) + ":" + name
	return value.Object(value.Field("ExecutionArn", value.String(arn)))
}

func (j *job) Wait(ctx context.Context, handle string) (value.Value, error) {
	sights, err := j.watcher.Wait(ctx, []string{handle})
	if err != nil {
		return value.Value{}, err
	}
	sight := sights[0]
	if sight.Err != nil {
		return value.Value{}, &asl.Error{Name: ErrorLost, Cause: sight.Err.Error()}
	}
	result := j.shown(sight.Last)
	if slices.Contains(j.over, j.stateOf(sight.Last)) {
		return value.Value{}, &asl.Error{Name: asl.ErrorTaskFailed, Cause: result.String()}
	}
	return result, nil
}

// shown is a job as the task's result.
func (j *job) shown(v value.Value) value.Value {
	if !j.parsed {
		return v
	}
	for _, name := range []string{"Input", "Output"} {
		if text, ok := v.Get(name).AsString(); ok {
			if parsed, err := value.Parse([]byte(text)); err == nil {
				v = v.With(name, parsed)
			}
		}
	}
	return v
}

// Stop stops the job. A call that the service has no time for, or that was lost, is made again until ctx ends.
func (j *job) Stop(ctx context.Context, handle, reason string) error {
	parameters := j.jobKind.stop(strings.Split(handle, separator), reason)
	for {
		_, err := j.stop.plain(ctx, parameters)
		api, answered := errors.AsType[smithy.APIError](err)
		if err == nil || answered && api.ErrorFault() != smithy.FaultServer && !awsanswer.Throttled(err) {
			return err
		}
		if ended := clock.SleepUntil(ctx, j.stop.clock, j.stop.clock.Now().Add(j.stop.every)); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

// look asks how jobs are.
func (j *job) look(ctx context.Context, handles []string) (watch.Answer[value.Value], error) {
	a := watch.Answer[value.Value]{Found: map[string]value.Value{}, Failed: map[string]error{}}
	names := strings.Split(handles[0], separator)
	if j.batch != "" {
		names = handles
	}
	answer, err := j.ask.plain(ctx, j.jobKind.ask(names))
	switch {
	case err != nil && j.batch == "" && unknown(err):
		a.Failed[handles[0]] = errors.Join(watch.ErrMissing, err)
		return a, nil
	case err != nil:
		return a, err
	case j.batch == "":
		if j.of != "" {
			answer = answer.Get(j.of)
		}
		a.Found[handles[0]] = answer
		return a, nil
	}
	for _, found := range answer.Get(j.batch).Elements() {
		id, _ := found.Get(j.answer).AsString()
		a.Found[id] = found
	}
	for _, name := range handles {
		if a.Found[name].IsAbsent() {
			a.Failed[name] = fmt.Errorf("%w: the service does not know the job %s", watch.ErrMissing, name)
		}
	}
	return a, nil
}

// unknown reports whether a service does not know what it was asked for.
func unknown(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (strings.Contains(api.ErrorCode(), "NotFound") || strings.Contains(api.ErrorCode(), "DoesNotExist"))
}

// plain makes a call that is no task's: its error is the SDK's own.
func (c *caller) plain(ctx context.Context, parameters value.Value) (value.Value, error) {
	input := reflect.New(c.input)
	if err := c.codec.decode(parameters, input.Elem(), ""); err != nil {
		return value.Value{}, fmt.Errorf("awstask: %s: %w", c.integration.name, err)
	}
	output, err := c.call(ctx, input.Interface())
	if err != nil {
		return value.Value{}, err
	}
	return c.codec.encode(reflect.ValueOf(output))
}
