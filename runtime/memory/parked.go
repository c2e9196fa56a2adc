package memory

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Parked is a frame that waits without a goroutine: no stack shows where it stands.
type Parked struct {
	Execution string // ARN of the execution, that of the child of a distributed Map's own
	Path      string // of a branch or an iteration, as [asl.Frame] has it; "" of the execution itself
	State     string
	Since     time.Time // when State was entered
	Until     time.Time // when it goes on by itself; zero is never
	Token     bool      // State waits for its task token
	Job       string    // what State has started and waits for, as [asl.Started] names it; "" if it is no job
	Branches  bool      // State waits for its branches or iterations
}

// Parked returns what waits in the executions that the engine knows, in the order in which they were started, and the branches of one after
// the frame around them: not the frame of a distributed Map, nor those around it, which have goroutines.
func (e *Engine) Parked() (all []Parked) {
	e.looking.Lock()
	defer e.looking.Unlock()
	for _, x := range e.begun() {
		x.mu.Lock()
		root := x.root
		x.mu.Unlock()
		if root != nil {
			all = root.parked(all)
		}
	}
	return all
}

// begun returns the executions that the engine knows, in the order in which they were started.
func (e *Engine) begun() (all []*execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, of := range e.known {
		all = slices.AppendSeq(all, maps.Values(of))
	}
	slices.SortFunc(all, func(a, b *execution) int { return cmp.Compare(a.number, b.number) })
	return all
}

// parked adds what the host waits for, and those inside it.
func (h *host) parked(all []Parked) []Parked {
	h.look(func() {
		f, k := h.stands(), h.joining.Load()
		if f == nil {
			return
		}
		p := Parked{Execution: f.Context.Execution.ID(), Path: f.Path, State: f.State, Since: f.EnteredTime, Until: h.engine.alarms.of(h), Branches: k != nil}
		if w := h.waiter; w != nil {
			p.Job, p.Token = w.handle, w.handle == ""
		}
		all = append(all, p)
	})
	if k := h.joining.Load(); k != nil {
		for _, inside := range k.inside() {
			all = inside.parked(all)
		}
	}
	return all
}
