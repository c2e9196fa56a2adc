package memory

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// ends have executions be woken when the contexts end that they were started with: many may have the same.
type ends struct {
	mu  sync.Mutex
	all map[<-chan struct{}]*contextEnd
}

type contextEnd struct {
	stop    func()
	waiting map[*execution]struct{}
}

// watch has an execution be woken at the end of the context that it was started with, from its first time in the park on.
func (e *ends) watch(x *execution) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.watched || x.ctx.Done() == nil {
		return
	}
	x.watched = true
	done := x.ctx.Done()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all == nil {
		e.all = map[<-chan struct{}]*contextEnd{}
	}
	end := e.all[done]
	if end == nil {
		end = &contextEnd{waiting: map[*execution]struct{}{}}
		e.all[done] = end
		end.stop = clock.AfterEnd(x.ctx, x.engine.clock, func() { e.ended(done) })
	}
	end.waiting[x] = struct{}{}
}

// ended wakes who waits, in the order in which they were started.
func (e *ends) ended(done <-chan struct{}) {
	e.mu.Lock()
	end := e.all[done]
	delete(e.all, done)
	e.mu.Unlock()
	if end == nil {
		return
	}
	for _, x := range slices.SortedFunc(maps.Keys(end.waiting), func(a, b *execution) int { return cmp.Compare(a.number, b.number) }) {
		x.mu.Lock()
		root := x.root
		x.watched = false // what is parked later is woken again: it may not have seen the end when it was asked
		x.mu.Unlock()
		if root != nil {
			root.wakeAll()
		}
	}
}

// forget is called with the execution's lock held.
func (e *ends) forget(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	done := x.ctx.Done()
	end := e.all[done]
	if end == nil {
		return
	}
	delete(end.waiting, x)
	if len(end.waiting) == 0 {
		end.stop()
		delete(e.all, done)
	}
}
