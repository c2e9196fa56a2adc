package ecstask

import (
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

// poller watches all the tasks of a cluster that a client waits for. Its goroutine lives while there are any.
type poller struct {
	client  *Client
	cluster string

	mu       sync.Mutex
	watched  map[string]*watch // by task ARN
	order    []*watch          // as they came; those that are over stay until the next round
	running  bool
	last     time.Time // when the last round ended
	interval time.Duration
	hurry    clock.Gate // opened when a new task wants a look sooner than planned
}

// watch is a task that is waited for.
type watch struct {
	task    string
	since   time.Time
	gate    clock.Gate // opens when it is over
	waiting int        // how many wait for it

	seen *types.Task // as DescribeTasks showed it last
	err  error
}

func (c *Client) poller(cluster string) *poller {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pollers[cluster]
	if p == nil {
		p = &poller{client: c, cluster: cluster, watched: map[string]*watch{}}
		c.pollers[cluster] = p
	}
	return p
}

// wait returns the task once it has stopped.
func (p *poller) wait(ctx context.Context, task string) (*types.Task, error) {
	w := p.watch(task)
	if err := w.gate.Wait(ctx, time.Time{}); err != nil {
		p.leave(w)
		return nil, err
	}
	return w.seen, w.err
}

func (p *poller) watch(task string) *watch {
	c := p.client.clock
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.watched[task]
	if w == nil {
		w = &watch{task: task, since: c.Now(), gate: c.NewGate()}
		p.watched[task] = w
		p.order = append(p.order, w)
	}
	w.waiting++
	if !p.running {
		p.running, p.last = true, c.Now()
		c.Go(context.Background(), p.run)
	}
	if p.interval = p.client.shortest; p.hurry != nil {
		p.hurry.Open()
		p.hurry = nil
	}
	return w
}

func (p *poller) leave(w *watch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.waiting--; w.waiting == 0 {
		delete(p.watched, w.task)
	}
}

func (p *poller) run(ctx context.Context) {
	for {
		until, hurry, more := p.plan()
		if !more {
			return
		}
		if hurry.Wait(ctx, until) == nil {
			continue
		}
		p.round(ctx)
	}
}

// plan says when the next round is due; more is false if nobody waits any more, and the poller then ends.
func (p *poller) plan() (until time.Time, hurry clock.Gate, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.watched) == 0 {
		p.running, p.order, p.hurry = false, nil, nil
		return until, nil, false
	}
	p.hurry = p.client.clock.NewGate()
	return p.last.Add(p.client.jittered(p.interval)), p.hurry, true
}

// round looks at every task once, a hundred a call.
func (p *poller) round(ctx context.Context) {
	p.mu.Lock()
	kept := p.order[:0]
	for _, w := range p.order {
		if p.watched[w.task] == w {
			kept = append(kept, w)
		}
	}
	clear(p.order[len(kept):])
	p.order = kept
	watches := append([]*watch(nil), kept...)
	p.interval = min(p.interval*3/2, p.client.longest)
	p.mu.Unlock()
	for start := 0; start < len(watches); start += batch {
		if !p.look(ctx, watches[start:min(start+batch, len(watches))]) {
			break // throttled: the rest would be too
		}
	}
	p.mu.Lock()
	p.last = p.client.clock.Now()
	p.mu.Unlock()
}

// look asks for up to a hundred tasks. It reports false if ECS wants to be asked less.
func (p *poller) look(ctx context.Context, watches []*watch) bool {
	in := &ecs.DescribeTasksInput{Cluster: optional(p.cluster), Include: []types.TaskField{types.TaskFieldTags}}
	byTask := make(map[string]*watch, len(watches))
	for _, w := range watches {
		in.Tasks = append(in.Tasks, w.task)
		byTask[w.task] = w
	}
	out, err := p.client.api.DescribeTasks(ctx, in)
	if err != nil && retryable(err) {
		p.mu.Lock()
		p.interval = min(2*p.interval, 2*p.client.longest)
		p.mu.Unlock()
		return false
	}
	if err != nil {
		for _, w := range watches {
			p.giveUp(ctx, w, optimized.failure(err))
		}
		return true
	}
	for i := range out.Tasks {
		t := &out.Tasks[i]
		if w := byTask[aws.ToString(t.TaskArn)]; w != nil {
			w.seen = t
			if aws.ToString(t.LastStatus) == "STOPPED" {
				p.end(w, nil)
			}
		}
	}
	for i := range out.Failures {
		f := &out.Failures[i]
		w := byTask[aws.ToString(f.Arn)]
		if w == nil || w.seen == nil && p.client.clock.Now().Sub(w.since) < p.client.grace {
			continue // not visible yet (E35)
		}
		lost := &ecs.RunTaskOutput{Failures: []types.Failure{*f}}
		if w.seen != nil {
			lost.Tasks = []types.Task{*w.seen}
		}
		p.giveUp(ctx, w, &asl.Error{Name: errorUnknown, Cause: bareResponse(lost).String()})
	}
	return true
}

// giveUp fails a task that cannot be watched any more, and has it stopped: nobody would know of it.
func (p *poller) giveUp(ctx context.Context, w *watch, err error) {
	_ = job{p.client}.Stop(ctx, p.cluster+" "+w.task, "The task cannot be watched any more.")
	p.end(w, err)
}

func (p *poller) end(w *watch, err error) {
	p.mu.Lock()
	w.err = err
	if p.watched[w.task] == w {
		delete(p.watched, w.task)
	}
	p.mu.Unlock()
	w.gate.Open()
}
