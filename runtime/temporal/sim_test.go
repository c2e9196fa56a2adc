package temporal

import (
	"context"
	"errors"
	"sync"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// sim is an engine on the SDK's test environment: one execution, no server, and time that is skipped.
type sim struct {
	*Engine
	now       time.Time     // when the execution starts
	stopAfter time.Duration // 0 is never
	prepare   func(*testsuite.TestWorkflowEnvironment)
	env       *testsuite.TestWorkflowEnvironment
	runs      int // workflows that the execution has had

	mu    sync.Mutex
	open  map[token][]byte // Temporal's task tokens of activities that somebody completes
	early map[token]func() // what completes activities that are not open yet
	ended map[token]bool
}

func newSim(now time.Time, of ...Option) *sim {
	s := &sim{Engine: newEngine("sim", of), now: now, open: map[token][]byte{}, early: map[token]func(){}, ended: map[token]bool{}}
	s.tokens = s
	return s
}

// environment makes the environment of the next workflow.
func (s *sim) environment(p asl.Program) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet)
	s.env = suite.NewTestWorkflowEnvironment()
	s.env.SetStartTime(s.now)
	s.env.SetTestTimeout(time.Minute)
	s.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	s.RegisterWorker(s.env, p)
	if s.prepare != nil {
		s.prepare(s.env)
	}
	if s.stopAfter > 0 {
		s.env.RegisterDelayedCallback(func() { s.env.SignalWorkflow(stopSignal, stopRequest{}) }, s.stopAfter)
	}
}

func (s *sim) opened(i activity.Info) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := token{i.WorkflowExecution.ID, i.ActivityID}
	s.open[t] = i.TaskToken
	if complete := s.early[t]; complete != nil {
		complete()
		return
	}
	env := s.env
	// The environment does not count the time of activities that somebody else completes.
	after := func(d time.Duration, kind enums.TimeoutType) {
		if d > 0 {
			env.RegisterDelayedCallback(func() { _ = s.complete(context.Background(), t, nil, sdk.NewTimeoutError(kind, nil)) }, d)
		}
	}
	end := i.ScheduleToCloseTimeout
	if i.ActivityType.Name == awaitActivity {
		after(i.HeartbeatTimeout, enums.TIMEOUT_TYPE_HEARTBEAT)
	} else {
		end -= slack
	}
	after(end, enums.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE)
}

func (s *sim) complete(_ context.Context, t token, result any, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended[t] {
		return serviceerror.NewNotFound("there is no such activity")
	}
	s.ended[t] = true
	env := s.env
	end := func() { _ = env.CompleteActivity(s.open[t], result, err) } // which it has
	if s.open[t] == nil {
		s.early[t] = end
		return nil
	}
	end()
	return nil
}

func (s *sim) beat(context.Context, token) error { return nil }

func (s *sim) known(context.Context, token) bool { return true }

// Start implements [asl.Engine]: it runs the whole execution, in one workflow after another.
func (s *sim) Start(_ context.Context, p asl.Program, r asl.StartRequest) (asl.Running, error) {
	x := &simulated{name: "sim", id: s.options.account.ARN("execution", p.Name()+":sim")}
	var from *onward
	input := r.Input
	for {
		s.environment(p)
		s.runs++
		j := &journal{}
		s.env.RegisterWorkflowWithOptions(func(ctx workflow.Context, document asl.Value, from *onward) (asl.Value, error) {
			j.ctx = ctx
			return s.run(ctx, p, document, from, j)
		}, workflow.RegisterOptions{Name: "sim"})
		if err := s.env.SetMemoOnStart(map[string]any{memoKey: label{Protocol: protocol, Name: x.name, Synchronous: r.Synchronous}}); err != nil {
			return nil, err
		}
		s.env.ExecuteWorkflow("sim", input, from)
		x.events = append(x.events, j.events...)
		x.err = s.env.GetWorkflowError()
		again, is := errors.AsType[*workflow.ContinueAsNewError](x.err)
		if !is {
			break
		}
		from = &onward{}
		if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &input, from); err != nil {
			return nil, err
		}
		if spent := s.env.Now().Sub(s.now); s.stopAfter > 0 {
			s.stopAfter = max(s.stopAfter-spent, time.Millisecond)
		}
		s.now = s.env.Now()
	}
	if x.err == nil {
		x.err = s.env.GetWorkflowResult(&x.output)
	} else {
		x.err = orFailure(x.err)
	}
	return x, nil
}

// simulated is an [asl.Running] that has ended.
type simulated struct {
	id, name string
	events   []asl.Event
	output   asl.Value
	err      error
}

func (x *simulated) ID() string                                   { return x.id }
func (x *simulated) Name() string                                 { return x.name }
func (x *simulated) Wait(context.Context) (asl.Value, error)      { return x.output, x.err }
func (x *simulated) Stop(context.Context, string, string) error   { return nil }
func (x *simulated) History(context.Context) ([]asl.Event, error) { return x.events, nil }
func (x *simulated) Describe(context.Context) (asl.Description, error) {
	return asl.Description{Status: asl.StatusOf(x.err), Output: x.output, Err: x.err}, nil
}
