package ecstask

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/watch"
)

// job is the effect of ecs:runTask.sync.
type job struct{ *Client }

// startedBy is what AWS puts into RunTask under .sync (E12).
const startedBy = "AWS Step Functions"

// StartedByStepFunctions returns parameters of RunTask with the StartedBy that AWS puts into them under .sync, if they have
// none (E12). Generated code calls it where the machine's parameters are one expression.
func StartedByStepFunctions(in *ecs.RunTaskInput) *ecs.RunTaskInput {
	if in == nil || in.StartedBy != nil {
		return in
	}
	started := *in
	started.StartedBy = aws.String(startedBy)
	return &started
}

func (j job) Start(ctx context.Context, a *asl.Attempt, p *ecs.RunTaskInput) (asl.Started, error) {
	c, err := j.as(a)
	if err != nil {
		return asl.Started{}, err
	}
	out, err := c.runTask(ctx, a.ID(), StartedByStepFunctions(p), optimized)
	if uncertain, ok := errors.AsType[*unanswered](err); ok {
		return asl.Started{}, &asl.Uncertain{Handle: uncertain.handle(), Err: err}
	}
	if err != nil {
		return asl.Started{}, err
	}
	if len(out.Failures) > 0 || len(out.Tasks) == 0 {
		return asl.Started{}, c.refuse(ctx, out)
	}
	return asl.Started{Handle: handleOf(out.Tasks), Submitted: optimized.response(out)}, nil
}

// Wait waits for all tasks of the handle, if there are several, and returns the first (E38).
func (j job) Wait(ctx context.Context, handle string) (asl.Value, error) {
	c, cluster, tasks, err := j.tasksOf(ctx, handle)
	if err != nil {
		return asl.Value{}, err
	}
	sights, err := c.poller(cluster).Wait(ctx, tasks, func() []any { return about(ctx) })
	if err != nil {
		return asl.Value{}, err
	}
	return c.outcome(ctx, cluster, tasks, sights)
}

// Watch implements [asl.Watcher].
func (j job) Watch(ctx context.Context, handle string, over func()) (*asl.Watch, error) {
	c, cluster, tasks, err := j.tasksOf(ctx, handle)
	if err != nil {
		return nil, err
	}
	said := about(ctx) // and not the attempt, which would stay in memory
	watching := c.poller(cluster).Watch(tasks, func() []any { return said }, over)
	return &asl.Watch{
		Result: func(ctx context.Context) (asl.Value, error) {
			return c.outcome(ctx, cluster, tasks, watching.Sights())
		},
		Leave: watching.Leave,
	}, nil
}

// tasksOf returns the client that looks after the tasks of a handle, and what it calls them.
func (j job) tasksOf(ctx context.Context, handle string) (c *Client, cluster string, tasks []string, err error) {
	if c, err = j.as(asl.AttemptFrom(ctx)); err != nil {
		return nil, "", nil, err
	}
	if cluster, tasks = splitHandle(handle); len(tasks) == 0 {
		return nil, "", nil, fmt.Errorf("ecstask: %q names no task", handle)
	}
	return c, cluster, tasks, nil
}

// outcome is what tasks have come to that are not watched any more.
func (c *Client) outcome(ctx context.Context, cluster string, tasks []string, sights []watch.Sight[*types.Task]) (asl.Value, error) {
	for _, s := range sights {
		if s.Err != nil { // the tasks may go on, and nobody would know of it
			c.discard(ctx, cluster, tasks, "The task cannot be watched any more.")
			return asl.Value{}, lost(s)
		}
	}
	for _, s := range sights {
		if c.failed(s.Last) {
			return asl.Value{}, &asl.Error{Name: asl.ErrorTaskFailed, Cause: stopped(s.Last).String()}
		}
	}
	return stopped(sights[0].Last), nil
}

// Stop stops the tasks of the handle. Of a call whose answer never came, it first finds out what it started.
func (j job) Stop(ctx context.Context, handle, reason string) error {
	c, err := j.as(asl.AttemptFrom(ctx))
	if err != nil {
		return err
	}
	if in, token, ok := parseUnanswered(handle); ok {
		out, err := c.runTask(ctx, token, in, optimized)
		if err != nil {
			c.logger.Error("RunTask was called and did not answer: a task may run that nobody waits for",
				append(about(ctx), "taskDefinition", aws.ToString(in.TaskDefinition), "clientToken", token, "error", err)...)
			return err
		}
		handle = handleOf(out.Tasks)
	}
	cluster, tasks := splitHandle(handle)
	return c.stop(ctx, cluster, tasks, reason)
}

// about says in log lines for whom a task is run.
func about(ctx context.Context) []any {
	if a := asl.AttemptFrom(ctx); a != nil {
		return []any{"state", a.State, "execution", a.Execution()}
	}
	return nil
}

// longestReason is how many characters StopTask takes as a reason, by older editions of its reference.
const longestReason = 255

// stop stops tasks. A call that was lost, or that ECS has no time for, is made again until ctx ends. That a task could not be
// stopped is also logged, for whoever asked for it has an outcome already.
func (c *Client) stop(ctx context.Context, cluster string, tasks []string, reason string) error {
	if utf8.RuneCountInString(reason) > longestReason {
		reason = string([]rune(reason)[:longestReason-1]) + "…"
	}
	var errs []error
	for _, task := range tasks {
		err := c.stopOne(ctx, &ecs.StopTaskInput{Cluster: optional(cluster), Task: &task, Reason: &reason})
		if err != nil {
			c.logger.Error("StopTask failed: the task may still run", append(append([]any{"task", task}, about(ctx)...), "error", err)...)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (c *Client) stopOne(ctx context.Context, in *ecs.StopTaskInput) error {
	for again := c.again("StopTask"); ; {
		err := c.callStopTask(ctx, in)
		if err == nil || !retryable(err) {
			return err
		}
		if ended := again.wait(ctx, err, "task", *in.Task); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

func (c *Client) callStopTask(ctx context.Context, in *ecs.StopTaskInput) error {
	ctx, cancel := c.limit(ctx)
	defer cancel(nil)
	_, err := c.api.StopTask(ctx, in)
	return err
}

// discardTime is how long it may take to stop tasks that are of no use.
const discardTime = time.Minute

// discard stops tasks that are of no use, even if ctx has ended. That one could not be stopped changes no outcome (E39).
func (c *Client) discard(ctx context.Context, cluster string, tasks []string, reason string) {
	ctx, cancel := c.clock.WithDeadline(context.WithoutCancel(ctx), c.clock.Now().Add(discardTime))
	defer cancel(nil)
	_ = c.stop(ctx, cluster, tasks, reason)
}

// handleOf names the tasks of one call for Wait and Stop: their cluster's ARN and their own, with spaces between.
func handleOf(tasks []types.Task) string {
	var names []string
	for i := range tasks {
		if i == 0 {
			names = append(names, aws.ToString(tasks[i].ClusterArn))
		}
		names = append(names, aws.ToString(tasks[i].TaskArn))
	}
	return strings.Join(names, " ")
}

func splitHandle(handle string) (cluster string, tasks []string) {
	names := strings.Split(handle, " ")
	return names[0], names[1:]
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
	for _, container := range c.judged(t.Containers) {
		switch {
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

// judged returns the containers whose exit codes decide: those that [EssentialContainers] names, if there are any.
func (c *Client) judged(containers []types.Container) []types.Container {
	var named []types.Container
	for i := range containers {
		if slices.Contains(c.essential, aws.ToString(containers[i].Name)) {
			named = append(named, containers[i])
		}
	}
	if len(named) > 0 {
		return named
	}
	return containers
}
