// Package ecstask runs Amazon ECS tasks for state machines: the integration ecs:runTask in its three patterns and
// aws-sdk:ecs:runTask, on the AWS SDK's client (docs/rules.md 2).
//
//	client := ecstask.New(ecs.NewFromConfig(config))
//	tasks := NewRunJobTasks(RunJobClients{ECS: client})
//
// RunTask is called with the attempt's id as its ClientToken: an attempt starts one task, however often its call has to
// be repeated. One poller for each cluster watches all the tasks that are waited for: that ECS cannot be asked, for want of
// a credential or of a network, fails no execution and stops no task, but is logged until it can be asked again.
package ecstask

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/roles"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/watch"
)

// API is what this package calls of Amazon ECS; *[ecs.Client] is one. An error of another implementation that is no
// [smithy.APIError] leaves open what became of the call.
type API interface {
	RunTask(context.Context, *ecs.RunTaskInput, ...func(*ecs.Options)) (*ecs.RunTaskOutput, error)
	DescribeTasks(context.Context, *ecs.DescribeTasksInput, ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error)
	StopTask(context.Context, *ecs.StopTaskInput, ...func(*ecs.Options)) (*ecs.StopTaskOutput, error)
}

// Client makes the effects of ECS tasks. It may be used by many machines at once; one client has one poller a cluster.
type Client struct {
	api       API
	options   []Option
	clock     clock.Clock
	essential []string
	every     time.Duration
	calls     float64 // of DescribeTasks a second
	grace     time.Duration
	logger    *slog.Logger
	budget    *watch.Budget

	roles  roles.Roles
	others roles.Clients[*Client] // that call as other roles

	mu      sync.Mutex
	pollers map[string]*poller // by cluster
	jitter  *rand.Rand
}

// Option changes how a client works.
type Option func(*Client)

// WithClock sets the clock that the client waits on: that of the machine's engine, in tests.
func WithClock(c clock.Clock) Option { return func(client *Client) { client.clock = c } }

// EssentialContainers names the containers whose exit codes decide whether a .sync task has failed. Without it any
// container's does (X7): a log router that is killed with its task fails the state. A task that has none of the names is
// judged by all its containers.
func EssentialContainers(names ...string) Option {
	return func(client *Client) { client.essential = names }
}

// PollEvery sets how often a poller looks at a task, as far as [CallsPerSecond] allow it. Each time is between a half of that
// and the whole, at random. It is 2 seconds otherwise, and a millisecond at least.
func PollEvery(d time.Duration) Option {
	return func(client *Client) { client.every = max(d, time.Millisecond) }
}

// CallsPerSecond sets how many calls of DescribeTasks, each of them for up to 100 tasks of a cluster, the pollers may make a
// second: twice as many while tasks are looked at more than five seconds late, fewer while ECS throttles them. It is 5
// otherwise, and no less than one in 30 seconds.
func CallsPerSecond(n float64) Option {
	return func(client *Client) { client.calls = max(n, 1./30) }
}

// Grace sets for how long DescribeTasks must say again and again that a task is missing until that is believed (E35). It is
// a minute otherwise.
func Grace(d time.Duration) Option { return func(client *Client) { client.grace = d } }

// WithLogger sets where it is said that ECS cannot be asked, or that a task could not be stopped. It is [slog.Default]
// otherwise.
func WithLogger(logger *slog.Logger) Option { return func(client *Client) { client.logger = logger } }

// AsRole has the tasks of states that have Credentials be run as their role (R164), whose credentials roles gives by its ARN, as what
// [awsrole.New] returns does. Without it such a task fails.
//
// [awsrole.New]: https://pkg.go.dev/github.com/r-seed-632eed22/aslgen/runtime/awsrole#New
func AsRole(roles func(roleARN string) aws.CredentialsProvider) Option {
	return func(client *Client) { client.roles = roles }
}

// New returns a client that calls api.
func New(api API, options ...Option) *Client {
	c := &Client{
		options: options,
		api:     api, clock: clock.Wall, every: 2 * time.Second, calls: 5, grace: time.Minute, logger: slog.Default(),
		pollers: map[string]*poller{},
	}
	for _, o := range options {
		o(c)
	}
	c.budget = watch.NewBudget(c.clock, c.calls)
	seed := uint64(1) // on a driven clock every run is the same
	if c.clock == clock.Wall {
		seed = rand.Uint64()
	}
	c.jitter = rand.New(rand.NewPCG(seed, 0))
	return c
}

// RequestResponse returns the effect of arn:aws:states:::ecs:runTask: the whole response, whose Failures fail nothing (E27).
func (c *Client) RequestResponse() asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput] {
	return asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput]{Caller: call{Client: c, integration: optimized}}
}

// SDKRunTask returns the effect of arn:aws:states:::aws-sdk:ecs:runTask: the response without metadata, times as ISO 8601,
// errors named Ecs.… (E41, E50, I1).
func (c *Client) SDKRunTask() asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput] {
	return asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput]{Caller: call{Client: c, integration: sdk}}
}

// Sync returns the effect of arn:aws:states:::ecs:runTask.sync: the one task, once it has stopped (2.4).
func (c *Client) Sync() asl.Job[*ecs.RunTaskInput, *types.Task] {
	return asl.Job[*ecs.RunTaskInput, *types.Task]{Runner: job{c}}
}

// WaitForTaskToken returns the effect of arn:aws:states:::ecs:runTask.waitForTaskToken. What becomes of the task itself is
// not watched (E45).
func (c *Client) WaitForTaskToken() asl.Send[*ecs.RunTaskInput] {
	return asl.Send[*ecs.RunTaskInput]{Sender: send{c}}
}

type call struct {
	*Client
	integration integration
}

func (c call) Call(ctx context.Context, a *asl.Attempt, p *ecs.RunTaskInput) (asl.Value, error) {
	client, err := c.as(a)
	if err != nil {
		return asl.Value{}, err
	}
	out, err := client.runTask(ctx, a.ID(), p, c.integration)
	if err != nil {
		return asl.Value{}, err
	}
	return c.integration.response(out), nil
}

type send struct{ *Client }

func (c send) Send(ctx context.Context, a *asl.Attempt, p *ecs.RunTaskInput) (asl.Value, error) {
	client, err := c.as(a)
	if err != nil {
		return asl.Value{}, err
	}
	out, err := client.runTask(ctx, a.ID(), p, optimized)
	if err != nil {
		return asl.Value{}, err
	}
	if len(out.Failures) > 0 {
		return asl.Value{}, client.refuse(ctx, out)
	}
	return optimized.response(out), nil
}

// refuse fails a task whose RunTask answered with Failures, and stops what it started all the same (E54, E56).
func (c *Client) refuse(ctx context.Context, out *ecs.RunTaskOutput) error {
	cluster, tasks := splitHandle(handleOf(out.Tasks))
	c.discard(ctx, cluster, tasks, "The task was started together with others that failed to start.")
	return &asl.Error{Name: errorUnknown, Cause: bareResponse(out).String()}
}

// callTime is how long one call may take: a connection that has gone dead must not hold up a task for as long as the
// network takes to notice.
const callTime = time.Minute

// limit returns the context of one call.
func (c *Client) limit(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	return c.clock.WithDeadline(ctx, c.clock.Now().Add(callTime))
}

// again is the waiting before a call is made again: for longer and longer.
type again struct {
	client   *Client
	call     string
	delay    time.Duration
	failures int
}

func (c *Client) again(call string) *again {
	return &again{client: c, call: call, delay: 500 * time.Millisecond}
}

const longestDelay = 10 * time.Second

// wait returns the cause of ctx if that ends first. It logs the error for which the call is made again, if there is one: the
// first, the second, the fourth, and so on.
func (a *again) wait(ctx context.Context, err error, attributes ...any) error {
	if err != nil {
		if a.failures++; a.failures&(a.failures-1) == 0 {
			a.client.logger.WarnContext(ctx, a.call+" failed and is made again", append(append(about(ctx), attributes...), "error", err)...)
		}
	}
	c := a.client.clock
	ended := clock.SleepUntil(ctx, c, c.Now().Add(a.client.jittered(a.delay)))
	a.delay = min(2*a.delay, longestDelay)
	return ended
}

// jittered returns a time between half of d and d.
func (c *Client) jittered(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return d/2 + time.Duration(c.jitter.Int64N(int64(d/2)+1))
}
