package ecstask

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// batch is how many tasks one DescribeTasks names (1.20).
const batch = 100

// poller watches all the tasks of a cluster that a client waits for. Its goroutine lives while there are any. Every task
// has a time of its own at which it is looked at next; a call that is due takes along those that are due soonest, so that
// calls are full and, as tasks grow old, spread over time.
type poller struct {
	client  *Client
	cluster string

	mu      sync.Mutex
	watched map[string]*watch // by task ARN
	planned watches           // those of watched that are not being looked at
	running bool
	pause   time.Duration // for how long ECS is left alone after it wanted to be asked less; 0 if it did not
	rest    time.Time     // until when
	change  clock.Gate    // opened to have the goroutine plan again
}

// watch is a task that is waited for.
type watch struct {
	task    string
	since   time.Time
	next    time.Time  // when to look at it
	index   int        // in planned, -1 outside
	waiting int        // how many wait for it
	gate    clock.Gate // opens when it is over

	seen *types.Task // as DescribeTasks showed it last
	err  error       // why it cannot be watched any more
}

func (c *Client) poller(cluster string) *poller {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pollers[cluster]
	if p == nil {
		p = &poller{client: c, cluster: cluster, watched: map[string]*watch{}, change: c.clock.NewGate()}
		c.pollers[cluster] = p
	}
	return p
}

// wait returns when the tasks have stopped or cannot be watched any more. The error is the cause of ctx, if that ends first.
func (p *poller) wait(ctx context.Context, tasks []string) ([]*watch, error) {
	watches := make([]*watch, len(tasks))
	for i, task := range tasks {
		watches[i] = p.watch(task)
		defer p.leave(watches[i])
	}
	for _, w := range watches {
		if err := w.gate.Wait(ctx, time.Time{}); err != nil {
			return nil, err
		}
	}
	return watches, nil
}

func (p *poller) watch(task string) *watch {
	c := p.client.clock
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.watched[task]
	if w == nil {
		w = &watch{task: task, since: c.Now(), gate: c.NewGate()}
		p.watched[task] = w
		p.plan(w)
	}
	w.waiting++
	if !p.running {
		p.running = true
		c.Go(context.Background(), p.run)
	}
	return w
}

// plan sets when a task is looked at next. The poller is locked.
func (p *poller) plan(w *watch) {
	now := p.client.clock.Now()
	interval := min(max(now.Sub(w.since)/2, p.client.shortest), p.client.longest)
	w.next = now.Add(p.client.jittered(interval))
	heap.Push(&p.planned, w)
	if w.index == 0 {
		p.change.Open()
	}
}

func (p *poller) leave(w *watch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.waiting--; w.waiting == 0 {
		p.forget(w)
	}
}

// forget is called with the poller locked.
func (p *poller) forget(w *watch) {
	if p.watched[w.task] == w {
		delete(p.watched, w.task)
	}
	if w.index >= 0 {
		heap.Remove(&p.planned, w.index)
	}
	if len(p.watched) == 0 {
		p.change.Open()
	}
}

func (p *poller) run(ctx context.Context) {
	for {
		until, change, more := p.nextLook()
		if !more {
			return
		}
		if change.Wait(ctx, until) == nil {
			continue
		}
		p.look(ctx)
	}
}

// nextLook says when the next call is due. more is false if nobody waits any more, and the poller's goroutine then ends.
func (p *poller) nextLook() (until time.Time, change clock.Gate, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.watched) == 0 {
		p.running = false
		return until, nil, false
	}
	p.change = p.client.clock.NewGate()
	if until = p.planned[0].next; p.rest.After(until) {
		until = p.rest
	}
	return until, p.change, true
}

// look asks for the tasks that are due soonest.
func (p *poller) look(ctx context.Context) {
	taken := p.take()
	if len(taken) == 0 {
		return
	}
	out, err := p.describe(ctx, taken)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && retryable(err) {
		p.putOff(taken)
		return
	}
	p.pause = 0
	if err == nil {
		p.note(taken, out)
	}
	for _, w := range taken {
		switch {
		case p.watched[w.task] != w: // it is over, or nobody waits for it any more
		case err != nil:
			p.end(w, optimized.failure(err))
		default:
			p.plan(w)
		}
	}
}

// putOff leaves ECS alone for a while, for longer and longer. The tasks are the first to be looked at then. The poller is
// locked.
func (p *poller) putOff(taken []*watch) {
	p.pause = min(max(2*p.pause, p.client.shortest), 2*p.client.longest)
	p.rest = p.client.clock.Now().Add(p.client.jittered(p.pause))
	for _, w := range taken {
		if p.watched[w.task] == w {
			heap.Push(&p.planned, w)
		}
	}
}

func (p *poller) take() (taken []*watch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(taken) < batch && len(p.planned) > 0 {
		taken = append(taken, heap.Pop(&p.planned).(*watch))
	}
	return taken
}

func (p *poller) describe(ctx context.Context, taken []*watch) (*ecs.DescribeTasksOutput, error) {
	ctx, cancel := p.client.limit(ctx)
	defer cancel(nil)
	in := &ecs.DescribeTasksInput{Cluster: optional(p.cluster), Include: []types.TaskField{types.TaskFieldTags}}
	for _, w := range taken {
		in.Tasks = append(in.Tasks, w.task)
	}
	return p.client.api.DescribeTasks(ctx, in)
}

// note takes in what ECS says of the tasks. The poller is locked.
func (p *poller) note(taken []*watch, out *ecs.DescribeTasksOutput) {
	tasks := make(map[string]*types.Task, len(out.Tasks))
	for i := range out.Tasks {
		tasks[aws.ToString(out.Tasks[i].TaskArn)] = &out.Tasks[i]
	}
	for _, w := range taken {
		t := tasks[w.task]
		if t == nil {
			p.missing(w, out.Failures)
			continue
		}
		w.seen = t
		if aws.ToString(t.LastStatus) == "STOPPED" {
			p.end(w, nil)
		}
	}
}

// missing ends the watch of a task that ECS does not know, unless it is so young that it may only not be visible yet (E35).
func (p *poller) missing(w *watch, failures []types.Failure) {
	if w.seen == nil && p.client.clock.Now().Sub(w.since) < p.client.grace {
		return
	}
	lost := &ecs.RunTaskOutput{Failures: []types.Failure{{Arn: &w.task, Reason: aws.String("MISSING")}}}
	for _, f := range failures {
		if aws.ToString(f.Arn) == w.task {
			lost.Failures[0] = f
		}
	}
	if w.seen != nil {
		lost.Tasks = []types.Task{*w.seen}
	}
	p.end(w, &asl.Error{Name: errorUnknown, Cause: bareResponse(lost).String()})
}

// end is called with the poller locked.
func (p *poller) end(w *watch, err error) {
	w.err = err
	p.forget(w)
	w.gate.Open()
}

// watches is a heap: the one to look at next comes first.
type watches []*watch

func (h watches) Len() int           { return len(h) }
func (h watches) Less(i, j int) bool { return h[i].next.Before(h[j].next) }
func (h watches) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *watches) Push(x any) {
	w := x.(*watch)
	w.index = len(*h)
	*h = append(*h, w)
}
func (h *watches) Pop() any {
	last := len(*h) - 1
	w := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	w.index = -1
	return w
}
