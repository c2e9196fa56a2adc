package temporal

import (
	"errors"

	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// fork are the branches or iterations that a frame runs.
type fork struct {
	host     *host
	frame    *asl.Frame
	scope    *scope
	run      func(h asl.Host, i int, at *asl.Frame) asl.Outcome
	ended    func(i int, o asl.Outcome) bool
	outcomes []asl.Outcome
	done     []bool
	inside   map[int]*host   // of branches that have failed
	again    map[int]*onward // of children that have failed, or go on
	next     int
	failure  error // the one that was not tolerated
}

// Fork implements [asl.Host]: branches and iterations are coroutines, children of a Map Run child workflows.
func (h *host) Fork(f *asl.Frame, n, limit int, run func(asl.Host, int, *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	if n == 0 {
		return nil, nil
	}
	if limit <= 0 || limit > n {
		limit = n
	}
	k := &fork{
		host: h, frame: f, scope: newScope(h.scope.ctx, h.scope), run: run, ended: ended,
		outcomes: make([]asl.Outcome, n), done: make([]bool, n), inside: map[int]*host{}, again: map[int]*onward{},
	}
	k.goOn()
	defer k.scope.cancel()
	page := 1
	if f.MapRun != "" {
		page, _ = h.root.pages.pageOf(k.childType(), n)
		page = min(page, limit)
		limit /= page
	}
	group := workflow.NewWaitGroup(k.scope.ctx)
	for range limit {
		group.Add(1)
		workflow.Go(k.scope.ctx, func(ctx workflow.Context) {
			defer group.Done()
			for numbers := k.take(page); len(numbers) > 0; numbers = k.take(page) {
				if f.MapRun != "" {
					k.page(ctx, numbers)
				} else {
					k.end(numbers[0], k.one(ctx, numbers[0]))
				}
			}
		})
	}
	group.Wait(k.scope.detached())
	err := h.scope.err()
	if err != nil || k.failure != nil {
		h.failed = k
	}
	if err != nil {
		return nil, err
	}
	return k.outcomes, k.failure
}

// take gives out the numbers in order, at most so many at a time, of those that have not ended.
func (k *fork) take(most int) (numbers []int) {
	for ; k.scope.ctx.Err() == nil && k.next < len(k.outcomes) && len(numbers) < most; k.next++ {
		if !k.done[k.next] {
			numbers = append(numbers, k.next)
		}
	}
	return numbers
}

// inner is the host of a branch, an iteration or a child.
func (k *fork) inner(ctx workflow.Context) *host {
	return &host{root: k.host.root, scope: &scope{ctx: ctx, cancel: func() {}, outer: k.scope}}
}

// one runs a branch or an iteration to its end.
func (k *fork) one(ctx workflow.Context, i int) asl.Outcome {
	inside, from := k.inner(ctx), k.again[i]
	var at *asl.Frame
	if from != nil {
		at, inside.before = from.Frame, from.Fork
		at.Recorder = k.frame.Recorder
	}
	o := k.run(inside, i, at)
	if o.Err != nil && inside.at != nil {
		k.inside[i] = inside
	}
	return o
}

func (k *fork) end(i int, o asl.Outcome) {
	k.outcomes[i], k.done[i] = o, true
	if tolerated := k.ended(i, o); o.Err != nil && k.failure == nil && (asl.TimedOut(o.Err) || !tolerated) {
		k.failure = o.Err
		k.scope.end(asl.ErrSiblingFailed)
	}
}

// beginning is the host of a child as far as its first state, from which its own workflow goes on.
type beginning struct {
	*host
	frame *asl.Frame
}

var errBegun = errors.New("temporal: the child goes on in a workflow of its own")

// Enter implements [asl.Host].
func (b *beginning) Enter(f *asl.Frame) error {
	b.frame = f
	return errors.Join(errBegun, asl.ErrDetached)
}
