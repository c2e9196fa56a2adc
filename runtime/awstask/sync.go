package awstask

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/internal/awsjob"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/roles"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/watch"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// JobOption changes how jobs are watched.
type JobOption interface{ setJob(*job) }

type jobOption func(*job)

func (o jobOption) setJob(j *job) { o(j) }

// Clock sets the clock that jobs are watched by. It is [clock.Wall] otherwise.
func Clock(c clock.Clock) JobOption { return jobOption(func(j *job) { j.clock = c }) }

// PollEvery sets how often it is asked how a job is. It is 5 seconds otherwise.
func PollEvery(d time.Duration) JobOption {
	return jobOption(func(j *job) { j.every = max(d, time.Millisecond) })
}

// Sync returns the effect of a .sync task: it starts a job with a method of an SDK's client, asks with another how it is until it has
// ended, and stops it with a third if its end is not wanted any more. R is the SDK's type for the job, as it is asked for. The
// integration is what the task's Resource ends in:
//
//	awstask.Sync[*types.JobDetail]("batch:submitJob.sync", jobs.SubmitJob, jobs.DescribeJobs, jobs.TerminateJob)
//
// Another than these panics, by the method that asks and the one that stops, which is [NotStopped] where nothing does: athena:startQueryExecution (GetQueryExecution,
// StopQueryExecution), batch:submitJob (DescribeJobs, TerminateJob), bedrock:createModelCustomizationJob (GetModelCustomizationJob,
// StopModelCustomizationJob), codebuild:startBuild (BatchGetBuilds, StopBuild) and startBuildBatch (BatchGetBuildBatches, StopBuildBatch),
// databrew:startJobRun (DescribeJobRun, StopJobRun), eks:createX and deleteX (DescribeX), elasticmapreduce:addStep (DescribeStep, CancelSteps),
// createCluster (DescribeCluster, TerminateJobFlows) and terminateCluster (DescribeCluster), emr-containers:startJobRun (DescribeJobRun,
// CancelJobRun) and deleteVirtualCluster (DescribeVirtualCluster), emr-serverless:startJobRun (GetJobRun, CancelJobRun), cancelJobRun
// (GetJobRun), createApplication (GetApplication, DeleteApplication), startApplication (GetApplication, StopApplication), stopApplication
// and deleteApplication (GetApplication), glue:startJobRun (GetJobRun, BatchStopJobRun), mediaconvert:createJob (GetJob, CancelJob),
// states:startExecution (DescribeExecution, StopExecution), which has .sync:2 too, and sagemaker:createXJob (DescribeXJob, StopXJob). All
// tasks of the effect that wait share their questions, and ask less often while there are many.
//
// Where it is not known how AWS ends, a task ends with States.TaskFailed: a node group that is created and is DEGRADED, and an application that is
// still or again CREATED or STOPPED a minute after it was to start.
func Sync[R, StartIn, StartOut, StartO, AskIn, AskOut, AskO, StopIn, StopOut, StopO any](integration string,
	start func(context.Context, *StartIn, ...func(*StartO)) (*StartOut, error),
	ask func(context.Context, *AskIn, ...func(*AskO)) (*AskOut, error),
	stop func(context.Context, *StopIn, ...func(*StopO)) (*StopOut, error),
	options ...JobOption,
) asl.Job[*StartIn, R] {
	return asl.Job[*StartIn, R]{Runner: typedJob[StartIn]{newJob(integration, untyped(start), untyped(ask), untyped(stop), options)}}
}

// NotStopped stands for the method that stops a job, in [Sync] of an integration whose jobs go on when nobody waits for them any more: Step
// Functions does not delete a cluster of Amazon EKS, say, because the execution that creates it is stopped (D7). It does nothing.
func NotStopped(context.Context, *struct{}, ...func(*struct{})) (*struct{}, error) {
	return &struct{}{}, nil
}

// job runs jobs of one kind.
type job struct {
	*form
	*awsjob.Kind
	start, ask, stop untypedMethod
	options          []JobOption
	clock            clock.Clock
	every            time.Duration
	watcher          *watch.Watcher[value.Value]

	roles  Roles
	role   aws.CredentialsProvider // that it is done as, nil for the clients' own
	others roles.Clients[*job]     // as other roles
}

func newJob(name string, start, ask, stop untypedMethod, options []JobOption) *job {
	kind := awsjob.Of(name)
	if kind == nil {
		panic(fmt.Sprintf("awstask: it is not known how %s waits", name))
	}
	j := &job{form: newForm(name, nil), Kind: kind, start: start, ask: ask, stop: stop, options: options, clock: clock.Wall, every: 5 * time.Second}
	for _, o := range options {
		o.setJob(j)
	}
	batch, grace := 1, time.Minute
	if kind.Key != "" {
		batch = 100
	}
	if kind.Gone { // that it is not there is what is waited for
		grace = 0
	}
	j.watcher = watch.New(watch.Service[value.Value]{
		Name: name, Thing: "job", Batch: batch, Look: j.look,
		Ended: func(v value.Value) bool {
			return slices.Contains(j.Done, j.StateOf(v)) || slices.Contains(j.Over, j.StateOf(v))
		},
		Throttled: awsanswer.Throttled,
	}, watch.Options{
		Clock: j.clock, Budget: watch.NewBudget(j.clock, 5), Every: j.every, Grace: grace, Logger: slog.Default(),
	})
	return j
}

// typedJob is a job whose parameters have a type.
type typedJob[In any] struct{ *job }

func (t typedJob[In]) Start(ctx context.Context, a *asl.Attempt, in *In) (asl.Started, error) {
	j, err := t.as(a)
	if err != nil {
		return asl.Started{}, err
	}
	return j.begin(ctx, a, in)
}

func (t typedJob[In]) Wait(ctx context.Context, handle string) (value.Value, error) {
	j, err := t.as(asl.AttemptFrom(ctx))
	if err != nil {
		return value.Value{}, err
	}
	return j.wait(ctx, handle)
}

// Watch implements [asl.Watcher].
func (t typedJob[In]) Watch(ctx context.Context, handle string, over func()) (*asl.Watch, error) {
	j, err := t.as(asl.AttemptFrom(ctx))
	if err != nil {
		return nil, err
	}
	return j.watch(handle, over), nil
}

// Stop stops the job. A call that the service has no time for, or that was lost, is made again until ctx ends.
func (t typedJob[In]) Stop(ctx context.Context, handle, reason string) error {
	j, err := t.as(asl.AttemptFrom(ctx))
	if err != nil {
		return err
	}
	return j.end(ctx, handle, reason)
}

// as returns what runs the job of an attempt: as the role of its state, if that has one.
func (j *job) as(a *asl.Attempt) (*job, error) {
	if a == nil {
		return j, nil
	}
	return j.others.As(j.roles, a.RoleARN, j, func(role aws.CredentialsProvider) *job {
		other := newJob(j.name, j.start, j.ask, j.stop, j.options)
		other.role = role
		return other
	})
}

// begin starts the job that in says, which is the method's type.
func (j *job) begin(ctx context.Context, a *asl.Attempt, in any) (asl.Started, error) {
	input := reflect.ValueOf(in).Elem()
	tokened := setToken(input, a)
	id := a.ID()
	named := j.Named && input.FieldByName("Name").IsNil()
	if named { // so that the same attempt starts it once
		input.FieldByName("Name").Set(reflect.ValueOf(&id))
	}
	document, err := j.codec.result(in)
	if err != nil {
		return asl.Started{}, err
	}
	parameters := j.change.Own(document)
	answer, err := j.submit(ctx, in, parameters, manner{j.role, !tokened && !named})
	if e, ok := errors.AsType[smithy.APIError](err); ok && named && strings.HasPrefix(e.ErrorCode(), "ExecutionAlreadyExists") {
		answer, err = before(parameters), nil
	}
	if err != nil {
		return asl.Started{}, j.failed(ctx, parameters, err)
	}
	return asl.Started{Handle: j.Handle(parameters, answer), Submitted: answer}, nil
}

// submit starts the job and returns the service's answer as the history shows it. The parameters are those that in says.
func (j *job) submit(ctx context.Context, in any, parameters value.Value, how manner) (value.Value, error) {
	output, err := j.start.call(ctx, in, how)
	if err != nil {
		return value.Value{}, err
	}
	answer, err := j.codec.result(output)
	if err != nil {
		return value.Value{}, err
	}
	return j.present(parameters, answer, metadataOf(output))
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

func (j *job) wait(ctx context.Context, handle string) (value.Value, error) {
	sights, err := j.watcher.Wait(ctx, []string{handle}, nil)
	if err != nil {
		return value.Value{}, err
	}
	return j.outcome(sights[0])
}

// watch has over called when the job has ended.
func (j *job) watch(handle string, over func()) *asl.Watch {
	watching := j.watcher.Watch([]string{handle}, nil, over)
	return &asl.Watch{
		Result: func(context.Context) (value.Value, error) { return j.outcome(watching.Sights()[0]) },
		Leave:  watching.Leave,
	}
}

// outcome is what a job has come to that is not watched any more.
func (j *job) outcome(sight watch.Sight[value.Value]) (value.Value, error) {
	if back, ok := errors.AsType[*fallenBack](sight.Err); ok {
		return value.Value{}, &asl.Error{Name: asl.ErrorTaskFailed, Cause: j.shown(j.Shown(back.job)).String()}
	}
	if sight.Err != nil && !(j.Gone && errors.Is(sight.Err, watch.ErrMissing)) {
		return value.Value{}, &asl.Error{Name: asl.ErrorTaskLost, Cause: sight.Err.Error()}
	}
	result := j.shown(j.Shown(sight.Last))
	if slices.Contains(j.Over, j.StateOf(sight.Last)) {
		return value.Value{}, &asl.Error{Name: asl.ErrorTaskFailed, Cause: result.String()}
	}
	return result, nil
}

// shown is a job as the task's result: with the name of what was worked on, and under .sync:2 with the input and the output of an execution
// as JSON (S1).
func (i integration) shown(v value.Value) value.Value {
	v = awsjob.Of(i.name).WithName(v)
	if !awsjob.Parsed(i.name) {
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

func (j *job) end(ctx context.Context, handle, reason string) error {
	if j.Kind.Stop == "" {
		return nil
	}
	parameters := j.Stopping(handle, reason)
	for {
		_, err := j.plain(ctx, j.stop, parameters)
		api, answered := errors.AsType[smithy.APIError](err)
		if err == nil || answered && api.ErrorFault() != smithy.FaultServer && !awsanswer.Throttled(err) {
			return err
		}
		if ended := clock.SleepUntil(ctx, j.clock, j.clock.Now().Add(j.every)); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

// look asks how jobs are.
func (j *job) look(ctx context.Context, handles []string) (watch.Answer[value.Value], error) {
	a := watch.Answer[value.Value]{Found: map[string]value.Value{}, Failed: map[string]error{}}
	answer, err := j.plain(ctx, j.ask, j.Question(handles))
	if err != nil && j.Key == "" && unknown(err) {
		a.Failed[handles[0]] = errors.Join(watch.ErrMissing, err)
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.Found = j.Jobs(answer, handles)
	for _, handle := range handles {
		switch found := a.Found[handle]; {
		case found.IsAbsent():
			a.Failed[handle] = fmt.Errorf("%w: the service does not know the job %s", watch.ErrMissing, handle)
		case slices.Contains(j.Back, j.StateOf(found)):
			delete(a.Found, handle)
			a.Failed[handle] = &fallenBack{found}
		}
	}
	return a, nil
}

// fallenBack is why a job is not seen as one that runs: it stands as before its start, which has not begun yet or has failed. After a while the
// latter is believed, as that a job is missing is.
type fallenBack struct{ job value.Value }

func (*fallenBack) Error() string { return "the job stands as before its start" }

// Is has it be a kind of missing.
func (*fallenBack) Is(target error) bool { return target == watch.ErrMissing }

// unknown reports whether a service does not know what it was asked for.
func unknown(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (strings.Contains(api.ErrorCode(), "NotFound") || strings.Contains(api.ErrorCode(), "DoesNotExist"))
}

// plain makes a call that is no task's: its error is the SDK's own.
func (j *job) plain(ctx context.Context, m untypedMethod, parameters value.Value) (value.Value, error) {
	input := reflect.New(m.input)
	if err := j.codec.decode(parameters, input.Elem(), ""); err != nil {
		return value.Value{}, fmt.Errorf("awstask: %s: %w", j.name, err)
	}
	output, err := m.call(ctx, input.Interface(), manner{role: j.role})
	if err != nil {
		return value.Value{}, err
	}
	return j.codec.result(output)
}

// DecodedJob is [DecodedCall] for a [asl.Job]. The integration has its suffix: batch:submitJob.sync.
func DecodedJob[In, R any](integration string, effect asl.Job[*In, R], options ...Option) asl.Job[value.Value, R] {
	if effect.Runner == nil {
		return asl.Job[value.Value, R]{}
	}
	f := newForm(integration, options)
	outcomes, _ := effect.Runner.(outcomer)
	return asl.Job[value.Value, R]{Runner: decodedJob[In]{f, effect.Runner, outcomes}}
}

// outcomer is what runs jobs and gives their results in its own type, as what [asl.JobFunc] returns does.
type outcomer interface {
	Outcome(ctx context.Context, handle string) (any, error)
}

type decodedJob[In any] struct {
	*form
	job      asl.Runner[*In]
	outcomes outcomer // nil if what is behind has documents for results
}

func (d decodedJob[In]) Start(ctx context.Context, a *asl.Attempt, parameters value.Value) (asl.Started, error) {
	in := new(In)
	if err := d.decode(parameters, reflect.ValueOf(in).Elem(), a.State); err != nil {
		return asl.Started{}, unusable(parameters, err)
	}
	started, err := d.job.Start(ctx, a, in)
	return started, d.failed(ctx, parameters, err)
}

func (d decodedJob[In]) Wait(ctx context.Context, handle string) (value.Value, error) {
	if d.outcomes == nil {
		return d.job.Wait(ctx, handle)
	}
	outcome, err := d.outcomes.Outcome(ctx, handle)
	if err != nil {
		return value.Value{}, d.failure(ctx, err)
	}
	if document, ok := outcome.(value.Value); ok { // of a mock, as the state shows it
		return document, nil
	}
	result, err := d.codec.result(outcome)
	return d.shown(result), err
}

// Watch implements [asl.Watcher], if what is behind does.
func (d decodedJob[In]) Watch(ctx context.Context, handle string, over func()) (*asl.Watch, error) {
	if w, ok := d.job.(asl.Watcher); ok && d.outcomes == nil {
		return w.Watch(ctx, handle, over)
	}
	return nil, nil
}

func (d decodedJob[In]) Stop(ctx context.Context, handle, reason string) error {
	return d.job.Stop(ctx, handle, reason)
}
