package ecstask

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/watch"
)

// batch is how many tasks one DescribeTasks names (1.20).
const batch = 100

// poller watches all the tasks of a cluster that a client waits for.
type poller = watch.Watcher[*types.Task]

func (c *Client) poller(cluster string) *poller {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pollers[cluster]
	if p == nil {
		p = watch.New(watch.Service[*types.Task]{
			Name: "Amazon ECS", Thing: "task", Batch: batch,
			Look: func(ctx context.Context, tasks []string) (watch.Answer[*types.Task], error) {
				return c.describe(ctx, cluster, tasks)
			},
			Ended:     func(t *types.Task) bool { return aws.ToString(t.LastStatus) == "STOPPED" },
			Throttled: awsanswer.Throttled,
		}, watch.Options{
			Clock: c.clock, Budget: c.budget, Every: c.every, Grace: c.grace, Jitter: c.jittered, Logger: c.logger,
		})
		c.pollers[cluster] = p
	}
	return p
}

func (c *Client) describe(ctx context.Context, cluster string, tasks []string) (a watch.Answer[*types.Task], err error) {
	ctx, cancel := c.limit(ctx)
	defer cancel(nil)
	out, err := c.api.DescribeTasks(ctx, &ecs.DescribeTasksInput{
		Cluster: optional(cluster), Tasks: tasks, Include: []types.TaskField{types.TaskFieldTags},
	})
	if err != nil {
		return a, err
	}
	a.Found, a.Failed = make(map[string]*types.Task, len(out.Tasks)), map[string]error{}
	for i := range out.Tasks {
		a.Found[aws.ToString(out.Tasks[i].TaskArn)] = &out.Tasks[i]
	}
	for _, f := range out.Failures {
		a.Failed[aws.ToString(f.Arn)] = &notShown{f}
	}
	for _, task := range tasks {
		if a.Found[task] == nil && a.Failed[task] == nil {
			a.Failed[task] = &notShown{types.Failure{Arn: &task, Reason: aws.String(missing)}}
		}
	}
	return a, nil
}

const missing = "MISSING"

// notShown is why DescribeTasks does not show a task.
type notShown struct{ failure types.Failure }

func (n *notShown) Error() string {
	return fmt.Sprintf("DescribeTasks: %s %s", aws.ToString(n.failure.Reason), aws.ToString(n.failure.Detail))
}

// Is has a task that ECS does not know be a missing thing. Any other reason says nothing of the task.
func (n *notShown) Is(target error) bool {
	return target == watch.ErrMissing && aws.ToString(n.failure.Reason) == missing
}

// lost is the error for a task that is missing for good.
func lost(s watch.Sight[*types.Task]) error {
	out := &ecs.RunTaskOutput{}
	if shown, ok := errors.AsType[*notShown](s.Err); ok {
		out.Failures = []types.Failure{shown.failure}
	}
	if s.Seen {
		out.Tasks = []types.Task{*s.Last}
	}
	return &asl.Error{Name: asl.ErrorTaskLost, Cause: bareResponse(out).String()}
}
