package memory

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Fork runs branches or iterations as goroutines of the clock. When all that have begun are parked, so is the frame around them, until
// they have ended: not that of a distributed Map, which keeps what it knows of its children.
func (h *host) Fork(f *asl.Frame, n, limit int, run func(asl.Host, int, *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	if n == 0 {
		return nil, nil
	}
	k := h.joining.Load()
	again := k != nil
	if !again {
		if limit <= 0 || limit > n {
			limit = n
		}
		k = h.begin(n, limit, run, ended)
		k.parks = !h.here && f.MapRun == ""
		k.start(limit)
		// The branches see the end of the context themselves; this waits until all have.
		_ = k.rest.Wait(context.WithoutCancel(h.ctx), time.Time{})
	}
	if !k.over() {
		return nil, h.park(time.Time{}, k.over)
	}
	if again {
		k.again(ended)
	}
	h.joining.Store(nil)
	k.cancel(nil)
	if err := h.cancelled(); err != nil {
		h.fork = k
		return nil, err
	}
	if k.failure != nil {
		h.fork = k
	}
	return k.outcomes, k.failure
}

// fork are the branches or iterations that a frame waits for.
type fork struct {
	around *host
	ctx    context.Context
	cancel context.CancelCauseFunc
	run    func(h asl.Host, i int, at *asl.Frame) asl.Outcome
	before map[int]*host // of branches that go on after a redrive
	parks  bool          // the frame around them is parked if they are
	rest   clock.Gate    // opens when none of them needs the frame around it to wait any more

	mu       sync.Mutex
	ended    func(i int, o asl.Outcome) (tolerated bool)
	outcomes []asl.Outcome
	done     []bool
	order    []int   // in which they ended
	hosts    []*host // of those that have begun; nil again of one that has ended, unless a redrive may go on with it
	started  int
	left     int   // how many may run at a time, and still find one to run
	active   int   // of these, those that are not parked
	failure  error // the one that was not tolerated
}

func (h *host) begin(n, limit int, run func(asl.Host, int, *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) *fork {
	k := &fork{
		around: h, run: run, ended: ended, rest: h.engine.clock.NewGate(), left: limit, active: limit,
		outcomes: make([]asl.Outcome, n), done: make([]bool, n), hosts: make([]*host, n),
	}
	k.ctx, k.cancel = h.engine.clock.WithDeadline(h.base, time.Time{})
	k.before = h.resume(k)
	h.joining.Store(k)
	return k
}

func (k *fork) start(limit int) {
	for range limit {
		k.around.engine.clock.Go(k.ctx, k.work)
	}
}

// work runs branches, one after the other, until none is left to begin or one is parked.
func (k *fork) work(ctx context.Context) {
	for {
		h, at := k.next()
		if h == nil {
			k.leaves()
			return
		}
		if !h.carryBranch(ctx, at) {
			return
		}
	}
}

// carryBranch is carry for a branch whose goroutine has another to run then; it reports false if it is parked.
func (h *host) carryBranch(ctx context.Context, at *asl.Frame) (ended bool) {
	o, parked := h.carryOut(ctx, at)
	if parked {
		h.of.rests()
		return false
	}
	h.of.end(h, o)
	return true
}

// next returns the host of the branch that begins now, in the order of the numbers, and its frame if it goes on after a redrive. There is
// none once the context has ended.
func (k *fork) next() (*host, *asl.Frame) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.ctx.Err() == nil && k.started < len(k.outcomes) {
		i := k.started
		k.started++
		if k.done[i] {
			continue
		}
		h := k.around
		inside := &host{engine: h.engine, program: h.program, execution: h.execution, base: k.ctx, stops: h.stops, here: h.here, of: k, number: int32(i)}
		k.hosts[i] = inside
		if was := k.before[i]; was != nil {
			inside.before = was.fork
			return inside, was.frame
		}
		return inside, nil
	}
	return nil, nil
}

// end takes in how a branch has ended.
func (k *fork) end(h *host, o asl.Outcome) {
	var cut []*host
	k.mu.Lock()
	k.take(int(h.number), o)
	if o.Err == nil || h.frame == nil || h.program.Type() == asl.Express {
		k.hosts[h.number] = nil
	}
	if k.fails(int(h.number), o) && k.failure == nil {
		k.failure = o.Err
		k.cancel(asl.ErrSiblingFailed)
		cut = k.waiting()
	}
	k.mu.Unlock()
	for _, h := range cut {
		h.wakeAll()
	}
}

// take notes the outcome of a branch. It is called with the lock held.
func (k *fork) take(i int, o asl.Outcome) {
	k.outcomes[i], k.done[i] = o, true
	k.order = append(k.order, i)
}

// fails reports whether a branch that has ended fails the others. It is called with the lock held.
func (k *fork) fails(i int, o asl.Outcome) bool {
	tolerated := k.ended(i, o)
	return o.Err != nil && (asl.TimedOut(o.Err) || !tolerated)
}

// again tells the frame around the branches, which was parked while they ended, how they did.
func (k *fork) again(ended func(i int, o asl.Outcome) bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended, k.failure = ended, nil
	for _, i := range k.order {
		if k.fails(i, k.outcomes[i]) && k.failure == nil {
			k.failure = k.outcomes[i].Err
		}
	}
}

// waiting returns the hosts of the branches that have begun and not ended. It is called with the lock held.
func (k *fork) waiting() []*host {
	var all []*host
	for i, h := range k.hosts[:k.started] {
		if h != nil && !k.done[i] {
			all = append(all, h)
		}
	}
	return all
}

func (k *fork) inside() []*host {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.waiting())
}

func (k *fork) over() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.left == 0
}

// wakes, rests and leaves say that a branch goes on, that it is parked, and that none is left to begin after it.
func (k *fork) wakes() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.active++
}

func (k *fork) rests() {
	k.mu.Lock()
	k.active--
	rest := k.parks && k.active == 0
	k.mu.Unlock()
	if rest {
		k.rest.Open()
	}
}

func (k *fork) leaves() {
	k.mu.Lock()
	k.active--
	k.left--
	over, rest := k.left == 0, k.parks && k.active == 0
	k.mu.Unlock()
	if over || rest {
		k.rest.Open()
	}
	if over {
		k.around.wake() // if it is parked
	}
}
