package ecstask

import (
	"context"
	"encoding/json"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Queue holds events of Amazon EventBridge, such as a queue of Amazon SQS does.
type Queue interface {
	// Receive waits for messages, 20 seconds say, and returns their bodies. done has the queue forget them.
	Receive(ctx context.Context) (bodies []string, done func(ctx context.Context) error, err error)
}

// The events that [Client.Events] goes by.
const (
	eventSource = "aws.ecs"
	eventType   = "ECS Task State Change"
	stoppedTask = "STOPPED"
)

// longestRetry is how long a queue is left alone that cannot be asked.
const longestRetry = 30 * time.Second

// Events receives from a queue until ctx ends, whose cause it returns: of each task that has stopped by its event the state ends within a second,
// however rarely tasks are looked at ([PollEvery]). What ECS says of the task is what counts, so an event that is lost or wrong does no harm.
//
// The queue is this process's own: another would take the events of its tasks. A rule of Amazon EventBridge fills it with
//
//	{"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"], "detail": {"lastStatus": ["STOPPED"]}}
func (c *Client) Events(ctx context.Context, q Queue) error {
	wait := time.Duration(0)
	for ctx.Err() == nil {
		bodies, done, err := q.Receive(ctx)
		if err == nil {
			wait = 0
			for _, body := range bodies {
				c.event(body)
			}
			if done != nil {
				err = done(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			wait = min(max(2*wait, time.Second), longestRetry)
			c.logger.WarnContext(ctx, "the queue of ECS events cannot be asked, which is tried again", "error", err, "after", wait)
			_ = clock.Sleep(ctx, wait)
		}
	}
	return context.Cause(ctx)
}

// event has the task of an event be looked at that has stopped.
func (c *Client) event(body string) {
	var e struct {
		Source string `json:"source"`
		Type   string `json:"detail-type"`
		Detail struct {
			Task   string `json:"taskArn"`
			Status string `json:"lastStatus"`
		} `json:"detail"`
	}
	switch err := json.Unmarshal([]byte(body), &e); {
	case err != nil:
		c.logger.Warn("a message in the queue of ECS events is no event", "error", err)
		return
	case e.Source != eventSource || e.Type != eventType || e.Detail.Status != stoppedTask:
		return
	}
	c.mu.Lock()
	pollers := make([]*poller, 0, len(c.pollers))
	for _, p := range c.pollers {
		pollers = append(pollers, p)
	}
	c.mu.Unlock()
	for _, p := range pollers { // a cluster has several names
		p.Hint(e.Detail.Task)
	}
	for _, other := range c.others.All() {
		other.event(body)
	}
}
