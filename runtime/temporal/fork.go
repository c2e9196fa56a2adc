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
	k := &fork{host: h, frame: f, scope: newScope(h.scope.ctx, h.scope), run: run, ended: ended, outcomes: make([]asl.Outcome, n), done: make([]bool, n), inside: map[int]*host{}, again: map[int]*onward{}}
	k.goOn()
	defer k.scope.cancel()
	group := workflow.NewWaitGroup(k.scope.ctx)
	for range limit {
		group.Add(1)
		workflow.Go(k.scope.ctx, func(ctx workflow.Context) {
			defer group.Done()
			for k.scope.ctx.Err() == nil && k.next < n {
				i := k.next
				if k.next++; !k.done[i] {
					k.end(i, k.one(ctx, i))
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

// one runs a branch, an iteration or a child to its end.
func (k *fork) one(ctx workflow.Context, i int) asl.Outcome {
	inside := &host{root: k.host.root, scope: &scope{ctx: ctx, cancel: func() {}, outer: k.scope}}
	from := k.again[i]
	if k.frame.MapRun != "" {
		return k.child(inside, i, from)
	}
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

// child runs a child of a Map Run from its beginning, or from where it is redriven.
func (k *fork) child(inside *host, i int, from *onward) asl.Outcome {
	delete(k.again, i)
	if from == nil {
		begun := &beginning{host: inside}
		if o := k.run(begun, i, nil); !errors.Is(o.Err, errBegun) {
			return o // it has failed before its first state
		}
		from = &onward{Frame: begun.frame, Events: begun.frame.Recorder.Newest()}
	}
	w := inside.child(*from, len(k.outcomes), k.frame.Deadline)
	if w.Again != nil {
		k.again[i] = w.Again
	}
	return w.outcome()
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
