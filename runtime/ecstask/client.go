// Package ecstask runs Amazon ECS tasks for state machines: the integration ecs:runTask in its three patterns and
// aws-sdk:ecs:runTask, on the AWS SDK's client (ASL specification, part 2).
//
//	client := ecstask.New(ecs.NewFromConfig(config))
//	tasks := NewRunJobTasks(client)
//
// RunTask is called with the attempt's id as its ClientToken: an attempt starts one task, however often its call has to
// be repeated. One poller for each cluster watches all the tasks that are waited for.
package ecstask

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// API is what this package calls of Amazon ECS; *[ecs.Client] is one.
type API interface {
	RunTask(context.Context, *ecs.RunTaskInput, ...func(*ecs.Options)) (*ecs.RunTaskOutput, error)
	DescribeTasks(context.Context, *ecs.DescribeTasksInput, ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error)
	StopTask(context.Context, *ecs.StopTaskInput, ...func(*ecs.Options)) (*ecs.StopTaskOutput, error)
}

// Client makes the effects of ECS tasks. It may be used by many machines at once; one client has one poller a cluster.
type Client struct {
	api       API
	clock     clock.Clock
	essential []string
	shortest  time.Duration
	longest   time.Duration
	grace     time.Duration

	mu      sync.Mutex
	pollers map[string]*poller // by cluster
	jitter  *rand.Rand
}

// Option changes how a client works.
type Option func(*Client)

// WithClock sets the clock that the client waits on: that of the machine's engine, in tests.
func WithClock(c clock.Clock) Option { return func(client *Client) { client.clock = c } }

// EssentialContainers names the containers whose exit codes decide whether a .sync task has failed. Without it any
// container's does (X7): a log router that is killed with its task fails the state.
func EssentialContainers(names ...string) Option {
	return func(client *Client) { client.essential = names }
}

// PollEvery sets how often a poller looks at its tasks: at first every shortest, and less and less often, up to every
// longest, while nothing changes. They are 2 and 30 seconds otherwise.
func PollEvery(shortest, longest time.Duration) Option {
	return func(client *Client) { client.shortest, client.longest = shortest, longest }
}

// Grace sets for how long a task that was just started may be unknown to DescribeTasks (E35). It is a minute otherwise.
func Grace(d time.Duration) Option { return func(client *Client) { client.grace = d } }

// New returns a client that calls api.
func New(api API, options ...Option) *Client {
	c := &Client{
		api: api, clock: clock.Wall, shortest: 2 * time.Second, longest: 30 * time.Second, grace: time.Minute,
		pollers: map[string]*poller{}, jitter: rand.New(rand.NewPCG(1, 1)),
	}
	for _, o := range options {
		o(c)
	}
	return c
}

// RequestResponse returns the effect of arn:aws:states:::ecs:runTask: the whole response, whose Failures fail nothing (E27).
func (c *Client) RequestResponse() asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput] {
	return call{c, optimized}
}

// SDKRunTask returns the effect of arn:aws:states:::aws-sdk:ecs:runTask: the response without metadata, times as ISO 8601,
// errors named Ecs.… (E41, E50, I1).
func (c *Client) SDKRunTask() asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput] {
	return call{c, sdk}
}

// Sync returns the effect of arn:aws:states:::ecs:runTask.sync: the one task, once it has stopped (2.4).
func (c *Client) Sync() asl.Job[*ecs.RunTaskInput, *types.Task] { return job{c} }

// WaitForTaskToken returns the effect of arn:aws:states:::ecs:runTask.waitForTaskToken. What becomes of the task itself is
// not watched (E45).
func (c *Client) WaitForTaskToken() asl.Send[*ecs.RunTaskInput] { return send{c} }

type call struct {
	*Client
	integration integration
}

func (c call) Call(ctx context.Context, a *asl.Attempt, p *ecs.RunTaskInput) (asl.Value, error) {
	out, err := c.runTask(ctx, a.ID, p, c.integration)
	if err != nil {
		return asl.Value{}, err
	}
	return c.integration.response(out), nil
}

type send struct{ *Client }

func (c send) Send(ctx context.Context, a *asl.Attempt, p *ecs.RunTaskInput) (asl.Value, error) {
	out, err := c.runTask(ctx, a.ID, p, optimized)
	if err != nil {
		return asl.Value{}, err
	}
	if len(out.Failures) > 0 {
		return asl.Value{}, c.refuse(ctx, out)
	}
	return optimized.response(out), nil
}

type job struct{ *Client }

// startedBy is what AWS puts into RunTask under .sync (E12).
const startedBy = "AWS Step Functions"

func (c job) Start(ctx context.Context, a *asl.Attempt, p *ecs.RunTaskInput) (asl.Started, error) {
	in := *p
	if in.StartedBy == nil {
		in.StartedBy = aws.String(startedBy)
	}
	out, err := c.runTask(ctx, a.ID, &in, optimized)
	if uncertain, ok := errors.AsType[*unanswered](err); ok {
		return asl.Started{}, &asl.Uncertain{Handle: uncertain.handle(), Err: err}
	}
	if err != nil {
		return asl.Started{}, err
	}
	if len(out.Failures) > 0 || len(out.Tasks) == 0 {
		return asl.Started{}, c.refuse(ctx, out)
	}
	return asl.Started{Handle: handleOf(&out.Tasks[0]), Submitted: optimized.response(out)}, nil
}

func (c job) Wait(ctx context.Context, handle string) (asl.Value, error) {
	cluster, task := splitHandle(handle)
	stopped, err := c.poller(cluster).wait(ctx, task)
	if err != nil {
		return asl.Value{}, err
	}
	document := taskDocument(stopped)
	if c.failed(stopped) {
		return asl.Value{}, &asl.Error{Name: asl.ErrorTaskFailed, Cause: document.String()}
	}
	return document, nil
}

// Stop stops the task of the handle. Of a call whose answer never came, it first finds out what it started.
func (c job) Stop(ctx context.Context, handle, reason string) error {
	if in, token, ok := parseUnanswered(handle); ok {
		out, err := c.runTask(ctx, token, in, optimized)
		if err != nil {
			return err
		}
		return c.stopAll(ctx, out.Tasks, reason)
	}
	cluster, task := splitHandle(handle)
	_, err := c.api.StopTask(ctx, &ecs.StopTaskInput{Cluster: optional(cluster), Task: &task, Reason: &reason})
	return err
}

func (c *Client) stopAll(ctx context.Context, tasks []types.Task, reason string) error {
	var errs []error
	for i := range tasks {
		errs = append(errs, job{c}.Stop(ctx, handleOf(&tasks[i]), reason))
	}
	return errors.Join(errs...)
}

// refuse fails a task whose RunTask answered with Failures, and stops what it started all the same (E54, E56).
func (c *Client) refuse(ctx context.Context, out *ecs.RunTaskOutput) error {
	_ = c.stopAll(ctx, out.Tasks, "The task was started together with others that failed to start.")
	return &asl.Error{Name: errorUnknown, Cause: bareResponse(out).String()}
}

// handleOf names a task for Wait and Stop: its cluster's ARN, a space, its own.
func handleOf(t *types.Task) string {
	return aws.ToString(t.ClusterArn) + " " + aws.ToString(t.TaskArn)
}

func splitHandle(handle string) (cluster, task string) {
	cluster, task, _ = strings.Cut(handle, " ")
	return cluster, task
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// failed judges a stopped task (E30).
func (c *Client) failed(t *types.Task) bool {
	if t.StopCode != types.TaskStopCodeEssentialContainerExited && t.StopCode != "" {
		return true
	}
	zeros, missing := 0, 0
	for i := range t.Containers {
		switch container := &t.Containers[i]; {
		case len(c.essential) > 0 && !slices.Contains(c.essential, aws.ToString(container.Name)):
		case container.ExitCode == nil:
			missing++
		case *container.ExitCode != 0:
			return true
		default:
			zeros++
		}
	}
	return missing > 0 && (zeros == 0 || t.StopCode == "")
}
