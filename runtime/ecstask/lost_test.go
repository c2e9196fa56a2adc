package ecstask_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

var retryAll = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2}}

// RunTask is accepted, and every answer is lost for 30 seconds: the state's Retry sees nothing of it, and one task runs.
func TestLostAnswers(t *testing.T) {
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			l := newLab(t)
			l.Inject(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.For(30*time.Second))
			s := l.state(p)
			s.Retry = retryAll
			l.run(func(ctx context.Context) {
				e := l.start(ctx, s)
				if _, err := e.Running().Wait(ctx); err != nil {
					t.Error(err)
				}
				if events := eventTypes(told.History(e)); strings.Count(events, "TaskScheduled") != 1 {
					t.Error(events)
				}
				l.sleep(ctx, time.Hour)
			})
			if calls, tokens := l.Count(ecsfake.RunTask), l.tokens(); calls < 4 || len(tokens) != 1 {
				t.Errorf("%d calls of RunTask with the client tokens %q", calls, tokens)
			}
			if tasks := l.Tasks(); described(tasks...) != well {
				t.Errorf("the tasks: %s", described(tasks...))
			}
		})
	}
}

// The state's time is over before an answer comes: it fails with States.Timeout, and what may have been started is found
// and stopped, whether the call had been accepted or not, while Retry goes on with attempts of its own.
func TestLostAnswersUntilTimeout(t *testing.T) {
	for name, lose := range map[string]ecsfake.Fault{
		"accepted": ecsfake.LoseAnswer(ecsfake.RunTask), "not accepted": ecsfake.LoseRequest(ecsfake.RunTask),
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.Inject(lose, ecsfake.For(30*time.Second))
			l.Inject(ecsfake.Runs("main", ecsfake.Exits(0, -1)), ecsfake.Always())
			s := l.state(runSync)
			s.TimeoutSeconds = 10
			s.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorTimeout}, IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1}}
			l.run(func(ctx context.Context) {
				e := l.start(ctx, s)
				_, err := e.Running().Wait(ctx)
				if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != asl.ErrorTimeout {
					t.Error(err)
				}
				const want = "TaskStateEntered TaskScheduled TaskStarted TaskTimedOut TaskScheduled TaskStarted TaskTimedOut"
				if events := eventTypes(told.History(e)); events != want {
					t.Error(events)
				}
				for _, event := range told.History(e) {
					if at := event.Time.Sub(begin); event.Type == asl.TaskTimedOut && at != 10*time.Second && at != 21*time.Second {
						t.Errorf("timed out after %v", at)
					}
				}
				// The execution's end waits for the tasks to be stopped.
				for _, task := range l.Running() {
					if aws.ToString(task.DesiredStatus) != "STOPPED" {
						t.Errorf("%s is %s", *task.TaskArn, *task.DesiredStatus)
					}
				}
				l.sleep(ctx, time.Hour)
			})
			if left, tasks := l.Running(), l.Tasks(); len(left) != 0 || len(tasks) != 2 || len(l.tokens()) != 2 {
				t.Errorf("%d of %d tasks are left, of attempts %q", len(left), len(tasks), l.tokens())
			}
		})
	}
}

// The SDK repeats calls itself, and then tells of the last error only: an answer that was lost before is not forgotten.
func TestLostAnswerWithinTheSDK(t *testing.T) {
	l := newLab(t)
	l.connect(l.Client(func(o *ecs.Options) {
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}))
	l.Inject(ecsfake.LoseAnswer(ecsfake.RunTask))
	l.Inject(ecsfake.Exception(ecsfake.RunTask, "ThrottlingException", "Rate exceeded"), ecsfake.Times(2))
	l.run(func(ctx context.Context) {
		if _, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx); err != nil {
			t.Error(err)
		}
	})
	if calls, tasks := l.Count(ecsfake.RunTask), l.Tasks(); calls != 4 || described(tasks...) != well {
		t.Errorf("%d calls, tasks %s", calls, described(tasks...))
	}
	// Without a lost answer, throttling is the state's affair once the SDK has given up.
	l.Inject(ecsfake.Exception(ecsfake.RunTask, "ThrottlingException", "Rate exceeded"), ecsfake.Times(3))
	l.run(func(ctx context.Context) {
		_, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "ECS.AmazonECSException" {
			t.Error(err)
		}
	})
}

// What the SDK cannot even send is no reason to try for ever.
func TestNeverSent(t *testing.T) {
	l := newLab(t)
	l.connect(l.Client(func(o *ecs.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no credentials here")
		})
	}))
	l.run(func(ctx context.Context) {
		_, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "ECS.SdkClientException" ||
			!strings.Contains(failed.Cause, "no credentials here") || l.elapsed() != 0 {
			t.Errorf("after %v: %v", l.elapsed(), err)
		}
		s := l.state(runSync, func(in *ecs.RunTaskInput) { in.TaskDefinition = nil })
		s.Retry = retryAll
		s.Catch = []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: caught}}
		_, err = l.start(ctx, s).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != asl.ErrorRuntime ||
			!strings.Contains(failed.Cause, "The Parameters '{\"StartedBy\":\"AWS Step Functions\"}' could not be used to start the Task: [The field 'TaskDefinition' is required but was missing]") {
			t.Errorf("without a task definition: %v", err)
		}
	})
	if l.Count(ecsfake.RunTask) != 0 {
		t.Error("RunTask was called")
	}
}

// hung is an API whose first calls of every operation do not return before their context ends.
type hung struct {
	*ecs.Client
	clock clock.Clock
	left  map[string]int
}

func (h *hung) hang(ctx context.Context, operation string) error {
	if h.left[operation]--; h.left[operation] < 0 {
		return nil
	}
	return h.clock.NewGate().Wait(ctx, time.Time{})
}

func (h *hung) RunTask(ctx context.Context, in *ecs.RunTaskInput, o ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	if err := h.hang(ctx, "RunTask"); err != nil {
		return nil, err
	}
	return h.Client.RunTask(ctx, in, o...)
}

func (h *hung) DescribeTasks(ctx context.Context, in *ecs.DescribeTasksInput, o ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	if err := h.hang(ctx, "DescribeTasks"); err != nil {
		return nil, err
	}
	return h.Client.DescribeTasks(ctx, in, o...)
}

func (h *hung) StopTask(ctx context.Context, in *ecs.StopTaskInput, o ...func(*ecs.Options)) (*ecs.StopTaskOutput, error) {
	if err := h.hang(ctx, "StopTask"); err != nil {
		return nil, err
	}
	return h.Client.StopTask(ctx, in, o...)
}

// A dead connection holds up a call for a minute and not for ever.
func TestHungCalls(t *testing.T) {
	l := newLab(t)
	l.connect(&hung{l.Client(), l.engine.Clock(), map[string]int{"RunTask": 2, "DescribeTasks": 2}})
	l.run(func(ctx context.Context) {
		if _, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx); err != nil {
			t.Error(err)
		}
	})
	if tasks := l.Tasks(); described(tasks...) != well || l.elapsed() > 5*time.Minute {
		t.Errorf("%s after %v", described(tasks...), l.elapsed())
	}
}

// An API that is not the SDK's client gives errors of any kind: what is not ECS's answer may hide a task.
func TestUnknownAPI(t *testing.T) {
	l := newLab(t)
	broken := &brokenAPI{Client: l.Client(), err: errors.New("something")}
	l.connect(broken)
	l.run(func(ctx context.Context) {
		if _, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx); err != nil {
			t.Error(err)
		}
	})
	broken.err = &smithy.GenericAPIError{Code: "ClientException", Message: "no"}
	l.run(func(ctx context.Context) {
		_, err := l.start(ctx, l.state(runSync)).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "ECS.ClientException" {
			t.Error(err)
		}
	})
	if tasks := l.Tasks(); described(tasks...) != well {
		t.Error(described(tasks...))
	}
}

// brokenAPI is an API whose RunTask fails once with err, after it was carried out unless err is ECS's own.
type brokenAPI struct {
	*ecs.Client
	err error
}

func (b *brokenAPI) RunTask(ctx context.Context, in *ecs.RunTaskInput, o ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	err := b.err
	b.err = nil
	if _, refused := errors.AsType[smithy.APIError](err); refused {
		return nil, err
	}
	out, failed := b.Client.RunTask(ctx, in) // without the options: whoever implements this need not know them
	return out, errors.Join(err, failed)
}
